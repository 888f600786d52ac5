import { serve } from '@renxin/server'
import { writeBackApi } from '../../write-back-contract.ts'
import { listDestinations, listOutgoing, readOutgoing, saveDestination, sendAgain } from './service.ts'

export const writeBackRoutes = serve(writeBackApi, {
  destinations: listDestinations,
  saveDestination,
  outgoing: listOutgoing,
  outgoingText: readOutgoing,
  sendAgain,
})

export { type Courier, startWriteBack } from './courier.ts'
export { writeBackListeners } from './queue.ts'
export { saveDestination } from './service.ts'
