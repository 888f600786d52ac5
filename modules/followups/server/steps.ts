import type { Context } from '@renxin/server'
import { type ProgrammeBody, type Step, timesOf, type Variant } from '../contract.ts'
import { db, type Tables } from './tables.ts'

type StepRow = Omit<Tables['followups.steps'], 'versionId'>

/** What is written as steps, as rows: a step that comes again has one for each time, and each department's own steps have theirs. */
export function stepRows({ steps, variants }: Pick<ProgrammeBody, 'steps' | 'variants'>): StepRow[] {
  const rows = [steps, ...variants.map((v) => v.steps)].flatMap((written, variant) =>
    written.flatMap((step, at) => Array.from({ length: timesOf(step) }, (_, i) => rowOf(step, variant, at + 1, i + 1))),
  )
  return rows.map((row, i) => ({ ...row, position: i + 1 }))
}

function rowOf({ repeat, ...step }: Step, variant: number, written: number, nth: number): Omit<StepRow, 'position'> {
  if (!repeat) return { ...step, variant, written, nth, months: 0, everyMonths: null, forMonths: null }
  const name = step.name + turn(nth, repeat)
  return { ...step, ...repeat, name, variant, written, nth, months: nth * repeat.everyMonths }
}

export async function writeSteps(ctx: Context, versionId: string, body: Pick<ProgrammeBody, 'steps' | 'variants'>): Promise<void> {
  const rows = stepRows(body).map((row) => ({ ...row, versionId }))
  await db(ctx).insertInto('followups.steps').values(rows).execute()
  const departments = body.variants.flatMap((v, i) => v.departmentIds.map((departmentId) => ({ versionId, departmentId, variant: i + 1 })))
  if (departments.length > 0) await db(ctx).insertInto('followups.variants').values(departments).execute()
}

const MOST_WRITTEN = 420 // twenty steps for everybody and for each of twenty variants

/** The steps of a version as they were written. */
export async function readSteps(ctx: Context, versionId: string): Promise<Pick<ProgrammeBody, 'steps' | 'variants'>> {
  const rows = await db(ctx)
    .selectFrom('followups.steps')
    .where('versionId', '=', versionId)
    .where('nth', '=', 1)
    .selectAll()
    .orderBy('position')
    .limit(MOST_WRITTEN)
    .execute()
  const departments = await db(ctx).selectFrom('followups.variants').where('versionId', '=', versionId).selectAll().limit(4000).execute()
  const stepsOf = (variant: number) => rows.filter((r) => r.variant === variant).map(writtenOf)
  const count = Math.max(0, ...departments.map((d) => d.variant))
  const variants: Variant[] = Array.from({ length: count }, (_, i) => ({
    departmentIds: departments.filter((d) => d.variant === i + 1).map((d) => d.departmentId),
    steps: stepsOf(i + 1),
  }))
  return { steps: stepsOf(0), variants }
}

function writtenOf({ everyMonths, forMonths, ...row }: StepRow): Step {
  if (everyMonths === null || forMonths === null) return { ...row, repeat: null }
  const repeat = { everyMonths, forMonths }
  return { ...row, repeat, name: row.name.slice(0, -turn(1, repeat).length) }
}

/** Which of how many times it is, as a step's name ends. */
const turn = (nth: number, repeat: Step['repeat']) => ` ${nth}/${timesOf({ repeat })}`
