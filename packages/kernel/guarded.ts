import type { z } from 'zod'

/** Fields of a reply that a hospital may keep from a role, whatever else it may see. */
export const guardedFields = ['phone', 'identityCard', 'diagnosis', 'staffRating'] as const
export type GuardedField = (typeof guardedFields)[number]

const MARK = 'x-guarded'

/** Marks a field of a reply: of whoever it is kept from it leaves empty, `null` where it may be, else an empty text or list. */
export const guarded = <T extends z.ZodType>(field: GuardedField, schema: T): T => schema.meta({ [MARK]: field })

/** Which field a schema was marked as. */
export function guardOf(schema: z.ZodType): GuardedField | undefined {
  const mark = schema.meta()?.[MARK]
  return guardedFields.find((field) => field === mark)
}
