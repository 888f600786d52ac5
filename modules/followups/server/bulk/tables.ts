import type { AccessViews } from '@renxin/access'
import type { Context, Generated } from '@renxin/server'
import type { BulkAssignment } from '../../contract.ts'

type BulkTables = {
  'followups.bulks': {
    id: string
    status: Generated<BulkAssignment['status']>
    among: string[]
    amongNames: string[]
    total: number
    given: Generated<number>
    passed: Generated<number>
    undone: Generated<number>
    kept: Generated<number>
    startedBy: string
    startedByName: string
    startedAt: Date
    finishedAt: Date | null
  }
  'followups.bulkTasks': {
    bulkId: string
    place: number
    taskId: string
    state: Generated<'waiting' | 'given' | 'passed' | 'undone' | 'kept'>
    toId: string | null
    givenAt: Date | null
    wasStatus: string | null
    wasAssigneeId: string | null
    wasClaimedAt: Date | null
  }
}

export const db = (ctx: Context) => ctx.db.withTables<BulkTables & AccessViews>()
