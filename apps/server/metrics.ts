import { statfs } from 'node:fs/promises'
import { type Answered, listProcesses, readBacklog } from '@renxin/server'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { RunningBackups } from './backups.ts'
import type { Database } from './database.ts'

type Parts = { database: Database; backups: Pick<RunningBackups, 'ageSeconds'>; places: readonly string[]; now: () => Date }

/**
 * What a hospital's monitoring reads from `/metrics`. Labels are names of routes, roles and folders; nothing of a person or of a hospital in particular.
 * The numbers of the database are asked anew each time, and are missing while it cannot be reached.
 */
export function makeMetrics({ database, backups, places, now }: Parts) {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const gauge = <L extends string = never>(name: string, help: string, labelNames: L[] = []) =>
    new Gauge<L>({ name, help, labelNames, registers: [registry] })
  const backupAge = gauge('renxin_backup_age_seconds', 'since the last good backup ended')
  const up = gauge('renxin_database_up', '1 while the database answers')
  const connections = gauge('renxin_database_connections', 'of this process, by what they do', ['state'])
  const pending = gauge('renxin_events_pending', 'facts that wait to be delivered, ten thousand of a hospital at most')
  const oldest = gauge('renxin_events_oldest_seconds', 'for how long the oldest of them has waited')
  const retrying = gauge('renxin_deliveries_retrying', 'deliveries that failed and are tried again')
  const givenUp = gauge('renxin_deliveries_given_up', 'deliveries that failed for good')
  const unsealed = gauge('renxin_audit_unsealed', 'rows of the audit trail that are in no block yet')
  const processes = gauge('renxin_processes', 'processes that live, by role', ['role'])
  const free = gauge('renxin_disk_free_bytes', 'by folder', ['folder'])
  const requests = new Counter({
    name: 'renxin_http_requests_total',
    help: 'requests answered, by route and the hundreds of their status',
    labelNames: ['method', 'route', 'status'],
    registers: [registry],
  })
  const seconds = new Histogram({
    name: 'renxin_http_seconds',
    help: 'from the request to the end of its answer',
    buckets: [0.005, 0.02, 0.05, 0.1, 0.3, 1, 3, 10],
    registers: [registry],
  })

  async function askDatabase() {
    const [backlog, rows] = await Promise.all([readBacklog(database.app), listProcesses(database.app)])
    pending.set(backlog.pending)
    oldest.set(backlog.oldestPending ? Math.max(0, (now().getTime() - backlog.oldestPending.getTime()) / 1000) : 0)
    retrying.set(backlog.retrying)
    givenUp.set(backlog.givenUp)
    unsealed.set(backlog.unsealed)
    processes.reset()
    const alive = rows.filter((p) => p.secondsSilent < 30)
    for (const role of ['web', 'worker', 'mllp']) processes.set({ role }, alive.filter((p) => p.roles.includes(role)).length)
  }
  return {
    /** Counts what goes through the pages and interfaces of this process. */
    answered: ({ method, route, status, seconds: took }: Answered) => {
      if (route === '/api/events') return // open for hours, and says nothing of how quick we are
      requests.inc({ method, route, status: `${Math.floor(status / 100)}xx` })
      seconds.observe(took)
    },
    text: async (): Promise<string> => {
      backupAge.set((await backups.ageSeconds()) ?? Number.POSITIVE_INFINITY)
      const { totalCount, idleCount, waitingCount } = database.app
      connections.set({ state: 'busy' }, totalCount - idleCount)
      connections.set({ state: 'idle' }, idleCount)
      connections.set({ state: 'awaited' }, waitingCount)
      for (const folder of places) {
        const found = await statfs(folder).catch(() => null)
        if (found) free.set({ folder }, found.bavail * found.bsize)
      }
      const isUp = await askDatabase().then(
        () => true,
        () => false,
      )
      up.set(isUp ? 1 : 0)
      return registry.metrics()
    },
  }
}
