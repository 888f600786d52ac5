import { contract, cursor, defineErrors, exportAsk, get, moment, page, post, put } from '@renxin/kernel'
import { z } from 'zod'

const MAX_UPLOAD_BYTES = 20 * 1024 * 1024

/** What the rows of a file are about. */
export const ImportKind = z.enum(['patients', 'encounters', 'staff', 'places'])
export type ImportKind = z.infer<typeof ImportKind>

/*
 * mapping ──check──► checking ──► checked ──apply──► applying ──► done ──undo──► undoing ──► undone
 *    ▲                  │            │ │                           (seven days)
 *    └───change columns─┼────────────┘ └─edited──► checking
 *    └──discard─────────┴──► discarded             checking, applying: what cannot be read ──► failed
 */
export const ImportStatus = z.enum(['mapping', 'checking', 'checked', 'applying', 'done', 'undoing', 'undone', 'discarded', 'failed'])
export type ImportStatus = z.infer<typeof ImportStatus>

/** What will become of a row, or became of it. */
export const RowResult = z.enum(['new', 'changed', 'unchanged', 'skipped', 'failed'])
export type RowResult = z.infer<typeof RowResult>

/** Why a row takes no part. */
export const SkipReason = z.enum(['empty', 'total', 'head', 'byHand'])
export type SkipReason = z.infer<typeof SkipReason>

/** Something about a cell: `words.imports.problems` says each. An error keeps the row out, a warning does not. */
export const RowProblem = z.object({
  code: z.string(),
  level: z.enum(['error', 'warning']),
  /** The column's place in the file, from 0; null where it is about the row. */
  column: z.int().nullable(),
  /** The field that it is about. */
  field: z.string().nullable(),
  /** What the sentence needs: how many digits are missing, in which row it stood before. */
  details: z.record(z.string(), z.union([z.string(), z.number()])),
})
export type RowProblem = z.infer<typeof RowProblem>

export const FieldChange = z.object({ field: z.string(), before: z.string().nullable(), after: z.string().nullable() })
export type FieldChange = z.infer<typeof FieldChange>

/** Why something stays when an import is taken back. */
export const KeptReason = z.object({
  field: z.string().nullable(),
  reason: z.enum(['changedSince', 'inUse', 'merged', 'gone', 'confirmed', 'cancelled']),
})
export type KeptReason = z.infer<typeof KeptReason>

const counts = { new: z.int(), changed: z.int(), unchanged: z.int(), skipped: z.int(), failed: z.int() }
const Counts = z.object(counts)
export type Counts = z.infer<typeof Counts>

export const ImportRow = z.object({
  id: z.uuid(),
  name: z.string(),
  kind: ImportKind,
  status: ImportStatus,
  reason: z.string().nullable(),
  createdAt: moment,
  createdByName: z.string(),
  /** Of a file that was dropped into a watched folder. */
  folderName: z.string().nullable(),
  finishedAt: moment.nullable(),
  undoneAt: moment.nullable(),
  /** Until when it may be taken back. */
  undoUntil: moment.nullable(),
  rows: z.int(),
  /** Rows that the step now running has done. */
  ready: z.int(),
  counts: Counts.nullable(),
})
export type ImportRow = z.infer<typeof ImportRow>

const SourceColumn = z.object({
  index: z.int(),
  head: z.string(),
  /** Up to three values that are not empty. */
  samples: z.array(z.string()),
  /** The fields that it says; one column may say two. */
  fields: z.array(z.string()),
})
export type SourceColumn = z.infer<typeof SourceColumn>

export const ImportFile = ImportRow.extend({
  sheets: z.array(z.string()),
  sheet: z.string(),
  charset: z.string().nullable(),
  /** The row of the file in which the columns have their names; 0: nowhere. */
  headRow: z.int(),
  columns: z.array(SourceColumn),
  /** What a column may be read as: the fields of the kind. */
  fields: z.array(z.string()),
  /** Fields that the hospital defined itself. */
  ownFields: z.array(z.object({ name: z.string(), label: z.string() })),
  /** What all visits of the file are, where no column says it. */
  visitClass: z.string().nullable(),
  /** What is asked for and no column says; `patientNumber`: any number of a patient. */
  missing: z.array(z.string()),
  /** The columns were put so for a file of the same layout before. */
  isRemembered: z.boolean(),
  /** The moment from which the file speaks: what was said later stays. */
  saidAt: moment,
  /** How often each problem stands in the rows. */
  problems: z.array(z.object({ code: z.string(), level: z.enum(['error', 'warning']), field: z.string().nullable(), rows: z.int() })),
  undo: z.object({ takenBack: z.int(), kept: z.int() }).nullable(),
})
export type ImportFile = z.infer<typeof ImportFile>

export const CheckedRow = z.object({
  number: z.int(),
  cells: z.array(z.string()),
  result: RowResult.nullable(),
  skip: SkipReason.nullable(),
  isEdited: z.boolean(),
  problems: z.array(RowProblem),
  changes: z.array(FieldChange),
  patientId: z.uuid().nullable(),
  kept: z.array(KeptReason),
})
export type CheckedRow = z.infer<typeof CheckedRow>

const id = { id: z.uuid() }
const may = 'integration.import'

export const DropFolder = z.object({
  id: z.uuid(),
  /** A folder below the hospital's drop place. */
  path: z.string(),
  pattern: z.string(),
  kind: ImportKind,
  isActive: z.boolean(),
  settleSeconds: z.int(),
  lastLookAt: moment.nullable(),
  problem: z.string().nullable(),
})
export type DropFolder = z.infer<typeof DropFolder>

