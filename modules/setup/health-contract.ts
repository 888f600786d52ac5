import { contract, get, moment, post } from '@renxin/kernel'
import { z } from 'zod'
import { BackupFault } from './backup-faults.ts'

/** What this installation stands on, in the order in which it fails people. */
export const healthItems = [
  'database',
  'disk',
  'backup',
  'audit',
  'jobs',
  'queue',
  'doors',
  'processes',
  'clock',
  'memory',
  'certificate',
  'sso',
] as const
export const HealthItem = z.enum(healthItems)
export type HealthItem = z.infer<typeof HealthItem>

export const HealthState = z.enum(['good', 'warning', 'bad'])
export type HealthState = z.infer<typeof HealthState>

/** How an item stands; each has its sentence and, where something is to be done, what. */
export const findings = [
  'databaseGood',
  'databaseSlow',
  'diskGood',
  'diskLow',
  'diskFull',
  'diskUnreadable',
  'backupGood',
  'backupFirst',
  'backupBad',
  'backupOff',
  'backupOutside',
  'auditGood',
  'auditNoAnchor',
  'auditLate',
  'auditBroken',
  'jobsGood',
  'jobsTroubled',
  'jobsNobody',
  'queueGood',
  'queueSlow',
  'queueStuck',
  'queueGivenUp',
  'doorsGood',
  'doorsNone',
  'doorsTroubled',
  'doorsSilent',
  'processesGood',
  'processesLost',
  'processesMixed',
  'clockGood',
  'clockOff',
  'clockWrong',
  'memoryGood',
  'memoryLow',
  'memorySlow',
  'certificateGood',
  'certificateNone',
  'certificatePlain',
  'certificateSoon',
  'certificateOver',
  'ssoNone',
  'ssoUnasked',
  'ssoGood',
  'ssoSlow',
  'ssoClock',
  'ssoDown',
  'ssoSilent',
  'ssoCertificate',
  'ssoRubbish',
] as const
export const Finding = z.enum(findings)
export type Finding = z.infer<typeof Finding>

/** `what` is a number with its unit, or names: of places, doors and jobs, never of patients. */
export const HealthCheck = z.object({ item: HealthItem, state: HealthState, finding: Finding, what: z.string() })
export type HealthCheck = z.infer<typeof HealthCheck>

export const HealthProcess = z.object({
  id: z.uuid(),
  host: z.string(),
  pid: z.int(),
  roles: z.array(z.string()),
  version: z.string(),
  startedAt: moment,
  secondsSilent: z.number(),
  isLeading: z.boolean(),
  megabytes: z.number().nullable(),
})
export type HealthProcess = z.infer<typeof HealthProcess>

/** Something red. `putOff`: somebody has seen it and asked for no banner until then. */
export const Alarm = HealthCheck.omit({ state: true }).extend({
  putOff: z.object({ byName: z.string(), at: moment, until: moment }).nullable(),
})
export type Alarm = z.infer<typeof Alarm>

/** Where a backup could not be read, `fault` has its sentence, and `what` is as the command line says it; `finding`: what was found has a sentence of its own. */
export const Tried = z.object({
  item: HealthItem,
  ok: z.boolean(),
  what: z.string(),
  fault: BackupFault.nullable(),
  finding: Finding.nullable(),
  seconds: z.number(),
})
export type Tried = z.infer<typeof Tried>

export const installationApi = contract('setup', {
  health: get('/health', {
    may: 'setup.health',
    reply: z.object({ at: moment, checks: z.array(HealthCheck), alarms: z.array(Alarm), processes: z.array(HealthProcess) }),
  }),
  alarms: get('/alarms', { may: 'setup.health', reply: z.object({ rows: z.array(Alarm) }) }),
  /** No banner of what is red now, for a day and for all who would see it; the page goes on to show it, with the name of who asked. */
  putOffAlarms: post('/alarms/put-off', {
    may: 'setup.health',
    input: z.object({ items: z.array(HealthItem).min(1).max(healthItems.length) }),
    reply: z.object({ rows: z.array(Alarm) }),
  }),
  /** The banner is back. */
  recallAlarms: post('/alarms/recall', { may: 'setup.health', reply: z.object({ rows: z.array(Alarm) }) }),
  /** Tries an item for real: writes, reads back, connects. Nothing of patients is touched, and nothing reaches anybody outside. */
  tryHealth: post('/health/try', {
    may: 'setup.health',
    isQuiet: true,
    input: z.object({ item: HealthItem }),
    reply: Tried,
  }),
})
