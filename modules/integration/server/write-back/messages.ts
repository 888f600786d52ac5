import { encodeMessage, type FieldIn, type SegmentIn } from '@renxin/hl7'
import { wallTime } from '@renxin/kernel'

export type About = {
  medicalRecordNumber: string | null
  name: string
  sex: 'male' | 'female' | 'unknown' | 'other'
  birthOn: string | null
  /** The stay or visit that it is about. */
  visit: { number: string; class: string; ward: string | null; bed: string | null } | null
}

type Head = { controlId: string; from: string; application: string; facility: string; sentAt: Date; zone: string }

export type FollowupResult = {
  taskId: string
  programme: string
  outcome: string
  at: Date
  by: string
  answers: { linkId: string; question: string; code: string | null; text: string | null; number: number | null }[]
}

export type ComplaintResult = { complaintId: string; number: string; receivedAt: Date; closedAt: Date; subject: string; resolution: string }

const stamp = (at: Date, zone: string) => wallTime(at, zone).replaceAll(/[^0-9]/g, '')
const SEX = { male: 'M', female: 'F', unknown: 'U', other: 'O' } as const
const CLASS: Record<string, string> = { inpatient: 'I', outpatient: 'O', emergency: 'E', daySurgery: 'I', checkUp: 'O' }

/** A finished follow-up as ORU^R01 (HL7 v2.5, chapter 7): one OBR, the outcome and then an OBX for each answer. */
export function followupMessage(head: Head, about: About, result: FollowupResult): string {
  const at = stamp(result.at, head.zone)
  const observations = [
    obx(1, 'ST', 'OUTCOME', '联系结果', result.outcome, at),
    ...result.answers.map((a, i) =>
      a.number !== null
        ? obx(i + 2, 'NM', a.linkId, a.question, String(a.number), at)
        : obx(i + 2, a.code ? 'CWE' : 'ST', a.linkId, a.question, a.code ? [a.code, a.text ?? ''] : (a.text ?? ''), at),
    ),
  ]
  const obr: Record<number, FieldIn> = {
    1: '1',
    3: result.taskId,
    4: ['FOLLOWUP', result.programme, 'RENXIN'],
    7: at,
    10: result.by,
    22: at,
    25: 'F',
  }
  return encodeMessage([msh(head, ['ORU', 'R01', 'ORU_R01']), pid(about), ...pv1(about), segment('OBR', obr, 25), ...observations])
}

/** A closed complaint as MDM^T02 (chapter 9): what was said and what was done about it. */
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
  const at = stamp(result.closedAt, head.zone)
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
  'UNICODE UTF-8',
]

const pid = (about: About): SegmentIn => [
  'PID',
  '1',
  '',
  [about.medicalRecordNumber ?? '', '', '', 'HIS', 'MR'],
  '',
  about.name,
  '',
  about.birthOn?.replaceAll('-', '') ?? '',
  SEX[about.sex],
]

const pv1 = ({ visit }: About): SegmentIn[] =>
  visit ? [segment('PV1', { 1: '1', 2: CLASS[visit.class] ?? 'O', 3: [visit.ward ?? '', '', visit.bed ?? ''], 19: visit.number }, 19)] : []

const obx = (n: number, type: string, code: string, text: string, value: FieldIn, at: string): SegmentIn =>
  segment('OBX', { 1: String(n), 2: type, 3: [code, text, 'RENXIN'], 5: value, 11: 'F', 14: at }, 14)
