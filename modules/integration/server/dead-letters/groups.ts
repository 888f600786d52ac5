import { parseMessage } from '@renxin/hl7'
import type { Input } from '@renxin/kernel'
import { type Context, sql } from '@renxin/server'
import type { Cause, Note, Profile } from '../../contract.ts'
import type { deadLettersApi, Group, Remedy, Sample } from '../../dead-letters-contract.ts'
import { mappingsOf, read } from '../ingest.ts'
import { type OwnField, ownFieldsNamed } from '../own-fields.ts'
import { load, textOf } from '../replay.ts'
import type { SenderRow } from '../tables.ts'
import { countLike, idsLike } from './like.ts'
import { meaningsOf, placeFor, replaced, withRemedy } from './remedies.ts'

type Api = typeof deadLettersApi

const MOST_READ = 10_000
const MOST_SAMPLES = 5
const FIRST = '00000000-0000-0000-0000-000000000000'
const LAST = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

type Row = {
  senderId: string
  senderName: string
  mapping: Profile
  cause: Cause
  detail: string | null
  field: string | null
  code: string | null
  messages: number
  firstAt: Date
  lastAt: Date
}

/** What did not apply, or not wholly, by sender, cause, detail, field and code: the largest first. */
export async function listGroups(ctx: Context): Promise<{ rows: Group[] }> {
  const { rows } = await sql<Row>`
    select g.*, s.name as sender_name, s.mapping from (
      select u.sender_id, u.reason as cause, u.detail, null as field, null as code, count(*)::int as messages,
        min(u.received_at) as first_at, max(u.received_at) as last_at
      from (select m.sender_id, m.reason, m.detail, m.received_at from integration.messages m
            where m.status in ('waiting', 'failed') order by m.id desc limit ${sql.lit(MOST_READ)}) u group by 1, 2, 3
      union all
      select n.sender_id, 'notes', null, note ->> 'field', case when note ->> 'code' = 'unknownCode' then note ->> 'value' end, count(*)::int,
        min(n.received_at), max(n.received_at)
      from (select m.sender_id, m.notes, m.received_at from integration.messages m
            where m.notes is not null and m.status = 'applied' order by m.id desc limit ${sql.lit(MOST_READ)}) n,
        lateral jsonb_array_elements(n.notes) note group by 1, 4, 5
    ) g join integration.senders s on s.id = g.sender_id
    order by g.cause = 'notes', g.messages desc, g.last_at desc limit 300`.execute(ctx.db)
  return {
    rows: rows.map(({ mapping, firstAt, lastAt, ...row }) => ({
      ...row,
      firstAt: firstAt.toISOString(),
      lastAt: lastAt.toISOString(),
      meanings: row.code === null ? [] : [...meaningsOf(row.field)],
      place: placeFor(row.cause, mapping),
    })),
  }
}

/** What a remedy would do to the first few; nothing is kept. */
export async function tryRemedy(ctx: Context, { like, remedy }: Input<Api['tryRemedy']>): Promise<{ rows: Sample[]; total: number }> {
  const ids = await idsLike(ctx, like, { after: FIRST, until: LAST, limit: MOST_SAMPLES })
  const total = await countLike(ctx, like, MOST_READ)
  if (ids.length === 0) return { rows: [], total }
  const { rows } = await sql<{ id: string; patientId: string | null; status: string; reason: Sample['before']['reason'] }>`
    select m.id, m.patient_id, m.status, m.reason from integration.messages m where m.id = any(${ids}::uuid[])`.execute(ctx.db)
  const known = new Map(rows.map((r) => [r.id, r]))
  const kept = await load(ctx, ids)
  const own = await ownFieldsNamed(ctx, mappingsOf(kept.map((k) => k.sender)))
  return {
    total,
    rows: kept.flatMap((k) => {
      const row = known.get(k.id)
      if (!row) return []
      const text = textOf(ctx, k)
      const after = tried(ctx, text, k.sender, remedy, own)
      return [{ id: k.id, patientId: row.patientId, before: { status: row.status, reason: row.reason }, ...after }]
    }),
  }
}

function tried(
  ctx: Context,
  text: string,
  sender: SenderRow,
  remedy: Remedy,
  own: readonly OwnField[],
): Pick<Sample, 'lines' | 'after' | 'notes'> {
  if (remedy.kind === 'aside') return { lines: [], after: { status: 'ignored', reason: 'setAside' }, notes: [] }
  const mended = remedy.kind === 'text' ? replaced(text, remedy) : text
  const changed: SenderRow =
    remedy.kind === 'place' || remedy.kind === 'meaning'
      ? { ...sender, id: `${sender.id} tried`, mapping: withRemedy(sender.mapping, remedy) }
      : sender
  const said: { status: string; reason: Sample['after']['reason']; notes: Note[] } = read(
    ctx,
    { message: parseMessage(mended) },
    changed,
    own,
  )
  return { lines: linesOf(text, mended), after: { status: said.status, reason: said.reason }, notes: said.notes }
}

const linesOf = (before: string, after: string): Sample['lines'] => {
  const changed = after.split(/[\r\n]+/)
  return before.split(/[\r\n]+/).flatMap((line, i) => (line === changed[i] ? [] : [{ before: line, after: changed[i] ?? '' }]))
}
