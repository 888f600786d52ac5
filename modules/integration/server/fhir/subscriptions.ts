import {
  type Clause,
  type Entry,
  entriesOf,
  FhirProblem,
  isElement,
  matches,
  parseSearch,
  type Resource,
  spanOf,
  textOf,
} from '@renxin/fhir'
import { newId } from '@renxin/kernel'
import { type Context, can, openText, sealText, sql } from '@renxin/server'
import { patientsOf } from './aliases.ts'
import { readHook } from './hook-address.ts'
import { pairsOf, permitType, type Setting } from './setting.ts'
import { type Change, hashOf, nameOf } from './store.ts'
import { db, type SubscriptionRow } from './tables.ts'
import type { Objects, Told } from './told.ts'

export type Channel = { endpoint: string; headers: [string, string][]; payload: string | null }

export async function hookHosts(ctx: Context): Promise<string[]> {
  const row = await db(ctx).selectFrom('integration.fhirSettings').select('hookHosts').executeTakeFirst()
  return row?.hookHosts ?? []
}

export async function saveHookHosts(ctx: Context, { hosts }: { hosts: string[] }): Promise<{ hosts: string[] }> {
  const values = { hookHosts: [...new Set(hosts)] }
  await db(ctx)
    .insertInto('integration.fhirSettings')
    .values(values)
    .onConflict((c) => c.constraint('fhir_settings_pkey').doUpdateSet(values))
    .execute()
  return { hosts: await hookHosts(ctx) }
}

/** A subscription that is asked for begins at once. */
export const begun = (resource: Resource): Resource =>
  resource.resourceType === 'Subscription' && resource.status === 'requested' ? { ...resource, status: 'active' } : resource

/** Notes who wants to be told; refuses what cannot be promised. */
export async function tellSubscriptions(ctx: Context, setting: Setting, told: readonly Told[], objects: Objects): Promise<void> {
  const all = told.filter((t) => t.name.type === 'Subscription')
  if (all.length === 0) return
  const hosts = await hookHosts(ctx)
  for (const { name, resource, objectId } of all) {
    const row = resource && rowOf(ctx, setting, resource, hosts)
    if (!row) {
      if (objectId) await db(ctx).updateTable('integration.fhirSubscriptions').set({ isActive: false }).where('id', '=', objectId).execute()
      continue
    }
    const id = objectId ?? newId(ctx.clock.now().getTime())
    const values = { ...row, id, name: nameOf(name), failures: 0, error: null }
    await db(ctx)
      .insertInto('integration.fhirSubscriptions')
      .values({ ...values, isPaused: false })
      .onConflict((c) => c.constraint('fhir_subscriptions_pkey').doUpdateSet(values))
      .execute()
    objects.set(nameOf(name), id)
  }
}

type Row = Omit<SubscriptionRow, 'id' | 'name' | 'failures' | 'error' | 'isPaused'>

/** Only what is active is held to what can be promised: one that is off is kept as it is. */
function rowOf(ctx: Context, setting: Setting, resource: Resource, hosts: readonly string[]): Row | undefined {
  const channel = isElement(resource.channel) ? resource.channel : {}
  const isActive = resource.status === 'active'
  if (!isActive) return undefined // one that is off is kept as it is
  if (channel.type !== 'rest-hook')
    throw new FhirProblem(422, 'not-supported', 'a subscription is told by rest-hook only', 'Subscription.channel.type')
  const { url } = readHook(channel.endpoint, hosts)
  const { type } = criteriaOf(setting, textOf(resource.criteria) ?? '')
  permitType(ctx, 'read', type)
  const headers = (Array.isArray(channel.header) ? channel.header : []).flatMap((line): [string, string][] => {
    const [, name, value] = /^([\w-]{1,100}):\s*([\x20-\x7e]{0,2000})$/.exec(typeof line === 'string' ? line : '') ?? []
    return name && value !== undefined && !/^(?:host|content-length|transfer-encoding|connection)$/i.test(name) ? [[name, value]] : []
  })
  const said: Channel = { endpoint: url.href, headers, payload: textOf(channel.payload) ?? null }
  return {
    type,
    criteria: textOf(resource.criteria) ?? '',
    channel: sealText(ctx, JSON.stringify(said)),
    showsWhole: can(ctx, 'patients.unmask'),
    isActive,
    endsAt: spanOf(resource.end, setting.dayStart)?.low ?? null,
  }
}

export const channelOf = (ctx: Context, sealed: Buffer): Channel => JSON.parse(openText(ctx, sealed)) // we sealed it

/** Criteria that can be judged by the resource alone. */
export function criteriaOf(setting: Setting, criteria: string): { type: string; clauses: Clause[] } {
  const [type = '', search = ''] = criteria.split(/\?(.*)/s)
  const refuse = (why: string) => new FhirProblem(422, 'not-supported', `Subscription.criteria: ${why}`, 'Subscription.criteria')
  try {
    const { clauses } = parseSearch(type, pairsOf(search), setting)
    if (clauses.some((c) => c.is === 'chain' || c.is === 'has' || c.parameter.name.startsWith('_')))
      throw refuse('chains and _parameters are not watched')
    return { type, clauses }
  } catch (error) {
    if (error instanceof FhirProblem && error.status !== 422) throw refuse(error.message)
    throw error
  }
}

