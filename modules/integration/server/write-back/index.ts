import { serve } from '@renxin/server'
import { writeBackApi } from '../../write-back-contract.ts'
import { confirmCorrection, declineCorrection, listCorrections } from './corrections.ts'
import { listDestinations, listFlagTags, putDestination, testDestination } from './destinations.ts'
import { getLine, listOutgoing, readOutgoing, sendAgain, sendAllAgain, setLineAside } from './lines.ts'

export const writeBackRoutes = serve(writeBackApi, {
  destinations: listDestinations,
  flagTags: listFlagTags,
  saveDestination: putDestination,
  testDestination,
  outgoing: listOutgoing,
  outgoingLine: getLine,
  outgoingText: readOutgoing,
  sendAgain,
  sendAllAgain,
  setLineAside,
  corrections: listCorrections,
  confirmCorrection,
  declineCorrection,
})

export { clearOutgoing } from './clear.ts'
export { type Courier, startWriteBack } from './courier.ts'
export { knockDestinations, saveDestination } from './destinations.ts'
export { writeBackListeners } from './listeners.ts'
