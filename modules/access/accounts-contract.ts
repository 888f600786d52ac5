import { contract, cursor, get, page, post } from '@renxin/kernel'
import { Job } from '@renxin/staff/contract'
import { z } from 'zod'

const WithoutAccount = z.object({
  id: z.uuid(),
  number: z.string().nullable(),
  name: z.string(),
  job: z.string(),
  title: z.string().nullable(),
  /** The role that a list of staff names for him, in its words. */
  wantedRole: z.string().nullable(),
  units: z.array(z.string()),
})
export type WithoutAccount = z.infer<typeof WithoutAccount>

/** `随访护士、质控`: the roles that a list names, one by one. */
export const rolesNamed = (wanted: string): string[] =>
  wanted
    .split(/[、，,;；/]/)
    .map((name) => name.trim())
    .filter((name) => name !== '')

/** Why no account was made for somebody; null: it was. */
const NotOpened = z.enum(['noNumber', 'badNumber', 'nameTaken', 'hasAccount'])

const Opened = z.object({
  personId: z.uuid(),
  displayName: z.string(),
  /** What is typed to sign in: the staff number. */
  name: z.string().nullable(),
  password: z.string().nullable(), // shown this once
  because: NotOpened.nullable(),
})
export type Opened = z.infer<typeof Opened>

/** So many passwords are hashed within a few seconds. */
export const mostOpenedAtOnce = 50

/** Accounts for the staff that the hospital's register or an import has brought, many at once. */
export const accountsApi = contract('access', {
  withoutAccount: get('/people-without-account', {
    may: 'access.users',
    input: z.object({
      search: z.string().trim().max(50).default(''),
      job: Job.optional(),
      unitId: z.uuid().optional(),
      ...cursor,
    }),
    reply: page(WithoutAccount),
  }),
  openAccounts: post('/users/open', {
    may: 'access.users',
    input: z.object({
      personIds: z.array(z.uuid()).min(1).max(mostOpenedAtOnce),
      roleIds: z.array(z.uuid()).max(20),
      /** Besides those for all: the roles of single ones, by whose they are. */
      rolesOf: z.record(z.uuid(), z.array(z.uuid()).max(20)).optional(),
    }),
    reply: z.object({ rows: z.array(Opened) }),
  }),
})
