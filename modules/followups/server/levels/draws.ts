import { randomBytes } from 'node:crypto'
import { type LocalDate, newId } from '@renxin/kernel'
import { type Context, inTurn, sql, unveiled } from '@renxin/server'
import { type DrawLevel, drawLevels, type LeftOutReason, type LevelSettings, levelErrors } from '../../contract.ts'
import { planDrawn } from '../planning.ts'
import { db } from '../tables.ts'
import { drawSample, isRoundOver, lastDayOf, monthBefore, type Placed, roundsOf, sizeOf, stratumOf } from './draw-rules.ts'
import { type Discharge, type Drawable, readDischarges } from './frame.ts'
import { findDrawable, getSettings, rulesByDepartment, spotted } from './settings.ts'

/** Where seeds come from: chance, and in the demo a chance that is the same each time. */
export type Seeds = () => string
export const seedByChance: Seeds = () => randomBytes(16).toString('hex')

export type DrawnNow = { draws: number; drawn: number; tasks: number }
type Round = { month: string; untilOn: LocalDate }

type Due = { levels?: readonly DrawLevel[]; since?: string; seeds?: Seeds }

/**
 * Draws what is over of this month and the last and was not drawn yet: for the centre by the hospital's rhythm, for the supervisors each week. Drawn again,
 * nothing happens.
 */
export async function drawDue(ctx: Context, { levels = drawLevels, since, seeds = seedByChance }: Due = {}): Promise<DrawnNow> {
  const today = ctx.clock.today()
  const months = monthsFrom(since ?? monthBefore(today.slice(0, 7)), today.slice(0, 7))
  const over = (rhythm: LevelSettings['rhythm']) =>
    months.flatMap((month) => roundsOf(month, rhythm).flatMap((untilOn) => (isRoundOver(untilOn, today) ? [{ month, untilOn }] : [])))
  const sum = { draws: 0, drawn: 0, tasks: 0 }
  const centre = levels.includes('centre') ? await findDrawable(ctx) : undefined
  if (centre) add(sum, await drawRounds(ctx, centre, over((await getSettings(ctx)).rhythm), seeds))
  if (levels.includes('supervisor')) add(sum, await drawRounds(ctx, spotted, over('week'), seeds))
  return sum
}

function add(sum: DrawnNow, more: DrawnNow): void {
  sum.draws += more.draws
  sum.drawn += more.drawn
  sum.tasks += more.tasks
}

function monthsFrom(first: string, last: string): string[] {
  const months: string[] = []
  for (let month = last; month >= first; month = monthBefore(month)) months.unshift(month)
  return months
}

/** Draws by hand: everybody of the month who went home until yesterday. The day that still runs waits, so that nobody picks the moment. */
export async function drawNow(ctx: Context, { month }: { month: string }): Promise<DrawnNow> {
  const today = ctx.clock.today()
  const present = today.slice(0, 7)
  if (month !== present && month !== monthBefore(present)) throw levelErrors.monthNotDrawable({ month })
  const drawable = await findDrawable(ctx)
  if (!drawable) throw levelErrors.nothingDrawnFor()
  const yesterday = ctx.clock.dayOf(new Date(ctx.clock.at(today).getTime() - 1))
  const untilOn = yesterday < lastDayOf(month) ? yesterday : lastDayOf(month)
  return drawRounds(ctx, drawable, untilOn.slice(0, 7) === month ? [{ month, untilOn }] : [], seedByChance)
}

async function drawRounds(ctx: Context, drawable: Drawable, rounds: readonly Round[], seeds: Seeds): Promise<DrawnNow> {
  const sum = { draws: 0, drawn: 0, tasks: 0 }
  if (rounds.length === 0) return sum
  await inTurn(ctx, 'draws') // of two who draw at once the second sees what the first drew
  for (const round of rounds) add(sum, await unveiled(ctx, () => drawRound(ctx, drawable, round, seeds)))
  if (sum.draws > 0) ctx.touched.add('followups')
  return sum
}

