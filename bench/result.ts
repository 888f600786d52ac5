import { loadavg } from 'node:os'
import { median, type Pair } from './pairs.ts'

/** One line of the table: what we do, what it stands beside in the same run, and what was promised. */
export type Row = {
  name: string
  what: string
  unit: string
  ours: number
  range: [number, number]
  /** The limit or the peer, by name, and its figure of the same rounds. */
  beside: string | null
  besideFigure: number | null
  ratio: number | null
  ratioRange: [number, number] | null
  goal: string
  isMet: boolean | null
  load: number
}

const range = (values: readonly number[]): [number, number] => [Math.min(...values), Math.max(...values)]

type Said = { name: string; what: string; unit: string; beside: string; goal: string; isMet: (ratio: number, ours: number) => boolean }

export const rowOf = (pair: Pair, { isMet, ...said }: Said): Row => ({
  ...said,
  ours: median(pair.ours),
  range: range(pair.ours),
  besideFigure: median(pair.beside),
  ratio: median(pair.ratios),
  ratioRange: range(pair.ratios),
  isMet: isMet(median(pair.ratios), median(pair.ours)),
  load: loadavg()[0] ?? 0,
})

const figure = (value: number | null) =>
  value === null ? '—' : value >= 100 ? Math.round(value).toLocaleString('en') : value >= 10 ? value.toFixed(1) : value.toFixed(2)

export function tableOf(rows: readonly Row[]): string {
  const head = ['measurement', 'ours [min – max]', 'beside', 'its figure', 'ratio [min – max]', 'goal', '']
  const lines = rows.map((r) => [
    `${r.name}: ${r.what}`,
    `${figure(r.ours)} ${r.unit} [${figure(r.range[0])} – ${figure(r.range[1])}]`,
    r.beside ?? '—',
    r.besideFigure === null ? '—' : `${figure(r.besideFigure)} ${r.unit}`,
    r.ratio === null ? '—' : `${figure(r.ratio)} [${r.ratioRange?.map(figure).join(' – ')}]`,
    r.goal,
    r.isMet === null ? '' : r.isMet ? 'met' : 'MISSED',
  ])
  const widths = head.map((_, i) => Math.max(...[head, ...lines].map((line) => widthOf(line[i] ?? ''))))
  const draw = (line: string[]) =>
    line
      .map((cell, i) => cell + ' '.repeat((widths[i] ?? 0) - widthOf(cell)))
      .join('  ')
      .trimEnd()
  return [draw(head), draw(widths.map((w) => '─'.repeat(w))), ...lines.map(draw)].join('\n')
}

/** Columns on a terminal: a Chinese character takes two. */
const widthOf = (text: string) => Array.from(text).reduce((sum, c) => sum + (/[\u2e80-\uffef]/.test(c) ? 2 : 1), 0)
