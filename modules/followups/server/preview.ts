import { addDays, houseErrors, type Input, yearsBetween } from '@renxin/kernel'
import { showName } from '@renxin/patients'
import { type Context, paged, sql, visibleTo } from '@renxin/server'
import { burdens, type previewApi, type Step, type Whom } from '../contract.ts'
import { anchorOf, isInState, matches } from './planning.ts'
import { codesOf } from './rules.ts'
import { stepRows } from './steps.ts'
import { db } from './tables.ts'
import { changedSince, hasLeft } from './vanished.ts'
import { loadMoves, windowOf } from './windows.ts'

type Api = typeof previewApi
type Asked = Input<Api['preview']>['what']

const PREVIEW_DAYS = 30

/** Whoever had the trigger, also those who are home again: a preview looks back. */
const hadTrigger = ({ trigger }: Pick<Whom, 'trigger'>) =>
  trigger === 'vanished'
    ? sql<boolean>`(${hasLeft})`
    : trigger === 'discharged'
      ? sql<boolean>`c.status = 'discharged'`
      : sql<boolean>`c.status in ('inProgress', 'discharged')`

/** Of whoever left a month ago, those who did not come back. */
const stateOf = ({ trigger }: Pick<Whom, 'trigger'>) => (trigger === 'vanished' ? isInState(trigger) : hadTrigger({ trigger }))

const isTaken = (ctx: Context, { id, trigger, rule, samplePercent }: Asked) =>
  matches({ programmeId: id, trigger, rule, samplePercent, onReturn: 'goOn' }, ctx.hospital.zone, stateOf({ trigger }))

/** Which of the variants a visit falls under; 0 where none is its department's. */
const variantOf = ({ variants }: Pick<Asked, 'variants'>) =>
  variants.length === 0
    ? sql<number>`0`
    : sql<number>`case ${sql.join(
        variants.map((ids, i) => sql`when c.department_id = any(${ids}::uuid[]) then ${sql.lit(i + 1)}`),
        sql` `,
      )} else 0 end`

const seen = (ctx: Context) =>
  visibleTo(ctx.actor, {
    department: 'c.departmentId',
    ward: 'c.wardId',
    ownPerson: ['c.attendingId', 'c.nurseId'],
    patient: 'c.patientId',
  })

/** How many the rule would have been for: in the last month, of how many there were, and yesterday. */
export async function previewProgramme(ctx: Context, { what }: Input<Api['preview']>) {
  const today = ctx.clock.today()
  const from = ctx.clock.at(addDays(today, -PREVIEW_DAYS))
  const [yesterday, midnight] = [ctx.clock.at(addDays(today, -1)), ctx.clock.at(today)]
  const counted = await sql<{ variant: number; all: number; matching: number; yesterday: number }>`
    select ${variantOf(what)} as variant, count(*)::int as all, count(*) filter (where taken)::int as matching,
           count(*) filter (where taken and x.anchor_at >= ${yesterday} and x.anchor_at < ${midnight})::int as yesterday
      from encounters.cards c
      cross join lateral (select ${anchorOf(what.trigger)} as anchor_at, c.id, c.patient_id) x
      join patients.cards p on p.id = c.patient_id
      cross join lateral (select ${isTaken(ctx, what)} as taken) y
     where ${hadTrigger(what)} and c.class = any(${what.rule.classes}) and c.status_at >= ${changedSince(what.trigger, from)}
       and x.anchor_at >= ${from} and x.anchor_at <= ${ctx.clock.now()} and ${seen(ctx)}
     group by 1`.execute(ctx.db)
  const sum = (of: 'all' | 'matching') => counted.rows.reduce((total, r) => total + r[of], 0)
  const yesterdayBy = new Map(counted.rows.map((r) => [r.variant, r.yesterday]))
  return {
    days: PREVIEW_DAYS,
    all: sum('all'),
    matching: sum('matching'),
    yesterday: Array.from({ length: what.variants.length + 1 }, (_, i) => yesterdayBy.get(i) ?? 0),
  }
}

