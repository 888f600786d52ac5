import { type Context, sql } from '@renxin/server'
import type { Note, Profile } from '../../contract.ts'
import type { UnmappedCode } from '../../dead-letters-contract.ts'
import { hasMeaning, meaningsOf } from './remedies.ts'

const LONGEST = 100

type Seen = { senderId: string; notes: readonly Note[] }

/** Counts the codes without a meaning that some messages used. In one order, so that two doors never wait for each other in a circle. */
export async function noteUnmapped(ctx: Context, seen: readonly Seen[]): Promise<void> {
  const times = new Map<string, { senderId: string; field: string; code: string; times: number }>()
  for (const { senderId, notes } of seen)
    for (const note of notes) {
      if (note.code !== 'unknownCode') continue
      const code = note.value.replaceAll('\0', '').toWellFormed().slice(0, LONGEST)
      const key = `${senderId}\n${note.field}\n${code}`
      times.set(key, { senderId, field: note.field, code, times: (times.get(key)?.times ?? 0) + 1 })
    }
  if (times.size === 0) return
  const rows = [...times].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
  const at = ctx.clock.now()
  await sql`
    insert into integration.unmapped_codes as u (sender_id, field, code, times, first_at, last_at)
    select n.sender_id, n.field, n.code, n.times, ${at}::timestamptz, ${at}::timestamptz
    from unnest(${rows.map((r) => r.senderId)}::uuid[], ${rows.map((r) => r.field)}::text[], ${rows.map((r) => r.code)}::text[],
                ${rows.map((r) => r.times)}::int[]) as n (sender_id, field, code, times)
    on conflict on constraint unmapped_codes_pkey do update set times = u.times + excluded.times, last_at = excluded.last_at`.execute(
    ctx.db,
  )
}

/** The codes without a meaning, the most frequent first; one that was given a meaning since, wherever, is none any more. */
export async function listUnmapped(ctx: Context): Promise<{ rows: UnmappedCode[] }> {
  const { rows } = await sql<Omit<UnmappedCode, 'meanings' | 'firstAt' | 'lastAt'> & { mapping: Profile; firstAt: Date; lastAt: Date }>`
    select u.sender_id, s.name as sender_name, s.mapping, u.field, u.code, u.times, u.first_at, u.last_at
    from integration.unmapped_codes u join integration.senders s on s.id = u.sender_id
    order by u.times desc, u.last_at desc, u.sender_id, u.field, u.code limit 500`.execute(ctx.db)
  return {
    rows: rows
      .filter((r) => !hasMeaning(r.mapping, r.field, r.code))
      .map(({ mapping, firstAt, lastAt, ...row }) => ({
        ...row,
        firstAt: firstAt.toISOString(),
        lastAt: lastAt.toISOString(),
        meanings: [...meaningsOf(row.field)],
      })),
  }
}
