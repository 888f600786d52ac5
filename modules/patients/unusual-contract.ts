import { contract, cursor, defineErrors, exportAsk, get, localDate, moment, page, post, put } from '@renxin/kernel'
import { z } from 'zod'

export const unusualRules = ['colleague', 'family', 'neighbour', 'protected', 'emergency', 'unrelated', 'night', 'volume'] as const
export const UnusualRule = z.enum(unusualRules)
export type UnusualRule = z.infer<typeof UnusualRule>

export const unusualStates = ['open', 'explained', 'followUp'] as const
export const UnusualState = z.enum(unusualStates)
export type UnusualState = z.infer<typeof UnusualState>

/** Why a look was found: codes and numbers, which the catalogue puts into a sentence. */
export const UnusualReason = z.discriminatedUnion('by', [
  z.object({ by: z.literal('own') }), // his own file
  z.object({ by: z.literal('colleague') }),
  z.object({ by: z.literal('namedByPatient') }), // the patient's file names somebody of his name as next of kin
  z.object({ by: z.literal('namedByOwn') }), // his own file names somebody of the patient's name
  z.object({ by: z.literal('surname'), shares: z.enum(['phone', 'address']) }),
  z.object({ by: z.literal('phone') }),
  z.object({ by: z.literal('address') }),
  z.object({ by: z.literal('building') }),
  z.object({ by: z.enum(['vip', 'sensitive', 'noPublicity']) }),
  z.object({ by: z.literal('emergency') }),
  z.object({ by: z.literal('unrelated') }),
  z.object({ by: z.literal('night'), nights: z.int(), days: z.int() }),
  z.object({ by: z.enum(['ownHistory', 'peers']), seen: z.int(), median: z.number(), limit: z.number(), days: z.int() }),
])
export type UnusualReason = z.infer<typeof UnusualReason>

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)

/** The hospital's own; the presets are ours and no law's. */
export const UnusualSettings = z.object({
  off: z.array(UnusualRule).default([]),
  /** Also where the looker treats the patient or has a task with them: colleagues, family, neighbours and protected ones. */
  evenAtWork: z.boolean().default(false),
  nightFrom: time.default('22:00'),
  nightTo: time.default('06:00'),
  /** Who was at work in so many nights of the history works at night. */
  usualNights: z.int().min(1).max(28).default(3),
  historyDays: z.int().min(7).max(90).default(28),
  /** k of median + k·spread: 3.5 after Iglewicz and Hoaglin (1993). */
  factor: z.number().min(1).max(20).default(3.5),
  /** A day with fewer patients is no great day, whatever is usual. */
  leastSeen: z.int().min(1).max(10_000).default(50),
})
export type UnusualSettings = z.infer<typeof UnusualSettings>

const UnusualLook = z.object({
  id: z.uuid(),
  rule: UnusualRule,
  day: localDate,
  actorId: z.uuid(),
  actorName: z.string(),
  patientId: z.uuid().nullable(), // null too, with the name, where the reader may not see the patient by their class of privacy
  patientName: z.string().nullable(),
  isProtected: z.boolean(),
  reason: UnusualReason.nullable(),
  firstAt: moment,
  lastAt: moment,
  looks: z.int(),
  state: UnusualState,
  asked: z.string().nullable(),
  note: z.string().nullable(),
  decidedAt: moment.nullable(),
  decidedBy: z.string().nullable(),
})
export type UnusualLook = z.infer<typeof UnusualLook>

const filters = {
  rule: UnusualRule.optional(),
  state: UnusualState.optional(),
  actorId: z.uuid().optional(),
  from: localDate.optional(),
  to: localDate.optional(), // inclusive
}
export type UnusualFilters = z.infer<z.ZodObject<typeof filters>>

export const mostExportedLooks = 20_000

export const unusualApi = contract('patients', {
  unusual: get('/unusual', {
    may: 'access.audit',
    about: 'patientId',
    input: z.object({ ...filters, ...cursor }),
    reply: page(UnusualLook).extend({ asOf: moment }),
  }),
  /** How many of each rule wait, were explained, or are followed up, in the days asked for. */
  unusualCounts: get('/unusual-counts', {
    may: 'access.audit',
    input: z.object({ from: filters.from, to: filters.to }),
    reply: z.object({ rows: z.array(z.object({ rule: UnusualRule, open: z.int(), explained: z.int(), followUp: z.int() })) }),
  }),
  decideUnusual: post('/unusual/:id/decide', {
    may: 'access.audit',
    about: 'patientId',
    input: z.object({
      id: z.uuid(),
      state: z.enum(['explained', 'followUp']),
      asked: z.string().trim().max(100).nullable(),
      note: z.string().trim().min(2).max(500),
    }),
    reply: UnusualLook,
  }),
  exportUnusual: post('/unusual/export', {
    may: 'access.exportAudit',
    /** `asOf`: what stood on the page that was read then; what was found since is left out, and what has changed since refuses it. */
    input: z.object({ ...filters, asOf: z.iso.datetime({ offset: true }).optional(), ...exportAsk }),
    reply: z.unknown(),
    file: 'application/octet-stream',
    isQuiet: true,
  }),
  unusualSettings: get('/unusual-settings', { may: 'access.audit', reply: UnusualSettings }),
  saveUnusualSettings: put('/unusual-settings', { may: 'access.audit', input: UnusualSettings, reply: UnusualSettings }),
})

export const unusualErrors = defineErrors('patients', {
  unusualNotFound: 'not_found',
  ownLook: 'forbidden',
  tooManyLooks: 'conflict',
  looksChanged: 'conflict',
})
