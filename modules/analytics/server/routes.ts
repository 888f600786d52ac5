import { listSpots, listUrgeHistory } from '@renxin/followups'
import { serve } from '@renxin/server'
import { analyticsApi, appraisalApi, revisitsApi } from '../contract.ts'
import { exportAppraisal } from './appraisal/export.ts'
import { getAppraisal } from './appraisal/figures.ts'
import { listAppraised, listEfforts } from './appraisal/rows.ts'
import { getDashboard } from './dashboard.ts'
import { exportDashboard } from './export.ts'
import { listRevisitCases } from './revisits/cases.ts'
import { exportRevisits } from './revisits/export.ts'
import { getRevisits } from './revisits/figures.ts'
import { exportRanking, rankDoctors } from './revisits/ranking.ts'
import { getRevisitReasons } from './revisits/reasons.ts'
import { getRevisitThresholds, setRevisitThresholds } from './revisits/thresholds.ts'
import { listAnswers, listContacts, listDischarges, listOpinions } from './rows.ts'

export const routes = [
  ...serve(analyticsApi, {
    dashboard: getDashboard,
    discharges: listDischarges,
    contacts: listContacts,
    answers: listAnswers,
    opinions: listOpinions,
    export: exportDashboard,
  }),
  ...serve(appraisalApi, {
    appraisal: getAppraisal,
    appraised: listAppraised,
    efforts: listEfforts,
    appraisedUrges: listUrgeHistory,
    appraisedSpots: listSpots,
    exportAppraisal,
  }),
  ...serve(revisitsApi, {
    revisits: getRevisits,
    revisitCases: listRevisitCases,
    revisitThresholds: getRevisitThresholds,
    setRevisitThresholds,
    revisitReasons: getRevisitReasons,
    revisitRanking: rankDoctors,
    exportRevisitRanking: exportRanking,
    exportRevisits,
  }),
]
