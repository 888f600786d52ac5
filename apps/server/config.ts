import { isAbsolute, resolve } from 'node:path'
import { hostsOf } from '@renxin/server'
import { z } from 'zod'

const PORT_RANGE = 'must be a port from 1 to 65535, 0 for any free one, or off'

const port = (byDefault: number | 'off') =>
  z
    .string()
    .refine((text) => text === 'off' || (/^\d+$/.test(text) && Number(text) <= 65_535), PORT_RANGE)
    .transform((text) => (text === 'off' ? null : Number(text)))
    .default(byDefault === 'off' ? null : byDefault)

const roles = ['web', 'worker', 'mllp'] as const
export type Role = (typeof roles)[number]

const days = (byDefault: number, least: number) =>
  z
    .string()
    .regex(/^\d{1,5}$/, `must be a whole number of at least ${least}`)
    .transform(Number)
    .refine((n) => n >= least, `must be a whole number of at least ${least}`)
    .default(byDefault)

const isZone = (name: string) => {
  try {
    return Intl.DateTimeFormat('en', { timeZone: name }) !== undefined
  } catch {
    return false
  }
}

const databaseAddress = z
  .string()
  .refine(
    (text) => hostsOf(text) !== undefined,
    'must be a postgresql:// address; of several hosts (one:5432,two:5432) with target_session_attrs=read-write or nothing',
  )

const Environment = z
  .object({
    PORT: port(3000),
    HOST: z.string().min(1).default('127.0.0.1'),
    MLLP_PORT: port(2575),
    MLLP_TLS_PORT: port('off'),
    MLLP_TLS_CERT: z.string().optional(),
    MLLP_TLS_KEY: z.string().optional(),
    MLLP_TLS_CA: z.string().optional(),
    DATABASE_URL: databaseAddress.optional(),
    DATABASE_OWNER_URL: databaseAddress.optional(),
    RENXIN_DATA: z
      .string()
      .min(1)
      .default(resolve(import.meta.dirname, '../../.data')), // beside the code, wherever a command is called from
    RENXIN_DROP: z.string().refine(isAbsolute, 'must be an absolute path of a folder').optional(), // where other systems drop files
    RENXIN_AUDIT: z.string().refine(isAbsolute, 'must be an absolute path of a folder').optional(), // anchors and archives of the audit trail
    RENXIN_ROLES: z
      .string()
      .default(roles.join(','))
      .transform((text) => text.split(',').map((r) => r.trim()))
      .pipe(z.array(z.enum(roles, { error: `may name ${roles.join(', ')}` })).min(1)),
    RENXIN_KEY: z
      .string()
      .regex(/^[0-9a-fA-F]{64}$/, 'must be 64 hexadecimal digits (32 bytes)')
      .optional(),
    RENXIN_BACKUP: z
      .string()
      .refine((said) => said === 'off' || isAbsolute(said), 'must be an absolute path of a folder, or off')
      .optional(),
    RENXIN_BACKUP_KEY: z
      .string()
      .regex(/^[0-9a-fA-F]{64}$/, 'must be 64 hexadecimal digits (32 bytes)')
      .optional(),
    RENXIN_BACKUP_AT: z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as 02:30')
      .default('02:30'),
    RENXIN_BACKUP_KEEP_DAYS: days(14, 1),
    RENXIN_BACKUP_ALARM_HOURS: days(26, 1),
    RENXIN_DRILL_DAYS: days(7, 0), // 0: no drill by itself
    DATABASE_BACKUP_URL: databaseAddress.optional(),
    RENXIN_DEMO: z.enum(['on', 'off'], { error: 'must be on or off' }).default('on'),
    RENXIN_LOG: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('warn'),
    RENXIN_LOG_FOLDER: z.string().refine(isAbsolute, 'must be an absolute path of a folder').optional(), // else standard output
    RENXIN_LOG_MEGABYTES: days(50, 1),
    RENXIN_LOG_DAYS: days(30, 1),
    RENXIN_SHARE_PORTS: z.enum(['on', 'off'], { error: 'must be on or off' }).default('off'),
    RENXIN_DRAIN_SECONDS: days(0, 0),
    RENXIN_ALLOW_LOOPBACK: z.enum(['on', 'off'], { error: 'must be on or off' }).optional(),
    RENXIN_METRICS: z.enum(['local', 'open'], { error: 'must be local or open' }).default('local'),
    TZ: z.string().refine(isZone, 'must be a time zone such as Asia/Shanghai').default('Asia/Shanghai'),
  })
  .refine((e) => !e.DATABASE_URL || e.DATABASE_OWNER_URL, {
    path: ['DATABASE_OWNER_URL'],
    error: 'is needed beside DATABASE_URL: the owner makes the tables',
  })
  .refine((e) => !e.DATABASE_URL || e.RENXIN_KEY, {
    path: ['RENXIN_KEY'],
    error: 'is needed beside DATABASE_URL: it encrypts phones and identity numbers. Make one with: openssl rand -hex 32',
  })
  .refine((e) => e.MLLP_TLS_PORT === null || (e.MLLP_TLS_CERT && e.MLLP_TLS_KEY), {
    path: ['MLLP_TLS_CERT'],
    error: 'and MLLP_TLS_KEY are needed beside MLLP_TLS_PORT: the files of the certificate and of its key, as PEM',
  })

