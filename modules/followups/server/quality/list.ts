import { addDays, type Input } from '@renxin/kernel'
import { showName } from '@renxin/patients'
import { type Context, paged, sql, visibleTo } from '@renxin/server'
import type { QualityCheck, qualityApi } from '../../contract.ts'
import { getRow } from '../rows.ts'
import { refuseRatings } from './ratings.ts'
import { db } from './tables.ts'

type Api = typeof qualityApi
type Filter = { month: string; departmentId?: string | undefined; ownerId?: string | undefined }

const seenChecks = (ctx: Context) => visibleTo(ctx.actor, { department: 'k.departmentId', ward: 'k.wardId' })

const checks = (ctx: Context) =>
  db(ctx)
    .selectFrom('followups.qualityChecks as k')
    .innerJoin('patients.cards as p', 'p.id', 'k.patientId')
    .leftJoin('staff.unitCards as d', 'd.id', 'k.departmentId')
    .where(seenChecks(ctx))
    .selectAll('k')
    .select(['p.name as patientName', 'd.name as departmentName'])

type Row = Awaited<ReturnType<ReturnType<typeof checks>['executeTakeFirstOrThrow']>>
const shown = (ctx: Context, row: Row): QualityCheck => ({
  ...row,
  patientName: showName(ctx, row.patientName),
  checkedAt: row.checkedAt.toISOString(),
})

export async function getCheck(ctx: Context, id: string): Promise<QualityCheck | undefined> {
  const row = await checks(ctx).where('k.id', '=', id).executeTakeFirst()
  return row && shown(ctx, row)
}

export async function listOfTask(ctx: Context, { id }: { id: string }) {
  refuseRatings(ctx)
  const { patientId } = await getRow(ctx, id)
  const rows = await checks(ctx).where('k.taskId', '=', id).orderBy('k.checkedAt', 'desc').limit(50).execute()
  return { patientId, rows: rows.map((r) => shown(ctx, r)) }
}

/** The days of a month, its last included. */
export function daysOf(month: string): { from: string; to: string } {
  const from = `${month}-01`
  const [year = 0, nth = 0] = month.split('-').map(Number)
  const next = nth === 12 ? `${year + 1}-01-01` : `${year}-${String(nth + 1).padStart(2, '0')}-01`
  return { from, to: addDays(next, -1) }
}

export function checksOf(ctx: Context, { month, departmentId, ownerId }: Filter) {
  const { from, to } = daysOf(month)
  return checks(ctx)
    .where('k.checkedOn', '>=', from)
    .where('k.checkedOn', '<=', to)
    .$if(departmentId !== undefined, (q) => q.where('k.departmentId', '=', departmentId ?? ''))
    .$if(ownerId !== undefined, (q) => q.where('k.ownerId', '=', ownerId ?? ''))
}

export async function listChecks(ctx: Context, { month, departmentId, ownerId, ...cursor }: Input<Api['qualityChecks']>) {
  refuseRatings(ctx)
  const { rows, next } = await paged(checksOf(ctx, { month, departmentId, ownerId }), cursor, ['k.checkedOn', 'k.id'], 'desc')
  return { rows: rows.map((r) => shown(ctx, r)), next }
}

/** Each person's points of a month, the lowest share first. */
export async function qualityByPerson(ctx: Context, { month, departmentId }: Input<Api['qualityByPerson']>) {
  const { from, to } = daysOf(month)
  const rows = await db(ctx)
    .selectFrom('followups.qualityChecks as k')
    .where(seenChecks(ctx))
    .where('k.checkedOn', '>=', from)
    .where('k.checkedOn', '<=', to)
    .$if(departmentId !== undefined, (q) => q.where('k.departmentId', '=', departmentId ?? ''))
    .groupBy('k.ownerId')
    .select(['k.ownerId', sql<string>`max(k.owner_name)`.as('ownerName'), sql<number>`count(*)::int`.as('checks')])
    .select([sql<number>`sum(k.points)`.as('points'), sql<number>`sum(k.most)`.as('most')])
    .orderBy(sql`sum(k.points) / nullif(sum(k.most), 0)`)
    .orderBy('k.ownerId')
    .limit(500)
    .execute()
  return { rows }
}
