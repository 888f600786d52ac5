import { parseMessage } from '@renxin/hl7'
import { describe, expect, test } from 'vitest'
import { parseMapping, usualMapping } from './mapping.ts'
import { translate } from './translate.ts'

const pid = 'PID|1||R1^^^HIS^MR||钱多多||19600102|F'
const pv1 = `PV1|1|I|内科^^3床|||||||0301^心血管内科${'|'.repeat(9)}V1`
function read(type: string, segments: readonly string[], profile?: object) {
  const message = parseMessage([`MSH|^~\\&|LIS|甲院|CRM||20251105090000||${type}|C1|P|2.5`, pid, pv1, ...segments].join('\r'))
  if (!message) throw new Error('no message')
  const mapping = profile ? parseMapping(profile).mapping : usualMapping
  return translate(message, { mapping, zone: 'Asia/Shanghai', receivedAt: new Date('2025-11-20T00:00:00Z'), source: 'S1' })
}
const at = (text: string) => new Date(`${text}+08:00`)

describe('results', () => {
  const potassium = 'OBX|1|NM|K^钾||6.8|mmol/L|3.5-5.3|HH|||F|||20251105083000'

  test('of a laboratory come line by line, with the number of the report, of its sender, and its abnormal marks', () => {
    const read1 = read('ORU^R01', [
      'ORC|RE|LA1|LR1',
      'OBR|1|LA1|LR1|BIO^急诊生化|||20251105080000|||||||||||||||20251105084000||LAB|F',
      potassium,
      'OBX|2|ST|COL^颜色||黄色|||N|||F',
      'NTE|1||危急值已电话通知\\.br\\接听人：李',
    ])

    expect(read1).toMatchObject({ status: 'applied', visitNumber: 'V1' })
    expect(read1.records).toMatchObject([
      {
        is: 'report', source: 'S1', number: 'LR1', orderNumber: 'LA1', visitNumber: 'V1', kind: 'laboratory', status: 'final', title: '急诊生化',
        departmentCode: '0301', departmentName: '心血管内科', observedAt: at('2025-11-05T08:00:00'), reportedAt: at('2025-11-05T08:40:00'),
        conclusion: '危急值已电话通知\n接听人：李',
        panels: [{ code: 'BIO', status: 'final', title: '急诊生化', lines: [
          { code: 'K', name: '钾', value: '6.8', amount: 6.8, unit: 'mmol/L', range: '3.5-5.3', flag: 'HH', observedAt: at('2025-11-05T08:30:00'), status: 'final' },
          { code: 'COL', name: '颜色', value: '黄色', amount: null, flag: 'N', status: 'final' },
        ] }],
      },
    ]) // biome-ignore format: by line of the form
  })

  test('say less of the person than the system for admissions, however much later they come', () => {
    const { person } = read('ORU^R01', ['OBR|1||LR1|BIO^生化', potassium])

    expect(person?.name).toBe('钱多多')
    expect(person?.sourceAt.getUTCFullYear()).toBe(1925)
    expect(person).not.toHaveProperty('address')
  })

  test('that were withdrawn say no value, and a corrected report says so', () => {
    const [report] = read('ORU^R01', ['OBR|1||LR1|BIO^生化|||||||||||||||||||||C', potassium.replace('|||F|', '|||X|')]).records ?? []

    expect(report).toMatchObject({
      status: 'corrected',
      panels: [{ lines: [{ code: 'K', value: null, flag: null, status: 'withdrawn' }] }],
    })
  })

  test('of several panels under one number are one report', () => {
    const { records } = read('ORU^R01', [
      'OBR|1||LR1|A^肾功能|||||||||||||||||||||F',
      potassium,
      'OBR|2||LR1|B^血糖|||||||||||||||||||||P',
      'OBX|1|NM|GLU^葡萄糖||7.1',
    ])

    expect(records).toMatchObject([
      {
        number: 'LR1', title: '肾功能、血糖', status: 'preliminary',
        panels: [{ code: 'A', status: 'final', lines: [{ code: 'K' }] }, { code: 'B', status: 'preliminary', lines: [{ code: 'GLU' }] }],
      },
    ]) // biome-ignore format: by panel
  })

  test('of text that goes on in further lines are one line, and two of one code are told apart by OBX-4', () => {
    const [report] =
      read('ORU^R01', [
        'OBR|1||LR1|MIC^细菌培养|||||||||||||||||||||F',
        'OBX|1|TX|ORG^细菌|1|大肠埃希菌||||||F',
        'OBX|2|TX|ORG^细菌|1|ESBL 阳性||||||F',
        'OBX|3|TX|ORG^细菌|2|肺炎克雷伯菌||||||F',
      ]).records ?? []

    expect(report).toMatchObject({
      panels: [
        {
          lines: [
            { subId: '1', value: '大肠埃希菌\nESBL 阳性' },
            { subId: '2', value: '肺炎克雷伯菌' },
          ],
        },
      ],
    })
  })

  test('of an image are what was seen and what it means, found by the accession number', () => {
    const [report] =
      read('ORU^R01', [
        'OBR|1|EX1|PR1|CTCHEST^胸部CT平扫||||||||||||||||||||CT|F|||||||D0088&林&静',
        'OBX|1|TX|FIND^检查所见||双肺纹理清晰\\.br\\右上肺小结节',
        'OBX|2|TX|IMP^检查结论||右上肺微小结节',
        'OBX|3|RP|URL^影像链接||https://pacs.example/viewer?acc=PR1&v=2^TEXT^HTML',
        'ZDS|1.2.840.113619.2.1^PACS^Application^DICOM',
      ]).records ?? []

    expect(report).toMatchObject({
      kind: 'imaging', accessionNumber: 'PR1', studyUid: '1.2.840.113619.2.1', findings: '双肺纹理清晰\n右上肺小结节', conclusion: '右上肺微小结节',
      author: { number: 'D0088', name: '林静' }, link: 'https://pacs.example/viewer?acc=PR1&v=2',
    }) // biome-ignore format: by line of the form
    expect(report).toMatchObject({ panels: [{ code: '', lines: [] }] })
  })

  test.each([
    ['EC', 'x', 'ecg'],
    ['', '十二导联心电图', 'ecg'],
    ['ES', 'x', 'endoscopy'],
    ['', '无痛胃镜检查', 'endoscopy'],
    ['SP', 'x', 'pathology'],
    ['', '胃镜活检病理', 'pathology'],
    ['', '术前麻醉评估', 'anaesthesia'],
    ['', '腹部彩超', 'imaging'],
    ['CH', '胸部CT', 'laboratory'],
    ['', '随访记录', 'other'],
  ])('of the service "%s" called %s are of the kind %s', (service, title, kind) => {
    expect(read('ORU^R01', [`OBR|1||N1|T^${title}${'|'.repeat(20)}${service}|F`, 'OBX|1|TX|X||text']).records).toMatchObject([{ kind }])
  })

  test('of a service that only this hospital knows are what its table says', () => {
    const obr = ['OBR|1||N1|T^检查||||||||||||||||||||07|F', 'OBX|1|TX|X||text']

    expect(read('ORU^R01', obr, { codes: { report: { '07': 'endoscopy' } } }).records).toMatchObject([{ kind: 'endoscopy' }])
    expect(read('ORU^R01', obr).notes).toEqual([{ code: 'unknownCode', field: 'reportKind', value: '07' }])
  })

  test('as a file are that file', () => {
    const pdf = Buffer.from('%PDF-1.4 tiny').toString('base64')
    const [report] = read('ORU^R01', ['OBR|1||N1|ECG^心电图', `OBX|1|ED|PDF^报告||ECG^AP^PDF^Base64^${pdf}`]).records ?? []

    expect(report).toMatchObject({
      kind: 'ecg',
      file: { name: '心电图.pdf', type: 'application/pdf', bytes: Buffer.from('%PDF-1.4 tiny') },
    })
  })
})

