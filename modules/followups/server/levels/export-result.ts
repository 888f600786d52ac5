import type { ExportWaits, Input } from '@renxin/kernel'
import type { Context, FileReply } from '@renxin/server'
import { type Cell, exportTables } from '@renxin/server/export'
import { checksApi, counted, type Figure } from '../../contract.ts'
import { words } from '../../words.ts'
import { readResult } from './publish.ts'

type Asked = Input<typeof checksApi.exportResult>
const t = words.checks

const share = ({ count, n }: Figure['truth']): Cell => (n === 0 ? null : Math.round((count / n) * 1000) / 10)
const bound = (n: number, of: number): Cell => (n === 0 ? null : Math.round(of * 1000) / 10)

/** A published result, as whoever asks sees it on the page, and what is another count than in the version before. */
export async function exportResult(ctx: Context, { format, reason, ...asked }: Asked): Promise<FileReply | ExportWaits> {
  const { rows, changes, shown } = await readResult(ctx, asked)
  return exportTables(ctx, {
    route: checksApi.exportResult,
    title: t.resultTitle,
    fileName: `${t.resultTitle} ${asked.month} ${t.versionText({ n: shown ?? 0 })}`,
    format,
    reason,
    asked,
    filters: [
      [words.levels.month, asked.month],
      [t.version, String(shown ?? '')],
    ],
    tables: [
      {
        name: t.resultTitle,
        columns: [
          { name: words.department, width: 20 },
          { name: t.level, width: 16 },
          ...counted.map((c) => ({ name: t.counts[c], as: 'count' as const })),
          ...[t.truth, t.intervalLow, t.intervalHigh, t.agreement, t.intervalLow, t.intervalHigh].map((name) => ({ name: `${name} (%)` })),
        ],
        rows: rows.map((r): Cell[] => [
          r.departmentName ?? t.hospital,
          t.levels[r.level],
          ...counted.map((c) => r[c]),
          ...[r.truth, r.agreement].flatMap((s) => [share(s), bound(s.n, s.low), bound(s.n, s.high)]),
        ]),
      },
      {
        name: t.changes,
        columns: [
          { name: words.department, width: 20 },
          { name: t.level, width: 16 },
          { name: t.count },
          { name: t.before, as: 'count' },
          { name: t.after, as: 'count' },
        ],
        rows: changes.map((c): Cell[] => [c.departmentName, t.levels[c.level], t.counts[c.count], c.before, c.after]),
      },
    ],
  })
}
