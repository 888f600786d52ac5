import { parseMessage } from '@renxin/hl7'
import { describe, expect, test } from 'vitest'
import { parseMapping, usualMapping } from './mapping.ts'
import { translate } from './translate.ts'

/** A message of an imaginary HIS: the segments after EVN. */
function read(event: string, segments: readonly string[], profile?: object) {
  const message = parseMessage(
    [
      `MSH|^~\\&|HIS|甲院|CRM||20251105090000||ADT^${event}|1|P|2.5`,
      ...(segments[0]?.startsWith('EVN') ? [] : ['EVN|A01|20251105085500']),
      ...segments,
    ].join('\r'),
  )
  if (!message) throw new Error('no message')
  const mapping = profile ? parseMapping(profile).mapping : usualMapping
  return translate(message, { mapping, zone: 'Asia/Shanghai', receivedAt: new Date('2025-11-20T00:00:00Z'), source: 'S' })
}
const pid = (record: string, account = '') => `PID|1||${record}^^^HIS^MR||钱多多||19600102|F${'|'.repeat(10)}${account}`
const pv1 = (visit: string, bed = '3床', visitClass = 'I') => `PV1|1|${visitClass}|内科^^${bed}${'|'.repeat(16)}${visit}`
const mrg = (record: string, visit = '', account = '') => `MRG|${record}^^^HIS^MR||${account}||${visit}`

test.each([
  ['A05', 'preadmit'],
  ['A14', 'preadmit'],
  ['A27', 'cancelPreadmit'],
  ['A38', 'cancelPreadmit'],
  ['A06', 'toInpatient'],
  ['A07', 'toOutpatient'],
  ['A09', 'update'],
  ['A10', 'update'],
  ['A15', 'planTransfer'],
  ['A16', 'planDischarge'],
  ['A21', 'leave'],
  ['A22', 'return'],
  ['A23', 'cancelAdmit'],
  ['A25', 'cancelPlanDischarge'],
  ['A26', 'cancelPlanTransfer'],
  ['A52', 'cancelLeave'],
  ['A53', 'cancelReturn'],
])('%s says %s of the visit', (event, said) => {
  expect(read(event, [pid('R1'), pv1('V1')])).toMatchObject({
    status: 'applied',
    visit: { event: said, number: 'V1', occurredAt: new Date('2025-11-05T08:55:00+08:00') },
  })
})

test('two who swap their beds are told, each with the new one', () => {
  const swapped = read('A17', [pid('R1'), pv1('V1', '4床'), pid('R2'), pv1('V2', '3床')])

  expect(swapped.visit).toMatchObject({ event: 'transfer', number: 'V1', bed: '4床' })
  expect(swapped.also).toMatchObject([
    { person: { identifiers: [{ value: 'R2' }] }, visit: { event: 'transfer', number: 'V2', bed: '3床' } },
  ])
})

test('a swap in which one of the two has no number waits, and nothing of it is half done', () => {
  expect(read('A17', [pid('R1'), pv1('V1'), 'PID|2||', pv1('V2')])).toMatchObject({ status: 'waiting', reason: 'noPatientId' })
})

describe('persons', () => {
  test.each(['A18', 'A30', 'A34', 'A36', 'A39', 'A40', 'A43', 'A46', 'A47'])('%s retires the number in MRG-1', (event) => {
    expect(read(event, [pid('R1'), mrg('R9')])).toMatchObject({
      status: 'applied',
      person: { identifiers: [{ value: 'R1' }], mergeOf: [{ system: 'HIS', type: 'MR', value: 'R9' }] },
    })
  })

  test('one message may merge several', () => {
    const merged = read('A40', [pid('R1'), mrg('R8'), pid('R2'), mrg('R9')])

    expect(
      [merged.person, ...(merged.also ?? []).map((a) => a.person)].map((p) => [p?.identifiers[0]?.value, p?.mergeOf?.[0]?.value]),
    ).toEqual([
      ['R1', 'R8'],
      ['R2', 'R9'],
    ])
  })

  test('who has the wrong visit is not merged with the one whose visit it is', () => {
    expect(read('A45', [pid('R1'), mrg('R9', 'V1'), pv1('V1')]).person).not.toHaveProperty('mergeOf')
  })

  test('nobody is deleted because another system says so', () => {
    expect(read('A29', [pid('R1')])).toMatchObject({ status: 'waiting', reason: 'deletesPerson' })
  })

  test('a link is no merge: the numbers of both are named together, for somebody to look at', () => {
    const linked = read('A24', [pid('R1'), pid('R2')])

    expect(linked.also?.map((a) => a.person.identifiers.map((i) => i.value))).toEqual([['R2'], ['R1', 'R2']])
    expect(linked.isUnlinked).toBeUndefined()
    expect(read('A37', [pid('R1'), pid('R2')])).toMatchObject({ isUnlinked: true, also: [{ person: { identifiers: [{ value: 'R2' }] } }] })
  })
})

