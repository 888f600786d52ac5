import { contract, defineErrors, get, localDate, moment, post } from '@renxin/kernel'
import { z } from 'zod'
import { Cause, Note, Reason } from './contract.ts'

/** Which messages: of one cause and, where it is said, of one sender, one detail, one field and code; or of a time, whatever became of them. */
export const Like = z.object({
  senderId: z.uuid().optional(),
  cause: Cause.optional(),
  detail: z.string().max(300).nullable().optional(),
  field: z.string().max(60).optional(),
  code: z.string().max(100).optional(),
  /** `ADT^A08` */
  events: z.array(z.string().trim().max(20)).max(30).optional(),
  from: localDate.optional(), // days of arrival, both inclusive
  to: localDate.optional(),
})
export type Like = z.infer<typeof Like>

/** Messages that did not apply, or not wholly, for one and the same reason. */
export const Group = z.object({
  senderId: z.uuid(),
  senderName: z.string(),
  cause: Cause,
  detail: z.string().nullable(),
  field: z.string().nullable(),
  code: z.string().nullable(),
  messages: z.int(),
  firstAt: moment,
  lastAt: moment,
  /** What the code may mean, where it is one of a table of ours; the place of the field, where the mapping says it. */
  meanings: z.array(z.string()),
  place: z.object({ field: z.string(), text: z.string() }).nullable(),
})
export type Group = z.infer<typeof Group>

/** How all of them are put right: a place or a meaning in the mapping of their sender, words replaced in each text, or nothing but reading again. */
export const Remedy = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('read') }),
  z.object({ kind: z.literal('place'), field: z.string().max(60), text: z.string().max(500) }),
  z.object({
    kind: z.literal('meaning'),
    field: z.string().max(60),
    code: z.string().max(100),
    meaning: z.string().trim().min(1).max(100),
  }),
  z.object({
    kind: z.literal('text'),
    /** Only in lines of this segment. */
    segment: z
      .string()
      .regex(/^[A-Z][A-Z0-9]{2}$/)
      .nullable(),
    find: z.string().min(1).max(500),
    replace: z.string().max(500),
  }),
  z.object({ kind: z.literal('aside') }),
])
export type Remedy = z.infer<typeof Remedy>

export const Sample = z.object({
  id: z.uuid(),
  patientId: z.uuid().nullable(),
  /** Lines that the remedy changes. */
  lines: z.array(z.object({ before: z.string(), after: z.string() })),
  before: z.object({ status: z.string(), reason: Reason.nullable() }),
  after: z.object({ status: z.string(), reason: Reason.nullable() }),
  notes: z.array(Note),
})
export type Sample = z.infer<typeof Sample>

export const Run = z.object({
  id: z.uuid(),
  kind: z.enum(['replay', 'mend', 'aside']),
  what: Like,
  reason: z.string(),
  startedBy: z.string(),
  startedAt: moment,
  finishedAt: moment.nullable(),
  total: z.int(),
  settled: z.int(),
  unsettled: z.int(),
  status: z.enum(['running', 'done', 'stopped']),
})
export type Run = z.infer<typeof Run>

export const UnmappedCode = z.object({
  senderId: z.uuid(),
  senderName: z.string(),
  field: z.string(),
  code: z.string(),
  times: z.int(),
  firstAt: moment,
  lastAt: moment,
  meanings: z.array(z.string()),
})
export type UnmappedCode = z.infer<typeof UnmappedCode>

const reason = z.string().trim().min(2).max(200)

export const deadLettersApi = contract('integration', {
  /** Counted up to ten thousand messages in all. */
  groups: get('/dead-letters', { may: 'integration.read', reply: z.object({ rows: z.array(Group) }) }),
  unmapped: get('/unmapped-codes', { may: 'integration.read', reply: z.object({ rows: z.array(UnmappedCode) }) }),
  /** What a remedy would do to the first few of a group; nothing is kept. */
  tryRemedy: post('/dead-letters/try', {
    may: 'integration.mend',
    about: 'patientId',
    input: z.object({ like: Like, remedy: Remedy }),
    reply: z.object({ rows: z.array(Sample), total: z.int() }),
  }),
  /** Puts all alike right, once; the first some hundreds at once, what is left within seconds. */
  remedy: post('/dead-letters/remedy', {
    may: 'integration.mend',
    input: z.object({ id: z.uuid(), like: Like, remedy: Remedy, reason }),
    reply: Run,
  }),
  /** How many messages a replay would read, up to a million. */
  countReplay: post('/replays/count', { may: 'integration.mend', input: z.object({ like: Like }), reply: z.object({ messages: z.int() }) }),
  startReplay: post('/replays', { may: 'integration.mend', input: z.object({ id: z.uuid(), like: Like, reason }), reply: Run }),
  stopRun: post('/runs/:id/stop', { may: 'integration.mend', input: z.object({ id: z.uuid() }), reply: Run }),
  runs: get('/runs', { may: 'integration.read', reply: z.object({ rows: z.array(Run) }) }),
})

export const deadLettersErrors = defineErrors('integration', {
  remedyNeedsSender: 'invalid',
  noSuchPlace: 'invalid',
  runNotFound: 'not_found',
  runFinished: 'conflict',
})
