import { contract, cursor, defineErrors, get, localDate, moment, page, post } from '@renxin/kernel'
import { z } from 'zod'

const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/)
const one = z.object({ id: z.uuid() })
const percent = z.int().min(0).max(100)

/**
 * What level 2 did between two days, of one department: urges by the day they were sent, spot checks by the last of the two weeks in which they are to be made. A
 * spot check was made when somebody who supervises has reviewed, judged or urged what level 1 did or did not do for this stay.
 */
export const LevelTwo = z.object({
  departmentId: z.uuid(),
  departmentName: z.string(),
  urges: z.int(),
  called: z.int(), // of these: answered by a call
  spots: z.int(), // drawn, whose two weeks are over
  checked: z.int(), // of these: within the two weeks
})
export type LevelTwo = z.infer<typeof LevelTwo>
export const urgeParts = ['urges', 'called'] as const
export const spotParts = ['spots', 'checked', 'unchecked'] as const
export type LevelTwoPart = (typeof urgeParts)[number] | (typeof spotParts)[number]

const days = { from: localDate, to: localDate }
/** What the rows behind these figures are asked for; without days, the latest of all. */
export const levelTwoAsks = {
  urges: z.object({
    departmentId: z.uuid().optional(),
    from: days.from.optional(),
    to: days.to.optional(),
    part: z.enum(urgeParts).default('urges'),
    ...cursor,
  }),
  spots: z.object({
    departmentId: z.uuid().optional(),
    from: days.from.optional(),
    to: days.to.optional(),
    part: z.enum(spotParts).default('spots'),
    ...cursor,
  }),
}

/** How far level 1 has come in one department: of the discharges that it was to follow up, those reached within seven days. */
export const Coverage = z.object({
  departmentId: z.uuid(),
  departmentName: z.string(),
  due: z.int(), // whose week is over
  inTime: z.int(),
  late: z.int(), // reached, but after the week
  missed: z.int(), // not reached, or not called at all
  running: z.int(), // whose week still runs, reached or not
  low: percent,
  high: percent,
})
export type Coverage = z.infer<typeof Coverage>

export const bands = ['below', 'within', 'above'] as const
/** Where a share stands against the department's band; nothing where nobody was due. */
export function bandOf({ due, inTime, low, high }: Pick<Coverage, 'due' | 'inTime' | 'low' | 'high'>): (typeof bands)[number] | null {
  if (due === 0) return null
  if (inTime * 100 < low * due) return 'below'
  return inTime * 100 > high * due ? 'above' : 'within'
}

/** How an urge stands, by what was done about it and not by what somebody ticked. */
export const urgeStates = ['waiting', 'seen', 'escalated', 'answered'] as const
export const Urge = z.object({
  id: z.uuid(),
  taskId: z.uuid(),
  patientId: z.uuid(),
  patientName: z.string(), // masked for those who may not see whole names
  departmentName: z.string().nullable(),
  programmeName: z.string(),
  toName: z.string().nullable(), // whose task it was; null: it lay in the department's pool
  note: z.string(),
  urgedAt: moment,
  urgedByName: z.string(),
  escalatesAt: moment,
  escalatedAt: moment.nullable(),
  seenAt: moment.nullable(),
  seenByName: z.string().nullable(),
  answeredAt: moment.nullable(),
  answer: z.enum(['tried', 'closed']).nullable(),
  state: z.enum(urgeStates),
})
export type Urge = z.infer<typeof Urge>

/** A task of level 1 whose week is over and whose patient was not reached. */
export const Uncalled = z.object({
  id: z.uuid(),
  patientId: z.uuid(),
  patientName: z.string(), // masked for those who may not see whole names
  departmentName: z.string().nullable(),
  wardName: z.string().nullable(),
  dischargedOn: localDate,
  daysSince: z.int(),
  ownerName: z.string().nullable(), // null: nobody has taken it
  tries: z.int(),
  lastOutcome: z.string().nullable(),
  lastTriedAt: moment.nullable(),
  urge: Urge.pick({ urgedAt: true, urgedByName: true, state: true }).nullable(), // the last one
})
export type Uncalled = z.infer<typeof Uncalled>