describe('orders', () => {
  test('are new, stopped, cancelled, held or done', () => {
    const stateOf = (orc: string) => read('ORM^O01', [`ORC|${orc}`, 'OBR|1|P1||CT^胸部CT']).records?.[0]
    expect(['NW|P1', 'DC|P1', 'CA|P1', 'HD|P1', 'SC|P1|||CM', 'XO|P1'].map((orc) => stateOf(orc)?.status)).toEqual([
      'active', 'stopped', 'cancelled', 'held', 'completed', 'active',
    ]) // biome-ignore format: side by side
    expect(stateOf('NW|P1')).toMatchObject({ is: 'order', number: 'P1', kind: 'imaging', name: '胸部CT' })
  })

  test('of medicines say dose, route and how often', () => {
    const { records } = read('RDE^O11', ['ORC|NW|P2|||||||20251105|||D0031^王志强', 'RXE|^Q8H|M01^头孢呋辛钠|1.5||g', 'RXR|IV^静脉滴注'])

    expect(records).toMatchObject([
      { kind: 'medication', name: '头孢呋辛钠', instruction: '1.5 g 静脉滴注 Q8H', author: { number: 'D0031', name: '王志强' } },
    ])
  })

  test.each([
    ['Ⅰ级护理', { nursingLevel: '一级' }],
    ['特级护理常规', { nursingLevel: '特级' }],
    ['2级护理', { nursingLevel: '二级' }],
    ['病危', { condition: '病危' }],
    ['病重通知', { condition: '病重' }],
  ])('of %s are the level or the condition of the stay from then on', (name, said) => {
    const { visit, records } = read('ORM^O01', ['ORC|NW|P3||||||20251105|20251105083000', `OBR|1|P3||N^${name}`])

    expect(visit).toEqual({
      number: 'V1',
      event: 'update',
      sourceAt: at('2025-11-05T09:00:00'),
      occurredAt: at('2025-11-05T08:30:00'),
      ...said,
    })
    expect(records).toMatchObject([{ kind: 'nursing' }])
  })

  test('of 病危 that are stopped make the condition ordinary again; a level holds until the next', () => {
    expect(read('ORM^O01', ['ORC|DC|P3', 'OBR|1|P3||N^病危']).visit).toMatchObject({ condition: '一般' })
    expect(read('ORM^O01', ['ORC|DC|P3', 'OBR|1|P3||N^一级护理'])).not.toHaveProperty('visit')
  })

  test('under a code of the hospital’s own are read by its table', () => {
    expect(read('ORM^O01', ['ORC|NW|P3', 'OBR|1|P3||HL01^等级护理A'], { codes: { nursing: { HL01: '特级' } } }).visit).toMatchObject({
      nursingLevel: '特级',
    })
  })
})

