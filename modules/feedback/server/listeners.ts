import { patientMerged } from '@renxin/patients'
import { listen } from '@renxin/server'
import { db } from './tables.ts'

export const listeners = [
  listen(patientMerged, async function moveOpinions(ctx, { survivorId, retiredId }) {
    await db(ctx).updateTable('feedback.opinions').set({ patientId: survivorId }).where('patientId', '=', retiredId).execute()
  }),
]
