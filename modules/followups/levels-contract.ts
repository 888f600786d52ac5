import { contract, defineErrors, exportAsk, get, localDate, moment, post, put } from '@renxin/kernel'
import { z } from 'zod'

const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/)
const percent = z.int().min(1).max(100)

/** Who checks a sample: level 2 the department's supervisor, level 3 the centre, which calls. */
export const drawLevels = ['supervisor', 'centre'] as const
export type DrawLevel = (typeof drawLevels)[number]
/** By what a frame is divided before it is drawn from: each member's stratum says all of those that the hospital chose. */
export const strataBy = ['critical', 'serious', 'levelOne', 'severity', 'stay'] as const
export type StrataBy = (typeof strataBy)[number]
/** The heaviest that the stay had, in the order of the hospital's own orders. */
export const severities = ['critical', 'serious', 'intensive', 'plain'] as const
/** Why a discharge of the month is not in the frame; of several the first counts. */
export const leftOutReasons = ['died', 'transferred', 'readmitted', 'asked', 'rule'] as const
export type LeftOutReason = (typeof leftOutReasons)[number]

/** Of the hospital. The shares and the band stand in the hospitals' own texts (domain.md); what else there is, is a beginning of ours for the hospital to change. */
export const LevelSettings = z.object({
  strata: z.array(z.enum(strataBy)).max(strataBy.length).default(['severity', 'stay']),
  /** The last day of each class of length of stay but the longest: `[7, 14]` makes 1–7, 8–14 and from 15 days. */
  stayBounds: z
    .array(z.int().min(1).max(365))
    .max(5)
    .refine((b) => b.every((n, at) => at === 0 || n > (b[at - 1] ?? 0)))
    .default([7, 14]),
  /** Four rounds a month reach everybody within a month of going home; one a month does not. */
  rhythm: z.enum(['week', 'month']).default('week'),
  isAutomatic: z.boolean().default(true),
  samplePercent: percent.default(50),
  /** What level 1 is to reach within seven days of the discharge. */
  coverageLow: z.int().min(0).max(100).default(60),
  coverageHigh: z.int().min(0).max(100).default(80),
  /** How much of a department's discharges its supervisor looks into. */
  spotPercent: percent.default(10),
  /** After so many hours an urge that nobody answered goes to the head. */
  urgeHours: z.int().min(1).max(720).default(24),
  /** A conversation of fewer seconds is marked as too short. No source of ours names a figure: 30 is a beginning. */
  leastSeconds: z.int().min(0).max(3600).default(30),
  /** Whether each department sees what was published of all of them, or of itself and the hospital. */
  showsAll: z.boolean().default(false),
})
export type LevelSettings = z.infer<typeof LevelSettings>

/** Of one department; what is null is as the hospital has it. */
export const LevelRule = z
  .object({
    samplePercent: percent.nullable(),
    coverageLow: z.int().min(0).max(100).nullable(),
    coverageHigh: z.int().min(0).max(100).nullable(),
    spotPercent: percent.nullable(),
  })
  .refine((r) => r.coverageLow === null || r.coverageHigh === null || r.coverageLow <= r.coverageHigh, { path: ['coverageHigh'] })
export type LevelRule = z.infer<typeof LevelRule>

/** What a department's discharges of a month came to. */
export const DrawnDepartment = z.object({
  departmentId: z.uuid(),
  departmentName: z.string(),
  discharged: z.int(),
  leftOut: z.int(),
  frame: z.int(),
  drawn: z.int(),
  sharePercent: percent, // that holds now
  waiting: z.int(), // went home in this month and were in no draw yet; of the present month or the one before
  tasksDone: z.int(),
  draws: z.array(z.object({ id: z.uuid(), untilOn: localDate, frame: z.int(), drawn: z.int() })), // the earliest first
})
export type DrawnDepartment = z.infer<typeof DrawnDepartment>

export const Stratum = z.object({ stratum: z.string(), frame: z.int(), drawn: z.int(), expected: z.number() })

export const Draw = z.object({
  id: z.uuid(),
  departmentId: z.uuid(),
  departmentName: z.string(),
  level: z.enum(drawLevels),
  programmeName: z.string().nullable(),
  month,
  untilOn: localDate,
  sharePercent: percent,
  strataBy: z.array(z.enum(strataBy)),
  stayBounds: z.array(z.int()),
  seed: z.string(),
  discharged: z.int(),
  leftOut: z.partialRecord(z.enum(leftOutReasons), z.int()),
  frameBefore: z.int(), // of the earlier rounds of the month
  drawnBefore: z.int(),
  frame: z.int(),
  drawn: z.int(),
  start: z.int(), // the place, from 0, of the number by which the first step is set off
  drawnAt: moment,
  drawnByName: z.string(),
  strata: z.array(Stratum),
})
export type Draw = z.infer<typeof Draw>

/** A draw made again: from the frame that was kept, and beside it how the hospital's discharges stand now. */
export const Redrawn = z.object({
  isSame: z.boolean(),
  recorded: z.int(),
  again: z.int(),
  missing: z.array(z.uuid()).max(50), // in the record and not drawn again, some of them
  added: z.array(z.uuid()).max(50),
  /** Frame members that would not be in it today, by a later message. */
  goneSince: z.int(),
})
export type Redrawn = z.infer<typeof Redrawn>

const one = z.object({ id: z.uuid() })

export const levelsApi = contract('followups', {
  draws: get('/draws', {
    may: 'followups.draws',
    input: z.object({ month }),
    reply: z.object({
      month,
      programme: z.object({ id: z.uuid(), name: z.string() }).nullable(), // whose tasks the draws make; null where the hospital draws for none
      settings: LevelSettings,
      rows: z.array(DrawnDepartment),
    }),
  }),
  draw: get('/draws/:id', { may: 'followups.draws', input: one, reply: Draw }),
  redraw: get('/draws/:id/again', { may: 'followups.draws', input: one, reply: Redrawn }),
  drawNow: post('/draws', {
    may: 'followups.sample',
    input: z.object({ month }),
    reply: z.object({ draws: z.int(), drawn: z.int(), tasks: z.int() }),
  }),
  exportFrames: post('/draws/export', {
    may: 'followups.draws',
    input: z.object({ month, ...exportAsk }),
    reply: z.unknown(),
    file: 'application/octet-stream',
    isQuiet: true,
  }),
  levelSettings: get('/level-settings', {
    may: 'followups.draws',
    reply: z.object({
      settings: LevelSettings,
      programmeId: z.uuid().nullable(),
      programmes: z.array(z.object({ id: z.uuid(), name: z.string() })), // from which it can be chosen
      departments: z.array(z.object({ id: z.uuid(), name: z.string(), rule: LevelRule })),
    }),
  }),
  saveLevelSettings: put('/level-settings', {
    may: 'followups.sample',
    input: z.object({ settings: LevelSettings, programmeId: z.uuid().nullable() }),
    reply: z.object({ settings: LevelSettings, programmeId: z.uuid().nullable() }),
  }),
  saveLevelRule: put('/level-rules/:departmentId', {
    may: 'followups.sample',
    input: z.object({ departmentId: z.uuid(), rule: LevelRule }),
    reply: LevelRule,
  }),
})

export const levelErrors = defineErrors('followups', {
  drawNotFound: 'not_found',
  nothingDrawnFor: 'conflict', // no programme is drawn for, or it is not active
  monthNotDrawable: 'invalid', // month: it is neither this one nor the last
  departmentUnknown: 'not_found',
})
