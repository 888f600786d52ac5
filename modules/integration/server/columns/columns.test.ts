import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type ColumnMapping, type Target, targets } from '../../columns-contract.ts'
import { columnsEn, columnsZh } from '../../columns-words.ts'
import { type Cell, codesOf, guessColumns, type ReadOptions, type Row, readRow, timeOf } from './index.ts'

const options: ReadOptions = { zone: 'Asia/Shanghai', codes: codesOf().codes, readAt: new Date('2026-03-10T08:00:00Z') }
const read = (target: Target, row: Row, more: Partial<ReadOptions> = {}, mapping = guessColumns(target, Object.keys(row), [row])) =>
  readRow(target, mapping, row, { ...options, ...more })

const discharge: Row = {
  ZYH: '0012345   ',
  BAH: '00098765',
  XM: '赵建国　',
  XB: '1',
  CSRQ: '19580304',
  SFZH: '11010519491231002X',
  LXDH: '１３８００１３８０００',
  RYRQ: '2026-03-01 09:30:00',
  CYRQ: '2026-03-09 10:00:00.000',
  KSDM: '0301',
  KS: '心血管内科',
  BQ: '心内一病区',
  CWH: '12  ',
  ZGYS: '单雄信',
  HLJB: 'Ⅱ级护理',
  LYFS: '医嘱离院',
  ZD: '急性心肌梗死',
  ICD10: 'I21.900',
  GXSJ: '2026-03-09 10:05:00',
}

test('a row of an old discharge view says who went home, when, from where and with what', () => {
  const { facts, problems, updatedAt } = read('encounters', discharge)

  expect(problems).toEqual([])
  expect(updatedAt).toEqual(new Date('2026-03-09T02:05:00Z'))
  expect(facts?.person).toMatchObject({
    identifiers: [
      { system: '', type: 'MR', value: '00098765' },
      { system: '', type: 'PN', value: '0012345' },
      { system: '', type: 'NNCHN', value: '11010519491231002X' },
    ],
    name: '赵建国',
    sex: 'male',
    birthOn: '1958-03-04',
    phones: [{ number: '13800138000' }],
    sourceAt: new Date('2026-03-09T02:05:00Z'),
  })
  expect(facts?.visit).toMatchObject({
    number: '0012345',
    event: 'discharge',
    admittedAt: new Date('2026-03-01T01:30:00Z'),
    dischargedAt: new Date('2026-03-09T02:00:00Z'),
    departmentCode: '0301',
    wardName: '心内一病区',
    bed: '12',
    nursingLevel: '二级',
    disposition: '1',
    attending: { number: null, name: '单雄信' },
    diagnoses: [{ code: 'I21.900', name: '急性心肌梗死', system: null, type: 'final', rank: 1 }],
  })
})

test('a stay whose discharge is not there yet is an admission, an end of time is no discharge', () => {
  const { facts } = read('encounters', { ...discharge, CYRQ: '9999-12-31 00:00:00' })

  expect(facts?.visit).toMatchObject({ event: 'admit' })
  expect(facts?.visit).not.toHaveProperty('dischargedAt')
})

test('a row says how it differs from what it was: a move, an end of a level, a recalled discharge, a deletion', () => {
  const mapping = { ...guessColumns('encounters', Object.keys(discharge)), deleted: { column: 'SCBZ' } }
  const row = (change: Row) => ({ ...discharge, SCBZ: '0', CYRQ: 'NULL', ...change })
  const first = read('encounters', row({}), {}, mapping)
  const event = (change: Row, before = first.memory) => read('encounters', row(change), { before }, mapping).facts?.visit

  expect(first.facts?.visit?.event).toBe('admit')
  expect(event({ ZD: '心绞痛' })).toMatchObject({ event: 'update' })
  expect(event({ BQ: '心内二病区', CWH: '3' })).toMatchObject({ event: 'transfer' })
  expect(event({ HLJB: '' })).toMatchObject({ event: 'update', nursingLevel: null })
  expect(event({ CYRQ: '2026-03-09' })).toMatchObject({ event: 'discharge' })
  expect(event({}, { ...first.memory, stage: 'discharged' })).toMatchObject({ event: 'cancelDischarge' })
  expect(event({ SCBZ: '1' })).toMatchObject({ event: 'cancelAdmit' })
})

