import { admitted, cancelled, corrected, dischargeCancelled, discharged, registered, transferred, visitsMoved } from '@renxin/encounters'
import { complaintClosed, complaintOpened, complaintReopened } from '@renxin/feedback'
import { deathWithdrawn, patientDied, patientTagged } from '@renxin/patients'
import { type Context, listenMany } from '@renxin/server'
import type { ProgrammeCard } from '../contract.ts'
import { flagListeners } from './flags/index.ts'
import { followFiles } from './follow-files.ts'
import { planEncounters, planPatients } from './planning.ts'
import { reconcile } from './reconcile.ts'
import { refreshRisk } from './risk.ts'

type Told = { encounterId: string; patientId: string }[]

const patientsOf = (told: Told) => told.map((t) => t.patientId)
const encountersOf = (told: Told) => told.map((t) => t.encounterId)

const planFor = (triggers: readonly ProgrammeCard['trigger'][]) => async (ctx: Context, told: Told) => {
  await reconcile(ctx, patientsOf(told))
  await planEncounters(ctx, encountersOf(told), triggers)
}

/** Something was withdrawn or put right: what it stood in the way of is planned now. */
async function putRight(ctx: Context, told: Told) {
  await reconcile(ctx, patientsOf(told), encountersOf(told))
  await planPatients(ctx, patientsOf(told))
}

export const listeners = [
  ...flagListeners,
  ...[complaintOpened, complaintClosed, complaintReopened].map(
    (event) =>
    listenMany(event, (ctx, told) => refreshRisk(ctx, told.flatMap((t) => t.patientId ?? [])), 'orderByComplaint'), // biome-ignore format: one thought
  ),
  listenMany(patientTagged, (ctx, told) => refreshRisk(ctx, told.map((t) => t.patientId)), 'orderByTag'), // biome-ignore format: one thought
  listenMany(admitted, planFor(['admitted']), 'planAdmitted'),
  listenMany(discharged, planFor(['discharged']), 'planDischarged'),
  listenMany(registered, planFor(['visited']), 'planVisited'),
  listenMany(dischargeCancelled, putRight, 'stopWithdrawn'),
  listenMany(cancelled, putRight, 'stopCancelled'),
  listenMany(corrected, putRight, 'followCorrection'),
  listenMany(transferred, (ctx, told) => reconcile(ctx, patientsOf(told)), 'followTransfer'),
  listenMany(
    patientDied,
    (ctx, died) =>
      reconcile(
        ctx,
        died.map((d) => d.patientId),
      ),
    'stopDied',
  ),
  listenMany(
    deathWithdrawn,
    async (ctx, living) => {
      const ids = living.map((l) => l.patientId)
      await reconcile(ctx, ids)
      await planPatients(ctx, ids)
    },
    'reviveLiving',
  ),
  listenMany(
    visitsMoved,
    async (ctx, files) => {
      const ids = await followFiles(ctx, files)
      await reconcile(ctx, ids)
      await planPatients(ctx, ids)
    },
    'followFiles',
  ),
]
