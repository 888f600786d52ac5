import { z } from 'zod'

export const Scope = z.enum(['own', 'ward', 'department', 'campus', 'hospital'])
export type Scope = z.infer<typeof Scope>

export const RoleName = z.object({ id: z.uuid(), key: z.string(), name: z.string().nullable() })
export type RoleName = z.infer<typeof RoleName>
