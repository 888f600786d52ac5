import { houseErrors } from '@renxin/kernel'
import { type Context, sql, unveiled } from '@renxin/server'
import { riskErrors } from '../contract.ts'
import { LONG_STAY_DAYS, type RiskReason, riskClasses, riskOrder, VERY_OLD_YEARS } from './risk-rules.ts'
import { db } from './tables.ts'

// The rule of `risk-rules.ts` in SQL, for statements that plan thousands. A test holds the two together.

type Sql = ReturnType<typeof sql>

const claims = {
  everCritical: sql`c.ever_critical`,
  againstAdvice: sql`c.disposition = '4'`,
  everSerious: sql`c.ever_serious`,
  intensiveNursing: sql`(c.ever_special_nursing or c.ever_level_one)`,
  veryOld: sql`p.birth_on <= a.anchor_on - make_interval(years => ${sql.lit(VERY_OLD_YEARS)})`,
  longStay: sql`c.length_of_stay_days > ${sql.lit(LONG_STAY_DAYS)}`,
} satisfies Partial<Record<RiskReason, Sql>>

const reasonsBy = (all: Partial<Record<RiskReason, Sql>>) =>
  sql`array_remove(array[${sql.join(
    riskOrder.flatMap((reason) => {
      const claim = all[reason]
      return claim ? [sql`case when ${claim} then ${sql.lit(reason)} end`] : []
    }),
  )}]::text[], null)`

/** What the stay `c` of patient `p`, anchored at `a`, says of it. */
export const reasonsOfStay = reasonsBy(claims)

const firsts = riskOrder.filter((r) => riskClasses[r] === 'first')
export const priorityBy = (reasons: Sql) => sql`
  case when ${reasons} && array[${sql.join(firsts.map((r) => sql.lit(r)))}]::text[] then 1 when cardinality(${reasons}) > 0 then 2 else 3 end`
export const riskBy = (priority: Sql, reasons: Sql) => sql`((3 - ${priority}) * 24 + least(greatest(cardinality(${reasons}) - 1, 0), 6))`

/** What may change without news of the visit. */
const moving = sql`array['redFlagOpen', 'redFlagLast', 'openComplaint', 'livesAlone']`
const isMoving = sql`(t.is_open and t.risk_reasons && ${moving})`

const aloneGroup = sql`(select s.alone_group_id from followups.risk_settings s)`
const openComplaints = sql`feedback.opinion_rows o where o.kind = 'complaint' and o.status <> 'noted' and o.closed_at is null`
const all = {
  ...claims,
  redFlagOpen: sql`exists (select from followups.flags f where f.patient_id = t.patient_id and f.status = 'open')`,
  redFlagLast: sql`
    exists (select from followups.flags f where f.patient_id = t.patient_id and f.status = 'closed'
              and not exists (select from surveys.response_cards r where r.patient_id = t.patient_id and r.id <> f.response_id and r.completed_at > f.raised_at))`,
  openComplaint: sql`exists (select from ${openComplaints} and o.patient_id = t.patient_id)`,
  livesAlone: sql`exists (select from patients.group_members g where g.patient_id = t.patient_id and g.group_id = ${aloneGroup})`,
} satisfies Record<RiskReason, Sql>

const AT_ONCE = 2000

/**
 * Puts the open tasks of these patients in their place by what is known now, where something is known beside the stay or was until now. What somebody hastened by hand
 * keeps its priority. Reckoned from how things are, whatever told of a change.
 */
export async function refreshRisk(ctx: Context, patientIds: readonly string[]): Promise<void> {
  for (let from = 0; from < patientIds.length; from += AT_ONCE) await refresh(ctx, patientIds.slice(from, from + AT_ONCE))
}

