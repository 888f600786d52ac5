import type { Message } from '@renxin/hl7'
import { newId } from '@renxin/kernel'
import { auditMany, type Context, sql } from '@renxin/server'
import type { MessageStatus } from '../contract.ts'
import { applyAll, applyTogether, type Settled } from './apply.ts'
import { noteUnmapped } from './dead-letters/unmapped.ts'
import { column, type Incoming, sealBody } from './incoming.ts'
import { type OwnField, ownFieldsNamed } from './own-fields.ts'
import { addressKey, mappingOf, sendersOf } from './senders.ts'
import type { SenderRow } from './tables.ts'
import { type Translation, translate } from './translate.ts'
import type { Setting } from './translation.ts'

export type Taken = { status: MessageStatus | 'duplicate'; isRefused: boolean; sender: SenderRow }

type Fresh = { incoming: Incoming; sender: SenderRow; key: string; reuses: boolean; translation: Translation }

/**
 * Takes messages of one hospital, some hundreds at a time, in the transaction in progress: kept, translated, applied. Once it is committed
 * each may be acknowledged. What was taken before changes nothing, by the unique key of the inbox. With `allOrNone` one that cannot be
 * applied fails them all, for a first try that is quicker.
 */
export async function ingest(ctx: Context, incoming: readonly Incoming[], options: { allOrNone?: boolean } = {}): Promise<Taken[]> {
  if (incoming.length === 0) return []
  const senders = await sendersOf(ctx, incoming)
  const known = await findKnown(ctx, incoming, senders)
  const own = await ownFieldsNamed(ctx, mappingsOf(senders.values()))
  const fresh = new Map<string, Fresh>()
  const keys = incoming.map((one) => {
    const sender = senders.get(addressKey(one))
    if (!sender) throw new Error('a sender that was made a moment ago is not there')
    const key = keyOf(sender, one)
    if (!known.hashes.has(key) && !fresh.has(key)) {
      const id = controlKey(sender, one)
      fresh.set(key, {
        incoming: one,
        sender,
        key,
        reuses: one.controlId !== '' && known.controlIds.has(id),
        translation: read(ctx, one, sender, own),
      })
      known.controlIds.add(id)
    }
    return { key, sender }
  })

  const taken = [...fresh.values()]
  const settled = await (options.allOrNone ? applyTogether : applyAll)(
    ctx,
    taken.map((f) => f.translation),
  )
  const ids = await keep(ctx, taken, settled)
  await noteUnmapped(
    ctx,
    taken.map((f, i) => ({ senderId: f.sender.id, notes: settled[i]?.notes ?? [] })),
  )
  await auditMany(
    ctx,
    settled.flatMap(({ patientId, otherPatientIds }, i) =>
      [patientId, ...otherPatientIds].flatMap((id) => (id ? [{ action: 'integration.applied', patientId: id, objectId: ids[i] }] : [])),
    ),
  )

  const became = new Map(taken.map((f, i) => [f.key, settled[i]]))
  const first = new Set<string>()
  return keys.map(({ key, sender }) => {
    const now = became.get(key)
    const isRefused = now ? isBadHeader(now.reason) : isBadHeader(known.hashes.get(key) ?? null)
    const status = now && !first.has(key) ? now.status : 'duplicate'
    first.add(key)
    return { status, isRefused, sender }
  })
}

const isBadHeader = (reason: string | null) => reason === 'noHeader' || reason === 'noType'
const controlKey = (sender: SenderRow, one: Incoming) => `${sender.id} ${one.controlId}`
const keyOf = (sender: SenderRow, one: Incoming) => `${controlKey(sender, one)} ${one.hash.toString('base64')}`

export const mappingsOf = (senders: Iterable<Pick<SenderRow, 'mapping'>>) => [...senders].map((s) => s.mapping)

export function read(ctx: Context, { message }: Pick<Incoming, 'message'>, sender: SenderRow, own: readonly OwnField[]): Translation {
  const unread = { notes: [], sentAt: null, visitNumber: null }
  if (!message) return { ...unread, status: 'failed', reason: 'noHeader' }
  const setting = {
    mapping: mappingOf(sender),
    zone: sender.zone ?? ctx.hospital.zone,
    receivedAt: ctx.clock.now(),
    source: sender.id,
    own,
  }
  const translation = translated(ctx, message, setting)
  if (sender.isActive || translation.status === 'failed') return translation
  const { notes, sentAt, visitNumber } = translation
  return { notes, sentAt, visitNumber, status: 'waiting', reason: 'senderInactive' }
}

