import { contract, defineErrors, get, moment, post } from '@renxin/kernel'
import { z } from 'zod'
import { BackupFault } from './backup-faults.ts'

export { BackupFault } from './backup-faults.ts'
export * from './checklist-contract.ts'
export * from './health-contract.ts'
export * from './keys-contract.ts'

/** The imaginary hospital's own system, which lives in the demo: what it has sent since it was started. */
export const Simulation = z.object({
  isRunning: z.boolean(),
  startedAt: moment.nullable(),
  secondsADay: z.int().nullable(),
  sent: z.int(),
  refused: z.int(),
  admitted: z.int(),
  moved: z.int(),
  discharged: z.int(),
  visits: z.int(),
  writtenBack: z.int(),
  lines: z.array(z.string()),
})
export type Simulation = z.infer<typeof Simulation>

const Outcome = z.object({
  at: moment,
  ok: z.boolean(),
  fault: BackupFault.nullable(),
  problem: z.string().nullable(), // as the command line says it; the log and whoever runs the server read the same
  seconds: z.number(),
  rows: z.number().nullable(),
  tables: z.number().nullable(),
  auditBlocks: z.number().nullable(),
})

/** What is wrong with the backups, each with its sentence. */
export const BackupAlarm = z.enum(['none', 'old', 'failed', 'spoilt', 'logLate', 'drillFailed', 'drillOld'])

/** How it stands with the backups of this installation. */
export const Backups = z.object({
  /** `outside`: the database is the hospital's own, and nothing was said of how we may back it up. */
  mode: z.enum(['on', 'off', 'outside']),
  folder: z.string(),
  isOnSameDisk: z.boolean(),
  isOwnKey: z.boolean(),
  at: z.string(),
  keepDays: z.int(),
  alarmHours: z.int(),
  drillDays: z.int(),
  alarms: z.array(BackupAlarm),
  running: z.enum(['backup', 'drill']).nullable(),
  lastGoodAt: moment.nullable(),
  lastBackup: Outcome.nullable(),
  lastDrill: Outcome.nullable(),
  goodDrill: Outcome.nullable(),
  logUntil: moment.nullable(),
  rows: z.array(
    z.object({
      id: z.string(),
      endedAt: moment.nullable(),
      megabytes: z.number().nullable(),
      fault: BackupFault.nullable(),
      problem: z.string().nullable(),
    }),
  ),
})
export type Backups = z.infer<typeof Backups>

export const setupApi = contract('setup', {
  state: get('/state', {
    may: 'anyone',
    reply: z.object({ isEmpty: z.boolean(), needsToken: z.boolean(), version: z.string() }),
  }),
  found: post('/hospital', {
    may: 'anyone', // an installation without a hospital has nobody to permit it: the one-time token does
    input: z.object({
      token: z.string().max(100),
      hospitalName: z.string().trim().min(2).max(100),
      adminName: z.string().trim().min(2).max(50),
      password: z.string().min(8).max(200),
    }),
    reply: z.object({ hospitalId: z.int() }),
  }),
  eraseDemo: post('/demo/erase', {
    may: 'setup.eraseDemo',
    reply: z.object({ token: z.string() }),
  }),
  simulation: get('/simulation', { may: 'setup.simulate', reply: Simulation }),
  startSimulation: post('/simulation/start', {
    may: 'setup.simulate',
    input: z.object({ secondsADay: z.int().min(10).max(86_400).default(300) }),
    reply: Simulation,
  }),
  stopSimulation: post('/simulation/stop', { may: 'setup.simulate', reply: Simulation }),
  backups: get('/backups', { may: 'setup.backups', reply: Backups }),
  beginBackup: post('/backups/begin', {
    may: 'setup.backups',
    input: z.object({ what: z.enum(['backup', 'drill']) }),
    reply: Backups,
  }),
})

export const setupErrors = defineErrors('setup', {
  notADemo: 'forbidden',
  wrongToken: 'forbidden',
  alreadyFounded: 'conflict',
  backupBusy: 'conflict',
  backupsOff: 'unavailable',
  noMllp: 'unavailable', // the listener is turned off, so there is nowhere to send
})
