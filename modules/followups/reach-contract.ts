import { defineErrors, moment } from '@renxin/kernel'
import { z } from 'zod'

/** Why one number is proposed before the others. */
export const reachReasons = ['next', 'answered', 'preferred', 'fresh', 'only', 'again', 'first'] as const

/** Whom to ring next and at which hour, by what answered before. */
export const Reach = z.object({
  contactId: z.uuid().nullable(), // null: there is no number left to try
  why: z.enum(reachReasons),
  answered: z.int(), // how often that number was answered before, of so many tries
  tries: z.int(),
  hour: z.int().min(0).max(23).nullable(), // null: nothing is known of it yet
  hourWhy: z.enum(['answered', 'untried']),
  hourAnswered: z.int(), // how often somebody picked up in that hour; all tries of it, or of all hours where none was answered
  hourTries: z.int(),
})
export type Reach = z.infer<typeof Reach>

/** Somebody else called this patient today: until tomorrow nobody but them does. */
export const CalledToday = z.object({ byName: z.string(), at: moment })

export const reachErrors = defineErrors('followups', {
  calledByOther: 'conflict', // byName, at
})
