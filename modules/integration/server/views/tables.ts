import type { EncounterViews } from '@renxin/encounters'
import type { PatientViews } from '@renxin/patients'
import type { Context, Generated } from '@renxin/server'
import type { StaffViews } from '@renxin/staff'
import type { z } from 'zod'
import type { CodeTables, ColumnMapping, ColumnProblem } from '../../columns-contract.ts'
import type { From, SourceFailure, SourceKind, Subject, TextCharset } from '../../views-contract.ts'
import type { RowMemory } from '../columns/index.ts'
import type { Cursor } from './dialects.ts'

export type SourceRow = {
  id: string
  name: string
  kind: SourceKind
  host: string
  port: number
  database: string
  username: string
  password: Buffer
  tls: boolean
  charset: z.infer<typeof TextCharset>
  authority: string
  isActive: boolean
  changedAt: Date
}

/** `resumedAt`: the mark at which a reading that had been broken off went on. */
export type Progress = Cursor & { top: string | null; resumedAt: string | null; hasFuture: boolean; rows: number }

type Settings = {
  id: string
  sourceId: string
  subject: Subject
  relation: From
  keys: string[]
  updateColumn: string | null
  mapping: ColumnMapping
  codes: CodeTables
  everySeconds: number
  startOn: string | null
  isActive: boolean
  changedAt: Date
  nextAt: Date
}
type HowFar = {
  mark: string | null
  cursor: Progress | null
  readRows: number
  rows: number
  lastRunAt: Date | null
  lastOkAt: Date | null
  nightlyOn: string | null
  failures: number
  failingSince: Date | null
  failure: SourceFailure | null
  failureDetail: string | null
  missingColumns: string[]
  rowsWithoutKey: number
  hasFutureRows: boolean
}
export type ViewState = Settings & HowFar

type Tables = {
  'integration.viewSources': SourceRow
  'integration.views': Settings & { [K in keyof HowFar]: Generated<HowFar[K]> }
  'integration.viewRows': {
    viewId: string
    key: string
    hash: Buffer
    memory: RowMemory
    status: 'applied' | 'waiting'
    problems: ColumnProblem[] | null
    failure: string | null
    body: Buffer | null
    patientId: string | null
    encounterId: string | null
    readAt: Date
  }
  'integration.viewCounts': { viewId: string; day: string; wardId: string; theirs: number; ours: number; countedAt: Date }
  'integration.viewQuestions': { id: string; asked: Buffer; answer: Buffer | null; askedAt: Date; claimedAt: Date | null }
}

export const db = (ctx: Context) => ctx.db.$extendTables<Tables & PatientViews & EncounterViews & StaffViews>()
