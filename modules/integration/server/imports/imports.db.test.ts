import { encounters } from '@renxin/encounters'
import { files } from '@renxin/files'
import { encodeText } from '@renxin/hl7'
import { newId } from '@renxin/kernel'
import { applyPatientFacts, patients } from '@renxin/patients'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { describe, expect, test } from 'vitest'
import { type ImportKind, importsApi } from '../../imports-contract.ts'
import { integration } from '../index.ts'
import { workOnce } from './loop.ts'
import { cardOf, csv, heads, person } from './table.fixture.ts'

const house = await openHouse([staff, files, patients, encounters, integration], { now: '2026-11-10T09:00+08:00' })
const engineer = house.who('integration.import', 'access.exportPlain')

async function work() {
  while (await workOnce(house.house, house.hospitalId));
}
const get = (id: string) => engineer.call(importsApi.importFile, { id })
const allRows = async (id: string, more: object = {}) => (await engineer.call(importsApi.importRows, { id, limit: 200, ...more })).rows

async function upload(kind: ImportKind, body: Buffer, name = '患者.csv') {
  const id = newId()
  await engineer.call(importsApi.upload, { id, kind, name, base64: body.toString('base64') })
  return id
}
async function check(kind: ImportKind, body: Buffer) {
  const id = await upload(kind, body)
  await engineer.call(importsApi.check, { id })
  await work()
  return id
}
async function run(kind: ImportKind, body: Buffer) {
  const id = await check(kind, body)
  await engineer.call(importsApi.applyImport, { id })
  await work()
  return id
}
/** Everything that pages show of the hospital, without ids of rows and moments of saying. */
const dump = async () => ({
  patients: await house.sql(
    `select id, name, name_pinyin, sex, birth_on, encode(identity_card_index, 'hex') as card, district, payer, medical_record_number, deceased_at, said_at
     from patients.patients order by id`,
  ),
  contacts: await house.sql(
    `select patient_id, relation, encode(phone_index, 'hex') as phone, is_former, rank from patients.contacts order by 1, 2, 3`,
  ),
  numbers: await house.sql('select patient_id, system, type, value from patients.identifiers order by 1, 2, 3, 4'),
  keys: await house.sql('select patient_id, key, kind from patients.search_keys order by 1, 2, 3'),
  encounters: await house.sql(
    'select number, patient_id, class, status, admitted_at, discharged_at, bed, ward_id from encounters.cards order by number',
  ),
  stays: await house.sql('select encounter_id, position, bed, from_at, to_at from encounters.stays order by 1, 2'),
  units: await house.sql('select id, kind, code, name, department_id, is_active from staff.unit_cards order by id'),
  people: await house.sql('select id, number, name, job, title, is_active from staff.person_cards order by id'),
  members: await house.sql('select person_id, unit_id from staff.members order by 1, 2'),
})

let last = 0
const fresh = () => (last += 1000)