describe('visits', () => {
  test.each(['A42', 'A50'])('%s retires the number in MRG-5', (event) => {
    expect(read(event, [pid('R1'), mrg('R1', 'V1'), pv1('V2')]).visit).toMatchObject({ event: 'update', number: 'V2', retires: ['V1'] })
    expect(read(event, [pid('R1'), mrg('R1'), pv1('V2')])).toMatchObject({ status: 'waiting', reason: 'noMergedId' })
  })

  test('several visits move to their patient in one message', () => {
    const moved = read('A45', [pid('R1'), mrg('R9', 'V1'), pv1('V1'), mrg('R9', 'V2'), pv1('V3')])

    expect(moved.visit).toMatchObject({ number: 'V1' })
    expect(moved.visit).not.toHaveProperty('retires')
    expect(moved.also?.map((a) => a.visit)).toMatchObject([{ number: 'V3', retires: ['V2'] }])
  })

  test('a move of which PV1 says nothing is of the visit in MRG-5', () => {
    expect(read('A45', [pid('R1'), mrg('R9', 'V1')]).visit).toMatchObject({ event: 'update', number: 'V1' })
  })

  test('an account is a visit where the mapping says that its number is the visit’s', () => {
    const merged = [pid('R1', 'ACC2'), mrg('R1', '', 'ACC1')]

    expect(read('A41', merged, { visitNo: 'PID-18.1' }).visit).toMatchObject({ number: 'ACC2', retires: ['ACC1'] })
    expect(read('A44', merged, { visitNo: 'PID-18.1' }).visit).toMatchObject({ number: 'ACC2', retires: ['ACC1'] })
    expect(read('A41', merged)).toMatchObject({ status: 'applied' })
    expect(read('A41', merged)).not.toHaveProperty('visit')
  })
})

test('who gives a number is named as the others name him, where the mapping says so', () => {
  const bare = read('A31', ['PID|1||R1||钱多多'], { codes: { assigner: { '': 'HIS' } } })

  expect(bare.person?.identifiers).toEqual([{ system: 'HIS', type: 'MR', value: 'R1' }])
})

test('a stay comes with its operations and with what it has cost', () => {
  const home = read('A03', [
    pid('R1'),
    `${pv1('V1')}${'|'.repeat(28)}12345.6`,
    'PR1|1||36.0601^冠状动脉药物洗脱支架置入术^ICD9CM3||20251104101500||||局麻||D0031^王^志强',
  ])

  expect(home.records).toMatchObject([
    {
      is: 'procedure',
      number: 'V1 36.0601 20251104',
      name: '冠状动脉药物洗脱支架置入术',
      doctor: { number: 'D0031', name: '王志强' },
      anaesthesia: '局麻',
    },
    { is: 'charge', kind: 'total', number: 'total V1', visitNumber: 'V1', amountCents: 1234560 },
  ])
})

describe('allergies', () => {
  test('are the whole list where a message of admission names some, and unsaid where it names none', () => {
    const { person } = read('A01', [pid('R1'), pv1('V1'), 'AL1|1|DA|P01^青霉素|SV|皮疹~气促', 'AL1|2|FA|^花生|MI'])

    expect(person?.allergies).toEqual([
      { code: 'P01', name: '青霉素', kind: 'drug', severity: 'severe', reaction: '皮疹、气促' },
      { code: null, name: '花生', kind: 'food', severity: 'mild', reaction: null },
    ])
    expect(read('A01', [pid('R1'), pv1('V1')]).person).not.toHaveProperty('allergies')
    expect(read('A01', [pid('R1'), pv1('V1'), 'AL1|1||""']).person?.allergies).toBeNull()
  })

  test('are added and taken away one by one where a message says which', () => {
    expect(read('A60', [pid('R1'), 'IAM|1|DA|P01^青霉素|SV|皮疹|D', 'IAM|2|DA|P02^磺胺|MO||A']).person?.allergyChanges).toMatchObject([
      { code: 'P01', isGone: true },
      { code: 'P02', isGone: false, severity: 'moderate' },
    ])
  })
})

