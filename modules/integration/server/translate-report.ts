import {
  type LineStatus,
  leastSure,
  type ReportFacts,
  type ReportKind,
  type ReportLineFact,
  type ReportPanelFact,
  type ReportStatus,
} from '@renxin/encounters'
import type { Message, Segment } from '@renxin/hl7'
import { codedAt, textAt } from './mapping.ts'
import { attachmentOf, textOfObservations, valueTextOf } from './observations.ts'
import { commonOf, numberless, type RecordReading, type RecordSaid } from './records.ts'
import { staffAt } from './translate-visit.ts'
import { given, groupsOf, momentIn, numberIn, wordsAt, wordsOf } from './values.ts'

type Report = Omit<ReportFacts, 'patientId'>

/**
 * ORU: the results and reports of laboratory, imaging, ECG and the like. One for each OBR; those under one number are one report, of a laboratory
 * with a panel for each OBR-4: another message may bring another panel, or a line of one.
 */
export function reportsOf(message: Message, reading: RecordReading): RecordSaid[] {
  const groups = groupsOf(message, beginsOrder)
  const reports = groups.filter((g) => g.first('OBR')).map((group, index) => reportOf(group, index, reading))
  const byNumber = new Map<string, Report>()
  for (const report of reports) {
    const same = byNumber.get(report.number)
    byNumber.set(report.number, same ? together(same, report) : report)
  }
  return [...byNumber.values()]
}

/** Of an order there may be an ORC, an OBR, or both; a second OBR begins another. */
export const beginsOrder = (segment: Segment, group: readonly Segment[]): boolean =>
  segment.name === 'ORC' || (segment.name === 'OBR' && (group.length === 0 || group.some((s) => s.name === 'OBR')))

function reportOf(message: Message, index: number, reading: RecordReading): Report {
  const { mapping } = reading
  const lines = message.all('OBX')
  const kind = kindOf(message, reading, lines)
  const observedAt = momentIn(message.get('OBR-7.1'), reading, 'OBR-7') ?? momentIn(lines[0]?.get(14, 1), reading, 'OBX-14')
  const texts = kind === 'laboratory' ? undefined : textsOf(lines)
  const attached = attachmentOf(lines, wordsAt(message, mapping, 'reportTitle') ?? 'report')
  const comments = kind === 'laboratory' ? commentsOf(message) : ''
  const code = codedAt(message, mapping, 'reportTitle')?.code
  const said = given({
    status: statusOf(message, lines),
    title: wordsAt(message, mapping, 'reportTitle'),
    findings: texts?.findings || undefined,
    conclusion: texts?.conclusion || comments || undefined,
  })
  // An image that is described anew may be called by another code: it has one panel.
  const panel = { code: (kind === 'laboratory' && code) || '', ...said, lines: linesOf(lines.filter((s) => isItem(s, kind)), reading) } // biome-ignore format: one thought
  return given({
    is: 'report' as const,
    ...commonOf(message, reading),
    number: numberIn(textAt(message, mapping, 'reportNumber')) ?? numberless(message, index),
    kind,
    ...said,
    code,
    orderNumber: numberIn(textAt(message, mapping, 'orderNumber')),
    accessionNumber: kind === 'laboratory' ? undefined : numberIn(textAt(message, mapping, 'accession')),
    studyUid: numberIn(textAt(message, mapping, 'studyUid')) ?? studyOf(lines),
    observedAt,
    reportedAt: momentIn(message.get('OBR-22.1'), reading, 'OBR-22'),
    author: staffAt(message, mapping, 'reportAuthor'),
    panels: [panel],
    file: attached.file,
    link: attached.link,
  })
}

