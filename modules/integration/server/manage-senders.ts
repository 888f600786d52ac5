import { type Message, parseMessage } from '@renxin/hl7'
import type { Input } from '@renxin/kernel'
import { audit, type Context, sql } from '@renxin/server'
import { type integrationApi, integrationErrors, type Profile, type Sender, type UnclaimedSender } from '../contract.ts'
import { isOwnName } from '../own-fields-contract.ts'
import { factsOf } from './facts.ts'
import { firstIdOf } from './inbox.ts'
import { column } from './incoming.ts'
import { fieldNames, type Mapping, parseMapping, repetitionAt } from './mapping.ts'
import { segmentsOf } from './mend.ts'
import { ownFieldsOf } from './own-fields.ts'
import { type Address, findSenders, makeSender } from './senders.ts'
import { db, type SenderRow } from './tables.ts'
import { translate } from './translate.ts'
import { watch } from './watched.ts'

type Api = typeof integrationApi

/** The senders of the hospital, those first that need a look. There are some dozens at most. */
export async function listSenders(ctx: Context): Promise<{ rows: Sender[] }> {
  const since = firstIdOf(new Date(ctx.clock.now().getTime() - 86_400_000))
  const { rows } = await sql<SenderRow & Omit<Sender, 'lastDay'> & Record<'applied' | 'ignored' | 'waiting' | 'failed', number>>`
    select s.*, last.received_at as last_message_at, coalesce(day.applied, 0) as applied, coalesce(day.ignored, 0) as ignored,
      coalesce(day.waiting, 0) as waiting, coalesce(day.failed, 0) as failed, coalesce(day.reused, 0) as reused_control_ids, coalesce(open.count, 0) as unsettled
    from integration.senders s
    left join lateral (select m.received_at from integration.messages m where m.sender_id = s.id order by m.id desc limit 1) last on true
    left join (
      select m.sender_id, count(*) filter (where m.status = 'applied')::int as applied, count(*) filter (where m.status = 'ignored')::int as ignored,
        count(*) filter (where m.status = 'waiting')::int as waiting, count(*) filter (where m.status = 'failed')::int as failed,
        count(*) filter (where m.reuses_control_id)::int as reused
      from integration.messages m where m.id >= ${since}::uuid group by 1
    ) day on day.sender_id = s.id
    left join (
      select m.sender_id, count(*)::int as count from integration.messages m where m.status in ('waiting', 'failed') group by 1
    ) open on open.sender_id = s.id
    order by coalesce(open.count, 0) > 0 desc, s.is_new desc, s.name, s.id limit 500`.execute(ctx.db)
  return {
    rows: rows.map(({ applied, ignored, waiting, failed, ...sender }) => ({ ...sender, lastDay: { applied, ignored, waiting, failed } })),
  }
}

export async function saveSender(ctx: Context, { id, mapping, zone, ...settings }: Input<Api['saveSender']>): Promise<{ id: string }> {
  await refuseBad(ctx, mapping)
  if (zone && !isZone(zone)) throw integrationErrors.badZone({ zone })
  const before = await db(ctx).selectFrom('integration.senders').where('id', '=', id).selectAll().executeTakeFirst()
  if (!before) throw integrationErrors.senderNotFound({ id })
  await db(ctx)
    .updateTable('integration.senders')
    .set({ ...settings, zone, mapping: JSON.stringify(mapping) as unknown as Profile, isNew: false, changedAt: ctx.clock.now() })
    .where('id', '=', id)
    .execute()
  await audit(ctx, { action: 'integration.senderChanged', objectId: id, detail: { before: before.mapping, after: mapping } })
  return { id }
}

/** The mapping of the sender with this MSH-3 and MSH-4, from a site profile: for the command line. What was kept of it while nobody knew it is read within seconds. */
export async function importSender(ctx: Context, profile: unknown, address: Address): Promise<{ id: string; messages: number }> {
  await refuseBad(ctx, profile)
  const { senderId, messages } = await assign(ctx, address)
  await sql`
    update integration.senders set mapping = ${JSON.stringify(profile)}::jsonb, is_new = false, changed_at = ${ctx.clock.now()}
    where id = ${senderId}::uuid`.execute(ctx.db)
  await audit(ctx, { action: 'integration.senderImported', objectId: senderId, detail: { after: profile } })
  return { id: senderId, messages }
}

export async function listUnclaimed(ctx: Context): Promise<{ rows: UnclaimedSender[] }> {
  const { rows } = await sql<{ application: string; facility: string; messages: number; firstAt: Date; lastAt: Date }>`
    select * from integration.unclaimed_senders()`.execute(ctx.db)
  return { rows: rows.map((r) => ({ ...r, firstAt: r.firstAt.toISOString(), lastAt: r.lastAt.toISOString() })) }
}

/** Takes an address for this hospital, makes the sender where there is none, and gives it what was kept unclaimed. */
export async function assign(ctx: Context, { application, facility }: Address): Promise<{ senderId: string; messages: number }> {
  const address = { application: column(application), facility: column(facility) }
  if (!(await makeSender(ctx, address))) throw integrationErrors.ofAnotherHospital(address)
  const { rows } = await sql<{
    count: number
  }>`select integration.assign_unclaimed(${address.application}, ${address.facility}) as count`.execute(ctx.db)
  const sender = (await findSenders(ctx, [address])).values().next().value
  if (!sender) throw integrationErrors.senderNotFound(address)
  ctx.touched.add('integration')
  return { senderId: sender.id, messages: Number(rows[0]?.count ?? 0) }
}

export async function testMapping(ctx: Context, { mapping: profile, text }: Input<Api['testMapping']>) {
  const message = parseMessage(text)
  if (!message) throw integrationErrors.notAMessage()
  const own = await ownFieldsOf(ctx)
  const { mapping, problems } = parseMapping(profile, own)
  const watched = watch(message)
  const read = translate(watched.message, { mapping, zone: ctx.hospital.zone, receivedAt: ctx.clock.now(), source: '', own })
  const { notes, status: outcome, reason } = read
  return {
    problems,
    segments: segmentsOf(message, watched),
    facts: factsOf(read),
    reads: readsOf(message, mapping),
    notes,
    outcome,
    reason,
  }
}

/** Where in a message each thing of a mapping was found. */
function readsOf(message: Message, mapping: Mapping) {
  return [...fieldNames, ...[...mapping.places.keys()].filter(isOwnName)].flatMap((field) => {
    const found = repetitionAt(message, mapping, field)
    if (!found) return []
    const { path, value } = found
    const all = message.first(path.segment)?.repetitions(path.field) ?? []
    const index = all.length > 1 ? `[${all.findIndex((r) => r.text === value.text) + 1}]` : ''
    const component = path.component && value.components.length > 1 ? `.${path.component}` : ''
    const said = path.component ? value.get(path.component, path.subcomponent) : value.text
    return [{ field, path: `${path.segment}-${path.field}${index}${component}`, value: said ?? '' }]
  })
}

async function refuseBad(ctx: Context, profile: unknown): Promise<void> {
  const { problems } = parseMapping(profile, await ownFieldsOf(ctx))
  if (problems.length > 0) throw integrationErrors.badMapping({ problems })
}

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }) !== undefined
  } catch {
    return false
  }
}
