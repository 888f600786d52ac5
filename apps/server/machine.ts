import { X509Certificate } from 'node:crypto'
import { access, readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { totalmem } from 'node:os'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { knockDestinations, listDoors } from '@renxin/integration'
import type { ProcessFacts } from '@renxin/server'
import type { Machine } from '@renxin/setup'
import type { RunningBackups } from './backups.ts'
import type { Config } from './config.ts'

/** systemd keeps the time of most servers, and says here whether it has heard from a time server. */
const TIMESYNC = '/run/systemd/timesync'
const KNOCK_MS = 3000

type Around = { backups: Pick<RunningBackups, 'read'>; ownPort: () => number | null }

/** What the page 系统健康 asks of the machine it runs on. */
export function machineOf(config: Config, { backups, ownPort }: Around): Machine {
  const { dataDir, auditPlace, backup, host, mllpTls } = config
  const isKeptHere = backup.folder !== null && (!config.database || backup.url !== null) // else the database administrator makes the backups
  return {
    places: [...new Set([dataDir, ...(isKeptHere && backup.folder ? [backup.folder] : [])])],
    auditPlace,
    now: () => new Date(),
    memory: () => {
      const total = Math.min(totalmem(), process.constrainedMemory() || totalmem()) // of a container, what it may have
      return { availableBytes: Math.min(total, process.availableMemory()), totalBytes: total }
    },
    isClockKept: async () => ((await isThere(TIMESYNC)) ? isThere(`${TIMESYNC}/synchronized`) : null),
    certificateUntil: async () => (mllpTls ? new Date(new X509Certificate(await readFile(mllpTls.certFile)).validTo) : null),
    doors: listDoors,
    knock: async (ctx) => {
      const port = ownPort()
      const { asked, missing } = await knockDestinations(ctx)
      const silent = [...(port !== null && !(await answers(host, port)) ? [`MLLP ${port}`] : []), ...missing]
      return { ok: silent.length === 0, what: silent.length > 0 ? silent.join('、') : String(asked + (port === null ? 0 : 1)) }
    },
    readBackup: () => backups.read(),
  }
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

const answers = (host: string, port: number): Promise<boolean> =>
  new Promise((done) => {
    const socket = connect({ host: host === '0.0.0.0' ? '127.0.0.1' : host, port, timeout: KNOCK_MS })
    const end = (there: boolean) => {
      socket.destroy()
      done(there)
    }
    socket.once('connect', () => end(true))
    socket.once('error', () => end(false))
    socket.once('timeout', () => end(false))
  })

/** How this process fares: its memory, and how late it came, at worst, since it was asked last. */
export function watchProcess(): () => Pick<ProcessFacts, 'rssMegabytes' | 'loopMs'> {
  const delay = monitorEventLoopDelay({ resolution: 20 })
  delay.enable()
  return () => {
    const loopMs = Math.round(delay.max / 1e6)
    delay.reset()
    return { rssMegabytes: Math.round(process.memoryUsage.rss() / 2 ** 20), loopMs }
  }
}
