import type { Context, Generated } from '@renxin/server'
import type { Job, UnitKind } from '../contract.ts'

type Tables = {
  'staff.campuses': { id: string; name: string; isActive: Generated<boolean> }
  'staff.units': {
    id: string
    kind: UnitKind
    code: string | null
    name: string
    isNamed: Generated<boolean>
    departmentId: string | null
    campusId: string | null
    isActive: Generated<boolean>
  }
  'staff.unitKeys': { key: string; unitId: string }
  'staff.people': {
    id: string
    number: string | null
    name: string
    isNamed: Generated<boolean>
    namePinyin: Generated<string>
    job: Job
    title: string | null
    startedOn: Generated<string | null>
    wantedRole: Generated<string | null>
    isActive: Generated<boolean>
  }
  'staff.personKeys': { key: string; personId: string }
  'staff.memberships': { personId: string; unitId: string }
  'staff.holidayYears': { year: number }
  'staff.holidays': { day: string; isWorking: boolean; name: Generated<string> }
}

/** What other rooms may join. */
export type StaffViews = {
  'staff.unitCards': {
    id: string
    kind: UnitKind
    code: string | null
    name: string
    departmentId: string | null
    campusId: string | null
    isActive: boolean
  }
  'staff.personCards': {
    id: string
    number: string | null
    name: string
    namePinyin: string
    job: Job
    title: string | null
    startedOn: string | null
    /** The role that a list of staff names for him, in its words. */
    wantedRole: string | null
    isActive: boolean
  }
  'staff.members': { personId: string; unitId: string; kind: UnitKind; departmentId: string | null }
}

export const db = (ctx: Context) => ctx.db.withTables<Tables & StaffViews>()