/** Whatever a message holds, it is kept and answered for: one that our own mistake trips over waits with the others that failed. */
function translated(ctx: Context, message: Message, setting: Setting): Translation {
  try {
    return translate(message, setting)
  } catch (error) {
    ctx.log.error({ err: error }, 'a message cannot be translated and waits in the inbox')
    return { notes: [], sentAt: null, visitNumber: null, status: 'failed', reason: 'unexpected' }
  }
}

type Known = { hashes: Map<string, string | null>; controlIds: Set<string> }

/** Which of these were taken before, and whose control ids were used before; a sender may use one and the same for ever. */
async function findKnown(ctx: Context, incoming: readonly Incoming[], senders: ReadonlyMap<string, SenderRow>): Promise<Known> {
  const { rows } = await sql<{ senderId: string; controlId: string; contentHash: Buffer; isTaken: boolean; reason: string | null }>`
    select w.sender_id, w.control_id, w.content_hash, m.id is not null as is_taken, m.reason
    from unnest(${incoming.map((i) => senders.get(addressKey(i))?.id ?? null)}::uuid[], ${incoming.map((i) => i.controlId)}::text[],
                ${incoming.map((i) => i.hash)}::bytea[]) as w (sender_id, control_id, content_hash)
    left join integration.messages m on m.sender_id = w.sender_id and m.control_id = w.control_id and m.content_hash = w.content_hash
    where m.id is not null or exists (select from integration.messages o where o.sender_id = w.sender_id and o.control_id = w.control_id)`.execute(
    ctx.db,
  )
  return {
    hashes: new Map(
      rows.filter((r) => r.isTaken).map((r) => [`${r.senderId} ${r.controlId} ${r.contentHash.toString('base64')}`, r.reason]),
    ),
    controlIds: new Set(rows.map((r) => `${r.senderId} ${r.controlId}`)),
  }
}

/** Notes as they go into the database, which takes neither a zero character nor half of a pair. */
export const notesOf = ({ notes }: Pick<Settled, 'notes'>): string | null =>
  notes.length > 0 ? JSON.stringify(notes.map((n) => ({ ...n, value: n.value.replaceAll('\0', '').toWellFormed() }))) : null

/** One statement for all of them; answers their ids. Fewer rows than messages: another door took one of them in this moment, and the whole is tried again. */
async function keep(ctx: Context, fresh: readonly Fresh[], settled: readonly Settled[]): Promise<string[]> {
  if (fresh.length === 0) return []
  const at = ctx.clock.now()
  const ids = fresh.map(() => newId(at.getTime())).toSorted() // of one moment, in the order of arrival
  const of = <T>(pick: (f: Fresh) => T) => fresh.map(pick)
  const became = <T>(pick: (s: Settled) => T) => settled.map(pick)
  const { numAffectedRows } = await sql`
    insert into integration.messages (id, sender_id, control_id, content_hash, received_at, sent_at, type, event, visit_number, charset, body,
      status, reason, detail, notes, reuses_control_id, patient_id, encounter_id, applied_at)
    select n.id, n.sender_id, n.control_id, n.content_hash, ${at}::timestamptz, n.sent_at, n.type, n.event, n.visit_number, n.charset, n.body,
      n.status, n.reason, n.detail, n.notes, n.reuses, n.patient_id, n.encounter_id, case when n.status = 'applied' then ${at}::timestamptz end
    from unnest(
      ${ids}::uuid[], ${of((f) => f.sender.id)}::uuid[], ${of((f) => f.incoming.controlId)}::text[],
      ${of((f) => f.incoming.hash)}::bytea[], ${became((s) => s.sentAt)}::timestamptz[], ${of((f) => column(f.incoming.message?.type))}::text[],
      ${of((f) => column(f.incoming.message?.event))}::text[], ${became((s) => (s.visitNumber ? column(s.visitNumber) : null))}::text[],
      ${of((f) => f.incoming.charset)}::text[], ${of((f) => sealBody(ctx, f.incoming))}::bytea[], ${became((s) => s.status)}::text[],
      ${became((s) => s.reason)}::text[], ${became((s) => s.detail)}::text[],
      ${became(notesOf)}::jsonb[],
      ${of((f) => f.reuses)}::boolean[], ${became((s) => s.patientId)}::uuid[], ${became((s) => s.encounterId)}::uuid[]
    ) as n (id, sender_id, control_id, content_hash, sent_at, type, event, visit_number, charset, body,
            status, reason, detail, notes, reuses, patient_id, encounter_id)
    on conflict do nothing`.execute(ctx.db)
  if (Number(numAffectedRows) < fresh.length) throw Object.assign(new Error('another door took one of these messages'), { code: '40001' })
  ctx.touched.add('integration')
  return ids
}
