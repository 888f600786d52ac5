import type { LineStatus, ReportPanelFact, ReportStatus } from './facts.ts'
import type { FormerValue, StoredItem } from './kinds.ts'

/** What was said of a line at one moment. Kept: newest first. */
type Word = { at: number; status: LineStatus | null; item: StoredItem }

/** `panel` is null for a line of a list that was told whole. */
type Line = { key: string; panel: string | null; firstAt: number; position: number; words: Word[] }

export type PanelField = 'status' | 'title' | 'findings' | 'conclusion'
type Panel = {
  code: string
  firstAt: number
  values: Partial<Record<PanelField, string | null>>
  saidAt: Partial<Record<PanelField, number>>
}

/** A report by its parts: everything that its lines and panels are reckoned from, so that their messages may come in any order. */
export type ReportParts = { panels: Panel[]; lines: Line[]; wholeAt: number | null }

/** A panel with its lines as they are kept. */
export type StoredPanel = Omit<ReportPanelFact, 'lines'> & {
  lines: readonly { subId: string | null; status: LineStatus; item: StoredItem }[]
}

/** So many words of a line are kept: far more than anything is corrected. */
const MOST_WORDS = 12

/** A list that is told whole: a line that is not in the latest is gone, and one that says something else than before keeps what it said. */
export function hearWhole(parts: ReportParts, at: number, items: readonly StoredItem[]): void {
  const told = parts.lines.filter((l) => l.panel === null)
  if (at === parts.wholeAt) for (const line of told) line.words = line.words.filter((w) => w.at !== at)
  const keyed = withKeys(items.map((item) => ({ item, subId: null })), null) // biome-ignore format: one thought
  for (const [position, { key, item }] of keyed.entries()) {
    const line = lineOf(parts, { key, panel: null, firstAt: 0, position })
    if (line.words.every((w) => w.at <= at)) line.position = position
    say(line, { at, status: null, item })
  }
  parts.wholeAt = Math.max(at, parts.wholeAt ?? at)
  parts.lines = parts.lines.filter((l) => l.words.length > 0)
  setInOrder(parts)
}

/** Panels, or some lines of them: each line is heard for itself (HL7: by OBR-4, OBX-3 and OBX-4), whatever else the message leaves out. */
export function hearPanels(parts: ReportParts, at: number, panels: readonly StoredPanel[]): void {
  for (const { code, lines, ...said } of panels) {
    const known = parts.panels.find((p) => p.code === code)
    const panel = known ?? { code, firstAt: at, values: {}, saidAt: {} }
    if (!known) parts.panels.push(panel)
    panel.firstAt = Math.min(panel.firstAt, at)
    for (const field of panelFields) {
      const value = said[field]
      if (value === undefined || (panel.saidAt[field] ?? at) > at) continue
      panel.values[field] = value
      panel.saidAt[field] = at
    }
    for (const [position, { key, item, status }] of withKeys(lines, code).entries()) {
      const line = lineOf(parts, { key, panel: code, firstAt: at, position })
      if (at < line.firstAt || (at === line.firstAt && position < line.position)) Object.assign(line, { firstAt: at, position })
      say(line, { at, status, item })
    }
  }
  setInOrder(parts)
}

export const panelFields = ['status', 'title', 'findings', 'conclusion'] as const satisfies readonly PanelField[]

/** Lines that say the same of themselves in one message are told apart by their order. */
function withKeys<L extends { item: StoredItem; subId: string | null }>(
  lines: readonly L[],
  panel: string | null,
): (L & { key: string })[] {
  const met = new Map<string, number>()
  return lines.map((line) => {
    const key = JSON.stringify([panel, line.item.code || line.item.name, line.subId ?? ''])
    const times = (met.get(key) ?? 0) + 1
    met.set(key, times)
    return { ...line, key: times === 1 ? key : `${key} ${times}` }
  })
}

function lineOf(parts: ReportParts, at: Omit<Line, 'words'>): Line {
  const known = parts.lines.find((l) => l.key === at.key)
  const line = known ?? { ...at, words: [] }
  if (!known) parts.lines.push(line)
  return line
}

/** One word for each moment and certainty; of two at one moment the surer is the newer, of two alike the later to arrive counts. */
function say(line: Line, word: Word): void {
  const others = line.words.filter((w) => w.at !== word.at || w.status !== word.status)
  line.words = [...others, word].sort((a, b) => b.at - a.at || certainty(b) - certainty(a)).slice(0, MOST_WORDS)
}

const byCertainty: readonly (LineStatus | null)[] = [null, 'preliminary', 'final', 'corrected', 'withdrawn', 'mistaken']
const certainty = ({ status }: Word) => byCertainty.indexOf(status)
const isTaken = ({ status }: Word) => status === 'withdrawn' || status === 'mistaken'

/** The word that counts: an announcement without a value (a result to come) does not take the place of one. */
const countingWord = ({ words }: Line): Word | undefined => words.find((w) => isTaken(w) || w.item.value !== null) ?? words[0]

/** The lines as a reader sees them, panel by panel in the order in which they were first told. */
export const itemsOf = (parts: ReportParts): StoredItem[] => shownLines(parts).map((s) => s.item)

