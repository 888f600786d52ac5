import type { Generated } from '@renxin/server'

export type LeaveTables = {
  'followups.leaves': {
    id: string
    userId: string
    userName: string
    fromOn: string
    untilOn: string
    toId: string | null
    toName: string | null
    note: string
    madeAt: Date
    madeBy: string
    madeByName: string
    begunAt: Generated<Date | null>
    calledOffAt: Generated<Date | null>
    endedAt: Generated<Date | null>
  }
  'followups.handovers': {
    leaveId: string
    taskId: string
    nth: Generated<number>
    fromId: string
    fromName: string
    toId: string | null
    toName: string | null
    handedAt: Date
    tries: number
    outcome: Generated<'back' | 'kept' | null>
    settledAt: Generated<Date | null>
  }
}
