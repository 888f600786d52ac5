import { serve } from '@renxin/server'
import { writeBackApi } from '../../write-back-contract.ts'
import { knock } from './knock.ts'
import { getLine, listDestinations, listOutgoing, readOutgoing, saveDestination, sendAgain } from './service.ts'

export const writeBackRoutes = serve(writeBackApi, {
  destinations: listDestinations,
  saveDestination,
  testDestination: (_, place) => knock(place),
  outgoing: listOutgoing,
  outgoingLine: getLine,
  outgoingText: readOutgoing,
  sendAgain,
})

export { type Courier, startWriteBack } from './courier.ts'
export { writeBackListeners } from './queue.ts'
export { saveDestination } from './service.ts'
