import { encodeMessage, type FieldIn, type SegmentIn } from '@renxin/hl7'
import { wallTime } from '@renxin/kernel'
import {
  type About,
  answerText,
  type ComplaintResult,
  type Content,
  type Earlier,
  type FlagChange,
  type FollowupResult,
  type Head,
  type PhoneCorrection,
} from './contents.ts'

const stamp = (at: Date, zone: string) => wallTime(at, zone).replaceAll(/[^0-9]/g, '')
const SEX = { male: 'M', female: 'F', unknown: 'U', other: 'O' } as const
const CLASS: Record<string, string> = { inpatient: 'I', outpatient: 'O', emergency: 'E', daySurgery: 'I', checkUp: 'O' }
/** HL7 table 0063. */
const RELATION: Record<string, string> = { spouse: 'SPO', son: 'CHD', daughter: 'CHD', child: 'CHD', parent: 'PAR', sibling: 'SIB' }

/** A result as an HL7 v2.5 message. */
export function hl7Message(head: Head, about: About, content: Content, how: { followupsAs: string; earlier: Earlier | null }): string {
  switch (content.kind) {
    case 'followup':
      return how.followupsAs === 'mdm'
        ? followupDocument(head, about, content, how.earlier)
        : followupMessage(head, about, content, how.earlier)
    case 'complaint':
      return complaintMessage(head, about, content)
    case 'phone':
      return phoneMessage(head, about, content)
    case 'flag':
      return flagMessage(head, about, content)
  }
}

/** A finished follow-up as ORU^R01 (HL7 v2.5, chapter 7): one OBR, the outcome and then an OBX for each answer. */
export function followupMessage(head: Head, about: About, result: FollowupResult, earlier: Earlier | null): string {
  const at = stamp(result.at, head.zone)
  const status = statusOf(earlier)
  const observations = [
    obx(1, 'ST', 'OUTCOME', '联系结果', result.outcome, at, status),
    ...result.answers.map((a, i) =>
      a.number !== null
        ? obx(i + 2, 'NM', a.linkId, a.question, String(a.number), at, status)
        : obx(i + 2, a.code ? 'CWE' : 'ST', a.linkId, a.question, a.code ? [a.code, a.text ?? ''] : (a.text ?? ''), at, status),
    ),
  ]
  const obr: Record<number, FieldIn> = {
    1: '1',
    3: result.taskId,
    4: ['FOLLOWUP', result.programme, 'RENXIN'],
    7: at,
    10: result.by,
    22: at,
    25: status,
  }
  return encodeMessage([msh(head, ['ORU', 'R01', 'ORU_R01']), pid(about), ...pv1(about), segment('OBR', obr, 25), ...observations])
}

/** Tables 0085 and 0123: final, or a correction that replaces what was final. */
const statusOf = (earlier: Earlier | null) => (earlier ? 'C' : 'F')

/**
 * The same as MDM^T02 (chapter 9): a note for the medical record, one line of text for each answer. What replaces an earlier note is a document of its own, MDM^T10,
 * which names the one that becomes obsolete (TXA-13): the number of the first note is the task's, of each later one that of its message.
 */
function followupDocument(head: Head, about: About, result: FollowupResult, earlier: Earlier | null): string {
  const at = stamp(result.at, head.zone)
  const event = earlier ? 'T10' : 'T02'
  const parent = earlier && (earlier.lastId === earlier.firstId ? result.taskId : earlier.lastId)
  const status = statusOf(earlier)
  const txa = {
    1: '1',
    2: ['FOLLOWUP', result.programme, 'RENXIN'],
    3: 'TX',
    4: at,
    9: ['', result.by],
    12: earlier ? head.controlId : result.taskId,
    13: parent ?? undefined,
    17: 'AU',
  } satisfies Record<number, FieldIn>
  const lines = result.answers.map((a) => `${a.question}：${answerText(a)}`)
  return encodeMessage([
    msh(head, ['MDM', event, 'MDM_T02']),
    ['EVN', event, stamp(head.sentAt, head.zone)],
    pid(about),
    ...pv1(about),
    segment('TXA', txa, 17),
    obx(1, 'TX', 'OUTCOME', '联系结果', result.outcome, at, status),
    ...lines.map((line, i) => obx(i + 2, 'TX', result.answers[i]?.linkId ?? '', '随访记录', line, at, status)),
  ])
}