async function drawRound(ctx: Context, drawable: Drawable, { month, untilOn }: Round, seeds: Seeds): Promise<DrawnNow> {
  const from = `${month}-01`
  const discharges = await readDischarges(ctx, drawable, from, untilOn)
  if (discharges.length === 0) return { draws: 0, drawn: 0, tasks: 0 }
  const settings = await getSettings(ctx)
  const rules = await rulesByDepartment(ctx)
  const before = await drawnBefore(ctx, drawable, from)
  const share = drawable.level === 'centre' ? 'samplePercent' : 'spotPercent'
  const made: Made[] = []
  for (const [departmentId, of] of Map.groupBy(discharges, (d) => d.departmentId)) {
    const sharePercent = rules.get(departmentId)?.[share] ?? settings[share]
    const earlier = before.get(departmentId) ?? { frame: 0, drawn: 0, lastOn: '' }
    if (earlier.lastOn < untilOn) made.push(...drawOne(ctx, { departmentId, of, sharePercent, settings, earlier, seed: seeds() }))
  }
  if (made.length === 0) return { draws: 0, drawn: 0, tasks: 0 }
  await keep(ctx, drawable, { month, untilOn }, settings, made)
  const chosen = made.flatMap((m) => m.placed.flatMap((p) => (p.isDrawn ? [p.id] : [])))
  const tasks = drawable.programmeId === null ? 0 : await planDrawn(ctx, drawable.programmeId, chosen, ctx.clock.at(from))
  return { draws: made.length, drawn: chosen.length, tasks }
}

type Earlier = { frame: number; drawn: number }
type Made = {
  id: string
  departmentId: string
  sharePercent: number
  seed: string
  discharged: number
  leftOut: Partial<Record<LeftOutReason, number>>
  earlier: Earlier
  placed: Placed[]
}
type One = { departmentId: string; of: Discharge[]; sharePercent: number; settings: LevelSettings; earlier: Earlier; seed: string }

/** The draw of one department; none where nobody of it can be drawn. */
function drawOne(ctx: Context, { departmentId, of, sharePercent, settings, earlier, seed }: One): Made[] {
  const frame = of.filter((d) => d.leftOut === null).map((d) => ({ id: d.id, stratum: stratumOf(d, settings) }))
  if (frame.length === 0) return []
  const leftOut: Made['leftOut'] = {}
  for (const d of of) if (d.leftOut) leftOut[d.leftOut] = (leftOut[d.leftOut] ?? 0) + 1
  const placed = drawSample(seed, frame, sizeOf(sharePercent, earlier, frame.length))
  return [{ id: newId(ctx.clock.now().getTime()), departmentId, sharePercent, seed, discharged: of.length, leftOut, earlier, placed }]
}

/** Department → what the earlier rounds of the month came to. */
async function drawnBefore(
  ctx: Context,
  { level }: Drawable,
  firstOn: LocalDate,
): Promise<ReadonlyMap<string, Earlier & { lastOn: LocalDate }>> {
  const { rows } = await sql<{ departmentId: string; frame: number; drawn: number; lastOn: LocalDate }>`
    select department_id, sum(frame)::int as frame, sum(drawn)::int as drawn, max(until_on) as last_on
      from followups.draws where level = ${level} and month = ${firstOn} group by 1`.execute(ctx.db)
  return new Map(rows.map((r) => [r.departmentId, r]))
}

async function keep(ctx: Context, { level, programmeId }: Drawable, { month, untilOn }: Round, settings: LevelSettings, made: Made[]) {
  const { id: by, name, kind } = ctx.actor
  await db(ctx)
    .insertInto('followups.draws')
    .values(
      made.map((m) => ({
        id: m.id,
        level,
        departmentId: m.departmentId,
        programmeId,
        month: `${month}-01`,
        untilOn,
        sharePercent: m.sharePercent,
        strataBy: settings.strata,
        stayBounds: settings.stayBounds,
        seed: m.seed,
        discharged: m.discharged,
        leftOut: sql`${JSON.stringify(m.leftOut)}::jsonb`,
        frameBefore: m.earlier.frame,
        drawnBefore: m.earlier.drawn,
        frame: m.placed.length,
        drawn: m.placed.filter((p) => p.isDrawn).length,
        drawnAt: ctx.clock.now(),
        drawnBy: by,
        drawnByName: kind === 'system' ? '' : name,
      })),
    )
    .execute()
  const members = made.flatMap((m) => m.placed.map((p) => ({ ...p, drawId: m.id })))
  await sql`
    insert into followups.draw_frame (level, draw_id, encounter_id, stratum, is_drawn)
    select ${level}, x.* from unnest(${members.map((m) => m.drawId)}::uuid[], ${members.map((m) => m.id)}::uuid[], ${members.map((m) => m.stratum)}::text[],
                         ${members.map((m) => m.isDrawn)}::boolean[]) as x`.execute(ctx.db)
}
