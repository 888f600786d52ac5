import { type Context, sql } from '@renxin/server'

/** The accounts whose charges are of a visit that has these numbers. */
export async function accountsOf(ctx: Context, visitNumbers: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ number: string }>`
    with recursive below (number) as (
      select number from encounters.accounts where visit_number = any(${[...visitNumbers]}::text[])
      union select n from unnest(${[...visitNumbers]}::text[]) as n
      union select a.number from below b join encounters.accounts a on a.into_number = b.number
    )
    select number from below where encounters.visit_of_account(number) = any(${[...visitNumbers]}::text[])`.execute(ctx.db)
  return rows.map((r) => r.number)
}
