import { type Input, newId } from '@renxin/kernel'
import { type Context, can, type Scope, sql } from '@renxin/server'
import { type accessApi, accessErrors, type Client } from '../contract.ts'
import { claimedIssuer, readAssertion, readKeySet } from './assertion.ts'
import { hashToken, newToken } from './passwords.ts'
import { permissions } from './presets.ts'
import { beyond } from './rules.ts'
import { scopesFor } from './smart-scopes.ts'
import { db } from './tables.ts'

type Api = typeof accessApi
type Shown = Pick<Client, 'id' | 'name' | 'clientId' | 'scopes' | 'createdBy' | 'keyCount'> &
  Record<'createdAt', Date> &
  Record<'lastUsedAt' | 'revokedAt', Date | null>

const TOKEN_SECONDS = 300

export async function listClients(ctx: Context): Promise<{ rows: Shown[] }> {
  const rows = await clients(ctx).orderBy('createdAt', 'desc').limit(500).execute()
  return { rows: rows.map((row) => ({ ...row, clientId: clientIdOf(ctx, row.id) })) }
}

type NewClient = { id?: string; name: string; keys: unknown; scopes: readonly string[] }

/** Makes another system known by its public keys: it signs for each token itself, and no secret is exchanged. */
export async function createClient(ctx: Context, { id = newId(), name, keys, scopes }: NewClient): Promise<Shown> {
  const unknown = scopes.find((s) => !permissions.has(s))
  if (unknown) throw accessErrors.permissionUnknown({ permission: unknown })
  const wide: Scope = 'hospital'
  const permission = can(ctx, 'access.appoint') ? undefined : beyond(ctx.actor.may, scopes.map((s) => ({ permission: s, scope: wide }))) // biome-ignore format: one thought
  if (permission) throw accessErrors.aboveOwn({ permission })
  const set = readKeySet(keys)
  if (set.keys.length === 0) throw accessErrors.noPublicKey()
  await db(ctx)
    .insertInto('access.clients')
    .values({ id, name, keys: JSON.stringify(set), scopes: [...new Set(scopes)], createdAt: ctx.clock.now(), createdBy: ctx.actor.name })
    .onConflict((c) => c.constraint('clients_pkey').doNothing())
    .execute()
  return getClient(ctx, id)
}

/** Its tokens die with it. */
export async function revokeClient(ctx: Context, { id }: Input<Api['revokeClient']>): Promise<Shown> {
  await db(ctx)
    .updateTable('access.clients')
    .set({ revokedAt: ctx.clock.now() })
    .where('id', '=', id)
    .where('revokedAt', 'is', null)
    .execute()
  await db(ctx).deleteFrom('access.clientTokens').where('clientId', '=', id).execute()
  return getClient(ctx, id)
}

async function getClient(ctx: Context, id: string): Promise<Shown> {
  const client = await clients(ctx).where('id', '=', id).executeTakeFirst()
  if (!client) throw accessErrors.clientNotFound({ id })
  return { ...client, clientId: clientIdOf(ctx, id) }
}

const clientIdOf = (ctx: Context, id: string) => `rx_${ctx.hospital.id}_${id}`

const clients = (ctx: Context) =>
  db(ctx)
    .selectFrom('access.clients')
    .select(['id', 'name', 'scopes', 'createdAt', 'createdBy', 'lastUsedAt', 'revokedAt'])
    .select(sql<number>`jsonb_array_length(keys -> 'keys')`.as('keyCount'))

export type TokenRequest = {
  grantType: string
  assertionType: string
  assertion: string
  scope: string
  isOurAddress: (audience: string) => boolean
}
export type TokenReply =
  | { accessToken: string; expiresIn: number; scope: string }
  | { error: 'invalid_request' | 'unsupported_grant_type' | 'invalid_client' | 'invalid_scope' }

/** Gives a client a token for some minutes, on an assertion that it signed itself (RFC 6749, 4.4 with RFC 7523). */
export async function grantToken(ctx: Context, asked: TokenRequest): Promise<TokenReply> {
  if (asked.grantType !== 'client_credentials') return { error: 'unsupported_grant_type' }
  if (asked.assertionType !== 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer') return { error: 'invalid_request' }
  const now = ctx.clock.now()
  const [, hospital, id = ''] = /^rx_(\d+)_([0-9a-f-]{36})$/.exec(claimedIssuer(asked.assertion) ?? '') ?? []
  if (Number(hospital) !== ctx.hospital.id) return { error: 'invalid_client' }
  const client = await db(ctx)
    .selectFrom('access.clients')
    .where('id', '=', id)
    .where('revokedAt', 'is', null)
    .select(['id', 'keys', 'scopes'])
    .executeTakeFirst()
  const claims = client && readAssertion(asked.assertion, readKeySet(client.keys), now)
  if (!client || !claims?.aud.some(asked.isOurAddress)) return { error: 'invalid_client' }
  const { granted, permissions: may } = scopesFor(asked.scope, client.scopes)
  if (granted.length === 0) return { error: 'invalid_scope' }
  const used = await db(ctx)
    .insertInto('access.usedAssertions')
    .values({ clientId: client.id, jti: claims.jti, expiresAt: new Date((claims.exp + 60) * 1000) })
    .onConflict((c) => c.constraint('used_assertions_pkey').doNothing())
    .executeTakeFirst()
  if (used.numInsertedOrUpdatedRows !== 1n) return { error: 'invalid_client' } // somebody plays it again
  const secret = `t.${newToken()}`
  await db(ctx)
    .insertInto('access.clientTokens')
    .values({ hash: hashToken(secret), clientId: client.id, scopes: may, expiresAt: new Date(now.getTime() + TOKEN_SECONDS * 1000) })
    .execute()
  await db(ctx).updateTable('access.clients').set({ lastUsedAt: now }).where('id', '=', client.id).execute()
  return { accessToken: `rx_${ctx.hospital.id}_${secret}`, expiresIn: TOKEN_SECONDS, scope: granted.join(' ') }
}

/** Who stands behind the secret of a token, while it counts. */
export async function clientOfToken(ctx: Context, secret: string) {
  return db(ctx)
    .selectFrom('access.clientTokens as t')
    .innerJoin('access.clients as c', 'c.id', 't.clientId')
    .where('t.hash', '=', hashToken(secret))
    .where('t.expiresAt', '>', ctx.clock.now())
    .where('c.revokedAt', 'is', null)
    .select(['c.id', 'c.name', 't.scopes'])
    .executeTakeFirst()
}
