import { defineModule } from '@renxin/server'
import { seedHolidays } from './calendar.ts'
import { routes } from './routes.ts'

export const staff = defineModule({
  name: 'staff',
  migrations: new URL('./migrations/', import.meta.url),
  routes,
  prepare: seedHolidays,
})

export { loadCalendar, seedHolidays } from './calendar.ts'
export { changeMemberships, enterPeople, enterUnits, type PersonEntry, type UnitEntry } from './enter.ts'
export { forgetStaffOrigin, type StaffChange, type StaffTakenBack, staffChanges, underOrigin, withdrawStaff } from './origins.ts'
export { type PersonName, personKey, resolvePeople } from './resolve-people.ts'
export { resolveUnits, type UnitName, unitKey } from './resolve-units.ts'
export { getPerson, getUnit, listUnits, savePerson, saveUnit } from './service.ts'
export type { StaffViews } from './tables.ts'