/** Several OBR of one number: their panels, and what is said of the report as a whole. */
function together(a: Report, b: Report): Report {
  const panels = [...(a.panels ?? []), ...(b.panels ?? [])]
  const codes = [...new Set(panels.map((p) => p.code))]
  return given({
    ...b,
    ...a,
    ...allSaid(panels),
    file: a.file ?? b.file,
    link: a.link ?? b.link,
    panels: codes.map((code) => {
      const same = panels.filter((p) => p.code === code)
      return { code, ...allSaid(same), lines: same.flatMap((p) => p.lines) }
    }),
  })
}

function allSaid(panels: readonly ReportPanelFact[]) {
  const texts = (said: readonly (string | null | undefined)[], between: string) =>
    [...new Set(said.filter(Boolean))].join(between) || undefined
  return given({
    status: leastSure(panels.map((p) => p.status)) ?? 'final',
    title: texts(panels.map((p) => p.title), '、'),
    findings: texts(panels.map((p) => p.findings), '\n'),
    conclusion: texts(panels.map((p) => p.conclusion), '\n'),
  }) // biome-ignore format: a table
}

const kindWords: readonly [ReportKind, RegExp][] = [
  ['pathology', /病理|活检|细胞学|patholog|cytolog|histolog/i],
  ['endoscopy', /胃镜|肠镜|内镜|喉镜|支气管镜|宫腔镜|endoscop|gastroscop|colonoscop/i],
  ['ecg', /心电|\bECG\b|\bEKG\b|electrocardio/i],
  ['anaesthesia', /麻醉|an(?:a)?esthe/i],
  [
    'laboratory',
    /检验|化验|生化|(?:血|尿|便)常规|培养|药敏|涂片|凝血|血型|血气|电解质|肝功|肾功|核酸|抗体|抗原|laborator|culture|suscept/i,
  ],
  ['imaging', /CT|MRI?|磁共振|超声|B超|彩超|X线|X光|胸片|造影|钼靶|\bPET|放射|echo|ultraso|x-?ray|radiograph/i],
]

/** By the code of the service where the table has it, else by what the report is called and by what is in it. */
function kindOf(message: Message, { mapping, notes }: RecordReading, lines: readonly Segment[]): ReportKind {
  const table = mapping.codes.get('report')
  const service = codedAt(message, mapping, 'reportKind')
  const title = codedAt(message, mapping, 'reportTitle')
  const said = service && (table?.get(service.code) ?? table?.get(service.code.toUpperCase()) ?? table?.get(service.text))
  const named = said ?? (title && (table?.get(title.code) ?? table?.get(title.text)))
  if (isKind(named)) return named
  const words = `${service?.text ?? ''} ${title?.text ?? ''}`
  const guess = kindWords.find(([, word]) => word.test(words))?.[0]
  if (service && !guess) notes.push({ code: 'unknownCode', field: 'reportKind', value: service.code.slice(0, 40) })
  return guess ?? (lines.some((s) => ['NM', 'SN'].includes(s.get(2, 1) ?? '')) ? 'laboratory' : 'other')
}

const kinds = ['laboratory', 'imaging', 'ecg', 'endoscopy', 'pathology', 'anaesthesia', 'other'] as const satisfies readonly ReportKind[]
const isKind = (word: string | null | undefined): word is ReportKind => kinds.some((k) => k === word)

/** OBR-25 (HL7 table 0123); without it what the lines say of themselves (table 0085). */
function statusOf(message: Message, lines: readonly Segment[]): ReportStatus {
  const ofOrder = message.get('ORC-1.1')?.trim().toUpperCase()
  if (ofOrder === 'CA' || ofOrder === 'OC') return 'cancelled'
  switch (message.get('OBR-25.1')?.trim().toUpperCase()) {
    case 'O':
    case 'I':
    case 'S':
    case 'A':
      return 'registered'
    case 'P':
    case 'R':
    case 'M':
      return 'preliminary'
    case 'C':
    case 'K':
      return 'corrected'
    case 'X':
      return 'cancelled'
    case 'F':
      return 'final'
  }
  const ofLines = lines.map((s) => s.get(11, 1)?.trim().toUpperCase())
  if (ofLines.includes('C')) return 'corrected'
  return ofLines.some((s) => s === 'P' || s === 'R' || s === 'I' || s === 'S') ? 'preliminary' : 'final'
}