/** Whom the rule takes, with what of each the rule looks at. */
export async function listWhom(ctx: Context, { what, from, to, ...cursor }: Input<Api['whom']>) {
  mayLook(ctx, what)
  const begin = ctx.clock.at(from)
  const query = db(ctx)
    .selectFrom('encounters.cards as c')
    .innerJoin(sql<{ anchorAt: Date }>`lateral (select ${anchorOf(what.trigger)} as anchor_at, c.id, c.patient_id)`.as('x'), (on) =>
      on.onTrue(),
    )
    .innerJoin('patients.cards as p', 'p.id', 'c.patientId')
    .where(hadTrigger(what))
    .where('c.statusAt', '>=', changedSince(what.trigger, begin))
    .where('x.anchorAt', '>=', begin)
    .where('x.anchorAt', '<', ctx.clock.at(addDays(to, 1)))
    .where(isTaken(ctx, what))
    .where(seen(ctx))
    .select(['c.id as encounterId', 'c.patientId', 'p.name as patientName', 'p.sex', 'p.birthOn', 'c.class', 'c.departmentId', 'c.wardId'])
    .select(['x.anchorAt', 'c.lengthOfStayDays as stayDays', 'c.mainDiagnosisCode', 'c.mainDiagnosisName'])
    .select(['c.everCritical', 'c.everSerious', 'c.everSpecialNursing', 'c.everLevelOne'])
    .select(variantOf(what).as('variant'))
  const { rows, next } = await paged(query, cursor, ['x.anchorAt', 'c.id'], 'desc')
  const units = await namesOf(ctx, rows.flatMap((r) => [r.departmentId, r.wardId])) // biome-ignore format: one thought
  return {
    rows: rows.map((r) => ({
      ...r,
      patientName: showName(ctx, r.patientName),
      age: r.birthOn === null ? null : yearsBetween(r.birthOn, ctx.clock.dayOf(r.anchorAt)),
      departmentName: units.get(r.departmentId ?? '') ?? null,
      wardName: units.get(r.wardId ?? '') ?? null,
      ever: burdens.filter((b) => r[b]),
      diagnosis: r.mainDiagnosisName === null ? null : { code: r.mainDiagnosisCode, name: r.mainDiagnosisName },
      range: rangeOf(r.mainDiagnosisCode, what.rule.diagnoses),
    })),
    next,
  }
}

/** The list shows patients to whoever writes programmes and may see follow-ups; to filter by what is kept from him is to see it. */
function mayLook(ctx: Context, { rule }: Pick<Asked, 'rule'>): void {
  const isKept = rule.diagnoses.length > 0 && ctx.actor.hidden?.has('diagnosis')
  if (isKept || !ctx.actor.may.has('followups.programmes')) throw houseErrors.forbidden({ permission: 'followups.programmes' })
}

async function namesOf(ctx: Context, ids: readonly (string | null)[]): Promise<ReadonlyMap<string, string>> {
  const rows = await db(ctx)
    .selectFrom('staff.unitCards')
    .where('id', '=', sql<string>`any(${[...new Set(ids.flatMap((id) => id ?? []))]}::uuid[])`)
    .select(['id', 'name'])
    .execute()
  return new Map(rows.map((r) => [r.id, r.name]))
}

const rangeOf = (code: string | null, ranges: readonly string[]): string | null =>
  (code !== null &&
    ranges.find((range) => {
      const { from, below } = codesOf(range)
      return code >= from && code < below
    })) ||
  null

/** The windows that planning would give to a patient of this moment: by the same statement. */
export async function previewDates(ctx: Context, { what }: Input<Api['dates']>) {
  const now = ctx.clock.now()
  const today = ctx.clock.today()
  const rows = rowsOf(what)
  const steps = rows.map((s) => ({ position: s.position, written: s.written, name: s.name, channel: s.channel, unit: s.unit, months: s.months, days: s.days, from_offset: s.fromOffset, by_offset: s.byOffset })) // biome-ignore format: one thought
  const furthest = Math.max(...rows.map((s) => s.months * 31 + (s.unit === 'days' ? s.fromOffset : s.fromOffset / 24)))
  const moves = await loadMoves(ctx, today, addDays(today, Math.ceil(furthest) + 1))
  const planned = await sql<{ name: string; written: number; dueFrom: Date; dueBy: Date; movedDays: number }>`
    select s.name, s.written, w.due_from, w.due_by, shift.days as moved_days
      from (select ${now}::timestamptz as anchor_at, ${today}::date as anchor_on) a
      cross join jsonb_to_recordset(${JSON.stringify(steps)}::jsonb)
        as s (position int, written int, name text, channel text, unit text, months int, days text, from_offset int, by_offset int)
      ${windowOf(ctx, moves)}
     order by s.position`.execute(ctx.db)
  return { rows: planned.rows }
}

/** Who does it, and what is asked, has no part in when it is. */
const rowsOf = ({ steps }: Input<Api['dates']>['what']) => stepRows({ steps: steps.map((s) => ({ ...by, ...s })), variants: [] })
const by = { assignee: 'centre', questionnaireId: null, tries: 1, triesPerDay: 1, waitMinutes: 1 } satisfies Partial<Step>
