import { contract, get, guardedFields, moment, post, put } from '@renxin/kernel'
import { z } from 'zod'
import { RoleName, Scope } from './shapes.ts'

export const Grant = z.object({ permission: z.string().regex(/^[a-z]+\.[a-zA-Z]+$/), scope: Scope })
export type Grant = z.infer<typeof Grant>

const Role = RoleName.extend({
  grants: z.array(Grant),
  /** Fields that are kept from it, whatever else it may see. */
  hidden: z.array(z.enum(guardedFields)),
  /** Accounts that have it and may sign in. */
  holders: z.int(),
  isRetired: z.boolean(),
  /** One of those that every hospital starts with; it can be brought back to what it was. */
  isPreset: z.boolean(),
  /** A preset that the hospital has changed. */
  isChanged: z.boolean(),
  version: z.int(),
})
export type Role = z.infer<typeof Role>

const TemporaryRole = z.object({
  id: z.uuid(),
  userId: z.uuid(),
  role: RoleName,
  reason: z.string(),
  givenAt: moment,
  givenBy: z.string(),
  until: moment,
  isOver: z.boolean(),
})
export type TemporaryRole = z.infer<typeof TemporaryRole>

/** What is needed for longer is no stand-in any more. */
export const longestTemporaryDays = 90

const name = z.string().trim().min(1).max(50)
const id = z.object({ id: z.uuid() })

export const rolesApi = contract('access', {
  roles: get('/roles', { may: 'access.read', reply: z.object({ rows: z.array(Role) }) }),
  /** A role of the hospital's own: empty, or with the grants of another. */
  createRole: post('/roles', {
    may: 'access.roles',
    input: z.object({ id: z.uuid(), name, copyOf: z.uuid().nullable().default(null) }),
    reply: Role,
  }),
  /** Its name and what it gives; `name: null` for the name that a preset has in the reader's language. */
  changeRole: put('/roles/:id', {
    may: 'access.roles',
    input: z.object({
      id: z.uuid(),
      name: name.nullable(),
      grants: z.array(Grant).max(200),
      hidden: z.array(z.enum(guardedFields)).optional(),
      version: z.int(),
    }),
    reply: Role,
  }),
  restoreRole: post('/roles/:id/restore', { may: 'access.roles', input: id, reply: Role }),
  retireRole: post('/roles/:id/retire', { may: 'access.roles', input: id, reply: Role }),
  reviveRole: post('/roles/:id/revive', { may: 'access.roles', input: id, reply: Role }),

  temporaryRoles: get('/users/:userId/temporary-roles', {
    may: 'access.read',
    input: z.object({ userId: z.uuid() }),
    reply: z.object({ rows: z.array(TemporaryRole) }),
  }),
  /** A role until a moment, beside those that the account has: for whoever stands in for somebody. */
  giveTemporaryRole: post('/users/:userId/temporary-roles', {
    may: 'access.assign',
    input: z.object({
      id: z.uuid(),
      userId: z.uuid(),
      roleId: z.uuid(),
      until: moment,
      reason: z.string().trim().min(4).max(200),
    }),
    reply: TemporaryRole,
  }),
  endTemporaryRole: post('/temporary-roles/:id/end', { may: 'access.assign', input: id, reply: TemporaryRole }),
})
