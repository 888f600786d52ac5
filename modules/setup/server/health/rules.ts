import type { Finding, HealthCheck, HealthItem, HealthState } from '../../health-contract.ts'
import type { Facts } from './facts.ts'

const GIGABYTE = 2 ** 30
/** A process that says every five seconds that it lives, and has not for so long, is gone or hangs. */
const SILENT_SECONDS = 30
const DAY_MS = 86_400_000

/** From what was found to green, amber or red, without asking anything. */
export const judgeHealth = (facts: Facts): HealthCheck[] => [
  ofDatabase(facts),
  ofDisk(facts),
  ofBackup(facts),
  ofAudit(facts),
  ofJobs(facts),
  ofQueue(facts),
  ofDoors(facts),
  ofProcesses(facts),
  ofClock(facts),
  ofMemory(facts),
  ofCertificate(facts),
  ofSso(facts),
]

const say = (item: HealthItem, state: HealthState, finding: Finding, what = ''): HealthCheck => ({ item, state, finding, what })

function ofDatabase({ database }: Facts): HealthCheck {
  const what = `${Math.round(database.milliseconds)} ms · ${gigabytes(database.bytes)}`
  return database.milliseconds > 250 ? say('database', 'warning', 'databaseSlow', what) : say('database', 'good', 'databaseGood', what)
}

function ofDisk({ places }: Facts): HealthCheck {
  const unreadable = places.filter((p) => p.freeBytes === null)
  if (unreadable.length > 0) return say('disk', 'bad', 'diskUnreadable', unreadable.map((p) => p.path).join('、'))
  const told = places.map((p) => ({ ...p, free: p.freeBytes ?? 0, share: (p.freeBytes ?? 0) / Math.max(1, p.totalBytes ?? 1) }))
  const worst = told.toSorted((a, b) => a.free - b.free)[0]
  const what = told.map((p) => `${p.path} ${gigabytes(p.free)} (${Math.round(p.share * 100)}%)`).join('、')
  if (worst && worst.free < GIGABYTE) return say('disk', 'bad', 'diskFull', what)
  if (told.some((p) => p.free < 5 * GIGABYTE || p.share < 0.1)) return say('disk', 'warning', 'diskLow', what)
  return say('disk', 'good', 'diskGood', what)
}

function ofBackup({ backups, now }: Facts): HealthCheck {
  if (backups.mode === 'off') return say('backup', 'bad', 'backupOff')
  if (backups.mode === 'outside') return say('backup', 'warning', 'backupOutside')
  const hours = backups.lastGoodAt ? `${((now.getTime() - Date.parse(backups.lastGoodAt)) / 3_600_000).toFixed(1)} h` : '—'
  if (backups.alarms.length === 0) return say('backup', 'good', 'backupGood', hours)
  return backups.alarms.every((a) => a === 'none') ? say('backup', 'warning', 'backupFirst') : say('backup', 'bad', 'backupBad', hours)
}

function ofAudit({ audit, now }: Facts): HealthCheck {
  const age = audit.oldestUnsealed ? now.getTime() - audit.oldestUnsealed.getTime() : 0
  if (audit.badLine !== null) return say('audit', 'bad', 'auditBroken', String(audit.badLine))
  if (age > 60_000) return say('audit', 'bad', 'auditLate', seconds(age))
  if (audit.anchoredAt === null || now.getTime() - audit.anchoredAt.getTime() > 2 * DAY_MS)
    return say('audit', 'warning', 'auditNoAnchor', audit.anchorPlace)
  return say('audit', 'good', 'auditGood', String(audit.anchors))
}

const alive = ({ processes }: Facts) => processes.filter((p) => p.secondsSilent < SILENT_SECONDS)

function ofJobs(facts: Facts): HealthCheck {
  const workers = alive(facts).filter((p) => p.roles.includes('worker'))
  const lead = workers.find((p) => p.leads)
  if (!lead) return say('jobs', 'bad', 'jobsNobody')
  const troubled = [...new Set(workers.flatMap((p) => p.facts.troubled ?? []))]
  if (troubled.length > 0) return say('jobs', 'bad', 'jobsTroubled', troubled.join('、'))
  return say('jobs', 'good', 'jobsGood', lead.host)
}

function ofQueue({ queue, now }: Facts): HealthCheck {
  const age = queue.oldestPending ? now.getTime() - queue.oldestPending.getTime() : 0
  if (queue.givenUp > 0) return say('queue', 'bad', 'queueGivenUp', String(queue.givenUp))
  if (age > 300_000) return say('queue', 'bad', 'queueStuck', seconds(age))
  if (age > 30_000 || queue.retrying > 0) return say('queue', 'warning', 'queueSlow', `${seconds(age)} · ${queue.pending + queue.retrying}`)
  return say('queue', 'good', 'queueGood', String(queue.pending))
}