describe('the columns of a file', () => {
  test('are found by their names and values, with three samples each, below a title', async () => {
    const n = fresh()
    const body = csv([['住院患者名单'], heads, person(n), person(n + 1), person(n + 2), person(n + 3)])
    const found = await get(await upload('patients', encodeText(body.toString(), 'gb18030')))

    expect(found).toMatchObject({ headRow: 2, charset: 'gb18030', status: 'mapping', missing: [], isRemembered: false })
    expect(found.columns.map((c) => c.fields)).toEqual([
      ['recordNumber'], ['name'], ['sex'], ['birthOn'], ['identityCard'], ['mobile'], ['address'], ['payer'],
    ]) // biome-ignore format: a list
    expect(found.columns[0]?.samples).toEqual([0, 1, 2].map((i) => person(n + i)[0]))
    expect(found.columns[4]?.samples).toEqual([])
  })

  test('are remembered for the next file of the same layout', async () => {
    const n = fresh()
    const odd = [
      ['编码', '称呼', '甲'],
      [`A${n}`, '王芳', '13900000001'],
    ]
    const first = await upload('patients', csv(odd))
    expect((await get(first)).missing).toEqual(['patientNumber'])
    await expect(engineer.call(importsApi.check, { id: first })).rejects.toMatchObject({ code: 'integration.columnsMissing' })
    await engineer.call(importsApi.setColumns, { id: first, fields: [['recordNumber'], ['name'], ['mobile']] })
    await engineer.call(importsApi.check, { id: first })

    const second = await get(await upload('patients', csv([odd[0] ?? [], [`A${n + 1}`, '李强', '13900000002']])))

    expect(second).toMatchObject({ isRemembered: true, missing: [] })
    expect(second.columns.map((c) => c.fields)).toEqual([['recordNumber'], ['name'], ['mobile']])
    await work()
  })

  test('may not say the same twice, and another row may hold their names', async () => {
    const id = await upload(
      'patients',
      csv([
        ['病案号', '姓名'],
        ['病案号', '曾用名'],
        ['1', '2'],
      ]),
    )
    await expect(engineer.call(importsApi.setColumns, { id, fields: [['name'], ['name']] })).rejects.toMatchObject({
      code: 'integration.columnTwice',
    })
    const moved = await engineer.call(importsApi.setColumns, { id, headRow: 2 })
    expect(moved.columns.map((c) => [c.head, c.samples])).toEqual([['病案号', ['1']], ['曾用名', ['2']]]) // biome-ignore format: one thought
  })
})

describe('the check', () => {
  test('tries every row in earnest and leaves nothing behind', async () => {
    const n = fresh()
    const known = csv([heads, person(n), person(n + 1)])
    await run('patients', known)
    house.advance({ minutes: 1 })
    const before = await dump()

    const id = await check(
      'patients',
      csv([heads, person(n), person(n + 1, { 姓名: '王改名', 联系电话: '13900000077' }), person(n + 2), person(n + 2)]),
    )

    expect(await dump()).toEqual(before)
    expect(await get(id)).toMatchObject({ status: 'checked', rows: 4, counts: { new: 1, changed: 1, unchanged: 2, skipped: 0, failed: 0 } })
    const rows = await allRows(id)
    expect(rows.map((r) => r.result)).toEqual(['unchanged', 'changed', 'new', 'unchanged'])
    expect(rows[1]?.changes).toEqual([
      { field: 'name', before: person(n + 1)[1], after: '王改名' },
      { field: 'phones', before: null, after: null },
    ])
    expect(rows[3]?.problems).toMatchObject([{ code: 'repeated', details: { row: 4 } }])
    await engineer.call(importsApi.discard, { id })
  })

  test('says of each spoilt cell in which row and column it is and what is wrong', async () => {
    const n = fresh()
    const id = await check(
      'patients',
      csv([
        heads,
        person(n, { 联系电话: '1390000012' }),
        person(n + 1, { 身份证号: '1.10101E+17' }),
        person(n + 2, { 身份证号: cardOf(n).slice(0, 17) }),
        person(n + 3, { 出生日期: '2019-02-30' }),
        person(n + 4, { 出生日期: '25694', 联系电话: '１３９０００００４０４' }),
        person(n + 5, { 出生日期: '2030-01-01' }),
        [...person(n + 6), '多出来的'],
        person(n + 7, { 姓名: '' }),
        person(n + 8, { 病案号: '' }),
        [],
        ['合计', '9人'],
      ]),
    )

    const said = (await allRows(id)).map((r) => [
      r.number,
      r.result,
      r.skip,
      ...r.problems.map((p) => `${p.column} ${p.field} ${p.code} ${Object.values(p.details).join()}`),
    ])
    expect(said).toEqual([
      [2, 'failed', null, '5 mobile phoneShort 1'],
      [3, 'failed', null, '4 identityCard damaged '],
      [4, 'failed', null, '4 identityCard cardShort 1'],
      [5, 'failed', null, '3 birthOn badDate '],
      [6, 'new', null, '3 birthOn serialDate 1970-05-06'],
      [7, 'failed', null, '3 birthOn inFuture '],
      [8, 'failed', null, 'null null tooManyCells 1'],
      [9, 'failed', null, 'null name noName '],
      [10, 'failed', null, '0 recordNumber noPatientNumber '],
      [11, 'skipped', 'empty'],
      [12, 'skipped', 'total'],
    ])
    expect((await get(id)).counts).toEqual({ new: 1, changed: 0, unchanged: 0, skipped: 2, failed: 8 })
    expect(await allRows(id, { problem: 'phoneShort', field: 'mobile' })).toHaveLength(1)
    await engineer.call(importsApi.discard, { id })
  })

  test('a row is put right in place, left out, or all of a kind are mended at once', async () => {
    const n = fresh()
    const id = await check(
      'patients',
      csv([
        heads,
        person(n, { 联系电话: '1390000012' }),
        person(n + 1, { 联系电话: '139' }),
        person(n + 2, { 联系电话: '13900' }),
        person(n + 3, { 出生日期: '不详日' }),
      ]),
    )

    const edited = await engineer.call(importsApi.editRow, { id, number: 2, cells: [{ column: 5, value: '13900000121' }] })
    expect(edited).toMatchObject({ result: 'new', problems: [], isEdited: true })
    await engineer.call(importsApi.mendRows, { id, problem: 'phoneShort', field: 'mobile', how: 'emptyCell' })
    await work()
    expect((await get(id)).counts).toMatchObject({ new: 3, failed: 1 })
    const skipped = await engineer.call(importsApi.editRow, { id, number: 5, isSkipped: true })
    expect(skipped).toMatchObject({ result: 'skipped', skip: 'byHand' })

    await engineer.call(importsApi.applyImport, { id })
    await work()
    expect(await get(id)).toMatchObject({ status: 'done', counts: { new: 3, changed: 0, unchanged: 0, skipped: 1, failed: 0 } })
    expect(
      await house.sql(
        'select count(*)::int as n from patients.contacts c join patients.patients p on p.id = c.patient_id where p.medical_record_number = any($1)',
        [[person(n)[0], person(n + 1)[0]]],
      ),
    ).toEqual([{ n: 1 }])
  })
})

