import { type Context, sql, unveiled } from '@renxin/server'
import { type Draw, type DrawnDepartment, levelErrors, type Redrawn } from '../../contract.ts'
import { db } from '../tables.ts'
import { drawSample, lastDayOf, monthBefore, startOf } from './draw-rules.ts'
import { countGone, countWaiting } from './frame.ts'
import { findDrawable, getSettings, rulesByDepartment } from './settings.ts'

const MOST_DEPARTMENTS = 1000

/** What the draws of a month came to, a row for each department of which somebody went home. */
export async function listDraws(ctx: Context, { month }: { month: string }) {
  const settings = await getSettings(ctx)
  const drawable = await findDrawable(ctx)
  const rules = await rulesByDepartment(ctx)
  const draws = await drawsOf(ctx, month)
  const present = ctx.clock.today().slice(0, 7)
  const isDrawable = drawable && (month === present || month === monthBefore(present))
  const waiting = isDrawable
    ? await unveiled(ctx, () => countWaiting(ctx, drawable, `${month}-01`, lastDayOf(month)))
    : new Map<string, number>()
  const done = await tasksDoneOf(ctx, month)
  const ids = [...new Set([...draws.map((d) => d.departmentId), ...waiting.keys()])]
  const units = await db(ctx)
    .selectFrom('staff.unitCards')
    .where('id', '=', sql<string>`any(${ids}::uuid[])`)
    .select(['id', 'name'])
    .orderBy('name')
    .limit(MOST_DEPARTMENTS)
    .execute()
  const rows = units.map((unit): DrawnDepartment => {
    const of = draws.filter((d) => d.departmentId === unit.id)
    const last = of.at(-1)
    return {
      departmentId: unit.id,
      departmentName: unit.name,
      discharged: last ? last.frameBefore + last.discharged : 0,
      leftOut: last ? last.discharged - last.frame : 0,
      frame: last ? last.frameBefore + last.frame : 0,
      drawn: last ? last.drawnBefore + last.drawn : 0,
      sharePercent: rules.get(unit.id)?.samplePercent ?? settings.samplePercent,
      waiting: waiting.get(unit.id) ?? 0,
      tasksDone: done.get(unit.id) ?? 0,
      draws: of.map(({ id, untilOn, frame, drawn }) => ({ id, untilOn, frame, drawn })),
    }
  })
  return { month, programme: drawable ? { id: drawable.programmeId, name: drawable.name } : null, settings, rows }
}

const drawsOf = (ctx: Context, month: string) =>
  db(ctx)
    .selectFrom('followups.draws')
    .where('level', '=', 'centre')
    .where('month', '=', `${month}-01`)
    .select(['id', 'departmentId', 'untilOn', 'discharged', 'frameBefore', 'drawnBefore', 'frame', 'drawn'])
    .orderBy('departmentId')
    .orderBy('untilOn')
    .limit(MOST_DEPARTMENTS * 31)
    .execute()

async function tasksDoneOf(ctx: Context, month: string): Promise<ReadonlyMap<string, number>> {
  const { rows } = await unveiled(ctx, () =>
    sql<{ departmentId: string; n: number }>`
      select d.department_id, count(distinct f.encounter_id)::int as n
        from followups.draws d
        join followups.draw_frame f on f.draw_id = d.id and f.is_drawn
        join followups.tasks t on t.encounter_id = f.encounter_id and t.programme_id = d.programme_id and t.status = 'done'
       where d.level = 'centre' and d.month = ${`${month}-01`} group by 1`.execute(ctx.db),
  )
  return new Map(rows.map((r) => [r.departmentId, r.n]))
}

/** One draw with everything that it takes to make it again, but the list itself. */
export async function getDraw(ctx: Context, { id }: { id: string }): Promise<Omit<Draw, 'drawnAt'> & { drawnAt: Date }> {
  const draw = await db(ctx)
    .selectFrom('followups.draws as d')
    .innerJoin('staff.unitCards as u', 'u.id', 'd.departmentId')
    .leftJoin('followups.programmes as p', 'p.id', 'd.programmeId')
    .where('d.id', '=', id)
    .selectAll('d')
    .select(['u.name as departmentName', 'p.name as programmeName'])
    .executeTakeFirst()
  if (!draw) throw levelErrors.drawNotFound({ id })
  const { rows: strata } = await sql<{ stratum: string; frame: number; drawn: number }>`
    select stratum, count(*)::int as frame, count(*) filter (where is_drawn)::int as drawn
      from followups.draw_frame where draw_id = ${id} group by 1 order by stratum collate "C"`.execute(ctx.db)
  return {
    ...draw,
    month: draw.month.slice(0, 7),
    start: startOf(draw.seed, draw.frame),
    strata: strata.map((s) => ({ ...s, expected: (s.frame * draw.drawn) / draw.frame })),
  }
}

const SHOWN = 50

/** Draws again from the frame that was kept and compares with the record; and says how many of the frame would not be in it by what is known today. */
export async function redraw(ctx: Context, { id }: { id: string }): Promise<Redrawn> {
  const draw = await getDraw(ctx, { id })
  const kept = await frameOf(ctx, id)
  const again = drawSample(draw.seed, kept.map((m) => ({ id: m.encounterId, stratum: m.stratum })), draw.drawn) // biome-ignore format: one thought
  const chosen = new Set(again.flatMap((m) => (m.isDrawn ? [m.id] : [])))
  const recorded = new Set(kept.flatMap((m) => (m.isDrawn ? [m.encounterId] : [])))
  const missing = [...recorded].filter((m) => !chosen.has(m))
  const added = [...chosen].filter((m) => !recorded.has(m))
  return {
    isSame: missing.length === 0 && added.length === 0 && kept.length === draw.frame && recorded.size === draw.drawn,
    recorded: recorded.size,
    again: chosen.size,
    missing: missing.slice(0, SHOWN),
    added: added.slice(0, SHOWN),
    goneSince: await goneSince(ctx, draw),
  }
}

export const frameOf = (ctx: Context, drawId: string) =>
  db(ctx)
    .selectFrom('followups.drawFrame')
    .where('drawId', '=', drawId)
    .select(['encounterId', 'stratum', 'isDrawn'])
    .orderBy('encounterId')
    .limit(100_000)
    .execute()

async function goneSince(ctx: Context, draw: Pick<Draw, 'id' | 'departmentId'>): Promise<number> {
  const drawable = await findDrawable(ctx)
  return drawable ? unveiled(ctx, () => countGone(ctx, drawable, draw)) : 0
}
