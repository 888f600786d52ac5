import type { Input } from '@renxin/kernel'
import { audit, type Context, openText, refuseClosedUrl, sealText } from '@renxin/server'
import type { SsoSettings, ssoApi } from '../../contract.ts'
import { db, lookUp } from '../tables.ts'
import type { Place } from './provider.ts'
import { testProvider } from './test-provider.ts'

type Api = typeof ssoApi
type Row = NonNullable<Awaited<ReturnType<typeof readRow>>>

const columns = [
  'isActive',
  'label',
  'homeUrl',
  'issuerUrl',
  'clientId',
  'secret',
  'claim',
  'match',
  'alwaysAsks',
  'trustsFactor',
  'signsOutThere',
] as const

/** Outside of the transaction: whoever signs in asks the provider next, and holds no connection meanwhile. */
const readRow = (ctx: Context) => lookUp(ctx).selectFrom('access.sso').select(columns).executeTakeFirst()

export async function getSso(ctx: Context) {
  const row = await readRow(ctx)
  return { settings: row ? shown(row) : null }
}

/** What the hospital has set, where single sign-on is in use. */
export async function findSso(ctx: Context): Promise<{ settings: SsoSettings; place: Place } | undefined> {
  const row = await readRow(ctx)
  if (!row?.isActive) return undefined
  return { settings: row, place: { ...row, secret: row.secret && openText(ctx, row.secret) } }
}

export async function getSsoButton(ctx: Context): Promise<{ label: string | null; homeUrl: string | null }> {
  const row = await readRow(ctx)
  return row?.isActive ? { label: row.label, homeUrl: row.homeUrl } : { label: null, homeUrl: null }
}

export async function saveSso(ctx: Context, { clientSecret, ...said }: Input<Api['saveSso']>) {
  refuseClosedUrl(said.issuerUrl)
  const before = await readRow(ctx)
  const row = { ...said, homeUrl: new URL(said.homeUrl).origin, secret: secretFor(ctx, said, clientSecret, before) }
  await db(ctx)
    .insertInto('access.sso')
    .values(row)
    .onConflict((c) => c.constraint('sso_pkey').doUpdateSet(row))
    .execute()
  await audit(ctx, { action: 'access.ssoChanged', detail: { before: before ? shown(before) : null, after: shown(row) } }) // that there is a secret, and not which
  return { settings: shown(row) }
}

/** Asks a provider as it stands in the form. It may stand in a transaction, which it holds for some seconds at most. */
export async function testSso(ctx: Context, { clientSecret, ...said }: Input<Api['testSso']>) {
  refuseClosedUrl(said.issuerUrl)
  const secret = secretFor(ctx, said, clientSecret, await readRow(ctx))
  return testProvider({ ...said, secret: secret && openText(ctx, secret) })
}

type Kept = Pick<Row, 'issuerUrl' | 'clientId' | 'secret'>

/** A secret that was given for one provider is not sent to another. */
function secretFor(ctx: Context, now: Omit<Kept, 'secret'>, said: string | null | undefined, before: Kept | undefined): Buffer | null {
  if (said !== undefined) return said === null ? null : sealText(ctx, said)
  return before?.issuerUrl === now.issuerUrl && before.clientId === now.clientId ? before.secret : null
}

const shown = ({ secret, ...settings }: SsoSettings & { secret: Buffer | null }) => ({ ...settings, hasSecret: secret !== null })