describe('an import that is applied', () => {
  test('has made of every row exactly one thing, and what was refused downloads in the same layout with its reason', async () => {
    const n = fresh()
    const many = Array.from({ length: 620 }, (_, i) => person(n + i, i % 100 === 7 ? { 联系电话: '=1+1' } : {}))
    const id = await run('patients', csv([heads, ...many, ['合计', '620人']]))

    const done = await get(id)
    expect(done).toMatchObject({ status: 'done', rows: 621, counts: { new: 613, changed: 0, unchanged: 0, skipped: 1, failed: 7 } })
    expect(Object.values(done.counts ?? {}).reduce((a, b) => a + b)).toBe(done.rows)
    const download = async (format: 'csv' | 'xlsx') =>
      ((await engineer.call(importsApi.downloadFailed, { id, format, reason: '补正后重导' })) as { body: Buffer }).body // a file's reply is not parsed
    const inCsv = await download('csv')
    const lines = inCsv.toString().trimEnd().split('\r\n').slice(6) // below what the file says of itself
    expect(lines).toEqual([[...heads, '原因'].join(','), ...Array.from({ length: 7 }, () => expect.any(String))])
    expect(lines[1]).toMatch(/,'=1\+1,.*联系电话：不是电话号码/)
    const asCsv = await check('patients', inCsv)
    const cells = async (of: string) => (await allRows(of, { result: 'failed' })).map((r) => r.cells.slice(0, 8))
    expect(await cells(asCsv)).toEqual(await cells(id)) // with the zeros in front of numbers and all their digits
    await engineer.call(importsApi.discard, { id: asCsv })
    const inXlsx = await check('patients', await download('xlsx'))
    expect(await get(inXlsx)).toMatchObject({ rows: 7, counts: { failed: 7 } })
    await engineer.call(importsApi.discard, { id: inXlsx })
  })

  test('goes on where it was when it is killed in the middle, and nothing is doubled', async () => {
    const n = fresh()
    const id = await check('patients', csv([heads, ...Array.from({ length: 600 }, (_, i) => person(n + i))]))
    await engineer.call(importsApi.applyImport, { id })
    await workOnce(house.house, house.hospitalId)
    // Killed at the end of a piece: the transaction ends without its commit.
    await house.ownerSql(`create function die() returns trigger language plpgsql as $$ begin raise exception 'killed'; end $$`)
    await house.ownerSql(`create trigger die before update of ready on integration.imports for each row execute function die()`)
    await expect(workOnce(house.house, house.hospitalId)).rejects.toThrow('killed')
    await house.ownerSql('drop trigger die on integration.imports; drop function die()')
    expect((await get(id)).ready).toBe(250)

    await work()

    expect(await get(id)).toMatchObject({ status: 'done', counts: { new: 600, unchanged: 0, failed: 0 } })
    const records = Array.from({ length: 600 }, (_, i) => person(n + i)[0])
    expect(await house.sql('select count(*)::int as n from patients.patients where medical_record_number = any($1)', [records])).toEqual([
      { n: 600 },
    ])
    expect(
      await house.sql(`select count(*)::int as n from house.audit where action = 'integration.imported' and object_id = $1`, [id]),
    ).toEqual([{ n: 600 }])
  })

  test('is not applied twice, nor by two at once', async () => {
    const n = fresh()
    const id = await check('patients', csv([heads, person(n)]))
    const both = await Promise.allSettled([engineer.call(importsApi.applyImport, { id }), engineer.call(importsApi.applyImport, { id })])
    expect(both.map((b) => b.status).sort()).toEqual(['fulfilled', 'rejected'])
    await work()
    await expect(engineer.call(importsApi.applyImport, { id })).rejects.toMatchObject({ code: 'integration.importOver' })
  })
})

describe('an import that is taken back', () => {
  const visits = (n: number, more: Record<string, string> = {}) => {
    const names = ['住院号', '病案号', '姓名', '科室', '病区', '床号', '主管医生', '入院日期', '出院日期', '出院诊断', '离院方式']
    const row = (i: number) => {
      const usual: Record<string, string> = {
        住院号: `ZY${n + i}`, 病案号: `0${200_000 + n + i}`, 姓名: `李${i}`, 科室: `科${n}`, 病区: `病区${n}`, 床号: `${i}床`, 主管医生: `医${n}`,
        入院日期: '2026-10-01', 出院日期: '2026-10-09', 出院诊断: '胆囊炎', 离院方式: '医嘱离院',
      } // biome-ignore format: a list
      return names.map((h) => more[h] ?? usual[h] ?? '')
    }
    return csv([names, row(0), row(1), row(2)])
  }

  test.each([
    [
      'patients',
      (n: number) => csv([heads, person(n, { 姓名: '王改', 身份证号: cardOf(n) }), person(n + 1), person(n + 500), person(n + 501)]),
    ],
    ['encounters', (n: number) => visits(n, { 床号: '99床' })],
    [
      'staff',
      (n: number) =>
        csv([
          ['工号', '姓名', '职称', '科室名称'],
          [`S${n}`, '赵改', '主任医师', `新科${n}`],
          [`S${n + 1}`, '钱新', '医师', `新科${n}`],
        ]),
    ],
    [
      'places',
      (n: number) =>
        csv([
          ['科室代码', '科室名称', '类别'],
          [`D${n}`, '改名科', '科室'],
          [`D${n + 1}`, '新科', '科室'],
        ]),
    ],
  ] as const)('leaves %s exactly as they were', async (kind, table) => {
    const n = fresh()
    await run('patients', csv([heads, person(n), person(n + 1)]))
    await run('encounters', visits(n))
    await run(
      'staff',
      csv([
        ['工号', '姓名', '职称'],
        [`S${n}`, '赵一', '医师'],
      ]),
    )
    await run(
      'places',
      csv([
        ['科室代码', '科室名称', '类别'],
        [`D${n}`, '老科', '科室'],
      ]),
    )
    house.advance({ minutes: 5 })
    const before = await dump()
    const id = await run(kind, table(n))
    expect((await get(id)).status).toBe('done')
    expect(await dump()).not.toEqual(before)

    await engineer.call(importsApi.undoImport, { id })
    await work()

    expect(await dump()).toEqual(before)
    const undone = await get(id)
    expect(undone.undo?.kept).toBe(0)
    expect(undone).toMatchObject({ status: 'undone' })
  })

  test('keeps what somebody said since, and says so', async () => {
    const n = fresh()
    await run('patients', csv([heads, person(n)]))
    house.advance({ minutes: 5 })
    const id = await run('patients', csv([heads, person(n, { 姓名: '王改', 费别: '公费' }), person(n + 1)]))
    house.advance({ minutes: 5 })
    const mr = (value: string | undefined) => [{ system: '', type: 'MR', value: value ?? '' }]
    await house.inside((ctx) =>
      applyPatientFacts(ctx, [
        { identifiers: mr(person(n)[0]), sourceAt: house.now(), payer: '商业保险' },
        { identifiers: mr(person(n + 1)[0]), sourceAt: house.now(), payer: '商业保险' },
      ]),
    )

    await engineer.call(importsApi.undoImport, { id })
    await work()

    const found = await house.sql(
      'select name, payer from patients.cards where medical_record_number = any($1) order by medical_record_number',
      [[person(n)[0], person(n + 1)[0]]],
    )
    expect(found).toEqual([{ name: person(n)[1], payer: '商业保险' }, { name: person(n + 1)[1], payer: '商业保险' }]) // biome-ignore format: one thought
    expect((await get(id)).undo).toEqual({ takenBack: 0, kept: 2 })
    expect((await allRows(id, { kept: true })).map((r) => r.kept)).toEqual([[{ field: 'payer', reason: 'changedSince' }], [{ field: null, reason: 'changedSince' }]]) // biome-ignore format: one thought
  })

  test('is possible for seven days; then its rows are forgotten', async () => {
    const n = fresh()
    const [early, late] = [await run('patients', csv([heads, person(n)])), await run('patients', csv([heads, person(n + 1)]))]
    house.advance({ days: 6, hours: 23 })
    await engineer.call(importsApi.undoImport, { id: early })
    await work()
    house.advance({ hours: 2 })
    await expect(engineer.call(importsApi.undoImport, { id: late })).rejects.toMatchObject({ code: 'integration.undoTooLate' })

    for (let round = 0; round < 3; round += 1) await house.tick('integration.clearImports') // some at a time

    expect(await allRows(late)).toEqual([])
    expect(await house.sql('select 1 from patients.origins where origin = $1', [late])).toEqual([])
    expect((await get(late)).counts).toMatchObject({ new: 1 })
  })
})

test('the rows and the file stand nowhere in the database as they are, and another hospital sees nothing', async () => {
  const n = fresh()
  const secret = `秘密${n}`
  const id = await check('patients', csv([heads, person(n, { 姓名: secret })]))
  const text = await house.sql(
    `select (select string_agg(i::text, '') from integration.imports i) || (select string_agg(r::text, '') from integration.import_rows r)
       || (select coalesce(string_agg(f::text, ''), '') from integration.import_files f) as all`,
  )
  expect(text[0]?.all).not.toContain(secret)
  expect(text[0]?.all).not.toContain(Buffer.from(secret).toString('hex'))
  const stranger = await house.stranger('integration.import')
  await expect(stranger.call(importsApi.importFile, { id })).rejects.toMatchObject({ code: 'integration.importNotFound' })
  await expect(stranger.call(importsApi.importRows, { id })).rejects.toMatchObject({ code: 'integration.importNotFound' })
  await engineer.call(importsApi.discard, { id })
})
