import { type Charset, explain, type Message, parseMessage } from '@renxin/hl7'
import type { Input } from '@renxin/kernel'
import { audit, type Context, sealText, sql } from '@renxin/server'
import { type ExplainedSegment, type integrationApi, integrationErrors, type RawMessage } from '../contract.ts'
import { changesOf } from './changes.ts'
import { factsOf } from './facts.ts'
import { getMessage } from './inbox.ts'
import { openBody } from './incoming.ts'
import { read } from './ingest.ts'
import { ownFieldsNamed } from './own-fields.ts'
import { load, lock, replay } from './replay.ts'
import { db } from './tables.ts'
import { type Watched, watch } from './watched.ts'

type Api = typeof integrationApi
const MOST_AT_ONCE = 200
const NO_ID = '00000000-0000-0000-0000-000000000000'
const MOST_IN_ONE_CALL = 1000

/** The whole text of a message, with its fields named and what it says: names and numbers of a person, so only for those who mend. */
export async function getRaw(ctx: Context, id: string): Promise<RawMessage> {
  const [kept] = await load(ctx, [id])
  if (!kept) throw integrationErrors.messageNotFound({ id })
  const row = await getMessage(ctx, id)
  const text = openBody(ctx, kept.body, forced(kept.sender.charset))
  const mended = kept.mended ? openBody(ctx, kept.mended) : null
  const message = parseMessage(mended ?? text)
  const own = await ownFieldsNamed(ctx, [kept.sender.mapping])
  const watched = message && watch(message)
  const said = watched && read(ctx, { message: watched.message }, { ...kept.sender, isActive: true }, own)
  return {
    id,
    patientId: row.patientId,
    text: shown(text),
    mended: mended && shown(mended),
    segments: message ? segmentsOf(message, watched) : [],
    facts: said ? factsOf(said) : [],
    ...(said ? await changesOf(ctx, row, said) : { changes: [], unchanged: 0 }),
  }
}

/** Puts another text beside the one that came, and reads it. */
export async function mendMessage(ctx: Context, { id, text, reason }: Input<Api['mend']>) {
  const message = parseMessage(text)
  if (!message) throw integrationErrors.notAMessage({ id })
  await openOnes(ctx, [id])
  await db(ctx)
    .updateTable('integration.messages')
    .set({ mended: sealText(ctx, `t${message.text}`) })
    .where('id', '=', id)
    .execute()
  await replay(ctx, [id])
  await noteByHand(ctx, [id], reason)
  return getMessage(ctx, id)
}

/** Reads a message again as it is: after its sender's mapping was put right, or what it needs has come. Applied ones too, which changes nothing but what a new mapping says otherwise. */
export async function replayMessage(ctx: Context, { id }: Input<Api['replay']>) {
  await replay(ctx, [id])
  await noteByHand(ctx, [id], null)
  return getMessage(ctx, id)
}

/** Reads again everything that waits for one and the same reason, or everything in which something was not understood, some at a time. */
export async function replayAll(ctx: Context, { cause, senderId, after }: Input<Api['replayAll']>) {
  const which =
    cause === 'notes' ? sql`m.notes is not null and m.status = 'applied'` : sql`m.status in ('waiting', 'failed') and m.reason = ${cause}`
  const { rows } = await sql<{ id: string }>`
    select m.id from integration.messages m
    where ${which} and (${senderId ?? null}::uuid is null or m.sender_id = ${senderId ?? null}::uuid) and m.id > ${after ?? NO_ID}::uuid
    order by m.id limit ${MOST_IN_ONE_CALL + 1}`.execute(ctx.db)
  const ids = rows.slice(0, MOST_IN_ONE_CALL).map((r) => r.id)
  let settled = 0
  for (let at = 0; at < ids.length; at += MOST_AT_ONCE) {
    const part = ids.slice(at, at + MOST_AT_ONCE)
    const became = await replay(ctx, part)
    await noteByHand(ctx, part, null)
    settled += became.filter((s) => (cause === 'notes' ? s.notes.length === 0 : s.status === 'applied' || s.status === 'ignored')).length
    for (const [i, { patientId }] of became.entries()) {
      if (patientId) await audit(ctx, { action: 'integration.replay', patientId, objectId: part[i] ?? null, reason: cause })
    }
  }
  return { settled, unsettled: ids.length - settled, next: rows.length > MOST_IN_ONE_CALL ? (ids.at(-1) ?? null) : null }
}

/** Closes a message that will never be applied: a person says so, and why. */
export async function setAside(ctx: Context, { id, reason }: Input<Api['setAside']>) {
  await openOnes(ctx, [id])
  await db(ctx).updateTable('integration.messages').set({ status: 'ignored', reason: 'setAside' }).where('id', '=', id).execute()
  await noteByHand(ctx, [id], reason)
  return getMessage(ctx, id)
}

/** Whatever a person does to a message stands with it: who, when and why. */
export const noteByHand = (ctx: Context, ids: readonly string[], reason: string | null) =>
  sql`
  update integration.messages m set mended_by = ${ctx.actor.id}::uuid, mended_by_name = ${ctx.actor.name}, mended_at = ${ctx.clock.now()}, mend_reason = ${reason}
  where m.id = any(${[...ids]}::uuid[])`.execute(ctx.db)

/** What is applied is not mended any more: the next message of its sender puts it right. */
async function openOnes(ctx: Context, ids: readonly string[]): Promise<void> {
  await lock(ctx, ids)
  const settled = await db(ctx)
    .selectFrom('integration.messages')
    .where('id', 'in', [...ids])
    .where('status', 'in', ['applied', 'ignored'])
    .select('id')
    .executeTakeFirst()
  if (settled) throw integrationErrors.alreadySettled({ id: settled.id })
}

/** `watched`: what was asked of the message when it was translated; then what nobody asked for is marked. */
export const segmentsOf = (message: Message, watched?: Watched): ExplainedSegment[] =>
  explain(message).map((s, at) => ({
    ...s,
    fields: s.fields.map((f) => ({ ...f, parts: [...f.parts], ...(watched && isUnread(watched, at, f) && { isUnread: true as const }) })),
  }))

/** Of the header and of the numbers of lines nothing is to be read. */
function isUnread({ isRead }: Watched, segment: number, { path, label }: ReturnType<typeof explain>[number]['fields'][number]): boolean {
  const field = Number(/-(\d+)/.exec(path)?.[1])
  return !path.startsWith('MSH-') && path !== 'EVN-1' && label?.en !== 'Set id' && !isRead(segment, field)
}

const forced = (charset: 'auto' | Charset): Charset | undefined => (charset === 'auto' ? undefined : charset)

/** Lines as a text field shows them. */
const shown = (text: string): string => text.replace(/\r\n?/g, '\n')
