import { levelTwoTable } from '@renxin/followups'
import type { ExportWaits, Input } from '@renxin/kernel'
import type { Context, FileReply } from '@renxin/server'
import { type ExportTable, exportTables } from '@renxin/server/export'
import {
  type Appraisal,
  type AppraisalCounts,
  type AppraisalDimension,
  type AppraisalRow,
  appraisalApi,
  appraisalDimensions,
} from '../../contract.ts'
import { nameOfAppraised, nameOfOutcome, words } from '../../words.ts'
import { isRatingHidden } from '../revisits/ratings.ts'
import { share } from '../statistics.ts'
import { db } from '../tables.ts'
import { getAppraisal } from './figures.ts'

const t = words.appraisal

/** The appraisal as a file: all in all with what each figure means, by each of the dimensions, and why people were not reached. */
export async function exportAppraisal(
  ctx: Context,
  { format, reason, ...input }: Input<(typeof appraisalApi)['exportAppraisal']>,
): Promise<FileReply | ExportWaits> {
  const parts: { by: AppraisalDimension; of: Appraisal }[] = []
  const shown = appraisalDimensions.filter((by) => by !== 'nurse' || !isRatingHidden(ctx))
  for (const by of shown) parts.push({ by, of: await getAppraisal(ctx, { ...input, by }) })
  const [{ of: whole } = { of: undefined }] = parts
  if (!whole) throw new Error('there is always a dimension')
  const { fromMonth, toMonth, dueUntil, isPartial } = whole.period
  const months = fromMonth === toMonth ? fromMonth : `${fromMonth} ~ ${toMonth}`
  const of = [
    `${t.spans[input.span]} ${months}`,
    isPartial && t.dueUntil({ day: dueUntil }),
    input.level ? t.levels[input.level] : t.allLevels,
    (await nameOfUnit(ctx, input.departmentId)) ?? words.allDepartments,
  ]
  return exportTables(ctx, {
    route: appraisalApi.exportAppraisal,
    title: t.title,
    fileName: `${t.title} ${months}`,
    format,
    reason,
    asked: input,
    filters: [[words.filters, of.filter(Boolean).join(' · ')]],
    tables: [
      summary(whole),
      ...parts.map(({ by, of }) => tableOf(by, of)),
      reasons(whole),
      ...(whole.levelTwo.length > 0 ? [levelTwoTable(whole.levelTwo)] : []),
    ],
  })
}

async function nameOfUnit(ctx: Context, id: string | undefined): Promise<string | undefined> {
  const unit = id ? await db(ctx).selectFrom('staff.unitCards').where('id', '=', id).select('name').executeTakeFirst() : undefined
  return unit?.name
}

const percent = (n: number, of: number) => (of === 0 ? '—' : `${((100 * n) / of).toFixed(1)}%`)

function summary({ total }: Appraisal): ExportTable {
  const of = (show: (c: AppraisalCounts) => string) => [show(total.counts), show(total.before), show(total.yearAgo)]
  const part = (name: 'done' | 'doneInTime' | 'reached' | 'reachedInTime') => of((c) => `${c[name]} (${percent(c[name], c.due)})`)
  return {
    name: t.title,
    columns: [{ name: words.figure, width: 22 }, { name: words.value, width: 18 }, { name: t.times.before, width: 18 }, { name: t.times.yearAgo, width: 18 }, { name: words.definition, width: 90 }],
    rows: [
      [t.due, ...of((c) => String(c.due)), t.means.due],
      [t.done, ...part('done'), t.means.done],
      [t.doneInTime, ...part('doneInTime'), t.means.inTime],
      [t.reached, ...part('reached'), t.means.reached],
      [t.reachedInTime, ...part('reachedInTime'), t.means.band],
      [t.stopped, ...of((c) => String(c.stopped)), t.means.stopped],
      [t.tries, ...of((c) => String(c.tries)), t.means.work],
      [t.talks, ...of((c) => String(c.talks)), null],
      [t.minutes, ...of((c) => (c.seconds / 60).toFixed(1)), t.means.time],
    ],
  } // biome-ignore format: a table
}

const tableOf = (by: AppraisalDimension, { rows, total }: Appraisal): ExportTable => ({
  name: t.by[by],
  columns: [
    { name: t.dimension[by], width: 24 },
    ...(by === 'ward' ? [{ name: words.department, width: 20 }] : []),
    { name: t.due, as: 'count' },
    ...(['done', 'doneInTime', 'reached', 'reachedInTime'] as const).flatMap((name) => [
      { name: t[name], as: 'count' as const },
      { name: t.shares[name], as: 'share' as const },
    ]),
    { name: t.band },
    { name: `${t.shares.reachedInTime} · ${t.times.before}`, as: 'share' },
    { name: `${t.shares.reachedInTime} · ${t.times.yearAgo}`, as: 'share' },
    { name: t.stopped, as: 'count' },
    { name: t.tries, as: 'count' },
    { name: t.talks, as: 'count' },
    { name: t.minutes, as: 'number' },
    { name: t.average, as: 'number' },
  ],
  rows: [...rows, total].map((row, at) => [at === rows.length ? t.total : nameOfAppraised(by, row), ...(by === 'ward' ? [row.departmentName] : []), ...cells(row)]),
}) // biome-ignore format: a table

function cells({ counts, before, yearAgo, band, standing }: AppraisalRow) {
  const both = (['done', 'doneInTime', 'reached', 'reachedInTime'] as const).flatMap((name) => [
    counts[name],
    share(counts[name], counts.due),
  ])
  const against = band && standing ? `${t.standing[standing]} (${band.low}%–${band.high}%)` : null
  const inTime = (c: AppraisalCounts) => share(c.reachedInTime, c.due)
  const average = counts.measured === 0 ? null : Math.round(counts.seconds / counts.measured)
  return [
    counts.due, ...both, against, inTime(before), inTime(yearAgo), counts.stopped, counts.tries, counts.talks,
    Math.round(counts.seconds / 6) / 10, average,
  ] // biome-ignore format: a row
}

const reasons = ({ notReached, total }: Appraisal): ExportTable => ({
  name: t.notReached,
  columns: [
    { name: words.outcome, width: 24 },
    { name: words.count, as: 'count' },
    { name: t.shareOfDue, as: 'share' },
  ],
  rows: notReached.map(({ outcome, n }) => [nameOfOutcome(outcome), n, share(n, total.counts.due)]),
})
