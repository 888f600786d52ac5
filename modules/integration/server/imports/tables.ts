import type { Context, Generated } from '@renxin/server'
import type { ColumnMapping } from '../../columns-contract.ts'
import type { ImportKind, ImportStatus, KeptReason, RowProblem, RowResult, SkipReason } from '../../imports-contract.ts'

/** A problem as it is kept: without what stands in the cell, which is sealed with the row. */
export type KeptProblem = RowProblem

export type ImportTable = {
  id: string
  name: string
  kind: ImportKind
  status: Generated<ImportStatus>
  reason: string | null
  createdAt: Date
  createdBy: string | null
  createdByName: string
  folderId: string | null
  sheets: string[]
  sheet: string
  charset: string | null
  headRow: number
  heads: string[]
  mapping: ColumnMapping
  layout: string
  isRemembered: boolean
  peek: Buffer
  authority: string
  saidAt: Date
  rowCount: Generated<number>
  ready: Generated<number>
  newRows: Generated<number>
  changedRows: Generated<number>
  unchangedRows: Generated<number>
  skippedRows: Generated<number>
  failedRows: Generated<number>
  finishedAt: Date | null
  undoneAt: Date | null
  takenBack: number | null
  kept: number | null
}

export type RowTable = {
  importId: string
  number: number
  cells: Buffer
  isEdited: Generated<boolean>
  skip: SkipReason | null
  isChecked: Generated<boolean>
  isApplied: Generated<boolean>
  isWithdrawn: Generated<boolean>
  result: RowResult | null
  problems: Generated<KeptProblem[]>
  key: Buffer | null
  print: Buffer | null
  repeats: number | null
  changes: Buffer | null
  patientId: string | null
  saidPatientId: string | null
  encounterId: string | null
  staffId: string | null
  kept: Generated<KeptReason[]>
}

type Tables = {
  'integration.imports': ImportTable
  'integration.importFiles': { importId: string; body: Buffer }
  'integration.importRows': RowTable
  'integration.importLayouts': { layout: string; kind: ImportKind; mapping: ColumnMapping; savedAt: Date }
  'integration.dropFolders': {
    id: string
    path: string
    pattern: string
    kind: ImportKind
    isActive: boolean
    settleSeconds: number
    lastLookAt: Date | null
    problem: string | null
  }
  'integration.dropRuns': {
    id: string
    folderId: string
    fileName: string
    sha256: string
    seenAt: Date
    result: 'taken' | 'done' | 'repeated' | 'refused'
    reason: string | null
    importId: string | null
    isFiled: Generated<boolean>
  }
  'integration.dropPlaces': { place: string; lookedAt: Date }
}

export const db = (ctx: Context) => ctx.db.withTables<Tables>()
