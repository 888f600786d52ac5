import { defineEvent } from '@renxin/kernel'
import { z } from 'zod'

export const responseRecorded = defineEvent(
  'surveys.responseRecorded',
  z.object({ responseId: z.uuid(), patientId: z.uuid(), encounterId: z.uuid().nullable() }),
)
