import type { GuardedField } from '@renxin/kernel'
import { type Actor, type Authenticator, type Context, type GrantScope, nilId, type Scope, sql } from '@renxin/server'
import { clientOfToken } from './clients.ts'
import { hashToken } from './passwords.ts'
import { isAlive, placesOf, shouldNoteUse, type Unit, widest } from './rules.ts'
import { db } from './tables.ts'
import { asViewed, withCampus } from './viewed-actor.ts'

/** Finds out who stands behind a cookie (`<hospital>.<token>`) or an API key (`rx_<hospital>_<secret>`). */
export const authenticator: Authenticator = {
  modules: ['access', 'staff'],

  ofSession: async (ctx, cookie, { isGlance = false } = {}) => {
    const tokenHash = tokenHashOf(ctx, cookie)
    if (!tokenHash) return undefined
    const found = await accounts(ctx)
      .innerJoin('access.sessions as s', 's.userId', 'u.id')
      .where('s.tokenHash', '=', tokenHash)
      .select([
        's.id as sessionId',
        's.lastUsedAt',
        's.expiresAt',
        's.idleMinutes',
        's.lockedAt',
        's.isBySso',
        's.viewingRoleId',
        's.viewingUnits',
        's.viewingUntil',
      ])
      .executeTakeFirst()
    if (!found || !isAlive(found, ctx.clock.now())) return undefined
    if (!isGlance && shouldNoteUse(found.lastUsedAt, ctx.clock.now())) await noteUse(ctx, found.sessionId)
    const actor = actorOf(found, found)
    return actor && asViewed(ctx, await withCampus(ctx, actor), found)
  },

  ofKey: async (ctx, bearer) => {
    const [, hospital, secret] = /^rx_(\d+)_(\S+)$/.exec(bearer) ?? []
    if (!secret || Number(hospital) !== ctx.hospital.id) return undefined
    if (secret.startsWith('t.')) return clientActor(await clientOfToken(ctx, secret))
    const key = await db(ctx).selectFrom('access.apiKeys').where('secretHash', '=', hashToken(secret)).selectAll().executeTakeFirst()
    const now = ctx.clock.now()
    if (!key || key.revokedAt || (key.expiresAt && key.expiresAt <= now)) return undefined
    if (shouldNoteUse(key.lastUsedAt, now)) {
      // Skipped rather than waited for: many requests of one key come at once.
      await sql`update access.api_keys set last_used_at = ${now}
                where id = (select id from access.api_keys where id = ${key.id} for update skip locked)`.execute(ctx.db)
    }
    return clientActor(key)
  },
}

/** Another system: what it may do, it may over the whole hospital. */
function clientActor(client: { id: string; name: string; scopes: readonly string[] } | undefined): Actor | undefined {
  if (!client) return undefined
  const may = new Map(client.scopes.map((permission): [string, Scope] => [permission, 'hospital']))
  return { kind: 'key', id: client.id, name: client.name, personId: null, may, departments: [], wards: [], scope: 'own' }
}

/** The session a cookie names, alive or not. */
export async function findSession(ctx: Context, cookie: string | null | undefined) {
  const tokenHash = tokenHashOf(ctx, cookie)
  if (!tokenHash) return undefined
  return db(ctx)
    .selectFrom('access.sessions')
    .where('tokenHash', '=', tokenHash)
    .select(['id', 'userId', 'lastUsedAt', 'expiresAt', 'idleMinutes', 'lockedAt', 'isBySso', 'leaveUrl'])
    .select(['viewingRoleId', 'viewingUnits', 'viewingUntil'])
    .executeTakeFirst()
}

/** Of `<hospital>.<token>`, where it is one of this hospital. */
export function tokenHashOf(ctx: Context, cookie: string | null | undefined) {
  const [hospital, token] = cookie?.split('.') ?? []
  return token && Number(hospital) === ctx.hospital.id ? hashToken(token) : undefined
}

const noteUse = (ctx: Context, sessionId: string) =>
  sql`update access.sessions set last_used_at = ${ctx.clock.now()}
      where id = (select id from access.sessions where id = ${sessionId} for update skip locked)`.execute(ctx.db)

/** The account as an actor in a session that began so: what its roles give it, and the units of the person behind it. Undefined when it is disabled. */
export async function findActor(ctx: Context, userId: string, by: Way): Promise<Actor | undefined> {
  const user = await accounts(ctx).where('u.id', '=', userId).executeTakeFirst()
  const actor = user && actorOf(user, by)
  return actor && withCampus(ctx, actor)
}

/** A role that has nothing of these says nothing of fields: it shows no patient. */
const roomsOfPatients = ['patients', 'encounters', 'feedback', 'followups', 'surveys', 'analytics'] as const
/** What shows no patient all the same: the samples are drawn again by their visits' numbers. */
const showingNone = ['followups.draws'] as const

/** Accounts that may sign in, each with what an actor is made of. */
const accounts = (ctx: Context) =>
  db(ctx)
    .selectFrom('access.users as u')
    .where('u.isDisabled', '=', false)
    .select(['u.id', 'u.displayName', 'u.personId', 'u.mustChangePassword', 'u.mustAddFactor'])
    .select([
      sql<{ permission: string; scope: GrantScope }[]>`coalesce((
        select jsonb_agg(jsonb_build_object('permission', g.permission, 'scope', g.scope))
        from access.grants g where g.role_id in (
          select r.role_id from access.user_roles r where r.user_id = u.id union all
          select t.role_id from access.temporary_roles t where t.user_id = u.id and t.until > ${ctx.clock.now()})), '[]')`.as('grants'),
      sql<Unit[]>`coalesce((
        select jsonb_agg(jsonb_build_object('id', m.unit_id, 'kind', m.kind, 'departmentId', m.department_id))
        from staff.members m where m.person_id = u.person_id), '[]')`.as('units'),
      sql<GuardedField[]>`array(
        with held as (
          select r.role_id from access.user_roles r where r.user_id = u.id union
          select t.role_id from access.temporary_roles t where t.user_id = u.id and t.until > ${ctx.clock.now()}),
        meets as (
          select h.role_id from held h where exists (
            select from access.grants g where g.role_id = h.role_id and split_part(g.permission, '.', 1) = any(${[...roomsOfPatients]}::text[]) and g.permission <> all(${[...showingNone]}::text[])))
        select f.field from access.hidden_fields f join meets m on m.role_id = f.role_id
         group by f.field having count(*) = (select count(*) from meets))`.as('hidden'),
      sql<string[]>`array(
        select e.patient_id::text from access.emergencies e where e.user_id = u.id and e.until > ${ctx.clock.now()})`.as('admitted'),
    ])

type Account = NonNullable<Awaited<ReturnType<ReturnType<typeof accounts>['executeTakeFirst']>>>

/** Whom the provider of single sign-on knows needs no password here, so that one for once, or one grown old, keeps nothing from him. */
type Way = { isBySso: boolean }

function actorOf(user: Account, { isBySso }: Way): Actor | undefined {
  if (user.id === nilId) return undefined
  return {
    kind: 'person',
    id: user.id,
    name: user.displayName,
    personId: user.personId,
    may: (user.mustChangePassword && !isBySso) || user.mustAddFactor ? new Map() : widest(user.grants), // until then he may do nothing else
    ...placesOf(user.units),
    scope: 'own',
    admitted: user.admitted,
    hidden: new Set(user.hidden),
    ...(isBySso && { isBySso }),
  }
}
