import { type Context, sql } from '@renxin/server'
import { integrationErrors } from '../contract.ts'
import { applyAll, type Settled } from './apply.ts'
import { openBody, openMessage } from './incoming.ts'
import { mappingsOf, notesOf, read } from './ingest.ts'
import { ownFieldsNamed } from './own-fields.ts'
import type { MessageTable, SenderRow } from './tables.ts'

type Kept = Pick<MessageTable, 'id' | 'body' | 'mended'> & { sender: SenderRow }

/** Reads messages that were kept once more, in the order of their arrival, with what is known of their senders now. */
export async function replay(ctx: Context, ids: readonly string[]): Promise<Settled[]> {
  const kept = await lock(ctx, ids)
  const own = await ownFieldsNamed(ctx, mappingsOf(kept.map((k) => k.sender)))
  const settled = await applyAll(
    ctx,
    kept.map((k) => read(ctx, { message: openMessage(textOf(ctx, k)) }, k.sender, own)),
  )
  await note(ctx, kept, settled)
  return settled
}

export const textOf = (ctx: Pick<Context, 'keys'>, { body, mended, sender }: Kept): string =>
  mended ? openBody(ctx, mended) : openBody(ctx, body, sender.charset === 'auto' ? undefined : sender.charset)

export const lock = (ctx: Context, ids: readonly string[]): Promise<Kept[]> => load(ctx, ids, sql`for update of m`)

export async function load(ctx: Context, ids: readonly string[], how = sql``): Promise<Kept[]> {
  const { rows } = await sql<Kept>`
    select m.id, m.body, m.mended,
      jsonb_build_object('id', s.id, 'charset', s.charset, 'zone', s.zone, 'isActive', s.is_active, 'mapping', s.mapping, 'changedAt', s.changed_at) as sender
    from integration.messages m join integration.senders s on s.id = m.sender_id
    where m.id = any(${[...ids]}::uuid[]) order by m.id ${how}`.execute(ctx.db)
  if (rows.length === 0) throw integrationErrors.messageNotFound()
  return rows.map((r) => ({ ...r, sender: { ...r.sender, changedAt: new Date(r.sender.changedAt) } }))
}

async function note(ctx: Context, kept: readonly Kept[], settled: readonly Settled[]): Promise<void> {
  const at = ctx.clock.now()
  const became = <T>(pick: (s: Settled) => T) => settled.map(pick)
  await sql`
    update integration.messages m set status = n.status, reason = n.reason, detail = n.detail, notes = n.notes, sent_at = n.sent_at,
      visit_number = n.visit_number, patient_id = coalesce(n.patient_id, m.patient_id), encounter_id = coalesce(n.encounter_id, m.encounter_id),
      attempts = m.attempts + 1, applied_at = case when n.status = 'applied' then ${at}::timestamptz end
    from unnest(${kept.map((k) => k.id)}::uuid[], ${became((s) => s.status)}::text[], ${became((s) => s.reason)}::text[], ${became((s) => s.detail)}::text[],
      ${became(notesOf)}::jsonb[], ${became((s) => s.sentAt)}::timestamptz[],
      ${became((s) => s.visitNumber)}::text[], ${became((s) => s.patientId)}::uuid[], ${became((s) => s.encounterId)}::uuid[]
    ) as n (id, status, reason, detail, notes, sent_at, visit_number, patient_id, encounter_id)
    where m.id = n.id`.execute(ctx.db)
  ctx.touched.add('integration')
}