test('charges are in cents, a credit takes away whichever sign it has, and a payment pays', () => {
  const { records } = read('DFT^P03', [
    'FT1|1|F1||20251110|20251110|CG|F01^床位费|||9|450.00|50.00',
    'FT1|2|F2||20251110||CD|F02^退费|||1|120.55',
    'FT1|3|F3||20251110||PY|F03^预交金|||1|1000&CNY',
    'FT1|4|F4||20251110||CG|F04^针剂|||3||2.5',
  ])

  expect(records?.map((r) => r.is === 'charge' && [r.number, r.kind, r.quantity, r.amountCents])).toEqual([
    ['F1', 'charge', 9, 45000],
    ['F2', 'credit', 1, -12055],
    ['F3', 'payment', 1, 100000],
    ['F4', 'charge', 3, 750],
  ])
})

describe('documents', () => {
  const txa = 'TXA|1|C0053^出院小结|TX|20251105161000|D0031^王志强|||||||DOC1'
  const obx = 'OBX|1|TX|C0053^出院小结||出院诊断：心绞痛\\.br\\一周后复诊'

  test('keep their text, and a discharge summary is the stay’s', () => {
    const { records, visit } = read('MDM^T02', [txa, obx])

    expect(records).toMatchObject([
      { is: 'document', number: 'DOC1', status: 'current', title: '出院小结', text: '出院诊断：心绞痛\n一周后复诊' },
    ])
    expect(visit).toMatchObject({ event: 'update', number: 'V1', summary: '出院诊断：心绞痛\n一周后复诊' })
  })

  test('are amended, replaced and cancelled', () => {
    expect(read('MDM^T08', [txa, obx]).records).toMatchObject([{ status: 'amended' }])
    expect(read('MDM^T10', [`${txa}|DOC0`, obx]).records).toMatchObject([{ status: 'current', replaces: 'DOC0' }])
    expect(read('MDM^T11', [txa])).toMatchObject({ records: [{ status: 'cancelled' }], visit: { summary: null } })
    expect(read('MDM^T01', [txa]).records?.[0]).not.toHaveProperty('text')
  })
})