export const DropRun = z.object({
  id: z.uuid(),
  folderId: z.uuid(),
  fileName: z.string(),
  seenAt: moment,
  result: z.enum(['taken', 'done', 'repeated', 'refused']),
  reason: z.string().nullable(),
  importId: z.uuid().nullable(),
  counts: Counts.nullable(),
})
export type DropRun = z.infer<typeof DropRun>

export const importsApi = contract('integration', {
  imports: get('/imports', { may, input: z.object({ ...cursor }), reply: page(ImportRow) }),
  importFile: get('/imports/:id', { may, input: z.object(id), reply: ImportFile }),
  upload: post('/imports', {
    may,
    bodyLimit: Math.ceil((MAX_UPLOAD_BYTES * 4) / 3) + 4096, // base64 is a third longer
    input: z.object({ ...id, kind: ImportKind, name: z.string().trim().min(1).max(200), base64: z.string() }),
    reply: ImportFile,
  }),
  /** Settles where the table stands and what its columns are. `check` goes on to the dry run. */
  setColumns: put('/imports/:id/columns', {
    may,
    input: z.object({
      ...id,
      kind: ImportKind.optional(),
      sheet: z.string().max(200).optional(),
      headRow: z.int().min(0).max(1000).optional(),
      fields: z
        .array(z.array(z.string().max(120)).max(6))
        .max(200)
        .optional(),
      visitClass: z.enum(['inpatient', 'outpatient', 'emergency', 'daySurgery', 'checkUp']).nullable().optional(),
      saidAt: z.iso.datetime({ offset: true }).optional(),
    }),
    reply: ImportFile,
  }),
  check: post('/imports/:id/check', { may, input: z.object(id), reply: ImportFile }),
  /** Back to the columns; what was edited by hand is let go. */
  reopen: post('/imports/:id/reopen', { may, input: z.object(id), reply: ImportFile }),
  importRows: get('/imports/:id/rows', {
    may,
    about: 'patientId',
    input: z.object({
      ...id,
      result: RowResult.optional(),
      problem: z.string().max(60).optional(),
      field: z.string().max(60).optional(),
      kept: z.stringbool().or(z.boolean()).default(false),
      ...cursor,
    }),
    reply: page(CheckedRow),
  }),
  editRow: put('/imports/:id/rows/:number', {
    may,
    about: 'patientId',
    input: z.object({
      ...id,
      number: z.coerce.number().int().min(1),
      cells: z
        .array(z.object({ column: z.int().min(0).max(199), value: z.string().max(8000) }))
        .max(200)
        .optional(),
      isSkipped: z.boolean().optional(),
    }),
    reply: CheckedRow,
  }),
  /** The same for all rows with one problem: leaves the cell empty, or the row out. */
  mendRows: post('/imports/:id/mend-rows', {
    may,
    input: z.object({ ...id, problem: z.string().max(60), field: z.string().max(60).nullable(), how: z.enum(['emptyCell', 'skipRow']) }),
    reply: ImportFile,
  }),
  applyImport: post('/imports/:id/apply', { may, input: z.object(id), reply: ImportFile }),
  discard: post('/imports/:id/discard', { may, input: z.object(id), reply: ImportFile }),
  undoImport: post('/imports/:id/undo', { may, input: z.object(id), reply: ImportFile }),
  downloadFailed: post('/imports/:id/failed', {
    may,
    input: z.object({ ...id, ...exportAsk }),
    file: 'application/octet-stream',
    reply: z.unknown(),
    isQuiet: true,
  }),
  /** `place`: the folder of this hospital on the server, under which the watched folders are. */
  dropFolders: get('/drop-folders', { may, reply: z.object({ rows: z.array(DropFolder), place: z.string().nullable() }) }),
  saveDropFolder: put('/drop-folders/:id', {
    may: 'integration.manage',
    input: z.object({
      ...id,
      path: z
        .string()
        .trim()
        .min(1)
        .max(200)
        .regex(/^(?!\.)[^\\:*?"<>|]+$/), // no way out of the place: `..` is refused by the server as well
      pattern: z.string().trim().min(1).max(100),
      kind: ImportKind,
      isActive: z.boolean(),
      settleSeconds: z.int().min(2).max(3600),
    }),
    reply: DropFolder,
  }),
  dropRuns: get('/drop-runs', { may, input: z.object({ folderId: z.uuid().optional(), ...cursor }), reply: page(DropRun) }),
})

export const importErrors = defineErrors('integration', {
  importNotFound: 'not_found',
  rowNotFound: 'not_found',
  importBusy: 'conflict', // with `status`: something else is being done with it
  importOver: 'conflict', // applied, discarded or taken back
  columnsMissing: 'conflict', // with `fields`
  columnTwice: 'invalid', // with `field`
  sheetNotFound: 'not_found',
  nothingToImport: 'conflict',
  undoTooLate: 'conflict',
  fileEmpty: 'invalid',
  fileTooLarge: 'invalid', // with `megabytes` and `limit`
  unpacksTooLarge: 'invalid',
  fileTooHard: 'invalid', // its reader was ended: it took too long, or too much memory
  tooManyRows: 'invalid',
  tooManyColumns: 'invalid',
  cellTooLong: 'invalid', // with `row`
  openQuote: 'invalid', // with `row`
  fileBroken: 'invalid',
  fileLocked: 'invalid',
  oldWorkbook: 'invalid',
  notAWorkbook: 'invalid',
  pageNotTable: 'invalid',
  unknownFile: 'invalid',
  pathNotAllowed: 'invalid',
  folderTaken: 'conflict',
})
