import { loadavg } from 'node:os'
import { medianOf, type Reads } from './latency.ts'
import { median, type Pair } from './pairs.ts'

/** One line of the table: what we do, what it stands beside in the same run, and what was promised. */
export type Row = {
  name: string
  what: string
  unit: string
  ours: number
  range: [number, number]
  /** Of reads: the other shares, `ours` being the 95th. */
  p50?: number
  p99?: number
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
const load = () => loadavg()[0] ?? 0

type Said = {
  name: string
  what: string
  unit: string
  beside: string
  goal: string
  isMet: (ratio: number, ours: number) => boolean | null
}

export const rowOf = (pair: Pair, { isMet, ...said }: Said): Row => ({
  ...said,
  ours: median(pair.ours),
  range: range(pair.ours),
  besideFigure: median(pair.beside),
  ratio: median(pair.ratios),
  ratioRange: range(pair.ratios),
  isMet: isMet(median(pair.ratios), median(pair.ours)),
  load: load(),
})

/** The 95th of a hundred reads, beside the server that reads one row by its primary key. */
export function readRow(reads: Reads, said: { name: string; what: string; limitMs: number }): Row {
  const [ours, beside] = [reads.ours.map((s) => s.p95), reads.beside.map((s) => s.p95)]
  const pair = { ours, beside, ratios: ours.map((p95, i) => p95 / (beside[i] ?? Number.NaN)) }
  const { p50, p99 } = medianOf(reads.ours)
  const row = rowOf(pair, {
    name: said.name,
    what: said.what,
    unit: 'ms p95',
    beside: 'Fastify + pg, one row by primary key',
    goal: `< ${said.limitMs} ms`,
    isMet: (_, p95) => p95 < said.limitMs,
  })
  return { ...row, p50, p99 }
}

/** Differences below this are the machine's, not the data's. */
const NOISE_MS = 5

type At = { size: number; ours: number; beside: number }

/** How much slower a read is over more rows, set right by how much slower the machine itself had become: at most as the logarithm grows. */
export function growthRow({ from, to, ...said }: { name: string; what: string; from: At; to: At }): Row {
  const [ours, beside] = [to.ours / from.ours, to.beside / from.beside]
  const law = Math.log(to.size) / Math.log(from.size)
  const isMet = ours / beside <= law || ours <= law || to.ours - from.ours <= NOISE_MS
  const goal = `≤ ${law.toFixed(2)} (log n), or within ${NOISE_MS} ms`
  return {
    ...said,
    unit: '×',
    ours,
    range: [ours, ours],
    beside: "the one row's own growth",
    besideFigure: beside,
    ratio: ours / beside,
    ratioRange: null,
    goal,
    isMet,
    load: load(),
  }
}

/** A figure that stands beside its limit alone. */
export function plainRow(
  figures: readonly number[],
  { isMet, ...said }: { name: string; what: string; unit: string; goal: string; isMet: (ours: number) => boolean },
): Row {
  const ours = median(figures)
  return {
    ...said,
    ours,
    range: range(figures),
    beside: null,
    besideFigure: null,
    ratio: null,
    ratioRange: null,
    isMet: isMet(ours),
    load: load(),
  }
}

const figure = (value: number | null) =>
  value === null ? '—' : value >= 100 ? Math.round(value).toLocaleString('en') : value >= 10 ? value.toFixed(1) : value.toFixed(2)

const oursOf = (r: Row) =>
  `${figure(r.ours)} ${r.unit} [${figure(r.range[0])} – ${figure(r.range[1])}]${r.p50 === undefined ? '' : `, p50 ${figure(r.p50)}, p99 ${figure(r.p99 ?? null)}`}`

export function tableOf(rows: readonly Row[]): string {
  const head = ['measurement', 'ours [min – max]', 'beside', 'its figure', 'ratio [min – max]', 'goal', '', 'load']
  const lines = rows.map((r) => [
    `${r.name}: ${r.what}`,
    oursOf(r),
    r.beside ?? '—',
    r.besideFigure === null ? '—' : `${figure(r.besideFigure)} ${r.unit}`,
    r.ratio === null ? '—' : `${figure(r.ratio)}${r.ratioRange ? ` [${r.ratioRange.map(figure).join(' – ')}]` : ''}`,
    r.goal,
    r.isMet === null ? '' : r.isMet ? 'met' : 'MISSED',
    r.load.toFixed(1),
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