/** A closed complaint as MDM^T02: what was said and what was done about it. */
export function complaintMessage(head: Head, about: About, result: ComplaintResult): string {
  const txa: Record<number, FieldIn> = {
    1: '1',
    2: ['COMPLAINT', '投诉处理结果', 'RENXIN'],
    3: 'TX',
    4: stamp(result.receivedAt, head.zone),
    12: result.complaintId,
    16: result.number,
    17: 'AU',
  }
  const at = stamp(result.at, head.zone)
  return encodeMessage([
    msh(head, ['MDM', 'T02', 'MDM_T02']),
    ['EVN', 'T02', stamp(head.sentAt, head.zone)],
    pid(about),
    ...pv1(about),
    segment('TXA', txa, 17),
    obx(1, 'TX', 'SUBJECT', '投诉内容', result.subject, at),
    obx(2, 'TX', 'RESOLUTION', '处理结果', result.resolution, at),
  ])
}

/** Phones as ADT^A31 (chapter 3): the person's own whole in PID-13, those of somebody else in NK1. None left is `""`: delete it. */
function phoneMessage(head: Head, about: About, { relation, contactName, numbers, at, by }: PhoneCorrection): string {
  const phones: FieldIn = numbers.length === 0 ? null : { repeat: numbers.map((n) => [n.number, 'PRN', n.isMobile ? 'CP' : 'PH']) }
  const isOwn = relation === 'self'
  const kin: SegmentIn = segment('NK1', { 1: '1', 2: contactName ?? '', 3: [RELATION[relation] ?? 'OTH', relation], 5: phones }, 5)
  return encodeMessage([
    msh(head, ['ADT', 'A31', 'ADT_A05']),
    ['EVN', 'A31', stamp(head.sentAt, head.zone), '', '', ['', by], stamp(at, head.zone)],
    pid(about, isOwn ? phones : undefined),
    ...(isOwn ? [] : [kin]),
    NO_VISIT,
  ])
}

/** A flag as ADT^A31 with an observation: `Y` while it holds. */
function flagMessage(head: Head, about: About, { code, name, isOn, at }: FlagChange): string {
  return encodeMessage([
    msh(head, ['ADT', 'A31', 'ADT_A05']),
    ['EVN', 'A31', stamp(head.sentAt, head.zone), '', '', '', stamp(at, head.zone)],
    pid(about),
    NO_VISIT,
    obx(1, 'ID', code, name, isOn ? 'Y' : 'N', stamp(at, head.zone)),
  ])
}

const NO_VISIT: SegmentIn = ['PV1', '1', 'N'] // A31 must have one; `N` is "not applicable" (table 0004)

const segment = (name: string, fields: Record<number, FieldIn>, last: number): SegmentIn => [
  name,
  ...Array.from({ length: last }, (_, i) => fields[i + 1]),
]

const msh = (head: Head, type: string[]): SegmentIn => [
  'MSH',
  'RENXIN',
  head.from,
  head.application,
  head.facility,
  stamp(head.sentAt, head.zone),
  undefined,
  type,
  head.controlId,
  'P',
  '2.5',
  '',
  '',
  'AL',
  'NE',
  'CHN',
  head.charset === 'gb18030' ? 'GB 18030-2000' : 'UNICODE UTF-8',
]

const pid = (about: About, phones?: FieldIn): SegmentIn =>
  segment(
    'PID',
    {
      1: '1',
      3: [about.medicalRecordNumber ?? '', '', '', 'HIS', 'MR'],
      5: about.name,
      7: about.birthOn?.replaceAll('-', '') ?? '',
      8: SEX[about.sex],
      13: phones,
    },
    13,
  )

const pv1 = ({ visit }: About): SegmentIn[] =>
  visit ? [segment('PV1', { 1: '1', 2: CLASS[visit.class] ?? 'O', 3: [visit.ward ?? '', '', visit.bed ?? ''], 19: visit.number }, 19)] : []

const obx = (n: number, type: string, code: string, text: string, value: FieldIn, at: string, status = 'F'): SegmentIn =>
  segment('OBX', { 1: String(n), 2: type, 3: [code, text, 'RENXIN'], 5: value, 11: status, 14: at }, 14)