describe('field by field', () => {
  const bed = (place: string) => read('A08', [pid('R1'), `PV1|1|I|${place}${'|'.repeat(16)}V1`]).visit

  test('what is empty is not said, and two quotes delete: the whole field, or one part of it', () => {
    expect(bed('')).not.toHaveProperty('bed')
    expect(bed('内科^^')).not.toHaveProperty('bed')
    expect(bed('""')).toMatchObject({ wardName: null, room: null, bed: null })
    expect(bed('内科^^""')).toMatchObject({ wardName: '内科', bed: null })
    expect(bed('内科^^""')).not.toHaveProperty('room')
  })

  test('those to turn to, and the diagnoses, are deleted by two quotes; one that is not repeated is the sender’s business', () => {
    const read1 = read('A08', [pid('R1'), pv1('V1'), 'NK1|1|""', 'DG1|1||""'])

    expect(read1.person?.kin).toBeNull()
    expect(read1.visit?.diagnoses).toBeNull()
  })

  test('a number that is not repeated in PID-3 is not taken away', () => {
    expect(read('A31', ['PID|1||R1^^^HIS^MR~""||钱多多']).person?.identifiers).toEqual([{ system: 'HIS', type: 'MR', value: 'R1' }])
  })

  test.each([
    ['20251104', '2025-11-04T12:00:00+08:00'], // a day is no midnight
    ['2025110416', '2025-11-04T16:00:00+08:00'],
    ['202511042400', '2025-11-05T00:00:00+08:00'],
    ['20251104160000+0000', '2025-11-05T00:00:00+08:00'],
    ['20251104160000.5', '2025-11-04T16:00:00.500+08:00'],
  ])('%s is %s', (sent, at) => {
    const home = read('A03', [pid('R1'), `${pv1('V1')}${'|'.repeat(26)}${sent}`])

    expect(home.visit?.dischargedAt).toEqual(new Date(at))
    expect(home.notes).toEqual([])
  })

  test.each(['20251131', '2025110425', 'soon'])('%s is no time: it is noted and left unsaid', (sent) => {
    const home = read('A03', [pid('R1'), `${pv1('V1')}${'|'.repeat(26)}${sent}`])

    expect(home.visit).not.toHaveProperty('dischargedAt')
    expect(home.notes).toEqual([{ code: 'badTime', field: 'discharge', value: sent }])
  })
})

test('what is planned says for when and where to, and moves nobody', () => {
  const plan = (event: string, place: string) =>
    read(event, ['EVN||20251108090000|20251110150000', pid('R1'), `PV1|1|I|内科^1^3${'|'.repeat(16)}V1${'|'.repeat(23)}${place}`]).visit

  expect(plan('A15', '重症^2^5')).toMatchObject({
    event: 'planTransfer', wardName: '内科', nextWardName: '重症', nextRoom: '2', nextBed: '5', transferExpectedAt: new Date('2025-11-10T15:00+08:00'),
  }) // biome-ignore format: a line of the form
  expect(plan('A16', '')).toMatchObject({ event: 'planDischarge', expectedDischargeAt: new Date('2025-11-10T15:00+08:00') })
  expect(plan('A16', '')).not.toHaveProperty('nextWardName')
  expect([plan('A25', '')?.event, plan('A26', '')?.event]).toEqual(['cancelPlanDischarge', 'cancelPlanTransfer'])
})

describe('accounts that are numbered apart from visits', () => {
  const at = new Date('2025-11-05T09:00+08:00')

  test('are told of with the visit, and a merge of accounts leaves the visits alone', () => {
    expect(read('A01', [pid('R1', 'AC1'), pv1('V1')]).accounts).toEqual([{ number: 'AC1', visitNumber: 'V1', sourceAt: at }])
    const merged = read('A41', [pid('R1', 'AC1'), mrg('R1', '', 'AC2')])

    expect(merged).toMatchObject({ status: 'applied', accounts: [{ number: 'AC2', into: 'AC1', sourceAt: at }] })
    expect(merged).not.toHaveProperty('visit')
  })

  test('are the visits where a hospital has one number for both', () => {
    const profile = { visitNo: 'PID-18.1' }

    expect(read('A41', [pid('R1', 'AC1'), mrg('R1', '', 'AC2')], profile)).toMatchObject({ visit: { number: 'AC1', retires: ['AC2'] } })
    expect(read('A41', [pid('R1', 'AC1'), mrg('R1', '', 'AC2')], profile)).not.toHaveProperty('accounts')
  })

  test('that are another patient’s go to him, also where no visit is named', () => {
    const moved = read('A44', [pid('R1', 'AC1'), mrg('R2', '', 'AC1')])

    expect(moved).toMatchObject({ status: 'applied', notes: [], person: { identifiers: [{ value: 'R1' }] } })
    expect(moved.accounts).toEqual([{ number: 'AC1', movedTo: 0, sourceAt: at }])
  })
})
