import type { Input, Page, Reply } from '@renxin/kernel'
import { type Context, paged, sql } from '@renxin/server'
import { COUNT_MOST, type Conditions, type FieldDefinition, type ListedPatient, type listsApi, type patientsApi } from '../../contract.ts'
import type { Piece } from '../bulk.ts'
import { linesOf } from '../cards.ts'
import { patientVisible } from '../care.ts'
import { listFields } from '../fields/definitions.ts'
import { valuesOf } from '../fields/values.ts'
import { classChoices } from '../identity/classes.ts'
import { db } from '../tables.ts'
import { claimsOf } from './conditions.ts'

const standings = sql<{ patientId: string }>`patients.standings`.as('s')
const followups = sql<{ patientId: string }>`patients.followup_standings`.as('f')
const all = (claims: readonly Piece<boolean>[]) => sql<boolean>`${sql.join([...claims], sql` and `)}`

/** The patients for whom all this holds, the latest first, with the hospital's own fields that stand in lists. */
export async function listPatients(
  ctx: Context,
  { tagId, deceased, where, ...cursor }: Input<typeof patientsApi.list>,
): Promise<Page<ListedPatient>> {
  const conditions: Conditions = { ...where, ...(tagId ? { tagIds: [tagId] } : {}), ...(deceased ? { deceased } : {}) }
  const fields = await listFields(ctx)
  const claims = claimsOf(ctx, conditions, new Map(fields.map((f) => [f.id, f])))
  let query = db(ctx)
    .selectFrom('patients.patients as p')
    .select('p.id')
    .where('p.mergedInto', 'is', null)
    .where('p.isForgotten', '=', false)
    .where(patientVisible(ctx, 'p.id'))
  for (const claim of claims.ofPatient) query = query.where(claim)
  if (claims.ofStanding.length > 0) query = query.innerJoin(standings, 's.patientId', 'p.id').where(all(claims.ofStanding))
  if (claims.ofFollowup.length > 0) query = query.innerJoin(followups, 'f.patientId', 'p.id').where(all(claims.ofFollowup))
  const { rows, next } = await paged(query, cursor, ['p.id'], 'desc') // ids grow with time: the latest first
  const ids = rows.map((r) => r.id)
  const lines = await linesOf(ctx, ids)
  const own = await ownOf(ctx, fields.filter((f) => f.object === 'patient' && f.isActive && f.isInList && !f.isSensitive), ids) // biome-ignore format: one thought
  return { rows: lines.map((line) => ({ ...line, own: own.get(line.id) ?? {} })), next }
}

async function ownOf(ctx: Context, fields: readonly FieldDefinition[], ids: readonly string[]): Promise<Map<string, ListedPatient['own']>> {
  const values = await valuesOf(ctx, fields, ids)
  return new Map([...values].map(([id, mine]) => [id, Object.fromEntries(mine.map((v) => [v.fieldId, v.value]))]))
}

/** The ids of those for whom these conditions hold, as a query: what a segment and a count are made of. */
export async function matching(ctx: Context, conditions: Conditions): Promise<Piece<{ id: string }>> {
  const fields = conditions.fields?.length ? await listFields(ctx) : []
  const { ofPatient, ofStanding, ofFollowup } = claimsOf(ctx, conditions, new Map(fields.map((f) => [f.id, f])))
  const standing = ofStanding.length > 0 ? sql`join patients.standings s on s.patient_id = p.id` : sql``
  const followup = ofFollowup.length > 0 ? sql`join patients.followup_standings f on f.patient_id = p.id` : sql``
  return sql<{ id: string }>`
    select p.id from patients.patients p ${standing} ${followup}
     where p.merged_into is null and not p.is_forgotten and ${all([patientVisible(ctx, 'p.id'), ...ofPatient, ...ofStanding, ...ofFollowup])}`
}

/** How many there are; beyond ten thousand only that there are more. */
export async function countPatients(
  ctx: Context,
  { where = {} }: Input<typeof listsApi.count>,
): Promise<{ count: number; isMore: boolean }> {
  const found = await matching(ctx, where)
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from (${found} limit ${sql.lit(COUNT_MOST + 1)}) k`.execute(ctx.db)
  const n = rows[0]?.n ?? 0
  return { count: Math.min(n, COUNT_MOST), isMore: n > COUNT_MOST }
}

/** The values that stand in the files, each found by a step along its index and not by reading all of them. */
export async function listChoices(ctx: Context): Promise<Reply<typeof listsApi.choices>> {
  const of = async (column: 'payer' | 'district') => {
    const c = sql.raw(column)
    if (ctx.actor.scope !== 'hospital') {
      const { rows } = await sql<{ value: string }>`
        select distinct p.${c} as value from patients.patients p
         where p.merged_into is null and p.${c} is not null and ${patientVisible(ctx, 'p.id')} order by 1 limit 200`.execute(ctx.db)
      return rows.map((r) => r.value)
    }
    const { rows } = await sql<{ value: string }>`
      with recursive step (value, n) as (
        (select ${c}, 1 from patients.patients where merged_into is null and ${c} is not null order by ${c} limit 1)
        union all
        select (select ${c} from patients.patients where merged_into is null and ${c} > s.value order by ${c} limit 1), s.n + 1
          from step s where s.value is not null and s.n < 200
      ) select value from step where value is not null`.execute(ctx.db)
    return rows.map((r) => r.value)
  }
  return { payers: await of('payer'), identityClasses: await classChoices(ctx), districts: await of('district') }
}