test('an empty cell says nothing, a written-out NULL says nothing, a damaged number stops its row', () => {
  const nothing = read('patients', { BAH: '1001', XM: 'NULL', LXDH: '   ', XZZ: null, CSRQ: '1900-01-01' })
  const damaged = read('patients', { BAH: '1.10101E+17', XM: '王芳' }, {}, { recordNumber: { column: 'BAH' }, name: { column: 'XM' } })

  expect(Object.keys(nothing.facts?.person ?? {})).toEqual(['identifiers', 'sourceAt'])
  expect(nothing.problems).toEqual([])
  expect(damaged.facts).toBeUndefined()
  expect(damaged.problems).toContainEqual({ field: 'recordNumber', column: 'BAH', code: 'damaged', value: '1.10101E+17', stops: true })
})

test('a spoilt identity card is told and the person is taken by the other numbers', () => {
  const { facts, problems } = read('patients', { BAH: '1001', SFZH: '1.10101E+17', XM: '王芳' })

  expect(problems).toEqual([{ field: 'identityCard', column: 'SFZH', code: 'damaged', value: '1.10101E+17', stops: false }])
  expect(facts?.person?.identifiers).toEqual([{ system: '', type: 'MR', value: '1001' }])
})

test('a number that is shorter than the others of its column has lost its zeros', () => {
  const rows = ['00012345', '00012346', '00112347'].map((BAH) => ({ BAH, XM: '王芳' }))
  const mapping = guessColumns('patients', ['BAH', 'XM'], rows)

  const { facts, problems } = read('patients', { BAH: 12345, XM: '王芳' }, {}, mapping)

  expect(mapping.recordNumber).toEqual({ column: 'BAH', width: 8 })
  expect(facts).toBeUndefined()
  expect(problems).toMatchObject([{ code: 'lostZeros', field: 'recordNumber', value: '12345', stops: true }])
})

test('a landline without the zero of its area code is mended and told, a phone that is too short is told', () => {
  const landline = read('patients', { BAH: '1', 家庭电话: '51012345678' })
  const short = read('patients', { BAH: '1', 手机号: '1380013800' })

  expect(landline.facts?.person?.phones).toEqual([{ number: '051012345678' }])
  expect(landline.problems).toMatchObject([{ code: 'lostZeros', stops: false }])
  expect(short.problems).toMatchObject([{ code: 'badPhone', value: '1380013800', stops: false }])
})

test('a row without any number of a patient is stopped, and so is a visit without its number', () => {
  expect(read('patients', { XM: '无名氏' }).problems).toMatchObject([{ code: 'noPatientNumber', stops: true }])
  expect(read('encounters', { JZLSH: '', BAH: '1001' }).problems).toMatchObject([{ field: 'visitNumber', code: 'missing', stops: true }])
})

test('a column that the view has no more is told, and the rest of the row is taken', () => {
  const mapping: ColumnMapping = { recordNumber: { column: 'BAH' }, name: { column: 'XM' }, marital: { column: 'HYZK' } }

  const { facts, problems } = read('patients', { BAH: '1001', XM: '王芳' }, {}, mapping)

  expect(problems).toEqual([{ field: 'marital', column: 'HYZK', code: 'noColumn', value: 'HYZK', stops: false }])
  expect(facts?.person?.name).toBe('王芳')
})

test('times as they stand in views and files are read; a day that does not exist is told', () => {
  const noon = { day: '2026-03-01', time: '12:30:00' }
  const same: Cell[] = [
    '2026-03-01 12:30:00',
    '2026/3/1 12:30',
    '20260301123000',
    '202603011230',
    '2026年3月1日 12时30分',
    '2026-03-01T12:30:00',
  ]

  for (const cell of same) expect(timeOf(cell), String(cell)).toMatchObject(noon)
  expect(timeOf('2026/3/1 下午12:30:00')).toMatchObject(noon)
  expect(timeOf('20260301')).toMatchObject({ day: '2026-03-01', time: undefined })
  expect(timeOf(46082)).toMatchObject({ day: '2026-03-01' }) // Excel, 1900 system
  expect(timeOf('46082.5')).toMatchObject({ day: '2026-03-01', time: '12:00:00' })
  expect(timeOf('2026-03-01 24:00:00')).toMatchObject({ day: '2026-03-02', time: '00:00:00' })
  for (const none of ['', 'NULL', '0000-00-00', '9999-12-31', '1900-01-01 00:00:00', '  ', '-', null])
    expect(timeOf(none), String(none)).toBeUndefined()
  for (const wrong of ['2026-02-30', '3/1/2026', '昨天', '20261301']) expect(timeOf(wrong), wrong).toBeNull()
})

