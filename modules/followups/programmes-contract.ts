import { contract, defineErrors, get, localDate, moment, post, put } from '@renxin/kernel'
import { z } from 'zod'

export const levels = ['bedside', 'centre', 'department', 'supervisor', 'study'] as const
export const triggers = ['admitted', 'discharged', 'visited'] as const
export const taskChannels = ['phone', 'bedside'] as const
export const assigneeRules = ['centre', 'department', 'ward', 'attending', 'nurse'] as const
/** What a patient went through during the stay; any one of those named suffices. */
export const burdens = ['everCritical', 'everSerious', 'everSpecialNursing', 'everLevelOne'] as const
const classes = ['inpatient', 'outpatient', 'emergency', 'daySurgery', 'checkUp'] as const

/** `I21`, or from one category to another, both inclusive: `I20-I25`. */
const icdRange = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^[A-Z][0-9A-Z]{1,2}(\.[0-9A-Z]{1,6})?(-[A-Z][0-9A-Z]{1,2}(\.[0-9A-Z]{1,6})?)?$/)

/** For whom: all that is said must hold. A list that is empty and a bound that is null ask nothing. */
export const Rule = z.object({
  classes: z.array(z.enum(classes)).min(1),
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

export const Step = z
  .object({
    name: z.string().trim().min(1).max(60),
    /** `hours`: counted from the anchor's moment. `days`: whole days where the hospital stands, day 0 being the anchor's. */
    unit: z.enum(['hours', 'days']),
    fromOffset: z.int().min(0).max(8760),
    byOffset: z.int().min(0).max(8760),
    /** `working`: a window that would open on a rest day opens on the next working day, and closes so much later. */
    days: z.enum(['any', 'working']).default('any'),
    channel: z.enum(taskChannels),
    assignee: z.enum(assigneeRules),
    questionnaireId: z.uuid().nullable(),
    tries: z.int().min(1).max(20).default(3),
    triesPerDay: z.int().min(1).max(10).default(2),
    waitMinutes: z.int().min(1).max(10_080).default(120),
  })
  .refine((s) => (s.unit === 'days' ? s.byOffset >= s.fromOffset : s.byOffset > s.fromOffset), { path: ['byOffset'] })
export type Step = z.infer<typeof Step>

const wallTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)

export const ProgrammeBody = z
  .object({
    name: z.string().trim().min(1).max(60),
    level: z.enum(levels),
    trigger: z.enum(triggers),
    rule: Rule,
    samplePercent: z.int().min(1).max(100).default(100),
    stopsOnReadmission: z.boolean().default(true),
    callFrom: wallTime.default('08:30'),
    callUntil: wallTime.default('20:00'),
    steps: z.array(Step).min(1).max(20),
  })
  .refine((b) => b.callUntil > b.callFrom, { path: ['callUntil'] })
export type ProgrammeBody = z.infer<typeof ProgrammeBody>

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
})
export type Programme = z.infer<typeof Programme>

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
    reply: Programme.safeExtend({ planned: z.int() }),
  }),
  disable: post('/programmes/:id/disable', { may: 'followups.programmes', input: z.object({ id: z.uuid() }), reply: Programme }),
  preview: post('/programmes/preview', {
    may: 'followups.programmes',
    input: z.object({ trigger: z.enum(triggers), rule: Rule, samplePercent: z.int().min(1).max(100) }),
    reply: z.object({ days: z.int(), all: z.int(), matching: z.int() }), // of the last so many days: with the trigger, and of those by the rule
  }),
})

export const programmeErrors = defineErrors('followups', {
  programmeNotFound: 'not_found',
  programmeChanged: 'conflict', // somebody saved it since it was read
  nameTaken: 'conflict',
  questionnaireUnknown: 'invalid',
  activeFromTooEarly: 'invalid',
  notYourDepartment: 'forbidden', // whose permission reaches over a department writes programmes for that one
})
