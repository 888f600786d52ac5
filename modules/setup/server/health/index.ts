import { serve } from '@renxin/server'
import type { Backups } from '../../contract.ts'
import { installationApi } from '../../health-contract.ts'
import { gatherFacts, type Machine } from './facts.ts'
import { judgeHealth } from './rules.ts'
import { tryItem } from './tries.ts'

export type { Machine } from './facts.ts'

export const healthRoutes = (machine: Machine, backups: () => Promise<Backups>) =>
  serve(installationApi, {
    health: async (ctx) => {
      const facts = await gatherFacts(ctx, machine, backups)
      return {
        at: facts.now.toISOString(),
        checks: judgeHealth(facts),
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
    tryHealth: (ctx, { item }) => tryItem(ctx, machine, item),
  })
