import { type Context, sql } from '@renxin/server'
import { applyEncounterFacts } from './apply-facts.ts'
import { accountLock, lockOwners, moveCharges } from './records/move-records.ts'

/**
 * What a source says of an account: of which visit it is, into which other account it went (`null`: it stands for itself), or that it is this patient's, whoever's
 * it was (`ownerId`).
 */
export type AccountFact = { number: string; sourceAt: Date; visitNumber?: string; into?: string | null; ownerId?: string }

type Row = {
  number: string
  visitNumber: string | null
  visitSaidAt: Date | null
  intoNumber: string | null
  intoSaidAt: Date | null
  ownerId: string | null
  ownerSaidAt: Date | null
}

const unsaid = { visitNumber: null, visitSaidAt: null, intoNumber: null, intoSaidAt: null, ownerId: null, ownerSaidAt: null }

/** Each goes by the latest word. That an account took in another says of itself that it stands: so the opposite merge, said later, takes the first one back. */
export async function applyAccounts(ctx: Context, facts: readonly AccountFact[]): Promise<void> {
  if (facts.length === 0) return
  const rows = new Map<string, Row>()
  const rowOf = (number: string): Row => {
    const row = rows.get(number) ?? { ...unsaid, number }
    rows.set(number, row)
    return row
  }
  const tellInto = (number: string, into: string | null, at: Date) => {
    const row = rowOf(number)
    if (row.intoSaidAt === null || at >= row.intoSaidAt) Object.assign(row, { intoNumber: into, intoSaidAt: at })
  }
  for (const { number, sourceAt, visitNumber, into, ownerId } of facts) {
    const row = rowOf(number)
    if (visitNumber !== undefined && (row.visitSaidAt === null || sourceAt >= row.visitSaidAt))
      Object.assign(row, { visitNumber, visitSaidAt: sourceAt })
    if (ownerId !== undefined && (row.ownerSaidAt === null || sourceAt >= row.ownerSaidAt))
      Object.assign(row, { ownerId, ownerSaidAt: sourceAt })
    if (into === undefined || into === number) continue
    tellInto(number, into, sourceAt)
    if (into !== null) tellInto(into, null, sourceAt)
  }
  const inOrder = [...rows.values()].sort((a, b) => (a.number < b.number ? -1 : 1)) // two who tell of the same never wait in a circle
  const moving = inOrder.filter((r) => r.ownerSaidAt !== null || r.intoSaidAt !== null).map((r) => r.number)
  if (moving.length > 0) await lockOwners(ctx, [], [], moving.map(accountLock)) // biome-ignore format: one thought
  await sql`
    insert into encounters.accounts as a (number, visit_number, visit_said_at, into_number, into_said_at, owner_id, owner_said_at)
    select "number", "visitNumber", "visitSaidAt", "intoNumber", "intoSaidAt", "ownerId", "ownerSaidAt"
      from jsonb_to_recordset(${JSON.stringify(inOrder)}::jsonb) as n (
             "number" text, "visitNumber" text, "visitSaidAt" timestamptz, "intoNumber" text, "intoSaidAt" timestamptz, "ownerId" uuid, "ownerSaidAt" timestamptz)
    on conflict (hospital_id, number) do update set ${sql.join(latest)}
      where ${sql.join(latestSaid, sql` or `)}`.execute(ctx.db)
  if (moving.length > 0) await moveCharges(ctx, moving)
  await moveVisits(ctx, inOrder.map((r) => r.number)) // biome-ignore format: one thought
  if (moving.length > 0) ctx.touched.add('encounters')
}

const words = [
  ['visit_number', 'visit_said_at'],
  ['into_number', 'into_said_at'],
  ['owner_id', 'owner_said_at'],
] as const
const isLater = (at: string) => sql`excluded.${sql.ref(at)} >= coalesce(a.${sql.ref(at)}, '-infinity')`
const latestSaid = words.map(([, at]) => isLater(at))
const latest = words.flatMap(([word, at]) => [
  sql`${sql.ref(word)} = case when ${isLater(at)} then excluded.${sql.ref(word)} else a.${sql.ref(word)} end`,
  sql`${sql.ref(at)} = greatest(a.${sql.ref(at)}, excluded.${sql.ref(at)})`,
])

/** With an account that was moved goes the visit that it is of, whichever of the two was heard of first: a statement about the visit, as any other. */
async function moveVisits(ctx: Context, numbers: readonly string[]): Promise<void> {
  const { rows } = await sql<{ number: string; ownerId: string; ownerSaidAt: Date }>`
    select distinct a.visit_number as number, a.owner_id, a.owner_said_at from encounters.accounts a
      join encounters.encounters e on e.number = a.visit_number
     where a.number = any(${[...numbers]}::text[]) and a.owner_id is not null order by 1`.execute(ctx.db)
  await applyEncounterFacts(
    ctx,
    rows.map(({ number, ownerId, ownerSaidAt }) => ({ number, patientId: ownerId, event: 'update', sourceAt: ownerSaidAt })),
  )
}