/** A version, and what it says today: told once, whether it was written or another system's word made it so. What was never sent has no version. */
export function causeOf(name: { type: string; id: string; version?: number }, { meta: _, ...resource }: Resource): string {
  return `${nameOf(name)}/${name.version ?? '-'}/${hashOf(JSON.stringify(resource)).toString('base64url')}`
}

/** Whether anybody wants to be told of this type at all. */
export async function isWatched(ctx: Context, type: string): Promise<boolean> {
  const one = db(ctx)
    .selectFrom('integration.fhirSubscriptions')
    .where('type', '=', type)
    .where('isActive', '=', true)
    .select('id')
    .limit(1)
  return (await one.executeTakeFirst()) !== undefined
}

/** `eventId`: heard from another room. Then what a subscription was told last is not told again, and what has changed back is. */
type Happened = { name: { type: string; id: string }; resource: Resource; patientId: string | null; cause: string; eventId?: string }

/** Puts what was written into the lines of those who want to be told, in the same transaction. */
export async function noteChanges(ctx: Context, setting: Setting, changes: readonly Change[]): Promise<void> {
  await notify(
    ctx,
    setting,
    changes.flatMap(({ head, resource }) =>
      resource ? [{ name: head, resource, patientId: head.patientId, cause: causeOf(head, resource) }] : [],
    ),
  )
}

/** The same for whatever happened, by resources of which each is told once under its cause. */
export async function notify(ctx: Context, setting: Setting, happened: readonly Happened[]): Promise<void> {
  const types = [...new Set(happened.map((h) => h.name.type))]
  if (types.length === 0) return
  const now = ctx.clock.now()
  const { rows: subscriptions } = await sql<SubscriptionRow>`
    select * from integration.fhir_subscriptions where is_active and type = any(${types}::text[]) and (ends_at is null or ends_at > ${now}) limit 1000`.execute(
    ctx.db,
  )
  if (subscriptions.length === 0) return
  const notices: (Happened & { subscriptionId: string })[] = []
  for (const subscription of subscriptions) {
    const { clauses } = criteriaOf(setting, subscription.criteria)
    for (const one of happened) {
      if (one.name.type !== subscription.type) continue
      if (await isWanted(ctx, clauses, entriesOf(one.resource, setting), one.patientId))
        notices.push({ ...one, subscriptionId: subscription.id })
    }
  }
  if (notices.length === 0) return
  const of = <T>(pick: (n: (typeof notices)[number]) => T) => notices.map(pick)
  await sql`
    insert into integration.fhir_notices (subscription_id, cause, type, id, patient_id, created_at, next_at)
    select n.subscription_id, concat_ws('#', n.cause, n.event_id), n.type, n.id, n.patient_id, ${now}, ${now}
      from unnest(${of((n) => n.subscriptionId)}::uuid[], ${of((n) => n.cause)}::text[], ${of((n) => n.name.type)}::text[], ${of((n) => n.name.id)}::text[],
        ${of((n) => n.patientId)}::uuid[], ${of((n) => n.eventId ?? null)}::text[]) as n (subscription_id, cause, type, id, patient_id, event_id)
     where n.event_id is null or n.cause is distinct from (
       select split_part(o.cause, '#', 1) from integration.fhir_notices o
        where o.subscription_id = n.subscription_id and o.type = n.type and o.id = n.id order by o.seq desc limit 1)
    on conflict on constraint fhir_notices_once do nothing`.execute(ctx.db)
}

async function isWanted(ctx: Context, clauses: readonly Clause[], entries: readonly Entry[], patientId: string | null): Promise<boolean> {
  for (const clause of clauses) {
    if (matches(entries, clause)) continue
    if (!patientId || clause.is !== 'values') return false
    // The same patient under another of his ids.
    const ids = clause.values.flatMap((w) => (w.kind === 'reference' ? [w.value.replace(/^Patient\//, '')] : []))
    const people =
      ids.length > 0 && ['patient', 'subject'].includes(clause.parameter.name) ? await patientsOf(ctx, ids) : new Map<string, string>()
    if (![...people.values()].includes(patientId)) return false
  }
  return true
}

/** How a subscription stands, for who reads it: in error while its hook does not answer, or the hospital holds its line. */
export async function withState(ctx: Context, kept: readonly { objectId: string; resource: Resource }[]): Promise<Resource[]> {
  const { rows } = await sql<{ id: string; error: string | null; failures: number; isPaused: boolean }>`
    select id, error, failures, is_paused from integration.fhir_subscriptions where id = any(${kept.map((k) => k.objectId)}::uuid[])`.execute(
    ctx.db,
  )
  return kept.map(({ objectId, resource }) => {
    const row = rows.find((r) => r.id === objectId)
    if (row?.isPaused && resource.status === 'active') return { ...resource, status: 'error', error: 'paused by the hospital' }
    return row?.error && row.failures >= 3 && resource.status === 'active' ? { ...resource, status: 'error', error: row.error } : resource
  })
}
