import { defineEvent } from '@renxin/kernel'
import { z } from 'zod'

/** Somebody tried whether what is written is delivered. */
export const healthTried = defineEvent('setup.healthTried', z.object({ tryId: z.uuid() }))
