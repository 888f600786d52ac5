import type { Context, Generated } from '@renxin/server'
import type { StaffViews } from '@renxin/staff'
import type { ScreenLink } from '../../screen-link-contract.ts'

type Tables = {
  'integration.screenLinks': ScreenLink & { secret: Buffer }
  'integration.linkVisits': {
    linkId: string
    nonce: string
    ticketHash: Buffer
    workNumber: string
    medicalRecordNumber: string
    visitNumber: string
    cameAt: Date
    openedAt: Generated<Date | null>
  }
}

export const db = (ctx: Context) => ctx.db.$extendTables<Tables & StaffViews>()
