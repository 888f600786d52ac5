import { serve } from '@renxin/server'
import { staffApi } from '../contract.ts'
import { getHolidays, saveHolidays } from './calendar.ts'
import { getPerson, listCampuses, listPeople, listUnits, saveCampus, savePerson, saveUnit } from './service.ts'

export const routes = serve(staffApi, {
  campuses: listCampuses,
  saveCampus,
  units: listUnits,
  saveUnit,
  people: listPeople,
  person: (ctx, { id }) => getPerson(ctx, id),
  savePerson,
  holidays: getHolidays,
  saveHolidays,
})