const shownLines = (parts: ReportParts) => parts.lines.flatMap((line) => shownLine(line, parts.wholeAt) ?? [])

/** Whatever came first, the same parts stand in the same order. */
function setInOrder(parts: ReportParts): void {
  parts.panels.sort((a, b) => a.firstAt - b.firstAt || compare(a.code, b.code))
  const rank = new Map<string | null, number>(parts.panels.map((p, index) => [p.code, index]))
  const rankOf = (line: Line) => rank.get(line.panel) ?? -1
  parts.lines.sort((a, b) => rankOf(a) - rankOf(b) || a.firstAt - b.firstAt || a.position - b.position || compare(a.key, b.key))
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

function shownLine(line: Line, wholeAt: number | null): { word: Word; item: StoredItem } | undefined {
  const word = countingWord(line)
  if (!word || word.status === 'mistaken' || (line.panel === null && word.at < (wholeAt ?? word.at))) return undefined
  const former = formerOf(line, word)
  if (word.status !== 'withdrawn') {
    const status = word.status === 'final' ? null : word.status
    return { word, item: { ...word.item, ...(status && { status }), ...(former.length > 0 && { former }) } }
  }
  // It can be read that there was a value, and that it does not count.
  if (former.length === 0) return undefined
  const named = word.item.name ? word.item : (line.words.find((w) => w.item.name)?.item ?? word.item)
  return { word, item: { ...named, value: null, amount: null, flag: null, status: 'withdrawn', former } }
}

/** Newest first; what was never this patient's is not shown, and nothing before it. */
function formerOf({ words }: Line, counting: Word): FormerValue[] {
  const before = words.slice(words.indexOf(counting) + 1)
  const mistaken = before.findIndex((w) => w.status === 'mistaken')
  const former: FormerValue[] = []
  let { value, unit } = counting.status === 'withdrawn' ? { value: null, unit: null } : counting.item
  for (const { at, status, item } of mistaken < 0 ? before : before.slice(0, mistaken)) {
    if (item.value === null || status === 'withdrawn' || status === 'mistaken' || (item.value === value && item.unit === unit)) continue
    former.push({ value: item.value, unit: item.unit, flag: item.flag, status, saidAt: new Date(at).toISOString() })
    ;({ value, unit } = item)
  }
  return former
}

const bySurety: readonly ReportStatus[] = ['registered', 'preliminary', 'corrected', 'final', 'cancelled']

/** Of several panels the least sure counts: a report is final when all of it is. */
export const leastSure = (statuses: readonly ReportStatus[]): ReportStatus | undefined => bySurety.find((s) => statuses.includes(s))

/** What the panels say together of a field, and when one of them last spoke of it. */
export function togetherSaid({ panels }: ReportParts, field: PanelField): { value: string | null; at: number } | undefined {
  const spoke = panels.filter((p) => p.saidAt[field] !== undefined)
  if (spoke.length === 0) return undefined
  const at = Math.max(...spoke.map((p) => p.saidAt[field] ?? 0))
  if (field === 'status') return { value: bySurety.find((s) => spoke.some((p) => p.values.status === s)) ?? null, at }
  const texts = [...new Set(spoke.flatMap((p) => p.values[field] || []))]
  return { value: texts.join(field === 'title' ? '、' : '\n') || null, at }
}

type PackedWord = Omit<Word, 'item'> & { item: StoredItem | number }
/** As the database keeps it: a word that is shown stands among the items, and here only which one it is. */
export type PackedParts = Omit<ReportParts, 'lines'> & { lines: (Omit<Line, 'words'> & { words: PackedWord[] })[] }

/** Of a list that was told whole and once no parts are kept: it is its items. */
export const isToldOnce = ({ panels, lines, wholeAt }: ReportParts): boolean =>
  panels.length === 0 && lines.every((l) => l.words.length === 1 && l.words[0]?.at === wholeAt)

export function partsOfOnce(items: readonly StoredItem[], saidAt: number | undefined): ReportParts {
  const parts: ReportParts = { panels: [], lines: [], wholeAt: null }
  if (saidAt !== undefined) hearWhole(parts, saidAt, items)
  return parts
}

export function pack(parts: ReportParts): PackedParts {
  const shown = new Map(shownLines(parts).map(({ word, item }, index) => [word, item.status === 'withdrawn' ? undefined : index]))
  return {
    ...parts,
    lines: parts.lines.map((line) => ({ ...line, words: line.words.map((w) => ({ ...w, item: shown.get(w) ?? w.item })) })),
  }
}

export function unpack(packed: PackedParts, items: readonly StoredItem[]): ReportParts {
  const itemAt = (at: number): StoredItem => {
    const { status: _, former: __, ...plain } = items[at] ?? emptyLine
    return plain
  }
  return {
    ...packed,
    lines: packed.lines.map((line) => ({
      ...line,
      words: line.words.map((w) => ({ ...w, item: typeof w.item === 'number' ? itemAt(w.item) : w.item })),
    })),
  }
}

const emptyLine: StoredItem = { code: null, name: '', value: null, amount: null, unit: null, range: null, flag: null, observedAt: null }
