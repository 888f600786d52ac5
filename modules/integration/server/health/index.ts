import { serve } from '@renxin/server'
import { healthApi } from '../../health-contract.ts'
import { getInboxSize, getThroughput, listDoors, saveFloor } from './service.ts'

export const healthRoutes = serve(healthApi, { doors: listDoors, throughput: getThroughput, saveFloor, inboxSize: getInboxSize })

export { doorHeard, doorSilent } from './events.ts'
export { listDoors, watchDoors } from './service.ts'