export type BackupConfig = {
  /** Where backups lie; null where they are turned off. */
  folder: string | null
  ownKey: Buffer | null
  /** The time of day at which one is made, by the clock of `zone`. */
  at: string
  keepDays: number
  alarmHours: number
  /** How often one is tried; 0 for never. */
  drillDays: number
  /** The hospital's own database as a role with REPLICATION. */
  url: string | null
}

export type Config = {
  port: number | null
  host: string
  mllpPort: number | null
  /** Files, read when the door is opened. With `ca` only senders come in who show a certificate signed by it. */
  mllpTls: { port: number; certFile: string; keyFile: string; caFile: string | null } | null
  database: { appUrl: string; ownerUrl: string } | null
  dataDir: string
  /** The folder of the watched folders, one below it for each hospital. */
  dropPlace: string
  backup: BackupConfig
  /** The folder of the audit trail's anchors, and of the blocks that left the database. */
  auditPlace: string
  roles: readonly Role[]
  key: Buffer | null
  isDemo: boolean
  logLevel: string
  /** Files instead of standard output: how large each may grow, and for how long they are kept. */
  logFiles: { folder: string; megabytes: number; days: number } | null
  /** Several processes of this machine listen on the same ports, so that one takes over from another. */
  sharesPorts: boolean
  /** For how long `/readyz` says no before the doors close, so that whoever balances the load looks elsewhere. */
  drainSeconds: number
  /** Whether `/metrics` answers other machines. */
  hasOpenMetrics: boolean
  /** Whether systems that we speak to may be on this machine itself, as they are for the demo hospital. */
  allowsLoopback: boolean
  zone: string
}

/** A configuration that cannot be used; the message is one clear line. */
export class BadConfig extends Error {}

/** The only place that reads the environment; what was said on the command line goes before it. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env, spoken: { RENXIN_ROLES?: string | undefined } = {}): Config {
  const isSaid = ([, value]: [string, string | undefined]) => value !== '' && value !== undefined
  const said = Object.fromEntries([...Object.entries(environment), ...Object.entries(spoken)].filter(isSaid))
  const parsed = Environment.safeParse(said)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw new BadConfig(`${String(issue?.path[0])} ${issue?.message}.`)
  }
  const e = parsed.data
  return {
    port: e.PORT,
    host: e.HOST,
    mllpPort: e.MLLP_PORT,
    mllpTls:
      e.MLLP_TLS_PORT !== null && e.MLLP_TLS_CERT && e.MLLP_TLS_KEY
        ? {
            port: e.MLLP_TLS_PORT,
            certFile: resolve(e.MLLP_TLS_CERT),
            keyFile: resolve(e.MLLP_TLS_KEY),
            caFile: e.MLLP_TLS_CA ? resolve(e.MLLP_TLS_CA) : null,
          }
        : null,
    database: e.DATABASE_URL && e.DATABASE_OWNER_URL ? { appUrl: e.DATABASE_URL, ownerUrl: e.DATABASE_OWNER_URL } : null,
    dataDir: resolve(e.RENXIN_DATA),
    dropPlace: e.RENXIN_DROP ?? resolve(e.RENXIN_DATA, 'drop'),
    backup: {
      folder: e.RENXIN_BACKUP === 'off' ? null : (e.RENXIN_BACKUP ?? resolve(e.RENXIN_DATA, 'backups')),
      ownKey: e.RENXIN_BACKUP_KEY ? Buffer.from(e.RENXIN_BACKUP_KEY, 'hex') : null,
      at: e.RENXIN_BACKUP_AT,
      keepDays: e.RENXIN_BACKUP_KEEP_DAYS,
      alarmHours: e.RENXIN_BACKUP_ALARM_HOURS,
      drillDays: e.RENXIN_DRILL_DAYS,
      url: e.DATABASE_BACKUP_URL ?? null,
    },
    auditPlace: e.RENXIN_AUDIT ?? resolve(e.RENXIN_DATA, 'audit'),
    roles: e.RENXIN_ROLES,
    key: e.RENXIN_KEY ? Buffer.from(e.RENXIN_KEY, 'hex') : null,
    isDemo: e.RENXIN_DEMO === 'on' && !e.DATABASE_URL,
    logLevel: e.RENXIN_LOG,
    logFiles: e.RENXIN_LOG_FOLDER ? { folder: e.RENXIN_LOG_FOLDER, megabytes: e.RENXIN_LOG_MEGABYTES, days: e.RENXIN_LOG_DAYS } : null,
    sharesPorts: e.RENXIN_SHARE_PORTS === 'on',
    drainSeconds: e.RENXIN_DRAIN_SECONDS,
    hasOpenMetrics: e.RENXIN_METRICS === 'open',
    allowsLoopback: e.RENXIN_ALLOW_LOOPBACK ? e.RENXIN_ALLOW_LOOPBACK === 'on' : e.RENXIN_DEMO === 'on' && !e.DATABASE_URL,
    zone: e.TZ,
  }
}
