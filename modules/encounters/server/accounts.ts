import { type Context, sql } from '@renxin/server'

/** What a source says of an account: of which visit it is, or into which other account it went (`null`: it stands for itself). */
export type AccountFact = { number: string; sourceAt: Date; visitNumber?: string; into?: string | null }

type Row = { number: string; visitNumber: string | null; visitSaidAt: Date | null; intoNumber: string | null; intoSaidAt: Date | null }

/** Each goes by the latest word. That an account took in another says of itself that it stands: so the opposite merge, said later, takes the first one back. */
export async function applyAccounts(ctx: Context, facts: readonly AccountFact[]): Promise<void> {
  if (facts.length === 0) return
  const rows = new Map<string, Row>()
  const rowOf = (number: string): Row => {
    const row = rows.get(number) ?? { number, visitNumber: null, visitSaidAt: null, intoNumber: null, intoSaidAt: null }
    rows.set(number, row)
    return row
  }
  const tellInto = (number: string, into: string | null, at: Date) => {
    const row = rowOf(number)
    if (row.intoSaidAt === null || at >= row.intoSaidAt) Object.assign(row, { intoNumber: into, intoSaidAt: at })
  }
  for (const { number, sourceAt, visitNumber, into } of facts) {
    const row = rowOf(number)
    if (visitNumber !== undefined && (row.visitSaidAt === null || sourceAt >= row.visitSaidAt))
      Object.assign(row, { visitNumber, visitSaidAt: sourceAt })
    if (into === undefined || into === number) continue
    tellInto(number, into, sourceAt)
    if (into !== null) tellInto(into, null, sourceAt)
  }
  const inOrder = [...rows.values()].sort((a, b) => (a.number < b.number ? -1 : 1)) // two who tell of the same never wait in a circle
  await sql`
    insert into encounters.accounts as a (number, visit_number, visit_said_at, into_number, into_said_at)
    select "number", "visitNumber", "visitSaidAt", "intoNumber", "intoSaidAt"
      from jsonb_to_recordset(${JSON.stringify(inOrder)}::jsonb) as n (
             "number" text, "visitNumber" text, "visitSaidAt" timestamptz, "intoNumber" text, "intoSaidAt" timestamptz)
    on conflict (hospital_id, number) do update set
      visit_number = case when excluded.visit_said_at >= coalesce(a.visit_said_at, '-infinity') then excluded.visit_number else a.visit_number end,
      visit_said_at = greatest(a.visit_said_at, excluded.visit_said_at),
      into_number = case when excluded.into_said_at >= coalesce(a.into_said_at, '-infinity') then excluded.into_number else a.into_number end,
      into_said_at = greatest(a.into_said_at, excluded.into_said_at)
      where excluded.into_said_at >= coalesce(a.into_said_at, '-infinity') or excluded.visit_said_at >= coalesce(a.visit_said_at, '-infinity')`.execute(
    ctx.db,
  )
  if (inOrder.some((r) => r.intoSaidAt !== null)) ctx.touched.add('encounters')
}

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
