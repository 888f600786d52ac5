import { defineModule } from '@renxin/server'
import { flagJoins } from './flags/index.ts'
import { holdings } from './holdings.ts'
import { listeners } from './listeners.ts'
import { prepareFollowups } from './presets.ts'
import { routes } from './routes.ts'
import { ticks } from './ticks.ts'

export const followups = defineModule({
  name: 'followups',
  migrations: new URL('./migrations/', import.meta.url),
  routes,
  holds: holdings,
  listeners,
  joins: flagJoins,
  ticks,
  prepare: (ctx) => prepareFollowups(ctx),
})

export { taskCompleted, taskCorrected, taskReopened, tasksChanged, taskUnreached } from './events.ts'
export { correctFlags } from './flags/index.ts'
export { drawDue } from './levels/draws.ts'
export { levelTwoOf, levelTwoTable } from './levels/level-two.ts'
export { coverageBands } from './levels/settings.ts'
export { listSpots } from './levels/spots.ts'
export { listUrgeHistory } from './levels/urges.ts'
export { planEncounters, planProgramme } from './planning.ts'
export { prepareFollowups, presetKeys } from './presets.ts'
export { countActiveProgrammes } from './programmes.ts'
export { reconcile } from './reconcile.ts'
export { centrePool, type FollowupViews } from './tables.ts'
export { completeTask, recordOutcome } from './talk.ts'
export { getTask } from './task.ts'
export { tellPatients } from './tell-patients.ts'
