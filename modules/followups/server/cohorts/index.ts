import { serve } from '@renxin/server'
import { cohortsApi } from '../../contract.ts'
import { closeCohort, describeCohort, discardCohort, getCohort, listCohortQuestionnaires, listCohorts, saveCohort } from './cohorts.ts'
import { exportCohort } from './export.ts'
import { listMembers, readItems } from './figures.ts'
import { listCohortWhom, previewCohort } from './filter.ts'
import { addVisits, freezeCohort } from './freeze.ts'
import { setMember } from './members.ts'
import { readVisits } from './places.ts'

export { goOnWithCohorts } from './plan.ts'

export const cohortRoutes = serve(cohortsApi, {
  cohorts: listCohorts,
  cohort: getCohort,
  cohortQuestionnaires: listCohortQuestionnaires,
  cohortPreview: previewCohort,
  cohortWhom: listCohortWhom,
  saveCohort,
  discardCohort,
  freezeCohort,
  describeCohort,
  addVisits,
  closeCohort,
  cohortVisits: readVisits,
  cohortItems: readItems,
  cohortMembers: listMembers,
  setMember,
  exportCohort,
})