describe('appointments', () => {
  const booked = (event: string, status: string) =>
    read(`SIU^${event}`, [
      `SCH|AP1|||||R^预约|||10|min|^^10^20251106090000${'|'.repeat(14)}${status}`,
      'AIS|1|A|GYN^妇科门诊',
      'AIL|1|A|诊室3',
      'AIP|1|A|D0050^周敏',
    ]).records

  test('are booked, moved, kept, cancelled and missed', () => {
    expect(booked('S12', 'Booked')).toMatchObject([
      {
        is: 'booking', number: 'AP1', status: 'booked', name: '妇科门诊', place: '诊室3', doctor: { number: 'D0050', name: '周敏' },
        startsAt: at('2025-11-06T09:00:00'), endsAt: at('2025-11-06T09:10:00'), reason: '预约',
      },
    ]) // biome-ignore format: by line of the form
    const states = [
      booked('S14', 'Complete'),
      booked('S15', 'Booked'),
      booked('S17', ''),
      booked('S26', 'Noshow'),
      booked('S14', 'Started'),
    ]
    expect(states.map((s) => s?.[0]?.status)).toEqual(['completed', 'cancelled', 'cancelled', 'noShow', 'arrived'])
  })
})

test('a list of staff names who works there and who left; a list of places its wards', () => {
  const staff = read('MFN^M02', ['MFI|STF||UPD', 'MFE|MAD|1||D9', 'STF|D9|D9|周^敏|医生||||妇科', 'MFE|MDC|2||N3', 'STF|N3|N3|李秀英|护士'])
  const places = read('MFN^M05', ['MFI|LOC||UPD', 'MFE|MUP|1||W1', 'LOC|W1|心内一病区|N'])

  expect(staff.master?.people).toEqual([
    { number: 'D9', name: '周敏', job: 'doctor', units: [{ kind: 'department', name: '妇科' }], isActive: true },
    { number: 'N3', name: '李秀英', job: 'nurse', isActive: false },
  ])
  expect(places).toMatchObject({
    status: 'applied',
    master: { places: [{ kind: 'ward', code: 'W1', name: '心内一病区', isActive: true }] },
  })
  expect(read('MFN^M08', ['MFI|OMA||UPD']).status).toBe('ignored')
})

test('a bill brings the account of its charges and the diagnoses that were coded for it', () => {
  const bill = (type: string, ...segments: string[]) => read(type, segments)
  const coded = ['DG1|1||I21.401^急性非ST段抬高型心肌梗死^ICD10CN|||F', 'DG1|2||R07.400^胸痛^ICD10CN|||W']

  expect(bill('DFT^P03', 'FT1|1|T1||20251105080000||CG|BED^床位费|||1|40', ...coded)).toMatchObject({
    records: [{ is: 'charge', number: 'T1', amountCents: 4_000 }],
    visit: { number: 'V1', event: 'update', diagnoses: [{ code: 'I21.401', type: 'final' }] },
  })
  expect(bill('BAR^P12', ...coded)).toMatchObject({ status: 'applied', visit: { diagnoses: [{ code: 'I21.401' }, { code: 'R07.400' }] } })
  expect(bill('DFT^P03', 'FT1|1|T2||20251105080000||CG|BED^床位费|||1|40')).not.toHaveProperty('visit')
})
