import { patientMerged, patientParted } from '@renxin/patients'
import { listen, listenMany, serve, tick } from '@renxin/server'
import { responseRecorded } from '@renxin/surveys'
import { flagsApi } from '../../contract.ts'
import { listFlagDuties, setFlagDuty } from './duties.ts'
import { moveFlags } from './follow-files.ts'
import { countFlags, getFlag, listFlags } from './list.ts'
import { passOnFlags } from './pass-on.ts'
import { raiseFlags } from './raise.ts'
import { closeFlag, giveFlag, listFlagDoctors, takeFlag } from './work.ts'

export const flagRoutes = serve(flagsApi, {
  flags: listFlags,
  flagCounts: countFlags,
  flag: getFlag,
  takeFlag,
  closeFlag,
  giveFlag,
  flagDoctors: listFlagDoctors,
  flagDuties: listFlagDuties,
  setFlagDuty,
})

/** In the transaction that records the answers, whichever way they come: no answer stands without its red flag. */
export const flagJoins = [
  listenMany(responseRecorded, (ctx, told) => raiseFlags(ctx, told.map((t) => t.responseId)), 'raiseFlags'), // biome-ignore format: one thought
]

export const flagListeners = [listen(patientMerged, moveFlags, 'moveFlags'), listen(patientParted, moveFlags, 'giveBackFlags')]

export const flagTicks = [tick('followups.passOnFlags', { everySeconds: 30 }, passOnFlags)]

export { correctFlags } from './correct.ts'
export { noteCall } from './raise.ts'
