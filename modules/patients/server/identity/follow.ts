import { type Context, sql } from '@renxin/server'
import { listedClass, wordKey } from '../../person/identity-class.ts'
import { rowsAs } from '../bulk.ts'
import { saveDrafts, takeForWriting } from '../drafts.ts'
import { classesByKey, standingClasses } from './words.ts'

const AT_ONCE = 20_000
const JOINED_AT_ONCE = 200

/**
 * When the list is saved, and by the clock: files that hold a word which the list calls otherwise now are brought to its name. When it was said stays as it was, so that nothing that
 * a system says afterwards is lost. Files that somebody is writing just now are left for the next time.
 */
export async function followClasses(ctx: Context): Promise<void> {
  const standing = await standingClasses(ctx)
  const names = await classesByKey(ctx, standing.map(wordKey))
  const moves = standing.map((word) => ({ word, name: listedClass(names, word) })).filter((m) => m.word !== m.name)
  if (moves.length === 0) return
  const those = rowsAs('m', { word: 'text', name: 'text' }, moves)
  await sql`
    update patients.patients p set identity_class = f.name
      from (select q.id, m.name from ${those} join patients.patients q on q.identity_class = m.word
             where q.merged_into is null and not q.is_joined limit ${sql.lit(AT_ONCE)} for no key update of q skip locked) f
     where p.id = f.id`.execute(ctx.db)
  await followJoined(ctx, moves.map((m) => m.word)) // biome-ignore format: one thought
  ctx.touched.add('patients')
}

/** Of files that are one person now it is changed in what each of them says by itself: what is shown is put together from it. */
async function followJoined(ctx: Context, words: readonly string[]): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select id from patients.patients where identity_class = any(${[...words]}::text[]) and merged_into is null and is_joined
     order by id limit ${sql.lit(JOINED_AT_ONCE)} for no key update skip locked`.execute(ctx.db)
  if (rows.length === 0) return
  const taken = await takeForWriting(ctx, rows.map((r) => r.id), { contacts: false }) // biome-ignore format: one thought
  const drafts = taken.groups.flatMap((group) => [...group.members.values()]).filter((d) => d.row.identityClass !== null)
  const names = await classesByKey(ctx, drafts.map((d) => wordKey(d.row.identityClass ?? ''))) // biome-ignore format: one thought
  for (const { row } of drafts) row.identityClass = listedClass(names, row.identityClass)
  await saveDrafts(ctx, drafts, taken)
}
