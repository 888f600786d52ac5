import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Log } from '../context.ts'
import { startArchiver } from './archive.ts'
import { faultOf } from './errors.ts'
import { followLog } from './log-files.ts'
import { clearAway, drill, makeBackup, type Source } from './make.ts'
import { alarmsOf, type BackupAlarm, isBackupDue, isDrillDue, type Plan } from './plan.ts'
import { connectForReplication, identify } from './replication.ts'
import { type Backup, type BadBackup, listBackups, type Outcome, readOutcome, readReached, type Store } from './store.ts'

const LOOK_MS = 60_000
const ALARM_MS = 3_600_000

export type BackupState = {
  alarms: BackupAlarm[]
  running: 'backup' | 'drill' | null
  good: Backup[]
  bad: BadBackup[]
  lastBackup: Outcome | null
  lastDrill: Outcome | null
  goodDrill: Outcome | null
  /** Until when every second can be restored. */
  logUntil: string | null
  isOnSameDisk: boolean
}

export type Keeper = {
  state(): Promise<BackupState>
  /** Begins one now, unless one is under way. */
  begin(what: 'backup' | 'drill'): boolean
  stop(): Promise<void>
}

type Options = { store: Store; source: Source; plan: Plan; log: Log; now: () => Date; isWorker: boolean; lookMs?: number }

/** Makes backups by the clock, takes the log as it is written, tries the newest now and then, and raises the alarm where one is missing. */
export function startKeeper({ store, source, plan, log, now, isWorker, lookMs = LOOK_MS }: Options): Keeper {
  const since = now()
  const stopping = new AbortController()
  const archiver = isWorker ? startArchiver({ store, url: source.url, log }) : undefined
  let running: BackupState['running'] = null
  let work = Promise.resolve()
  let alarmedAt = 0
  const untold: Untold = {}

  const begin = (what: 'backup' | 'drill'): boolean => {
    if (running || stopping.signal.aborted) return false
    running = what
    const abortable = { ...source, signal: stopping.signal }
    const done =
      what === 'drill' ? drill(store, abortable) : makeBackup(store, abortable).then(() => clearAway(store, plan.keepDays, now()))
    const began = now()
    work = done
      .then(() => {
        delete untold[what]
        log.info({ what }, 'a backup or a drill went well')
      })
      .catch((error: unknown) => {
        untold[what] = failure(error, began, now())
        log.error({ err: error, what }, 'a backup or a drill failed')
      })
      .finally(() => {
        running = null
      })
    return true
  }
  const look = async () => {
    const seen = await see(store, untold)
    const needsBase = seen.newest !== undefined && (await isNewBaseNeeded(store, source, seen.newest))
    if (needsBase || isBackupDue(plan, seen, { now: now(), since })) begin('backup')
    else if (isDrillDue(plan, seen, now())) begin('drill')
    const alarms = alarmsOf(plan, seen, now())
    const isFresh = !seen.newest && now().getTime() - since.getTime() < plan.alarmHours * ALARM_MS // its first night is still to come
    if (alarms.length === 0 || isFresh || now().getTime() - alarmedAt < ALARM_MS) return
    alarmedAt = now().getTime()
    log.error({ alarms }, 'the backups are not as they should be: see the page of backups, or npx renxin backup list')
  }
  let timer: NodeJS.Timeout | undefined
  const again = () => {
    timer = setTimeout(() => {
      void look()
        .catch((error: unknown) => log.error({ err: error }, 'the backups could not be looked at'))
        .finally(() => stopping.signal.aborted || again())
    }, lookMs)
  }
  if (isWorker) again()
  return {
    state: async () => ({ ...(await stateOf(store, source, plan, { now: now(), untold })), running }),
    begin,
    stop: async () => {
      stopping.abort()
      clearTimeout(timer)
      await Promise.all([archiver?.stop(), work])
    },
  }
}

/** After a restore, or where the log has a gap, what is written now could not be brought back until there is a new base. */
async function isNewBaseNeeded(store: Store, { url }: Source, newest: Backup): Promise<boolean> {
  const client = await connectForReplication(url)
  try {
    const { timeline } = await identify(client)
    return timeline !== newest.timeline || (await followLog(store, newest)).gap !== null
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** Failures of this process: where the store cannot be written to, they stand nowhere else. */
type Untold = Partial<Record<'backup' | 'drill', Outcome>>

const failure = (error: unknown, began: Date, ended: Date): Outcome => ({
  at: ended.toISOString(),
  ok: false,
  problem: error instanceof Error ? error.message : String(error),
  fault: faultOf(error),
  seconds: (ended.getTime() - began.getTime()) / 1000,
  backupId: null,
  detail: {},
})

const later = (kept: Outcome | undefined, untold: Outcome | undefined) => (untold && (!kept || kept.at < untold.at) ? untold : kept)

async function see(store: Store, untold: Untold) {
  const [{ good, bad }, last, lastDrill, goodDrill, reached] = await Promise.all([
    listBackups(store),
    readOutcome(store, 'backup'),
    readOutcome(store, 'drill'),
    readOutcome(store, 'good-drill'),
    readReached(store),
  ])
  return {
    newest: good[0],
    good,
    badOnes: bad,
    bad: bad.length,
    last: later(last, untold.backup),
    lastDrill: later(lastDrill, untold.drill),
    goodDrill,
    reached,
  }
}

/** How it stands with the backups, as the store itself tells. */
async function stateOf(
  store: Store,
  { scratch }: Source,
  plan: Plan,
  { now, untold }: { now: Date; untold: Untold },
): Promise<Omit<BackupState, 'running'>> {
  const seen = await see(store, untold)
  const disk = async (path: string) => (await stat(path).catch(() => undefined))?.dev
  const [backups, data] = [await disk(store.folder), await disk(dirname(scratch))]
  return {
    alarms: alarmsOf(plan, seen, now),
    good: seen.good,
    bad: seen.badOnes,
    lastBackup: seen.last ?? null,
    lastDrill: seen.lastDrill ?? null,
    goodDrill: seen.goodDrill ?? null,
    logUntil: seen.reached?.at ?? null,
    isOnSameDisk: backups !== undefined && backups === data,
  }
}
