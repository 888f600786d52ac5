import { type Context, sql } from '@renxin/server'
import { countedNotices, type Hook, hookErrors } from '../../fhir-contract.ts'
import { readHook } from './hook-address.ts'
import { pairsOf } from './setting.ts'
import { channelOf, hookHosts } from './subscriptions.ts'
import { db, type SubscriptionRow } from './tables.ts'

type Shown = Omit<Hook, 'waitingSince'> & { waitingSince: Date | null }
type Row = SubscriptionRow & { waiting: number; waitingSince: Date | null }

/** Who wants to be told of what, and how it goes; not what was deleted. */
export async function listHooks(ctx: Context, id?: string): Promise<Shown[]> {
  const { rows } = await sql<Row>`
    select s.*, w.waiting, w.waiting_since from integration.fhir_subscriptions s
    left join integration.fhir_resources r on r.type = 'Subscription' and r.object_id = s.id
    cross join lateral (
      select count(*)::int as waiting, min(n.created_at) as waiting_since from (
        select created_at from integration.fhir_notices where subscription_id = s.id and status = 'waiting' order by seq limit ${countedNotices + 1}
      ) n
    ) w
    where r.is_deleted is not true ${id === undefined ? sql`` : sql`and s.id = ${id}::uuid`} order by s.name limit 500`.execute(ctx.db)
  const hosts = await hookHosts(ctx)
  return rows.map((row) => shown(ctx, row, hosts))
}

function shown(ctx: Context, row: Row, hosts: readonly string[]): Shown {
  const { endpoint } = channelOf(ctx, row.channel)
  return {
    id: row.id,
    name: row.name,
    type: row.type,
    criteria: hidePersons(row.criteria),
    host: new URL(endpoint).host, // it was read as an address when it was kept
    isAllowed: isAllowed(endpoint, hosts),
    state: stateOf(ctx, row),
    waiting: row.waiting,
    waitingSince: row.waitingSince,
    error: row.error,
  }
}

function stateOf(ctx: Context, { isActive, isPaused, endsAt, error }: Row): Hook['state'] {
  if (!isActive) return 'off'
  if (isPaused) return 'paused'
  if (endsAt && endsAt <= ctx.clock.now()) return 'ended'
  return error === null ? 'on' : 'failing'
}

function isAllowed(endpoint: string, hosts: readonly string[]): boolean {
  try {
    readHook(endpoint, hosts)
    return true
  } catch {
    return false
  }
}

const PERSONAL = /^(?:identifier|name|family|given|phonetic|phone|email|telecom|address|birthdate|patient|subject)\b/i

/** Whoever runs the interfaces sees no patient: a number, name or phone that somebody watches is hidden. */
export function hidePersons(criteria: string): string {
  const [type = '', search] = criteria.split(/\?(.*)/s)
  if (!search) return type
  const pairs = pairsOf(search).map(([name, value]) => `${name}=${PERSONAL.test(name) ? '***' : value}`)
  return `${type}?${pairs.join('&')}`
}

/** Holds the line of a subscriber, or lets it go on. The subscriber's own writing does not change this. */
export async function pauseHook(ctx: Context, id: string, isPaused: boolean): Promise<Shown> {
  await db(ctx).updateTable('integration.fhirSubscriptions').set({ isPaused }).where('id', '=', id).execute()
  const [hook] = await listHooks(ctx, id)
  if (!hook) throw hookErrors.subscriptionNotFound({ id })
  return hook
}