test('the lines of a laboratory report carry their value, their mark and whether it is critical', () => {
  const row = {
    BGDH: 'L1',
    ZYH: '0012345',
    XMDM: 'K',
    XMMC: '钾',
    JG: '6.8',
    DW: 'mmol/L',
    CKFW: '3.5-5.3',
    YCBZ: '↑',
    WJZ: '1',
    BGZT: '已审核',
    BGSJ: '2026-03-09 10:00',
  }

  const { facts, problems } = read('reports', row, { source: 'lis' })

  expect(problems).toEqual([])
  expect(facts?.report).toMatchObject({
    source: 'lis',
    number: 'L1',
    kind: 'laboratory',
    status: 'final',
    visitNumber: '0012345',
    items: [{ code: 'K', name: '钾', value: '6.8', amount: 6.8, unit: 'mmol/L', range: '3.5-5.3', flag: 'HH' }],
  })
})

test('of two columns with one abbreviation what stands in them decides: JCSJ as 检查所见 or as 检查时间', () => {
  const head = ['BGDH', 'PATIENT_ID', 'JCSJ']

  expect(guessColumns('reports', head, [{ JCSJ: '肝脏形态正常，回声均匀' }])).toMatchObject({ findings: { column: 'JCSJ' } })
  expect(guessColumns('reports', head, [{ JCSJ: '2026-03-01 10:00:00' }])).toMatchObject({ observedAt: { column: 'JCSJ' } })
})

test('a head in words, with remarks and in English, is found; what nothing fits is left alone', () => {
  expect(guessColumns('patients', ['患者 姓名*', '病案号（必填）', 'Patient-Name', '备注', '联系人电话', '联系电话'])).toEqual({
    name: { column: '患者 姓名*' },
    recordNumber: { column: '病案号（必填）' },
    kinPhone: { column: '联系人电话' },
    mobile: { column: '联系电话' },
  })
})

test('staff and places are read, a ward is known by its name where no kind is said', () => {
  expect(read('staff', { 工号: 'D100', 姓名: '单雄信', 人员类别: '医师', 职称: '主任医师', 科室代码: '0301' }).facts?.staff).toEqual({
    number: 'D100',
    name: '单雄信',
    job: 'doctor',
    title: '主任医师',
    isActive: true,
    units: [{ kind: 'department', code: '0301', name: null }],
  })
  expect(read('places', { 代码: 'W1', 名称: '心内一病区', 停用标志: '否' }).facts?.place).toMatchObject({ kind: 'ward', isActive: true })
})

test('a code of the hospital means what its table says, an unknown one is told', () => {
  const { codes, problems } = codesOf({ nursing: { '21': '二级' }, deleted: { '0': 'yes', '1': 'no' } })
  const bad = codesOf({ nursing: { '1': '特别护理' }, nonsense: {} })

  expect(problems).toEqual([])
  expect(read('encounters', { ...discharge, HLJB: '21' }, { codes }).facts?.visit?.nursingLevel).toBe('二级')
  expect(read('encounters', { ...discharge, HLJB: '77' }, { codes }).problems).toMatchObject([
    { field: 'nursingLevel', code: 'unknownCode', value: '77' },
  ])
  expect(bad.problems.map((p) => p.table)).toEqual(['nursing', 'nonsense'])
})

test('whatever stands in a row, it is read or its problems say why, and nothing is thrown', () => {
  const cell = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.double(),
    fc.integer(),
    fc.constant(null),
    fc.boolean(),
    fc.date(),
    fc.constantFrom('1.1E+17', '9999-12-31', '２０２６'),
  )
  const target = fc.constantFrom<Target>('patients', 'encounters', 'reports', 'staff', 'places')
  fc.assert(
    fc.property(target, fc.infiniteStream(cell), (target, cells) => {
      const fields = Object.keys(targets[target])
      const row = Object.fromEntries(fields.map((name) => [name, cells.next().value]))
      const mapping = Object.fromEntries(fields.map((name) => [name, { column: name }]))
      const { facts, problems } = read(target, row, {}, mapping)
      expect(facts !== undefined).toBe(!problems.some((p) => p.stops))
    }),
  )
})

test('every field has its word in both languages', () => {
  const names = [...new Set(Object.values(targets).flatMap((fields) => Object.keys(fields)))].sort()

  expect(Object.keys(columnsZh.fields).sort()).toEqual(names)
  expect(Object.keys(columnsEn.fields).sort()).toEqual(names)
})
