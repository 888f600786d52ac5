import { type Context, serve } from '@renxin/server'
import type { Backups } from '../../contract.ts'
import { installationApi } from '../../health-contract.ts'
import { listAlarms, putOffAlarms, recallAlarms } from './alarms.ts'
import { gatherFacts, type Machine } from './facts.ts'
import { judgeHealth } from './rules.ts'
import { tryItem } from './tries.ts'

export type { Machine } from './facts.ts'

export const healthRoutes = (machine: Machine, backups: () => Promise<Backups>) => {
  const look = async (ctx: Context) => judgeHealth(await gatherFacts(ctx, machine, backups))
  return serve(installationApi, {
    health: async (ctx) => {
      const facts = await gatherFacts(ctx, machine, backups)
      const checks = judgeHealth(facts)
      return {
        at: facts.now.toISOString(),
        checks,
        alarms: (await listAlarms(ctx, checks)).rows,
        processes: facts.processes.map((p) => ({
          id: p.id,
          host: p.host,
          pid: p.pid,
          roles: p.roles,
          version: p.version,
          startedAt: p.startedAt.toISOString(),
          secondsSilent: p.secondsSilent,
          isLeading: p.leads,
          megabytes: p.facts.rssMegabytes ?? null,
        })),
      }
    },
    alarms: async (ctx) => listAlarms(ctx, await look(ctx)),
    putOffAlarms: async (ctx, input) => putOffAlarms(ctx, input, await look(ctx)),
    recallAlarms: async (ctx) => recallAlarms(ctx, await look(ctx)),
    tryHealth: (ctx, { item }) => tryItem(ctx, machine, item),
  })
}
