import type { Context } from '@renxin/server'
import type { BackupFault, Finding, HealthItem, Step } from '../contract.ts'

type Tables = {
  'setup.putOff': { item: HealthItem; finding: Finding; at: Date; until: Date; byName: string }
  'setup.tries': { step: Step; at: Date; byName: string; ok: boolean; what: string; fault: BackupFault | null }
}

export const db = (ctx: Context) => ctx.db.withTables<Tables>()
