import type { LocalDate } from '@renxin/kernel'
import type { AnalyteRow, Cell, Mark } from '../../records-contract.ts'
import type { StoredItem } from './kinds.ts'
import { analyteOf } from './rules.ts'

/** A laboratory report, as far as its lines go. */
export type Measured = { id: string; title: string | null; happenedAt: Date; items: readonly StoredItem[] }

const marks: Readonly<Record<string, Mark>> = {
  H: 'H',
  HU: 'H',
  '>': 'H',
  L: 'L',
  LU: 'L',
  '<': 'L',
  HH: 'HH',
  LL: 'LL',
  A: 'A',
  AA: 'AA',
}

/** HL7 table 0078 as we show it; what is normal, or says nothing about limits, has no mark. */
export const markOf = (flag: string | null): Mark | null => (flag === null ? null : (marks[flag] ?? null))

/** One row for each analyte, as the reports (newest first) list them; the latest `days` days in columns, of several values on a day the latest. */
export function tabulate(
  reports: readonly Measured[],
  days: number,
  dayOf: (at: Date) => LocalDate,
): { days: LocalDate[]; analytes: AnalyteRow[] } {
  const found = reports.flatMap((report) =>
    report.items.flatMap((item) => (item.status === 'withdrawn' ? [] : [{ item, report, cell: cellOf(report, item) }])),
  )
  const shown = [...new Set(found.map(({ cell }) => dayOf(new Date(cell.at))))].sort().reverse().slice(0, days)
  const rows = new Map<string, typeof found>()
  for (const one of found) {
    const analyte = analyteOf(one.item)
    rows.set(analyte, [...(rows.get(analyte) ?? []), one])
  }
  const analytes = [...rows].flatMap(([analyte, measured]): AnalyteRow[] => {
    const newestFirst = measured.toSorted((a, b) => (a.cell.at < b.cell.at ? 1 : a.cell.at > b.cell.at ? -1 : 0))
    const latest = newestFirst[0]
    if (!latest) return []
    return [
      {
        analyte,
        name: latest.item.name,
        unit: latest.item.unit,
        range: latest.item.range,
        group: latest.report.title,
        latest: latest.cell,
        cells: shown.map((day) => newestFirst.find((m) => dayOf(new Date(m.cell.at)) === day)?.cell ?? null),
        hasTrend: measured.filter((m) => m.item.amount !== null).length > 1,
      },
    ]
  })
  return { days: shown, analytes }
}

const cellOf = (report: Measured, item: StoredItem): Cell => ({
  value: item.value,
  mark: markOf(item.flag),
  at: item.observedAt ?? report.happenedAt.toISOString(),
  reportId: report.id,
})

/** The limits of a reference range, as laboratories write them: `3.5-5.3`, `3.5～5.3`, `<5.2`, `≥1.0`. */
export function limitsOf(range: string | null): { low: number | null; high: number | null } {
  const text = (range ?? '').replaceAll(/\s/g, '')
  const both = /^[[(]?(\d+(?:\.\d+)?)(?:-{1,2}|–|—|~|～|至)(\d+(?:\.\d+)?)[\])]?$/.exec(text)
  if (both) return { low: Number(both[1]), high: Number(both[2]) }
  const one = /^(<=?|≤|>=?|≥|＜|＞)(\d+(?:\.\d+)?)$/.exec(text)
  if (!one) return { low: null, high: null }
  const limit = Number(one[2])
  return /^[<≤＜]/.test(text) ? { low: null, high: limit } : { low: limit, high: null }
}
