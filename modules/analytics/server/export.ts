import type { ExportWaits, Input } from '@renxin/kernel'
import type { Context, FileReply } from '@renxin/server'
import { type ExportTable, exportTables } from '@renxin/server/export'
import { analyticsApi, type Dashboard } from '../contract.ts'
import { words } from '../words.ts'
import { getDashboard } from './dashboard.ts'
import { db } from './tables.ts'

type Api = typeof analyticsApi

/** The dashboard as a file: the figures with their definitions, the wards, the opinions, the months. */
export async function exportDashboard(ctx: Context, { format, reason, ...input }: Input<Api['export']>): Promise<FileReply | ExportWaits> {
  const dashboard = await getDashboard(ctx, input)
  const { days } = dashboard.period
  return exportTables(ctx, {
    route: analyticsApi.export,
    title: words.title,
    fileName: `${words.title} ${days.from} ~ ${days.to}`,
    format,
    reason,
    asked: input,
    filters: [[words.filters, `${days.from} ~ ${days.to} · ${(await nameOfUnit(ctx, input.departmentId)) ?? words.allDepartments}`]],
    tables: [figures(dashboard), wards(dashboard), opinions(dashboard), departments(dashboard), months(dashboard)],
  })
}

async function nameOfUnit(ctx: Context, id: string | undefined): Promise<string | undefined> {
  const unit = id ? await db(ctx).selectFrom('staff.unitCards').where('id', '=', id).select('name').executeTakeFirst() : undefined
  return unit?.name
}

function figures({ discharged, coverage, contacts, satisfaction, nps, opinions, least }: Dashboard): ExportTable {
  const percent = (share: number | null) => (share === null ? null : `${(share * 100).toFixed(1)}%`)
  const signed = (score: number | null) => (score === null ? null : `${score > 0 ? '+' : ''}${Math.round(score)}`)
  const span = (low: number | null, high: number | null, show: (v: number | null) => string | null) =>
    low === null || high === null ? null : `${show(low)} ~ ${show(high)}`
  const total = opinions.kinds.reduce((sum, k) => sum + k.n, 0)
  const before = opinions.kinds.reduce((sum, k) => sum + k.before, 0)
  return {
    name: words.title,
    columns: [
      { name: words.figure, width: 20 },
      { name: words.value },
      { name: words.sample, as: 'count' },
      { name: words.interval, width: 20 },
      { name: words.before },
      { name: words.definition, width: 90 },
    ],
    rows: [
      [words.discharged, String(discharged.n), discharged.n, null, String(discharged.before), words.means.discharged],
      [
        words.coverage,
        percent(coverage.share),
        coverage.base,
        null,
        percent(coverage.before),
        `${words.means.coverage} ${words.band(coverage.band)}`,
      ],
      [
        words.reachedShare,
        percent(contacts.share),
        contacts.reached + contacts.notReached,
        null,
        percent(contacts.before),
        words.means.contacts,
      ],
      [
        words.satisfaction,
        percent(satisfaction.share) ?? words.tooFew({ least }),
        satisfaction.n,
        span(satisfaction.low, satisfaction.high, percent),
        percent(satisfaction.before),
        words.means.satisfaction,
      ],
      [
        words.nps,
        signed(nps.score) ?? words.tooFew({ least }),
        nps.n,
        span(nps.low, nps.high, signed),
        signed(nps.before),
        words.means.nps,
      ],
      [words.opinions, String(total), total, null, String(before), words.means.opinions],
    ],
  }
}

const wards = (dashboard: Dashboard): ExportTable => ({
  name: words.wards,
  columns: [
    { name: words.ward, width: 24 },
    { name: words.department, width: 20 },
    { name: words.discharged, as: 'count' },
    { name: words.coverage, as: 'share' },
    { name: words.satisfaction, as: 'share' },
    { name: `${words.satisfaction} n`, as: 'count' },
    { name: words.nps, as: 'number' },
    { name: `${words.nps} n`, as: 'count' },
    { name: `${words.interval} −`, as: 'number' },
    { name: `${words.interval} +`, as: 'number' },
  ],
  rows: dashboard.wards.map(({ wardName, departmentName, discharged, coverage, satisfaction, nps }) => [
    wardName ?? words.unknownUnit,
    departmentName,
    discharged,
    coverage.share,
    shownOr(satisfaction.n, satisfaction.share, dashboard),
    satisfaction.n,
    shownOr(nps.n, nps.score, dashboard),
    nps.n,
    nps.low,
    nps.high,
  ]),
})

/** What is hidden says so; where nobody answered the cell is empty. */
const shownOr = (n: number | null, figure: number | null, { least }: Dashboard) => (n === null ? words.tooFew({ least }) : figure)

const opinions = (dashboard: Dashboard): ExportTable => ({
  name: `${words.opinions} ${words.byCategory}`,
  columns: [{ name: words.kind }, { name: words.category, width: 24 }, { name: words.count, as: 'count' }],
  rows: dashboard.opinions.categories.map((c) => [words.opinionKind[c.kind], c.category ?? words.unknownCategory, c.n]),
})

const departments = (dashboard: Dashboard): ExportTable => ({
  name: `${words.opinions} ${words.byDepartment}`,
  columns: [
    { name: words.department, width: 24 },
    { name: words.opinionKind.complaint, as: 'count' },
    { name: words.opinionKind.suggestion, as: 'count' },
    { name: words.opinionKind.praise, as: 'count' },
    { name: words.opinionKind.remark, as: 'count' },
  ],
  rows: dashboard.opinions.departments.map((d) => [d.departmentName ?? words.unknownUnit, d.complaint, d.suggestion, d.praise, d.remark]),
})

const months = (dashboard: Dashboard): ExportTable => ({
  name: words.trend,
  columns: [
    { name: words.month },
    { name: words.discharged, as: 'count' },
    { name: words.coverage, as: 'share' },
    { name: words.satisfaction, as: 'share' },
    { name: words.nps, as: 'number' },
    { name: words.complaints, as: 'count' },
    { name: words.praise, as: 'count' },
  ],
  rows: dashboard.trend.map((t) => [t.month, t.discharged, t.coverage, t.satisfaction, t.nps, t.complaints, t.praise]),
})