export const Owner = z.object({
  ownerId: z.uuid().nullable(), // null: nobody has taken these
  ownerName: z.string().nullable(),
  departmentId: z.uuid(),
  departmentName: z.string(),
  tasks: z.int(),
  neverTried: z.int(),
  longestDays: z.int(),
  urged: z.int(), // with an urge that waits for an answer
})
export type Owner = z.infer<typeof Owner>

/** A stay that was drawn for a level to look into, as its list shows it. */
export const Drawn = z.object({
  id: z.uuid(), // of the encounter
  patientId: z.uuid(),
  patientName: z.string(), // masked for those who may not see whole names
  departmentId: z.uuid(),
  departmentName: z.string(),
  dischargedOn: localDate,
})

export const looks = ['reviewed', 'judged', 'urged'] as const
export const Spot = Drawn.extend({
  checkBy: localDate, // two weeks after the discharge
  call: z.enum(['none', 'tried', 'late', 'inTime']), // what level 1 did
  calledAt: moment.nullable(),
  callerName: z.string().nullable(),
  seconds: z.int().nullable(),
  tries: z.int(),
  checked: z.object({ at: moment, byName: z.string(), how: z.enum(looks), isInTime: z.boolean() }).nullable(), // the first that level 2 did about it
})
export type Spot = z.infer<typeof Spot>

export const supervisionApi = contract('followups', {
  coverage: get('/supervision/coverage', {
    may: 'followups.supervise',
    input: z.object({ month }), // of the discharge
    reply: z.object({ rows: z.array(Coverage) }),
  }),
  owners: get('/supervision/owners', {
    may: 'followups.supervise',
    reply: z.object({ rows: z.array(Owner) }),
  }),
  uncalled: get('/supervision/uncalled', {
    may: 'followups.supervise',
    about: 'patientId',
    input: z.object({ departmentId: z.uuid().optional(), ownerId: z.union([z.uuid(), z.literal('nobody')]).optional(), ...cursor }),
    reply: page(Uncalled),
  }),
  urge: post('/urges', {
    may: 'followups.supervise',
    about: 'patientId',
    input: z.object({ ids: z.array(z.uuid()).min(1).max(500), note: z.string().trim().max(200).default('') }),
    reply: z.object({ rows: z.array(z.object({ id: z.uuid(), patientId: z.uuid() })), already: z.int() }),
  }),
  urgeRule: get('/urges/rule', { may: 'followups.supervise', reply: z.object({ hours: z.int() }) }), // after so many an urge goes to the head
  urgeHistory: get('/urges/history', {
    may: 'followups.supervise',
    about: 'patientId',
    input: levelTwoAsks.urges,
    reply: page(Urge),
  }),
  levelTwo: get('/supervision/level-two', {
    may: 'followups.supervise',
    input: z.object(days),
    reply: z.object({ rows: z.array(LevelTwo) }),
  }),
  urges: get('/urges', {
    may: 'followups.read',
    about: 'patientId',
    input: z.object({ list: z.enum(['toMe', 'escalated']).default('toMe'), ...cursor }),
    reply: page(Urge),
  }),
  urgesOfTask: get('/tasks/:id/urges', {
    may: 'followups.read',
    about: 'patientId',
    input: one,
    reply: z.object({ rows: z.array(Urge) }),
  }),
  /** How many wait for whoever asks; it names no patient and stands on every page. */
  urgeNotices: get('/urges/notices', {
    may: 'followups.read',
    reply: z.object({ toMe: z.int(), lastByName: z.string().nullable(), escalated: z.int() }),
  }),
  seeUrges: post('/urges/seen', {
    may: 'followups.work',
    about: 'patientId',
    input: z.object({ ids: z.array(z.uuid()).min(1).max(500) }),
    reply: z.object({ rows: z.array(z.object({ id: z.uuid(), patientId: z.uuid() })) }),
  }),
  spots: get('/supervision/spots', {
    may: 'followups.supervise',
    about: 'patientId',
    input: levelTwoAsks.spots,
    reply: page(Spot),
  }),
})

export const supervisionErrors = defineErrors('followups', {
  nothingToUrge: 'conflict', // closed meanwhile, or beyond what one may see
})