function ofDoors({ doors }: Facts): HealthCheck {
  const used = doors.filter((d) => d.state !== 'off')
  const names = (state: string) => [...new Set(used.filter((d) => d.state === state).map((d) => d.name))] // a source may have several views
  const [silent, troubled] = [names('silent'), names('trouble')]
  if (silent.length > 0) return say('doors', 'bad', 'doorsSilent', silent.join('、'))
  if (troubled.length > 0) return say('doors', 'warning', 'doorsTroubled', troubled.join('、'))
  return used.length === 0 ? say('doors', 'warning', 'doorsNone') : say('doors', 'good', 'doorsGood', String(used.length))
}

function ofProcesses(facts: Facts): HealthCheck {
  const here = alive(facts)
  const lost = facts.processes.filter((p) => p.secondsSilent >= SILENT_SECONDS)
  if (lost.length > 0) return say('processes', 'warning', 'processesLost', lost.map((p) => `${p.host} (${p.pid})`).join('、'))
  const versions = [...new Set(here.map((p) => p.version))]
  if (versions.length > 1) return say('processes', 'warning', 'processesMixed', versions.join('、'))
  return say('processes', 'good', 'processesGood', String(here.length))
}

function ofClock({ clock }: Facts): HealthCheck {
  const off = Math.abs(clock.offMs)
  const what = seconds(off)
  if (off > 60_000) return say('clock', 'bad', 'clockWrong', what)
  return off > 2000 || clock.isSynchronised === false ? say('clock', 'warning', 'clockOff', what) : say('clock', 'good', 'clockGood', what)
}

function ofMemory({ memory, processes }: Facts): HealthCheck {
  const what = `${gigabytes(memory.availableBytes)} / ${gigabytes(memory.totalBytes)}`
  if (memory.availableBytes / memory.totalBytes < 0.05) return say('memory', 'bad', 'memoryLow', what)
  if (memory.availableBytes / memory.totalBytes < 0.1) return say('memory', 'warning', 'memoryLow', what)
  const slowest = Math.max(0, ...processes.map((p) => p.facts.loopMs ?? 0))
  return slowest > 1000 ? say('memory', 'warning', 'memorySlow', `${Math.round(slowest)} ms`) : say('memory', 'good', 'memoryGood', what)
}

function ofCertificate({ certificate, now }: Facts): HealthCheck {
  if (certificate.until === null)
    return certificate.isPlain ? say('certificate', 'warning', 'certificatePlain') : say('certificate', 'good', 'certificateNone')
  const days = Math.floor((certificate.until.getTime() - now.getTime()) / DAY_MS)
  if (days < 7) return say('certificate', 'bad', days < 0 ? 'certificateOver' : 'certificateSoon', String(days))
  if (days < 30) return say('certificate', 'warning', 'certificateSoon', String(days))
  return certificate.isPlain
    ? say('certificate', 'warning', 'certificatePlain', String(days))
    : say('certificate', 'good', 'certificateGood', String(days))
}

/** A provider that takes longer keeps everybody waiting who signs in; ours, no rule names a figure. */
const SLOW_PROVIDER_MS = 2000
/** So far the clocks may differ before what a provider signs counts for nothing (`openid-client`, and what it tells of a sign-out). */
const CLOCKS_APART_MS = 30_000

export function ofSso({ sso }: Pick<Facts, 'sso'>): HealthCheck {
  if (!sso) return say('sso', 'good', 'ssoNone')
  if (!sso.state) return say('sso', 'good', 'ssoUnasked', sso.host)
  const { outcome, milliseconds, clockOffMs } = sso.state
  const off = Math.abs(clockOffMs ?? 0)
  if (outcome === 'unreachable') return say('sso', 'bad', 'ssoDown', sso.host)
  if (outcome === 'timeout') return say('sso', 'bad', 'ssoSilent', sso.host)
  if (outcome === 'certificate') return say('sso', 'bad', 'ssoCertificate', sso.host)
  if (outcome === 'busy') return say('sso', 'warning', 'ssoSlow', sso.host)
  if (outcome !== 'good') return say('sso', 'bad', 'ssoRubbish', sso.host)
  const what = `${sso.host} · ${seconds(milliseconds)} · ${clockOffMs === null ? '—' : seconds(off)}`
  if (off > CLOCKS_APART_MS) return say('sso', 'bad', 'ssoClock', what)
  return milliseconds > SLOW_PROVIDER_MS ? say('sso', 'warning', 'ssoSlow', what) : say('sso', 'good', 'ssoGood', what)
}

const gigabytes = (bytes: number) => `${(bytes / GIGABYTE).toFixed(1)} GB`
const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`
