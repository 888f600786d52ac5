import { nameIdentityClasses } from '@renxin/patients'
import { type Context, sql } from '@renxin/server'

const AT_ONCE = 20_000

/**
 * Visits that hold a word which the hospital's list calls otherwise now are brought to its name, when the list is saved and the rest by the clock. What was said of
 * each stays as it was said; visits that somebody is writing just now are left for the next time.
 */
export async function followClasses(ctx: Context): Promise<void> {
  const standing = await standingClasses(ctx)
  const nameOf = await nameIdentityClasses(ctx, standing)
  const moves = standing.map((word) => ({ word, name: nameOf(word) ?? word })).filter((m) => m.word !== m.name)
  if (moves.length === 0) return
  await sql`
    update encounters.encounters e set identity_class = f.name
      from (select q.id, m.name from unnest(${moves.map((m) => m.word)}::text[], ${moves.map((m) => m.name)}::text[]) as m (word, name)
              join encounters.encounters q on q.identity_class = m.word limit ${sql.lit(AT_ONCE)} for no key update of q skip locked) f
     where e.id = f.id`.execute(ctx.db)
  ctx.touched.add('encounters')
}

/** The different classes that stand in visits. */
async function standingClasses(ctx: Context): Promise<string[]> {
  const { rows } = await sql<{ value: string }>`
    with recursive step (value, n) as (
      (select identity_class, 1 from encounters.encounters where identity_class is not null order by identity_class limit 1)
      union all
      select (select identity_class from encounters.encounters where identity_class > s.value order by identity_class limit 1), s.n + 1
        from step s where s.value is not null and s.n < 500
    ) select value from step where value is not null`.execute(ctx.db)
  return rows.map((r) => r.value)
}
