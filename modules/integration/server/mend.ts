import { type Charset, explain, parseMessage } from '@renxin/hl7'
import type { Input } from '@renxin/kernel'
import { audit, type Context, sealText, sql } from '@renxin/server'
import { type ExplainedSegment, type Fact, type integrationApi, integrationErrors, type RawMessage } from '../contract.ts'
import { getMessage } from './inbox.ts'
import { openBody } from './incoming.ts'
import { read } from './ingest.ts'
import { load, lock, replay } from './replay.ts'
import { db } from './tables.ts'
import type { Translation } from './translate.ts'

type Api = typeof integrationApi
const MOST_AT_ONCE = 200
const MOST_IN_ONE_CALL = 2000

/** The whole text of a message, with its fields named and what it says: names and numbers of a person, so only for those who mend. */
export async function getRaw(ctx: Context, id: string): Promise<RawMessage> {
  const [kept] = await load(ctx, [id])
  if (!kept) throw integrationErrors.messageNotFound({ id })
  const { patientId } = await getMessage(ctx, id)
  const text = openBody(ctx, kept.body, forced(kept.sender.charset))
  const mended = kept.mended ? openBody(ctx, kept.mended) : null
  const message = parseMessage(mended ?? text)
  const facts = message ? factsOf(read(ctx, { message }, { ...kept.sender, isActive: true })) : []
  return { id, patientId, text: shown(text), mended: mended && shown(mended), segments: message ? segmentsOf(message) : [], facts }
}

/** Puts another text beside the one that came, and reads it. */
export async function mendMessage(ctx: Context, { id, text }: Input<Api['mend']>) {
  const message = parseMessage(text)
  if (!message) throw integrationErrors.notAMessage({ id })
  await openOnes(ctx, [id])
  await db(ctx)
    .updateTable('integration.messages')
    .set({ mended: sealText(ctx, `t${message.text}`) })
    .where('id', '=', id)
    .execute()
  await replay(ctx, [id])
  return getMessage(ctx, id)
}

/** Reads a message again as it is: after its sender's mapping was put right, or what it needs has come. Applied ones too, which changes nothing but what a new mapping says otherwise. */
export async function replayMessage(ctx: Context, { id }: Input<Api['replay']>) {
  await replay(ctx, [id])
  return getMessage(ctx, id)
}

/** Reads again everything that waits for one and the same reason. */
export async function replayAll(ctx: Context, { cause, senderId }: Input<Api['replayAll']>) {
  const { rows } = await sql<{ id: string }>`
    select id from integration.messages
    where status in ('waiting', 'failed') and reason = ${cause} and (${senderId ?? null}::uuid is null or sender_id = ${senderId ?? null}::uuid)
    order by id limit ${MOST_IN_ONE_CALL + 1}`.execute(ctx.db)
  const ids = rows.slice(0, MOST_IN_ONE_CALL).map((r) => r.id)
  let applied = 0
  for (let at = 0; at < ids.length; at += MOST_AT_ONCE) {
    const part = ids.slice(at, at + MOST_AT_ONCE)
    const settled = await replay(ctx, part)
    applied += settled.filter((s) => s.status === 'applied').length
    for (const [i, { patientId }] of settled.entries()) {
      if (patientId) await audit(ctx, { action: 'integration.replay', patientId, objectId: part[i] ?? null, reason: cause })
    }
  }
  return { applied, unsettled: ids.length - applied, left: rows.length > MOST_IN_ONE_CALL }
}

/** Closes a message that will never be applied: a person says so, and why. */
export async function setAside(ctx: Context, { id }: Input<Api['setAside']>) {
  await openOnes(ctx, [id])
  await db(ctx).updateTable('integration.messages').set({ status: 'ignored', reason: 'setAside' }).where('id', '=', id).execute()
  return getMessage(ctx, id)
}

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

export const segmentsOf = (message: Parameters<typeof explain>[0]): ExplainedSegment[] =>
  explain(message).map((s) => ({ ...s, fields: s.fields.map((f) => ({ ...f, parts: [...f.parts] })) }))

/** What a translation says, one line each. */
export function factsOf({ person, visit }: Pick<Translation, 'person' | 'visit'>): Fact[] {
  const list = (about: Fact['about'], facts: object | undefined): Fact[] =>
    Object.entries(facts ?? {}).map(([field, value]) => ({ about, field, value: textOf(value) }))
  return [...list('patient', person), ...list('encounter', visit)]
}

function textOf(value: unknown): string {
  if (value === null) return '—'
  if (value instanceof Date) return value.toISOString()
  if (typeof value !== 'object') return String(value)
  if (Array.isArray(value)) return value.map(textOf).join('；')
  return Object.values(value)
    .filter((v) => v !== undefined && v !== null && v !== '')
    .map(textOf)
    .join(' ')
}

const forced = (charset: 'auto' | 'utf-8' | 'gb18030'): Charset | undefined => (charset === 'auto' ? undefined : charset)

/** Lines as a text field shows them. */
const shown = (text: string): string => text.replace(/\r\n?/g, '\n')