async function refresh(ctx: Context, patientIds: string[]): Promise<void> {
  const among = (column: string) => sql`${sql.ref(column)} = any(${patientIds}::uuid[])`
  const { rows } = await sql<{ patientId: string }>`
    select f.patient_id from followups.flags f where ${among('f.patientId')} and f.status <> 'withdrawn'
    union select o.patient_id from ${openComplaints} and ${among('o.patientId')}
    union select g.patient_id from patients.group_members g where ${among('g.patientId')} and g.group_id = ${aloneGroup}
    union select t.patient_id from followups.tasks t where ${among('t.patientId')} and ${isMoving}`.execute(ctx.db)
  if (rows.length === 0) return // nearly everybody: the stay has said all when the task was planned
  const done = await sql`
    update followups.tasks t
       set risk_reasons = n.reasons, risk = n.risk, queue_at = t.due_by - n.risk * interval '1 hour',
           priority = case when t.priority_reason = 'byHand' then t.priority else n.priority end,
           priority_reason = case when t.priority_reason = 'byHand' then 'byHand' else n.reasons[1] end
      from (select t.id, r.reasons, u.priority, ${riskBy(sql`case when t.priority_reason = 'byHand' then t.priority else u.priority end`, sql`r.reasons`)} as risk
              from followups.tasks t
              join followups.enrolments a on a.encounter_id = t.encounter_id and a.programme_id = t.programme_id
              join encounters.cards c on c.id = t.encounter_id
              join patients.cards p on p.id = t.patient_id
              cross join lateral (select ${reasonsBy(all)} as reasons) r
              cross join lateral (select ${priorityBy(sql`r.reasons`)} as priority) u
             where t.patient_id = any(${rows.map((r) => r.patientId)}::uuid[]) and t.is_open) n
     where t.id = n.id and (t.risk_reasons <> n.reasons or t.risk <> n.risk)`.execute(ctx.db)
  if ((done.numAffectedRows ?? 0n) > 0n) ctx.touched.add('followups')
}

/** Segments are reckoned without news of each member: those who joined or left the group of people who live alone are found by looking, some at a time. */
export async function followAlone(ctx: Context): Promise<void> {
  const { rows } = await sql<{ patientId: string }>`
    (select distinct g.patient_id from patients.group_members g
       join followups.tasks t on t.patient_id = g.patient_id and t.is_open and not ('livesAlone' = any(t.risk_reasons))
      where g.group_id = ${aloneGroup} limit ${sql.lit(AT_ONCE)})
    union
    (select distinct t.patient_id from followups.tasks t
      where ${isMoving} and 'livesAlone' = any(t.risk_reasons)
        and not exists (select from patients.group_members g where g.patient_id = t.patient_id and g.group_id = ${aloneGroup}) limit ${sql.lit(AT_ONCE)})`.execute(
    ctx.db,
  )
  await refreshRisk(ctx, rows.map((r) => r.patientId)) // biome-ignore format: one thought
}

/** The groups among which a hospital chooses, and the one that it chose. */
export async function readRiskSettings(ctx: Context) {
  const groups = await db(ctx)
    .selectFrom('patients.groupCards')
    .where('isActive', '=', true)
    .select(['id', 'kind', 'name'])
    .orderBy('kind')
    .orderBy('name')
    .limit(500)
    .execute()
  const set = await db(ctx).selectFrom('followups.riskSettings').select('aloneGroupId').executeTakeFirst()
  return { groups, aloneGroupId: set?.aloneGroupId ?? null }
}

export async function saveRiskSettings(ctx: Context, { aloneGroupId }: { aloneGroupId: string | null }) {
  if (ctx.actor.scope !== 'hospital') throw houseErrors.forbidden({ permission: 'followups.programmes' }) // the order is the hospital's, not a department's
  const before = await readRiskSettings(ctx)
  if (aloneGroupId !== null && !before.groups.some((g) => g.id === aloneGroupId)) throw riskErrors.groupUnknown({ id: aloneGroupId })
  const set = { aloneGroupId, setAt: ctx.clock.now(), setBy: ctx.actor.id }
  await db(ctx)
    .insertInto('followups.riskSettings')
    .values(set)
    .onConflict((c) => c.constraint('risk_settings_pkey').doUpdateSet(set))
    .execute()
  await unveiled(ctx, () => followAlone(ctx))
  return { ...before, aloneGroupId }
}
