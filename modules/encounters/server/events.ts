import { defineEvent } from '@renxin/kernel'
import { z } from 'zod'

const shape = z.object({ encounterId: z.uuid(), patientId: z.uuid() })

/** A stay has begun (in-patients and day surgery). */
export const admitted = defineEvent('encounters.admitted', shape)
/** A visit was registered (out-patients, emergency, check-up). */
export const registered = defineEvent('encounters.registered', shape)
/** The patient lies in another ward. */
export const transferred = defineEvent('encounters.transferred', shape)
/** The encounter has ended. */
export const discharged = defineEvent('encounters.discharged', shape)
/** The discharge was withdrawn: the patient is in again. */
export const dischargeCancelled = defineEvent('encounters.dischargeCancelled', shape)
/** The admission was withdrawn, as if it had not been. */
export const cancelled = defineEvent('encounters.cancelled', shape)
/** An ended encounter counts differently now: its ward, staff, dates, diagnosis, levels or patient were put right. Or one in progress is another patient's, or no stay any more. */
export const corrected = defineEvent('encounters.corrected', shape)
/**
 * A visit that goes on says otherwise when it began; or one that is told no end (out-patients, emergency, check-up) of which kind it is, where, with whom or for
 * what: what is known of it often comes after its registration.
 */
export const restated = defineEvent('encounters.restated', shape)

const critical = z.object({
  patientId: z.uuid(),
  encounterId: z.uuid().nullable(),
  reportId: z.uuid(),
  /** The code of the analyte, where the report says one. */
  code: z.string().nullable(),
})

/** A report tells of a value beyond the panic limits (危急值): once for each value of each analyte and patient, however often it is sent. */
export const criticalValueFound = defineEvent('encounters.criticalValueFound', critical)
/** The value was put right, or its report withdrawn. */
export const criticalValueWithdrawn = defineEvent('encounters.criticalValueWithdrawn', critical)

const booking = z.object({ bookingId: z.uuid(), patientId: z.uuid() })

/** An appointment stands, for the first time or again. */
export const bookingMade = defineEvent('encounters.bookingMade', booking)
/** It has another time, place, doctor or patient. */
export const bookingChanged = defineEvent('encounters.bookingChanged', booking)
/** It was cancelled, or the patient did not come. */
export const bookingCancelled = defineEvent('encounters.bookingCancelled', booking)
/** Records of one kind that say something new, however they came: for those who pass them on. One for all that were told together. */
export const recordsChanged = defineEvent(
  'encounters.recordsChanged',
  z.object({ is: z.enum(['report', 'document', 'order', 'procedure']), ids: z.array(z.uuid()) }),
)
/** Files were merged or parted, and the visits of both are under the patient of today. */
export const visitsMoved = defineEvent('encounters.visitsMoved', z.object({ survivorId: z.uuid(), retiredId: z.uuid() }))
