import { contract, daysBetween, defineErrors, del, get, localDate, moment, post, put } from '@renxin/kernel'
import { z } from 'zod'

export const levels = ['bedside', 'centre', 'department', 'supervisor', 'study'] as const
/** `vanished`: thirty days have passed after a discharge or an out-patient's visit, and the patient was not seen again. */
export const triggers = ['admitted', 'discharged', 'visited', 'vanished'] as const
export const taskChannels = ['phone', 'bedside'] as const
export const assigneeRules = ['centre', 'department', 'ward', 'attending', 'nurse'] as const
/** What a patient went through during the stay; any one of those named suffices. */
export const burdens = ['everCritical', 'everSerious', 'everSpecialNursing', 'everLevelOne'] as const
export const visitClasses = ['inpatient', 'outpatient', 'emergency', 'daySurgery', 'checkUp'] as const

/** `I21`, or from one category to another, both inclusive: `I20-I25`. */
export const icdRange = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^[A-Z][0-9A-Z]{1,2}(\.[0-9A-Z]{1,6})?(-[A-Z][0-9A-Z]{1,2}(\.[0-9A-Z]{1,6})?)?$/)

/**
 * When a patient comes back while his calls are under way. `anew`: what is planned stops, and the new discharge begins its own. `stop`: it stops, and the new
 * one begins none while the first would have run. `pause`: it waits while he is in and goes on afterwards; the new one joins it. `goOn`: nothing changes, and
 * the new one begins its own.
 */
export const returnChoices = ['anew', 'stop', 'pause', 'goOn'] as const
/** When he was transferred to another hospital, has died, or wants no more calls. */
export const endChoices = ['stop', 'goOn'] as const

/** JSON as it stands in an address. */
export const textOf = <T extends z.ZodType>(shape: T) =>
  z
    .string()
    .max(8000)
    .transform((text, check) => {
      try {
        return JSON.parse(text) as unknown // checked by what it is piped into
      } catch {
        check.addIssue('not JSON')
        return z.NEVER
      }
    })
    .pipe(shape)

/** For whom: all that is said must hold. A list that is empty and a bound that is null ask nothing. */
export const Rule = z.object({
  classes: z.array(z.enum(visitClasses)).min(1),
  departmentIds: z.array(z.uuid()).max(200).default([]),
  wardIds: z.array(z.uuid()).max(200).default([]),
  diagnoses: z.array(icdRange).max(100).default([]),
  ageFrom: z.int().min(0).max(130).nullable().default(null),
  ageTo: z.int().min(0).max(130).nullable().default(null),
  sex: z.enum(['male', 'female']).nullable().default(null),
  /** 5 died, 2 and 3 are in other hands: CV06.00.226. */
  withoutDispositions: z.array(z.enum(['1', '2', '3', '4', '5', '9'])).default(['2', '3', '5']),
  stayFromDays: z.int().min(0).max(3650).nullable().default(null),
  stayToDays: z.int().min(0).max(3650).nullable().default(null),
  ever: z.array(z.enum(burdens)).default([]),
})
export type Rule = z.infer<typeof Rule>

export const StepShape = z.object({
  name: z.string().trim().min(1).max(60),
  /** `hours`: counted from the anchor's moment. `days`: whole days where the hospital stands, day 0 being the anchor's. */
  unit: z.enum(['hours', 'days']),
  fromOffset: z.int().min(0).max(8760),
  byOffset: z.int().min(0).max(8760),
  /** `working`: a window that would open on a rest day opens on the next working day, and closes so much later. */
  days: z.enum(['any', 'working']).default('any'),
  /** Again every so many months, for so many months: the window is counted from the day of each. `null`: once. */
  repeat: z
    .object({ everyMonths: z.int().min(1).max(60), forMonths: z.int().min(1).max(120) })
    .refine((r) => r.forMonths >= r.everyMonths, { path: ['forMonths'] })
    .nullable()
    .default(null),
  channel: z.enum(taskChannels),
  assignee: z.enum(assigneeRules),
  questionnaireId: z.uuid().nullable(),
  tries: z.int().min(1).max(20).default(3),
  triesPerDay: z.int().min(1).max(10).default(2),
  waitMinutes: z.int().min(1).max(10_080).default(120),
})
export const isStepInOrder = (s: Pick<z.infer<typeof StepShape>, 'unit' | 'fromOffset' | 'byOffset'>) =>
  s.unit === 'days' ? s.byOffset >= s.fromOffset : s.byOffset > s.fromOffset
export const Step = StepShape.refine(isStepInOrder, { path: ['byOffset'] }).refine((s) => s.repeat === null || s.unit === 'days', {
  path: ['repeat'],
})
export type Step = z.infer<typeof Step>

/** How often a step comes: `every 3 months for 2 years` is eight times. */
export const timesOf = ({ repeat }: Pick<Step, 'repeat'>): number => (repeat ? Math.floor(repeat.forMonths / repeat.everyMonths) : 1)
/** So many tasks at most come of one visit. */
export const MOST_TASKS = 60
const Steps = z
  .array(Step)
  .min(1)
  .max(20)
  .refine((steps) => steps.reduce((sum, s) => sum + timesOf(s), 0) <= MOST_TASKS, { params: { most: MOST_TASKS } })

/** What some departments do in place of the programme's own steps. */
export const Variant = z.object({ departmentIds: z.array(z.uuid()).min(1).max(200), steps: Steps })
export type Variant = z.infer<typeof Variant>

const isOnce = (ids: readonly string[]) => new Set(ids).size === ids.length

const wallTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)

