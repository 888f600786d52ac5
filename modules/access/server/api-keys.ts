import { addDays, type Input, newId } from '@renxin/kernel'
import { type Context, can, type Scope, sql } from '@renxin/server'
import { type ApiKey, type accessApi, accessErrors } from '../contract.ts'
import { hashToken, newToken } from './passwords.ts'
import { permissions } from './presets.ts'
import { beyond } from './rules.ts'
import { db } from './tables.ts'

type Api = typeof accessApi

export async function listApiKeys(ctx: Context): Promise<{ rows: ShownKey[] }> {
  return { rows: await keys(ctx).orderBy('createdAt', 'desc').limit(500).execute() }
}

type NewKey = { id?: string; name: string; scopes: readonly string[]; expiresOn?: string | null }

/** A key for another system. The secret is in the answer and nowhere else. */
export async function createApiKey(
  ctx: Context,
  { id = newId(), name, scopes, expiresOn = null }: NewKey,
): Promise<ShownKey & { secret: string }> {
  const unknown = scopes.find((s) => !permissions.has(s))
  if (unknown) throw accessErrors.permissionUnknown({ permission: unknown })
  const wide: Scope = 'hospital'
  const permission = can(ctx, 'access.appoint')
    ? undefined
    : beyond(
        ctx.actor.may,
        scopes.map((s) => ({ permission: s, scope: wide })),
      )
  if (permission) throw accessErrors.aboveOwn({ permission })
  const secret = newToken()
  await db(ctx)
    .insertInto('access.apiKeys')
    .values({
      id,
      name,
      secretHash: hashToken(secret),
      scopes: [...new Set(scopes)],
      createdAt: ctx.clock.now(),
      createdBy: ctx.actor.name,
      expiresAt: expiresOn ? ctx.clock.at(addDays(expiresOn, 1)) : null, // the day itself still counts
    })
    .execute()
  return { ...(await getKey(ctx, id)), secret: `rx_${ctx.hospital.id}_${secret}` }
}

export async function revokeApiKey(ctx: Context, { id }: Input<Api['revokeApiKey']>): Promise<ShownKey> {
  await db(ctx)
    .updateTable('access.apiKeys')
    .set({ revokedAt: ctx.clock.now() })
    .where('id', '=', id)
    .where('revokedAt', 'is', null)
    .execute()
  return getKey(ctx, id)
}

type ShownKey = Pick<ApiKey, 'id' | 'name' | 'scopes' | 'createdBy' | 'isExpired'> &
  Record<'createdAt', Date> &
  Record<'lastUsedAt' | 'expiresAt' | 'revokedAt', Date | null>

async function getKey(ctx: Context, id: string): Promise<ShownKey> {
  const key = await keys(ctx).where('id', '=', id).executeTakeFirst()
  if (!key) throw accessErrors.keyNotFound({ id })
  return key
}

const keys = (ctx: Context) =>
  db(ctx)
    .selectFrom('access.apiKeys')
    .select(['id', 'name', 'scopes', 'createdAt', 'createdBy', 'lastUsedAt', 'expiresAt', 'revokedAt'])
    .select(sql<boolean>`coalesce(expires_at <= ${ctx.clock.now()}, false)`.as('isExpired'))
