import { contract, cursor, defineErrors, get, localDate, moment, page, post, put } from '@renxin/kernel'
import { z } from 'zod'
import { CodeTables, ColumnMapping, ColumnProblem, type Target } from './columns-contract.ts'

export const SourceKind = z.enum(['postgres', 'mysql', 'sqlserver', 'oracle'])
export type SourceKind = z.infer<typeof SourceKind>

export const usualPorts: Record<SourceKind, number> = { postgres: 5432, mysql: 3306, sqlserver: 1433, oracle: 1521 }

/** What the rows of a view are about. Discharges are encounters that have ended. */
export const Subject = z.enum(['patients', 'encounters', 'discharges', 'reports', 'staff', 'places'])
export type Subject = z.infer<typeof Subject>

export const targetOf: Record<Subject, Target> = {
  patients: 'patients',
  encounters: 'encounters',
  discharges: 'encounters',
  reports: 'reports',
  staff: 'staff',
  places: 'places',
}

/** What can be wrong with the other side. `words.views.failures` says each, and what to do. */
export const sourceFailures = [
  'refused',
  'timeout',
  'unknownHost',
  'closedAddress',
  'badLogin',
  'noDatabase',
  'noRelation',
  'noColumn',
  'denied',
  'slow',
  'badSql',
  'unsupported',
  'lost',
  'stuck', // a page that ends where it began: the keys do not tell the rows apart
  'other',
] as const
export const SourceFailure = z.enum(sourceFailures)
export type SourceFailure = z.infer<typeof SourceFailure>

/** `gb18030`: the bytes of its texts are GBK, whatever the database says of them. */
export const TextCharset = z.enum(['declared', 'gb18030', 'utf-8'])

const name = z.string().trim().min(1).max(128)
const connection = {
  kind: SourceKind,
  host: z.string().trim().min(1).max(200),
  port: z.int().min(1).max(65_535),
  database: name,
  username: name,
  tls: z.boolean(),
  charset: TextCharset,
}
const password = z.string().max(200).optional() // left out: as it was

/** A view, or a question of one's own. */
export const From = z.union([
  z.strictObject({ schema: z.string().trim().max(128), name }),
  z.strictObject({
    select: z
      .string()
      .trim()
      .min(8)
      .max(10_000)
      .regex(/^select\s/i)
      .refine((text) => !text.replace(/;\s*$/, '').includes(';')),
  }),
])
export type From = z.infer<typeof From>

const viewSettings = {
  subject: Subject,
  from: From,
  keys: z.array(name).min(1).max(4),
  /** Where there is none the whole view is read each time. */
  update: name.nullable(),
  mapping: ColumnMapping,
  codes: CodeTables,
  everySeconds: z.int().min(60).max(86_400), // no more than one question a minute
  /** The first reading begins here; all there is where it is not said. */
  startOn: localDate.nullable(),
  isActive: z.boolean(),
}

const Failing = z.object({ code: SourceFailure, detail: z.string(), since: moment, nextAt: moment })

const View = z.object({
  id: z.uuid(),
  sourceId: z.uuid(),
  ...viewSettings,
  lastRunAt: moment.nullable(),
  lastOkAt: moment.nullable(),
  /** The latest update time seen, as the other side wrote it. */
  mark: z.string().nullable(),
  /** A reading is under way; rows read in it. */
  isReading: z.boolean(),
  readRows: z.int(),
  /** Of all times. */
  rows: z.int(),
  /** Rows that could not be applied, and rows of which a part was not understood; counted up to ten thousand. */
  waiting: z.int(),
  noted: z.int(),
  failing: Failing.nullable(),
  missingColumns: z.array(z.string()),
  /** Rows without a key can never be read. */
  rowsWithoutKey: z.int(),
  /** Rows whose update time lies more than a day ahead do not move the mark. */
  hasFutureRows: z.boolean(),
})
export type View = z.infer<typeof View>

const sourceSettings = {
  name: z.string().trim().min(1).max(80),
  ...connection,
  /** Who numbers the patients, as PID-3.4 of the same hospital's messages has it. */
  authority: z.string().trim().max(100),
  isActive: z.boolean(),
}
const Source = z.object({ id: z.uuid(), ...sourceSettings, views: z.array(View) })
export type Source = z.infer<typeof Source>

const ViewRow = z.object({
  viewId: z.uuid(),
  key: z.string(),
  status: z.enum(['applied', 'waiting']),
  problems: z.array(ColumnProblem),
  failure: z.string().nullable(),
  readAt: moment,
  patientId: z.uuid().nullable(),
  encounterId: z.uuid().nullable(),
})
export type ViewRow = z.infer<typeof ViewRow>

