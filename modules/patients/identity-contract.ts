import { contract, defineErrors, get, put } from '@renxin/kernel'
import { z } from 'zod'

const word = z.string().trim().min(1).max(60)

/** One of the classes of people by which the hospital tells its patients apart; `synonyms` is what systems call it. */
export const IdentityClass = z.object({
  id: z.uuid(),
  name: word,
  synonyms: z.array(word).max(100),
  position: z.int().min(0).max(999),
  isActive: z.boolean(),
})
export type IdentityClass = z.infer<typeof IdentityClass>

/** Files are counted to `COUNT_MOST`; beyond it only that there are more. */
const counted = { files: z.int(), isMore: z.boolean() }
export const CountedClass = IdentityClass.extend(counted)
export type CountedClass = z.infer<typeof CountedClass>

/** A word that stands in files and means none of the classes. */
export const UnlistedClass = z.object({ name: z.string(), ...counted })
export type UnlistedClass = z.infer<typeof UnlistedClass>

/** A class to choose from. Those that are not offered any more, or never stood in the list, are there as long as files have them. */
export const ClassChoice = z.object({ name: z.string(), state: z.enum(['listed', 'retired', 'unlisted']) })
export type ClassChoice = z.infer<typeof ClassChoice>

export const identityApi = contract('patients', {
  identityClasses: get('/identity-classes', { may: 'patients.manage', reply: z.object({ rows: z.array(CountedClass) }) }),
  unlistedClasses: get('/identity-classes/unlisted', { may: 'patients.manage', reply: z.object({ rows: z.array(UnlistedClass) }) }),
  saveIdentityClass: put('/identity-classes/:id', { may: 'patients.manage', input: IdentityClass, reply: IdentityClass }),
})

export const identityErrors = defineErrors('patients', {
  classWordTaken: 'conflict', // with `word` and `name`, whose it is
  tooManyClasses: 'conflict', // with `most`
})
