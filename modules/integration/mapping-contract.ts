import { z } from 'zod'

/** Where each thing stands by the standard. A sender's mapping says where it is otherwise; the shape is the one that engineers hand round as a site profile. */
export const usualPlaces = {
  patientId: 'PID-3 where CX.5=MR or PID-3 where CX.5=PI or PID-3.1 or PID-2.1',
  idCard: 'PID-3 where CX.5=NNCHN or PID-3 where CX.5=NI or PID-19',
  sex: 'PID-8',
  birth: 'PID-7',
  identity: 'PV1-18',
  payer: 'PV1-20 or IN1-2 or IN1-4 or GT1-21.1',
  visitNo: 'PV1-19.1',
  priorVisitNo: 'MRG-5.1',
  accountNo: 'PID-18.1',
  priorAccountNo: 'MRG-3.1',
  class: 'PV1-2',
  ward: 'PV1-3.1',
  room: 'PV1-3.2',
  bed: 'PV1-3.3',
  department: 'PV1-10',
  attending: 'PV1-7',
  responsibleNurse: 'PV1-52',
  nursingLevel: 'PV2-40',
  condition: 'PV2-42',
  admit: 'PV1-44',
  discharge: 'PV1-45',
  disposition: 'PV1-36',
  expectedDischarge: 'PV2-9',
  nextWard: 'PV1-42.1',
  nextRoom: 'PV1-42.2',
  nextBed: 'PV1-42.3',
  totalCharges: 'PV1-47.1',
  reportNumber: 'OBR-3.1 or ORC-3.1 or OBR-2.1 or ORC-2.1',
  reportKind: 'OBR-24',
  reportTitle: 'OBR-4',
  reportAuthor: 'OBR-32 or OBR-33 or OBX-16',
  accession: 'OBR-18.1 or OBR-20.1 or OBR-3.1',
  studyUid: 'ZDS-1.1',
  orderNumber: 'ORC-2.1 or OBR-2.1 or ORC-3.1',
  orderName: 'OBR-4 or RXO-1 or RXE-2 or RXD-2',
  orderKind: 'OBR-24',
  orderAuthor: 'ORC-12 or OBR-16',
  documentNumber: 'TXA-12.1',
  documentType: 'TXA-2',
  documentAuthor: 'TXA-5 or TXA-9',
  bookingNumber: 'SCH-2.1 or SCH-1.1',
  bookingStatus: 'SCH-25',
  bookingName: 'AIS-3 or SCH-8 or SCH-7',
  bookingStart: 'SCH-11.4 or TQ1-7 or AIS-4 or AIP-6 or AIL-6',
  bookingEnd: 'SCH-11.5 or TQ1-8',
  bookingPlace: 'AIL-3 or PV1-3',
  bookingDoctor: 'AIP-3 or PV1-7',
  chargeNumber: 'FT1-2.1',
  chargeKind: 'FT1-6',
  chargeItem: 'FT1-7',
  chargeAmount: 'FT1-11.1 or FT1-22.1',
  procedure: 'PR1-3',
} as const
export type FieldName = keyof typeof usualPlaces

/** The same, in the order and under the heads in which an engineer goes through them. */
export const placeGroups = {
  person: ['patientId', 'idCard', 'sex', 'birth', 'identity', 'payer'],
  visit: [
    'visitNo',
    'priorVisitNo',
    'accountNo',
    'priorAccountNo',
    'class',
    'department',
    'ward',
    'room',
    'bed',
    'attending',
    'responsibleNurse',
    'nursingLevel',
    'condition',
  ],
  stay: ['admit', 'discharge', 'disposition', 'expectedDischarge', 'nextWard', 'nextRoom', 'nextBed', 'totalCharges'],
  report: ['reportNumber', 'reportKind', 'reportTitle', 'reportAuthor', 'accession', 'studyUid'],
  order: ['orderNumber', 'orderName', 'orderKind', 'orderAuthor'],
  document: ['documentNumber', 'documentType', 'documentAuthor'],
  booking: ['bookingNumber', 'bookingStatus', 'bookingName', 'bookingStart', 'bookingEnd', 'bookingPlace', 'bookingDoctor'],
  charge: ['chargeNumber', 'chargeKind', 'chargeItem', 'chargeAmount', 'procedure'],
} as const satisfies Record<string, readonly FieldName[]>

/** Tables that say what a sender's codes mean. `assigner`: who gives a number, as this sender writes it (CX.4), and as the others do. */
export const codeTables = [
  'nursing',
  'condition',
  'disposition',
  'class',
  'sex',
  'identity',
  'payer',
  'ward',
  'department',
  'report',
  'order',
  'booking',
  'charge',
  'document',
  'assigner',
] as const
export type CodeTable = (typeof codeTables)[number]

/** What a code may mean, where not anything does. */
export const meanings: Partial<Record<CodeTable, readonly string[]>> = {
  nursing: ['特级', '一级', '二级', '三级'],
  condition: ['病危', '病重', '一般'],
  disposition: ['1', '2', '3', '4', '5', '9'],
  class: ['inpatient', 'outpatient', 'emergency', 'daySurgery', 'checkUp'],
  sex: ['male', 'female', 'other', 'unknown'],
  report: ['laboratory', 'imaging', 'ecg', 'endoscopy', 'pathology', 'anaesthesia', 'other'],
  order: ['laboratory', 'imaging', 'medication', 'nursing', 'procedure', 'other'],
  booking: ['booked', 'arrived', 'completed', 'cancelled', 'noShow'],
  charge: ['charge', 'credit', 'payment', 'total'],
  document: ['summary', 'other'],
}

/** Which table reads the codes of a field. */
export const tableOf: Partial<Record<FieldName, CodeTable>> = {
  nursingLevel: 'nursing',
  condition: 'condition',
  disposition: 'disposition',
  class: 'class',
  sex: 'sex',
  identity: 'identity',
  payer: 'payer',
  ward: 'ward',
  nextWard: 'ward',
  department: 'department',
  reportKind: 'report',
  orderKind: 'order',
  orderName: 'order',
  bookingStatus: 'booking',
  chargeKind: 'charge',
  documentType: 'document',
  patientId: 'assigner',
}

/** The shape of a site profile: `{ "ward": "PV1-3.1", …, "codes": { "nursing": { "1": "特级" } } }`. */
export const Profile = z.record(z.string(), z.unknown())
export type Profile = z.infer<typeof Profile>
