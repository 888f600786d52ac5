import type { ExportWaits, Input } from '@renxin/kernel'
import { type Context, type FileReply, sql } from '@renxin/server'
import { exportTables } from '@renxin/server/export'
import { type RevisitRanking, revisitsApi } from '../../contract.ts'
import { words } from '../../words.ts'
import { placesOfDoctors } from '../reports/revisit-doctors.ts'
import { revisitsBy } from '../reports/revisits-by.ts'
import { byId } from '../rows.ts'
import { db, unknownUnit } from '../tables.ts'
import { dueOf, shownPeriod } from './figures.ts'
import { ranked } from './rank.ts'
import { refuseRatings } from './ratings.ts'
import { revisitFigureOf, revisitPeriodOf } from './rules.ts'
import { figureCells, figureColumns } from './sheet.ts'
import { getRevisitThresholds } from './thresholds.ts'

/** Without months three: one of a single doctor says little. */
const usualMonths = 3

/** Doctors by how many of their patients came back, against how many were to be expected. */
export async function rankDoctors(
  ctx: Context,
  { kind, from, to, departmentId }: Input<(typeof revisitsApi)['revisitRanking']>,
): Promise<RevisitRanking> {
  const dueUntil = await dueOf(ctx)
  const asked = { ...revisitPeriodOf({ from, to }, dueUntil, usualMonths), kind }
  const threshold = (await getRevisitThresholds(ctx))[kind]
  const counts = (await revisitsBy(ctx, asked, 'doctor', { departmentId })).filter((c) => c.id !== unknownUnit)
  const places = new Map((await placesOfDoctors(ctx, asked, { departmentId })).map((p) => [p.doctorId, p.departmentId]))
  const anyOf = (ids: readonly string[]) => sql<string>`any(${[...ids]}::uuid[])`
  const people = await byId(counts.map((c) => c.id), (ids) =>
    db(ctx).selectFrom('staff.personCards').where('id', '=', anyOf(ids)).select(['id', 'number', 'name', 'title']).execute(),
  ) // biome-ignore format: one thought
  const units = await byId([...places.values()], (ids) =>
    db(ctx).selectFrom('staff.unitCards').where('id', '=', anyOf(ids)).select(['id', 'name']).execute(),
  ) // biome-ignore format: one thought
  const period = await shownPeriod(ctx, { ...asked, dueUntil })
  const by = period.reference.base > 0 ? 'ratio' : 'share'
  const rows = ranked(
    counts.flatMap((of) => {
      const person = people.get(of.id)
      if (!person) return []
      const department = units.get(places.get(of.id) ?? '')
      return {
        doctorId: of.id,
        number: person.number,
        name: person.name,
        title: person.title,
        departmentId: department?.id ?? null,
        departmentName: department?.name ?? null,
        figure: revisitFigureOf(of, threshold),
      }
    }),
    by,
  )
  return { kind, period, countedAt: ctx.clock.now().toISOString(), by, ranked: rows.filter((r) => r.place !== null).length, rows }
}

const t = words.revisits

export async function exportRanking(
  ctx: Context,
  { format, reason, ...input }: Input<(typeof revisitsApi)['exportRevisitRanking']>,
): Promise<FileReply | ExportWaits> {
  refuseRatings(ctx)
  const { period, rows, by, ranked: of } = await rankDoctors(ctx, input)
  const { fromMonth, toMonth, dueUntil } = period
  const title = `${t.ranking.title} · ${t.kind[input.kind]}`
  return exportTables(ctx, {
    route: revisitsApi.exportRevisitRanking,
    title,
    fileName: `${title} ${fromMonth} ~ ${toMonth}`,
    format,
    reason,
    asked: input,
    filters: [[words.filters, `${fromMonth} ~ ${toMonth} · ${t.dueUntil({ day: dueUntil })} · ${t.ranking.by[by]}`]],
    tables: [
      {
        name: t.ranking.title,
        columns: [
          { name: t.ranking.place, as: 'count' },
          { name: t.ranking.rankFrom, as: 'count' },
          { name: t.ranking.rankTo, as: 'count' },
          { name: t.doctor, width: 14 },
          { name: t.doctorNumber },
          { name: t.ranking.jobTitle },
          { name: words.department, width: 22 },
          { name: t.ranking.group, width: 14 },
          ...figureColumns,
        ],
        rows: rows.map((r) => [
          r.place,
          r.rankFrom,
          r.rankTo,
          r.name,
          r.number,
          r.title,
          r.departmentName ?? words.unknownUnit,
          t.ranking.groups[r.group],
          ...figureCells(r.figure),
        ]),
      },
      {
        name: words.definitions,
        columns: [{ name: words.definition, width: 120 }],
        rows: [
          [t.ranking.means({ n: of })],
          [t.means[input.kind]],
          [t.means.expected({ from: period.reference.fromMonth, to: period.reference.toMonth })],
          [t.means.ratio],
        ],
      },
    ],
  })
}
