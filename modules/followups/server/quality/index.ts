import { serve } from '@renxin/server'
import { qualityApi } from '../../contract.ts'
import { checkQuality, getQualityForm } from './check.ts'
import { exportQuality } from './export.ts'
import { listChecks, listOfTask, qualityByPerson } from './list.ts'

export const qualityRoutes = serve(qualityApi, {
  qualityForm: getQualityForm,
  checkQuality,
  qualityOfTask: listOfTask,
  qualityChecks: listChecks,
  qualityByPerson,
  exportQuality,
})
