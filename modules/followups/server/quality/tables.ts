import type { PatientViews } from '@renxin/patients'
import type { Context, Generated } from '@renxin/server'
import type { StaffViews } from '@renxin/staff'
import type { Answers } from '@renxin/surveys/contract'

type QualityTables = {
  'followups.qualityChecks': {
    id: string
    taskId: string
    patientId: string
    departmentId: string | null
    wardId: string | null
    ownerId: string
    ownerName: string
    versionId: string
    answers: Answers
    points: number
    most: number
    remarks: Generated<string>
    checkedAt: Date
    checkedOn: string
    checkedBy: string
    checkedByName: string
  }
}

export const db = (ctx: Context) => ctx.db.withTables<QualityTables & PatientViews & StaffViews>()
