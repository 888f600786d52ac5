import { contract, get } from '@renxin/kernel'
import { z } from 'zod'
import { TaskRow } from './tasks-contract.ts'

/** Fewer calls than this say nothing of how long the next one takes. */
export const fewestCalls = 5

export const ShortCall = TaskRow.extend({
  seconds: z.int(), // how long such a call took, by the middle of those that were made
  isOfAll: z.boolean(), // this step was called too seldom: the middle of all calls stands for it
})
export type ShortCall = z.infer<typeof ShortCall>

export const shortApi = contract('followups', {
  /** What may be called now and fits into so many minutes, the most urgent first. */
  shortCalls: get('/queue/short', {
    may: 'followups.work',
    about: 'patientId',
    input: z.object({ minutes: z.coerce.number().int().min(1).max(120) }),
    reply: z.object({
      rows: z.array(ShortCall),
      seconds: z.int(), // of all these together
      isKnown: z.boolean(), // no: too few calls were made to say how long one takes
    }),
  }),
})