const narrative = new Set(['TX', 'FT'])
const attached = new Set(['ED', 'RP', 'HD', 'UI'])

/** A line with a value of its own. */
function isItem(line: Segment, kind: ReportKind): boolean {
  const type = line.get(2, 1) ?? ''
  return !attached.has(type) && (kind === 'laboratory' || !narrative.has(type) || type === '')
}

/** Text that goes on in the next line of the same code is one line. */
function linesOf(lines: readonly Segment[], reading: RecordReading): ReportLineFact[] {
  const all: ReportLineFact[] = []
  for (const line of lines) {
    const said = lineOf(line, reading)
    if (!said) continue
    const same = narrative.has(line.get(2, 1) ?? '')
      ? all.find((l) => l.code === said.code && l.name === said.name && l.subId === said.subId)
      : undefined
    if (same) same.value = [same.value, said.value].filter((v) => v !== null).join('\n') || null
    else all.push(said)
  }
  return all
}

/** OBX-11 (HL7 table 0085). A line without it is as sure as a result is that is sent. */
const lineStatuses: Readonly<Record<string, LineStatus>> = {
  F: 'final', U: 'final', V: 'final', B: 'final', C: 'corrected', A: 'corrected',
  P: 'preliminary', R: 'preliminary', S: 'preliminary', I: 'preliminary', O: 'preliminary', N: 'preliminary',
  X: 'withdrawn', D: 'withdrawn', W: 'mistaken',
} // biome-ignore format: a table

function lineOf(line: Segment, reading: RecordReading): ReportLineFact | undefined {
  const status = lineStatuses[line.get(11, 1)?.trim().toUpperCase() ?? ''] ?? 'final'
  const isTaken = status === 'withdrawn' || status === 'mistaken'
  const value = isTaken ? null : valueTextOf(line)
  const code = line.get(3, 1)?.trim() || null
  const name = wordsOf(line.first(3))
  if (name === undefined && value === null && !isTaken) return undefined
  const amount = value === null || !/^[-+]?\d/.test(value) ? Number.NaN : Number(value)
  return {
    code,
    name: name ?? '',
    subId: line.get(4)?.trim() || null,
    status,
    value,
    amount: Number.isFinite(amount) ? amount : null,
    unit: line.get(6, 1)?.trim() ?? null,
    range: line.get(7) ?? null,
    flag: isTaken ? null : (line.get(8, 1)?.trim() ?? null),
    observedAt: momentIn(line.get(14, 1), reading, 'OBX-14') ?? null,
  }
}

const isConclusion = (line: Segment): boolean =>
  /IMP\b|CONCL|DIAG|19005-8|结论|意见|诊断|提示|印象|impression/i.test(
    `${line.get(3, 1)} ${line.get(3, 1)?.length ? line.first(3)?.get(1, 2) : ''} ${line.get(3, 2)}`,
  )

/** What was seen and what it means, of the lines of text. */
function textsOf(lines: readonly Segment[]): { findings: string; conclusion: string } {
  const texts = lines.filter((s) => narrative.has(s.get(2, 1) ?? ''))
  const conclusion = texts.filter(isConclusion)
  return { findings: textOfObservations(texts.filter((s) => !conclusion.includes(s))), conclusion: textOfObservations(conclusion) }
}

const commentsOf = (message: Message): string =>
  message
    .all('NTE')
    .flatMap((s) => s.repetitions(3).flatMap((r) => r.whole(1) ?? []))
    .join('\n')

/** A study of the picture archive, as DICOM codes it (110180 and 113014 of CID). */
const studyOf = (lines: readonly Segment[]): string | undefined =>
  numberIn(lines.find((s) => ['113014', '110180'].includes(s.get(3, 1) ?? ''))?.get(5, 1))
