import { encodeMessage, type FieldIn, repeat, type SegmentIn } from '@renxin/hl7'
import { wallTime } from '@renxin/kernel'
import type { Ward } from './departments.ts'
import type { Person } from './people.ts'
import type { Carer } from './staff.ts'
import type { Condition, Level, Stay } from './stays.ts'

export const APPLICATION = 'HIS'
export const FACILITY = '仁心示范医院'

/** Where the imaginary HIS puts what no standard places: the mapping of its sender. */
export const siteProfile = {
  patientId: 'PID-3 where CX.5=MR',
  idCard: 'PID-3 where CX.5=NNCHN',
  visitNo: 'PV1-19.1',
  ward: 'PV1-3.1',
  room: 'PV1-3.2',
  bed: 'PV1-3.3',
  attending: 'PV1-7',
  department: 'PV1-10',
  identity: 'PV1-18',
  payer: 'PV1-20',
  admit: 'PV1-44',
  discharge: 'PV1-45',
  disposition: 'PV1-36',
  nursingLevel: 'ZPV-1',
  condition: 'PV2-42',
  responsibleNurse: 'ZPV-3',
  codes: {
    nursing: { '1': '特级', '2': '一级', '3': '二级', '4': '三级' },
    condition: { C: '病危', P: '病重', S: '一般' },
  },
}

export type Visit = {
  number: string
  person: Person
  class: 'I' | 'O'
  ward: Ward
  bed: string
  doctor: Carer
  nurse: Carer
  level: Level
  condition: Condition
  admittedAt: Date
  dischargedAt?: Date
  disposition?: Stay['disposition']
  diagnosis?: Stay['diagnosis']
  priorWard?: Ward
  priorBed?: string
}

export type AdtEvent = 'A01' | 'A02' | 'A03' | 'A04' | 'A08' | 'A11' | 'A13'

const LEVEL_CODES = { 特级: '1', 一级: '2', 二级: '3', 三级: '4' } as const
const CONDITION_CODES = { 病危: 'C', 病重: 'P', 一般: 'S' } as const
const DISPOSITIONS = { '1': '医嘱离院', '2': '医嘱转院', '3': '医嘱转社区', '4': '非医嘱离院', '5': '死亡', '9': '其他' } as const

export const stamp = (at: Date) => wallTime(at, 'Asia/Shanghai').replaceAll(/[^0-9]/g, '')
const place = (ward: Ward | undefined, bed: string | undefined): FieldIn => (ward ? [ward.name, '', bed, FACILITY] : undefined)

/** An ADT message as a hospital of this kind sends it: v2.5, UTF-8, its own ZPV segment. */
export function adt(event: AdtEvent, visit: Visit, sentAt: Date, controlId: string): string {
  const structure = event === 'A02' ? 'ADT_A02' : event === 'A03' || event === 'A13' ? 'ADT_A03' : 'ADT_A01'
  const segments: SegmentIn[] = [
    [
      'MSH',
      APPLICATION,
      FACILITY,
      'CRM',
      FACILITY,
      stamp(sentAt),
      undefined,
      ['ADT', event, structure],
      controlId,
      'P',
      '2.5',
      '',
      '',
      '',
      '',
      'CHN',
      'UNICODE UTF-8',
    ],
    ['EVN', event, stamp(sentAt)],
    pid(visit.person),
    ...(visit.person.kin ? [nk1(visit.person.kin)] : []),
    pv1(visit),
    ['PV2', ...Array<undefined>(41), [CONDITION_CODES[visit.condition], visit.condition, 'HL70434']],
    ['ZPV', [LEVEL_CODES[visit.level], `${visit.level}护理`, 'CV06.00.220'], undefined, [visit.nurse.number, visit.nurse.name]],
    ...(visit.diagnosis
      ? [['DG1', '1', '', [...visit.diagnosis, 'ICD10CN'], '', '', event === 'A03' ? 'F' : 'A'] satisfies SegmentIn]
      : []),
  ]
  return encodeMessage(segments)
}

function pid(person: Person): SegmentIn {
  const numbers = [
    [person.medicalRecordNumber, '', '', APPLICATION, 'MR'],
    ...(person.identityCard ? [[person.identityCard, '', '', 'GA', 'NNCHN']] : []),
  ]
  const phones = person.phones.map((p) => [p.number, p.kind === 'mobile' ? 'PRN' : 'PRN', p.kind === 'mobile' ? 'CP' : 'PH'])
  return [
    'PID',
    '1',
    '',
    repeat(numbers),
    '',
    person.name,
    '',
    person.birthOn.replaceAll('-', ''),
    person.sex === 'male' ? 'M' : 'F',
    '',
    '',
    [person.address, '', person.district.slice(0, 3), '示范省', '', 'CHN', 'H', '', person.district.slice(3)],
    '',
    phones.length > 0 ? repeat(phones) : undefined,
  ]
}

const nk1 = (kin: NonNullable<Person['kin']>): SegmentIn => ['NK1', '1', kin.name, [kin.relationCode, kin.relation], '', kin.phone]

function pv1(visit: Visit): SegmentIn {
  const fields: Record<number, FieldIn> = {
    1: '1',
    2: visit.class,
    3: place(visit.ward, visit.bed),
    4: 'R',
    6: place(visit.priorWard, visit.priorBed),
    7: [visit.doctor.number, visit.doctor.name],
    10: [visit.ward.department.code, visit.ward.department.name],
    18: [...visit.person.identityClass],
    19: visit.number,
    20: [...visit.person.payer],
    36: visit.disposition ? [visit.disposition, DISPOSITIONS[visit.disposition]] : undefined,
    44: stamp(visit.admittedAt),
    45: visit.dischargedAt ? stamp(visit.dischargedAt) : undefined,
  }
  return ['PV1', ...Array.from({ length: 45 }, (_, i) => fields[i + 1])]
}

/** All that a HIS says of one stay, in its order: admission, changes of level, moves, discharge. `said` tells when each was sent. */
export function journey(
  base: Omit<Visit, 'ward' | 'bed' | 'level' | 'condition' | 'admittedAt'>,
  stay: Stay,
  until: Date,
): { event: AdtEvent; visit: Visit; at: Date }[] {
  const first = stay.said[0]
  let visit: Visit = {
    ...base,
    ward: stay.ward,
    bed: stay.bed,
    level: first?.level ?? '二级',
    condition: first?.condition ?? '一般',
    admittedAt: stay.admittedAt,
    diagnosis: stay.diagnosis,
  }
  const steps: { event: AdtEvent; visit: Visit; at: Date }[] = [{ event: 'A01', visit, at: stay.admittedAt }]
  const changes = [
    ...stay.said.slice(1).map((s) => ({ at: s.at, event: 'A08' as const, change: { level: s.level, condition: s.condition } })),
    ...stay.moves.map((m) => ({ at: m.at, event: 'A02' as const, change: { ward: m.ward, bed: m.bed } })),
  ].sort((a, b) => a.at.getTime() - b.at.getTime())
  for (const { at, event, change } of changes) {
    const moved = event === 'A02' ? { priorWard: visit.ward, priorBed: visit.bed } : { priorWard: undefined, priorBed: undefined }
    visit = { ...visit, ...moved, ...change }
    steps.push({ event, visit, at })
  }
  visit = { ...visit, priorWard: undefined, priorBed: undefined, dischargedAt: stay.dischargedAt, disposition: stay.disposition }
  steps.push({ event: 'A03', visit, at: stay.dischargedAt })
  return steps.filter((s) => s.at <= until)
}