export const ProgrammeBody = z
  .object({
    name: z.string().trim().min(1).max(60),
    level: z.enum(levels),
    trigger: z.enum(triggers),
    rule: Rule,
    samplePercent: z.int().min(1).max(100).default(100),
    onReturn: z.enum(returnChoices).default('anew'),
    onTransfer: z.enum(endChoices).default('stop'),
    onDeath: z.enum(endChoices).default('stop'),
    onRefusal: z.enum(endChoices).default('goOn'),
    callFrom: wallTime.default('08:30'),
    callUntil: wallTime.default('20:00'),
    steps: Steps,
    variants: z.array(Variant).max(20).default([]),
  })
  .refine((b) => b.callUntil > b.callFrom, { path: ['callUntil'] })
  .refine((b) => isOnce(b.variants.flatMap((v) => v.departmentIds)), { path: ['variants'] })
export type ProgrammeBody = z.infer<typeof ProgrammeBody>

/** An activation that looks through the patients of earlier days, some at a time. */
export const Planning = z.object({
  id: z.uuid(),
  status: z.enum(['running', 'done', 'stopped']),
  fromAt: moment,
  total: z.int(), // visits to look through, as they were counted at the start
  seen: z.int(),
  made: z.int(), // tasks
  startedByName: z.string(),
  startedAt: moment,
  finishedAt: moment.nullable(),
})
export type Planning = z.infer<typeof Planning>

export const ProgrammeCard = z.object({
  id: z.uuid(),
  key: z.string().nullable(),
  name: z.string(),
  level: z.enum(levels),
  status: z.enum(['draft', 'active', 'disabled']),
  trigger: z.enum(triggers),
  version: z.int(),
  steps: z.int(),
  activeFrom: moment.nullable(),
  updatedAt: moment,
  openTasks: z.int(), // 1,000 says: a thousand or more
})
export type ProgrammeCard = z.infer<typeof ProgrammeCard>

export const Programme = ProgrammeBody.safeExtend({
  id: z.uuid(),
  key: z.string().nullable(),
  status: z.enum(['draft', 'active', 'disabled']),
  version: z.int(),
  activeFrom: moment.nullable(),
  planning: Planning.nullable(), // the last there was
})
export type Programme = z.infer<typeof Programme>

/** Days on which nobody is rung up: a window that would open on one opens on the day after. Visits at the bed go on. */
export const Blackout = z.object({ id: z.uuid(), name: z.string().trim().min(1).max(60), fromOn: localDate, untilOn: localDate })
export type Blackout = z.infer<typeof Blackout>
const MOST_BLACKOUT_DAYS = 60
const BlackoutBody = Blackout.omit({ id: true })
  .refine((b) => b.untilOn >= b.fromOn, { path: ['untilOn'] })
  .refine((b) => daysBetween(b.fromOn, b.untilOn) < MOST_BLACKOUT_DAYS, { path: ['untilOn'] })

/** Kinds of programmes that a new one may begin as. */
export const families = ['discharge', 'study', 'checkUp', 'outpatient', 'daySurgery'] as const
export type Family = (typeof families)[number]

export const programmesApi = contract('followups', {
  programmeNames: get('/programme-names', {
    may: 'followups.read',
    reply: z.object({ rows: z.array(z.object({ id: z.uuid(), name: z.string() })) }),
  }),
  programmes: get('/programmes', { may: 'followups.programmes', reply: z.object({ rows: z.array(ProgrammeCard) }) }),
  programme: get('/programmes/:id', { may: 'followups.programmes', input: z.object({ id: z.uuid() }), reply: Programme }),
  saveProgramme: put('/programmes/:id', {
    may: 'followups.programmes',
    input: z.object({ id: z.uuid(), version: z.int().min(0), body: ProgrammeBody }), // the version that the writer began from; 0 for a new one
    reply: Programme,
  }),
  activate: post('/programmes/:id/activate', {
    may: 'followups.programmes',
    input: z.object({ id: z.uuid(), from: localDate.optional() }), // today, unless an earlier day is said: whoever was discharged since then is planned too
    reply: Programme, // some are planned at once, the rest by and by: `planning` says how far it is
  }),
  disable: post('/programmes/:id/disable', { may: 'followups.programmes', input: z.object({ id: z.uuid() }), reply: Programme }),
  templates: get('/programme-templates', {
    may: 'followups.programmes',
    reply: z.object({ rows: z.array(z.object({ family: z.enum(families), body: ProgrammeBody })) }),
  }),
  blackouts: get('/blackouts', { may: 'followups.programmes', reply: z.object({ rows: z.array(Blackout) }) }), // of last year, and all that come
  saveBlackout: put('/blackouts/:id', {
    may: 'followups.programmes',
    input: z.object({ id: z.uuid(), body: BlackoutBody }),
    reply: Blackout.extend({ moved: z.int() }), // tasks that have another window now
  }),
  removeBlackout: del('/blackouts/:id', {
    may: 'followups.programmes',
    input: z.object({ id: z.uuid() }),
    reply: z.object({ moved: z.int() }),
  }),
})

export const programmeErrors = defineErrors('followups', {
  programmeNotFound: 'not_found',
  programmeChanged: 'conflict', // somebody saved it since it was read
  nameTaken: 'conflict',
  questionnaireUnknown: 'invalid',
  activeFromTooEarly: 'invalid',
  blackoutNotFound: 'not_found',
  blackoutPast: 'invalid', // days that are gone are not changed any more
  notYourDepartment: 'forbidden', // whose permission reaches over a department writes programmes for that one
})
