import type { ReportFacts, ReportItemFact, ReportKind, ReportStatus } from '@renxin/encounters'
import type { Message, Segment } from '@renxin/hl7'
import { codedAt, textAt } from './mapping.ts'
import { attachmentOf, textOfObservations, valueTextOf } from './observations.ts'
import { commonOf, numberless, type RecordReading, type RecordSaid } from './records.ts'
import { staffAt } from './translate-visit.ts'
import { given, groupsOf, momentIn, numberIn, wordsAt, wordsOf } from './values.ts'

type Report = Omit<ReportFacts, 'patientId'>

/** ORU: the results and reports of laboratory, imaging, ECG and the like. One for each OBR; those under one number are one report. */
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
  const items = lines.filter((s) => isItem(s, kind)).flatMap((s) => itemOf(s, reading))
  const comments = kind === 'laboratory' ? commentsOf(message) : ''
  return given({
    is: 'report' as const,
    ...commonOf(message, reading),
    number: numberIn(textAt(message, mapping, 'reportNumber')) ?? numberless(message, index),
    kind,
    status: statusOf(message, lines),
    title: wordsAt(message, mapping, 'reportTitle'),
    code: codedAt(message, mapping, 'reportTitle')?.code,
    orderNumber: numberIn(textAt(message, mapping, 'orderNumber')),
    accessionNumber: kind === 'laboratory' ? undefined : numberIn(textAt(message, mapping, 'accession')),
    studyUid: numberIn(textAt(message, mapping, 'studyUid')) ?? studyOf(lines),
    observedAt,
    reportedAt: momentIn(message.get('OBR-22.1'), reading, 'OBR-22'),
    author: staffAt(message, mapping, 'reportAuthor'),
    findings: texts?.findings || undefined,
    conclusion: texts?.conclusion || comments || undefined,
    items: items.length > 0 || lines.some((s) => isItem(s, kind)) ? items : undefined,
    file: attached.file,
    link: attached.link,
  })
}

/** Panels of one specimen under one number. */
function together(a: Report, b: Report): Report {
  const texts = (x: string | null | undefined, y: string | null | undefined) => [x, y].filter(Boolean).join('\n') || undefined
  const titles = [...new Set([a.title, b.title].filter(Boolean))].join('、')
  return given({
    ...b,
    ...a,
    title: titles || undefined,
    findings: texts(a.findings, b.findings),
    conclusion: texts(a.conclusion, b.conclusion),
    items: a.items || b.items ? [...(a.items ?? []), ...(b.items ?? [])] : undefined,
    file: a.file ?? b.file,
    link: a.link ?? b.link,
    status: worst(a.status, b.status),
  })
}

const byCertainty: readonly ReportStatus[] = ['registered', 'preliminary', 'corrected', 'final', 'cancelled']
const worst = (a: ReportStatus, b: ReportStatus): ReportStatus => (byCertainty.indexOf(a) < byCertainty.indexOf(b) ? a : b)

const kindWords: readonly [ReportKind, RegExp][] = [
  ['pathology', /病理|活检|细胞学|patholog|cytolog|histolog/i],
  ['endoscopy', /胃镜|肠镜|内镜|喉镜|支气管镜|宫腔镜|endoscop|gastroscop|colonoscop/i],
  ['ecg', /心电|\bECG\b|\bEKG\b|electrocardio/i],
  ['anaesthesia', /麻醉|an(?:a)?esthe/i],
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

/** A line with a value of its own; one that is withdrawn (X, D, W) is none. */
function isItem(line: Segment, kind: ReportKind): boolean {
  const type = line.get(2, 1) ?? ''
  return !attached.has(type) && (kind === 'laboratory' || !narrative.has(type) || type === '')
}

function itemOf(line: Segment, reading: RecordReading): ReportItemFact[] {
  if (['X', 'D', 'W'].includes(line.get(11, 1)?.trim().toUpperCase() ?? '')) return []
  const value = valueTextOf(line)
  const name = wordsOf(line.first(3))
  if (name === undefined && value === null) return []
  const amount = value === null || !/^[-+]?\d/.test(value) ? Number.NaN : Number(value)
  return [
    {
      code: line.get(3, 1)?.trim() ?? null,
      name: name ?? '',
      value,
      amount: Number.isFinite(amount) ? amount : null,
      unit: line.get(6, 1)?.trim() ?? null,
      range: line.get(7) ?? null,
      flag: line.get(8, 1)?.trim() ?? null,
      observedAt: momentIn(line.get(14, 1), reading, 'OBX-14') ?? null,
    },
  ]
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
