import type { BookingStatus, DocumentFacts, OrderFacts, OrderKind, RecordFile, ReportKind, ReportStatus } from '@renxin/encounters'
import { type Element, elementsOf, entryOf, isElement, type Resource, textOf } from '@renxin/fhir'

const reports: Readonly<Record<string, ReportStatus>> = {
  registered: 'registered',
  partial: 'preliminary',
  preliminary: 'preliminary',
  final: 'final',
  amended: 'corrected',
  corrected: 'corrected',
  appended: 'corrected',
  cancelled: 'cancelled',
  'entered-in-error': 'cancelled',
}
export const reportStatus = (resource: Resource): ReportStatus => entryOf(reports, resource.status) ?? 'registered'

const orders: Readonly<Record<string, OrderFacts['status']>> = {
  active: 'active',
  draft: 'active',
  unknown: 'active',
  'on-hold': 'held',
  stopped: 'stopped',
  revoked: 'stopped',
  completed: 'completed',
  cancelled: 'cancelled',
  'entered-in-error': 'cancelled',
}
export const orderStatus = (resource: Resource): OrderFacts['status'] => entryOf(orders, resource.status) ?? 'active'

const bookings: Readonly<Record<string, BookingStatus>> = {
  arrived: 'arrived',
  'checked-in': 'arrived',
  fulfilled: 'completed',
  cancelled: 'cancelled',
  'entered-in-error': 'cancelled',
  noshow: 'noShow',
}
export const bookingStatus = (resource: Resource): BookingStatus => entryOf(bookings, resource.status) ?? 'booked'

export function documentStatus(resource: Resource): DocumentFacts['status'] {
  if (resource.status === 'entered-in-error' || resource.status === 'superseded') return 'cancelled'
  return resource.docStatus === 'amended' ? 'amended' : 'current'
}

const wordsOf = (concepts: unknown): string[] =>
  elementsOf(concepts).flatMap((c) => [
    textOf(c.text) ?? '',
    ...elementsOf(c.coding).flatMap((coding) => [textOf(coding.code) ?? '', textOf(coding.display) ?? '']),
  ])

const REPORT_KINDS: readonly [RegExp, ReportKind][] = [
  [/^(?:LAB|laboratory|HM|CH|MB|SR|BLB|IMM|TX|VR)$|检验|化验/i, 'laboratory'],
  [/^(?:RAD|CT|MRI?|RX|RUS|NMR|CUS|imaging|VUS|XRC|OUS|NMS)$|影像|放射|超声/i, 'imaging'],
  [/^(?:EC|ECG|EKG)$|心电/i, 'ecg'],
  [/内镜|胃镜|肠镜|endoscop/i, 'endoscopy'],
  [/^(?:PAT|SP|CP|CG|CYP|OSL|PF)$|病理/i, 'pathology'],
  [/麻醉|anaesthe|anesthe/i, 'anaesthesia'],
]

/** Which kind of report it is, by its category; by its code where that says nothing. */
export function reportKind(resource: Resource): ReportKind {
  const words = [...wordsOf(resource.category), ...wordsOf([resource.code])]
  return words.flatMap((word) => REPORT_KINDS.find(([kind]) => kind.test(word))?.[1] ?? [])[0] ?? 'other'
}

const ORDER_KINDS: readonly [RegExp, OrderKind][] = [
  [/^108252007$|laborator|检验|化验/i, 'laboratory'],
  [/^363679005$|imaging|影像|检查/i, 'imaging'],
  [/^387713003$|surg|手术|procedure/i, 'procedure'],
  [/护理|nursing/i, 'nursing'],
]
export const orderKind = (resource: Resource): OrderKind =>
  wordsOf(resource.category).flatMap((word) => ORDER_KINDS.find(([kind]) => kind.test(word))?.[1] ?? [])[0] ?? 'other'

/** What a concept is called: its own words, else those of its first code. */
export function spokenName(concept: unknown): string | undefined {
  if (!isElement(concept)) return undefined
  const codings = elementsOf(concept.coding)
  return textOf(concept.text) ?? codings.flatMap((c) => textOf(c.display) ?? [])[0] ?? textOf(codings[0]?.code)
}

const FILES: Readonly<Record<string, string>> = { 'application/pdf': 'pdf', 'image/jpeg': 'jpg', 'image/png': 'png' }
const LARGEST = 20 * 1024 * 1024

/** The first attachment that is a PDF or a picture and came with its bytes. */
export function fileIn(attachments: readonly Element[], id: string): RecordFile | undefined {
  for (const { contentType, data, title } of attachments) {
    const type = textOf(contentType)?.split(';')[0]?.trim().toLowerCase() ?? ''
    const ending = entryOf(FILES, type)
    if (!ending || typeof data !== 'string' || data.length > LARGEST * 1.4) continue
    const bytes = Buffer.from(data, 'base64')
    if (bytes.length > 0) return { name: `${(textOf(title) ?? id).replaceAll(/[/\\\0]/g, '_').slice(0, 100)}.${ending}`, type, bytes }
  }
  return undefined
}
