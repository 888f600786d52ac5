import { serve } from '@renxin/server'
import { deadLettersApi } from '../../dead-letters-contract.ts'
import { listGroups, tryRemedy } from './groups.ts'
import { countReplay, listRuns, startRemedy, startReplay, stopRun } from './runs.ts'
import { listUnmapped } from './unmapped.ts'

export const deadLettersRoutes = serve(deadLettersApi, {
  groups: listGroups,
  unmapped: listUnmapped,
  tryRemedy,
  remedy: startRemedy,
  countReplay,
  startReplay,
  stopRun,
  runs: listRuns,
})

export { goOn } from './runs.ts'
