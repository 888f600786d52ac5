import type { Context, Generated } from '@renxin/server'
import type { CohortExport, CohortFilter, CohortMember, CohortVisit } from '../../contract.ts'
import { db as followupsDb } from '../tables.ts'

/** What studies keep. */
export type CohortTables = {
  'followups.cohorts': {
    id: string
    name: string
    purpose: string
    ethicsNumber: string | null
    leadName: string
    filter: CohortFilter
    revision: number
    createdAt: Date
    createdBy: string
    createdByName: string
    updatedAt: Date
    frozenAt: Date | null
    frozenBy: string | null
    frozenByName: string | null
    members: number | null
    programmeId: string | null
    planned: Generated<number>
    closedAt: Date | null
    closedByName: string | null
  }
  'followups.cohortMembers': {
    cohortId: string
    encounterId: string
    number: number
    dischargedOn: string
    age: number | null
    sex: string | null
    departmentId: string | null
    stayDays: number | null
    diagnosisCode: string | null
    diagnosisName: string | null
    operationCode: string | null
    operationName: string | null
    status: Generated<Exclude<CohortMember['status'], 'dead'>>
    leftOn: string | null
    note: Generated<string>
    changedAt: Date | null
    changedBy: string | null
    changedByName: string | null
  }
  'followups.cohortVisits': CohortVisit & { cohortId: string; position: number }
  'followups.cohortExports': Omit<CohortExport, 'serial' | 'at'> & { cohortId: string; number: number; at: Date; byId: string }
}

export const db = (ctx: Context) => followupsDb(ctx).withTables<CohortTables>()
