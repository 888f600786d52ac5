import { moment } from '@renxin/kernel'
import { z } from 'zod'
import { RoleName, Scope } from './shapes.ts'

export const Language = z.enum(['zh', 'en'])
export type Language = z.infer<typeof Language>

export const Hospital = z.object({ id: z.int(), name: z.string(), shortName: z.string(), isDemo: z.boolean() })

export const Me = z.object({
  user: z.object({
    id: z.uuid(),
    name: z.string(),
    displayName: z.string(),
    personId: z.uuid().nullable(),
    language: Language,
    mustChangePassword: z.boolean(),
    /** The hospital asks for a second factor, and this account has none yet. */
    mustAddFactor: z.boolean(),
    hasSecondFactor: z.boolean(),
    hasPin: z.boolean(),
    isPersona: z.boolean(),
  }),
  /** Without use for so long, the console locks itself. */
  idleMinutes: z.int(),
  hospital: Hospital.extend({ zone: z.string() }),
  permissions: z.record(z.string(), Scope),
  roles: z.array(RoleName),
  /** As whom the house is shown at present, if not as to oneself. */
  viewing: z.object({ role: RoleName, units: z.array(z.string()), until: moment }).nullable(),
  departments: z.array(z.uuid()),
  wards: z.array(z.uuid()),
})
export type Me = z.infer<typeof Me>
