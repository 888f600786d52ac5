import http from 'node:http'
import https from 'node:https'
import {
  auditMany,
  type Context,
  type House,
  inHospital,
  listHospitals,
  openLookup,
  outsideLookup,
  type Rounds,
  type Scope,
  sql,
  startRounds,
  systemActor,
} from '@renxin/server'
import { readHook } from './hook-address.ts'
import { readMany } from './read.ts'
import { ADDRESS, FHIR_JSON, settingOf } from './setting.ts'
import { type Channel, channelOf, hookHosts } from './subscriptions.ts'

const LOOK_EVERY_MS = 500
const LEASE_SECONDS = 50
const LONGEST_WAIT_SECONDS = 300
const ANSWER_WITHIN_MS = 20_000

type Load = {
  subscriptionId: string
  seq: number
  type: string
  id: string
  patientId: string | null
  attempts: number
  channel: Buffer
  showsWhole: boolean
  cause: string
}
type Parcel = { load: Load; channel: Channel; body: string | null; hosts: string[] }

/**
 * Tells subscribers what happened: of each line the oldest first, one at a time. What is on the way is leased, and the transaction closed before anything
 * leaves the building; a courier that dies is followed by another. Nothing is set aside: a hook that does not answer is tried again until it does.
 */
export function startHooks(house: House): Rounds {
  return startRounds(
    house,
    { everyMs: LOOK_EVERY_MS, failed: 'the courier of subscriptions failed' },
    async () => (await tellOnce(house)) > 0,
  )
}

/** One round over all hospitals; how many notices were delivered. */
export async function tellOnce(house: House): Promise<number> {
  let told = 0
  for (const { id } of await listHospitals(house)) {
    const parcels = await inHospital(house, id, pack)
    const results = await Promise.all(parcels.map(async (parcel) => ({ parcel, error: await deliver(parcel) })))
    for (const { parcel, error } of results) await inHospital(house, id, (ctx) => note(ctx, parcel.load, error))
    told += results.filter((r) => r.error === null).length
  }
  return told
}

/** The head of each line that is due, with what is to be said: the resource as it is now. */
async function pack(ctx: Context): Promise<Parcel[]> {
  const now = ctx.clock.now()
  const { rows: loads } = await sql<Load>`
    with heads as (
      select h.* from integration.fhir_subscriptions s cross join lateral (
        select n.subscription_id, n.seq, n.next_at, n.leased_until from integration.fhir_notices n
        where n.subscription_id = s.id and n.status = 'waiting' order by n.seq limit 1) h
      where s.is_active and not s.is_paused
    ), due as (
      select n.subscription_id, n.seq from integration.fhir_notices n join heads h using (subscription_id, seq)
      where h.next_at <= ${now} and (h.leased_until is null or h.leased_until < ${now}) limit 100 for update of n skip locked
    )
    update integration.fhir_notices n set leased_until = ${new Date(now.getTime() + LEASE_SECONDS * 1000)}, attempts = n.attempts + 1
    from due join integration.fhir_subscriptions s on s.id = due.subscription_id
    where n.subscription_id = due.subscription_id and n.seq = due.seq
    returning n.subscription_id, n.seq, n.type, n.id, n.patient_id, n.attempts, n.cause, s.channel, s.shows_whole`.execute(ctx.db)
  if (loads.length === 0) return []
  const hosts = await hookHosts(ctx)
  const parcels: Parcel[] = []
  for (const load of loads) {
    const channel = channelOf(ctx, load.channel)
    parcels.push({ load, channel, hosts, body: channel.payload ? await bodyFor(ctx, load) : null })
  }
  const shown = parcels.filter((p) => p.body !== null && p.load.patientId !== null)
  await auditMany(
    ctx,
    shown.map(({ load }) => ({ action: 'integration.fhirNotify', patientId: load.patientId, objectId: `${load.type}/${load.id}` })),
  )
  return parcels
}

/** The resource as the subscriber may see it; nothing where it is gone meanwhile. */
async function bodyFor(ctx: Context, { type, id, showsWhole }: Load): Promise<string | null> {
  const may = new Map<string, Scope>([
    ['fhir.read', 'hospital'],
    ...(showsWhole ? [['patients.unmask', 'hospital'] as [string, Scope]] : []),
  ])
  const asSubscriber: Context = { ...ctx, actor: { ...systemActor, kind: 'key', name: 'subscription', may } }
  const shown = await readMany(asSubscriber, settingOf(ctx, { origin: '' }), [{ type, id }])
  const resource = shown.get(`${type}/${id}`)?.resource
  return resource ? JSON.stringify(resource) : null
}

/** Sends one notice; what went wrong, or null. A redirection is not followed. */
async function deliver({ load, channel, body, hosts }: Parcel): Promise<string | null> {
  try {
    const { url, isNamed } = readHook(channel.endpoint, hosts)
    const address = body === null ? url : new URL(`${url.href.replace(/\/$/, '')}/${load.type}/${load.id}`)
    const status = await request(address, body === null ? 'POST' : 'PUT', body ?? '', {
      ...Object.fromEntries(channel.headers),
      ...(body === null ? {} : { 'content-type': FHIR_JSON }),
      'x-renxin-notice': `${load.subscriptionId}/${load.cause}`, // a repetition is known by it
      'user-agent': `Renxin ${ADDRESS}`,
    }, isNamed) // biome-ignore format: one thought
    return status >= 200 && status < 300 ? null : `HTTP ${status}`
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : error instanceof Error ? error.message.slice(0, 200) : 'unknown'
  }
}

function request(url: URL, method: string, body: string, headers: Record<string, string>, isNamed: boolean): Promise<number> {
  return new Promise((resolve, reject) => {
    const speak = url.protocol === 'https:' ? https : http
    const options = {
      method,
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      agent: false as const,
    }
    const sent = speak.request(url, { ...options, lookup: isNamed ? openLookup : outsideLookup }, (response) => {
      response.resume()
      response.destroy() // what it says beside its status is nobody's concern here
      resolve(response.statusCode ?? 0)
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

async function note(ctx: Context, { subscriptionId, seq, attempts }: Load, error: string | null): Promise<void> {
  const now = ctx.clock.now()
  const wait = Math.min(2 ** Math.min(attempts, 9), LONGEST_WAIT_SECONDS)
  await sql`
    with told as (
      update integration.fhir_notices set status = ${error === null ? 'sent' : 'waiting'}, leased_until = null, sent_at = ${error === null ? now : null}::timestamptz,
        error = ${error}, next_at = ${new Date(now.getTime() + wait * 1000)}
      where subscription_id = ${subscriptionId}::uuid and seq = ${seq} and status = 'waiting'
    )
    update integration.fhir_subscriptions set error = ${error}, failures = case when ${error}::text is null then 0 else failures + 1 end
    where id = ${subscriptionId}::uuid`.execute(ctx.db)
  ctx.touched.add('integration')
}
