import type { AccessViews } from '@renxin/access'
import type { EncounterViews } from '@renxin/encounters'
import type { PatientViews } from '@renxin/patients'
import type { Context, Generated } from '@renxin/server'
import type { StaffViews } from '@renxin/staff'
import type { FlagRow, flagStepKinds } from '../../contract.ts'

type FlagTables = {
  'followups.flags': {
    id: string
    responseId: string
    ruleId: string
    versionId: string
    patientId: string
    saidPatientId: string
    encounterId: string | null
    taskId: string | null
    departmentId: string | null
    wardId: string | null
    severity: FlagRow['severity']
    title: string
    status: Generated<FlagRow['status']>
    raisedAt: Date
    raisedBy: string
    raisedByName: string
    dueAt: Date | null
    rankAt: Generated<Date>
    doctorId: string | null
    doctorName: string | null
    level: Generated<number>
    passedTo: string | null
    toldAt: Date | null
    outcome: FlagRow['outcome']
    note: Generated<string>
    closedAt: Date | null
    closedBy: string | null
    closedByName: string | null
    nowResponseId: string | null
  }
  'followups.flagSteps': {
    id: string
    seq: Generated<number>
    flagId: string
    at: Date
    kind: (typeof flagStepKinds)[number]
    byId: string
    byName: string
    toName: string | null
    responseId: string | null
    note: Generated<string>
  }
  'followups.flagDuties': { departmentId: string; accountId: string; setAt: Date; setBy: string }
}

export const db = (ctx: Context) => ctx.db.withTables<FlagTables & AccessViews & StaffViews & PatientViews & EncounterViews>()