/** Rows that were not taken, or rows of which a part was not understood. */
export const RowList = z.enum(['waiting', 'noted']).default('waiting')
export type RowList = z.infer<typeof RowList>

const WardCount = z.object({
  viewId: z.uuid(),
  day: localDate,
  wardId: z.uuid().nullable(),
  wardName: z.string().nullable(),
  theirs: z.int(),
  ours: z.int(),
  countedAt: moment,
})
export type WardCount = z.infer<typeof WardCount>

const Relation = z.object({ schema: z.string(), name: z.string(), isView: z.boolean() })
const ProbedColumn = z.object({ name: z.string(), type: z.enum(['time', 'text', 'number', 'other']) })
const shownRow = z.record(z.string(), z.string().nullable())

/** What a row would say, in words; what names or finds a person is masked. */
const DryRow = z.object({
  facts: z.array(z.object({ about: z.string(), field: z.string(), value: z.string() })),
  problems: z.array(ColumnProblem),
  isTaken: z.boolean(),
})
export type DryRow = z.infer<typeof DryRow>

/** A question to the other side, put by whoever reads it, so that it is asked from where it will be asked every day. */
const Question = z.discriminatedUnion('what', [
  z.object({ what: z.literal('relations') }),
  z.object({ what: z.literal('columns'), subject: Subject, from: From }),
  z.object({ what: z.literal('dryRun'), subject: Subject, from: From, mapping: ColumnMapping, codes: CodeTables }),
])
export type Question = z.infer<typeof Question>

const Answer = z.discriminatedUnion('what', [
  z.object({ what: z.literal('failed'), code: SourceFailure, detail: z.string() }),
  z.object({ what: z.literal('relations'), milliseconds: z.int(), relations: z.array(Relation) }),
  z.object({
    what: z.literal('columns'),
    columns: z.array(ProbedColumn),
    rows: z.array(shownRow),
    mapping: ColumnMapping,
    keys: z.array(z.string()),
    update: z.string().nullable(),
  }),
  z.object({ what: z.literal('dryRun'), rows: z.array(DryRow) }),
])
export type Answer = z.infer<typeof Answer>

const byId = z.object({ id: z.uuid() })

export const viewsApi = contract('integration', {
  sources: get('/view-sources', { may: 'integration.read', reply: z.object({ rows: z.array(Source) }) }),
  saveSource: put('/view-sources/:id', { may: 'integration.manage', input: byId.extend({ ...sourceSettings, password }), reply: byId }),
  saveView: put('/views/:id', { may: 'integration.manage', input: byId.extend({ sourceId: z.uuid(), ...viewSettings }), reply: byId }),
  /** Asks the other side something; the answer is there within seconds. Settings that are not saved yet may be tried. */
  ask: post('/view-questions', {
    may: 'integration.manage',
    isQuiet: true,
    input: byId.extend({ sourceId: z.uuid(), tried: z.object({ ...connection, password }).optional(), question: Question }),
    reply: byId,
  }),
  answer: get('/view-questions/:id', { may: 'integration.manage', input: byId, reply: z.object({ answer: Answer.nullable() }) }),
  /** Rows that wait, and rows of which a part was not understood. */
  viewRows: get('/views/:id/rows', {
    may: 'integration.read',
    about: 'patientId',
    input: byId.extend({ status: RowList, ...cursor }),
    reply: page(ViewRow),
  }),
  /** Reads by the present mapping what waits, as it stood when it was read. */
  reread: post('/views/:id/reread', {
    may: 'integration.manage',
    input: byId.extend({ status: RowList, before: moment.optional() }),
    /** `next`: there are more than one call takes; ask again with it. */
    reply: z.object({ settled: z.int(), unsettled: z.int(), next: moment.nullable() }),
  }),
  /** Reads the view anew from its beginning; what says nothing new changes nothing. */
  reload: post('/views/:id/reload', { may: 'integration.manage', input: byId, reply: byId }),
  viewCounts: get('/view-counts', {
    may: 'integration.read',
    input: z.object({ viewId: z.uuid().optional() }),
    reply: z.object({ rows: z.array(WardCount) }),
  }),
})

export const viewErrors = defineErrors('integration', {
  sourceNotFound: 'not_found',
  sourceNameTaken: 'conflict',
  viewNotFound: 'not_found',
  questionNotFound: 'not_found',
  passwordNeeded: 'invalid',
  badCodes: 'invalid',
  mappingIncomplete: 'invalid',
})
