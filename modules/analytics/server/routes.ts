import { serve } from '@renxin/server'
import { analyticsApi } from '../contract.ts'
import { getDashboard } from './dashboard.ts'
import { exportDashboard } from './export.ts'
import { listAnswers, listContacts, listDischarges, listOpinions } from './rows.ts'

export const routes = serve(analyticsApi, {
  dashboard: getDashboard,
  discharges: listDischarges,
  contacts: listContacts,
  answers: listAnswers,
  opinions: listOpinions,
  export: exportDashboard,
})
