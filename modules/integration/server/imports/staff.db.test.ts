import { access } from '@renxin/access'
import { accountsApi } from '@renxin/access/contract'
import { encounters } from '@renxin/encounters'
import { files } from '@renxin/files'
import { encodeText } from '@renxin/hl7'
import { newId } from '@renxin/kernel'
import { patients } from '@renxin/patients'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { expect, test } from 'vitest'
import { importsApi } from '../../imports-contract.ts'
import { integration } from '../index.ts'
import { workOnce } from './loop.ts'
import { csv } from './table.fixture.ts'

const house = await openHouse([staff, access, files, patients, encounters, integration], { now: '2026-11-10T09:00+08:00', prepare: true })
const engineer = house.who('integration.import')
const clerk = house.who('access.read', 'access.users', 'access.assign', 'access.appoint', 'staff.read')
const heads = ['工号', '姓名', '科室名称', '角色', '职称', '工龄', '入职日期']

async function work() {
  while (await workOnce(house.house, house.hospitalId));
}
async function check(rows: readonly (readonly string[])[]) {
  const id = newId()
  const body = encodeText(csv([heads, ...rows]).toString(), 'gb18030')
  await engineer.call(importsApi.upload, { id, kind: 'staff', name: '员工名单.csv', base64: body.toString('base64') })
  await engineer.call(importsApi.check, { id })
  await work()
  return id
}
async function run(rows: readonly (readonly string[])[]) {
  const id = await check(rows)
  await engineer.call(importsApi.applyImport, { id })
  await work()
  return id
}
const people = () =>
  house.sql<{ number: string; title: string; started_on: string; wanted_role: string }>(
    'select number, title, started_on::text, wanted_role from staff.person_cards order by number',
  )
const rowsOf = async (id: string) => (await engineer.call(importsApi.importRows, { id, limit: 200 })).rows

test('a list of staff in GBK says title, years and role; the dry run enters nothing', async () => {
  const rows = [
    ['N101', '李秀英', '心内科', '随访护士', '主管护师', '8', ''],
    ['N102', '王建国', '心内科', '', '主任医师', '12年', ''],
    ['N103', '赵新来', '心内科', '', '', '', '2026-07-01'],
  ]
  const id = await check(rows)
  expect((await rowsOf(id)).map((r) => r.result)).toEqual(['new', 'new', 'new'])
  expect(await people()).toEqual([])

  await engineer.call(importsApi.applyImport, { id })
  await work()

  expect(await people()).toEqual([
    { number: 'N101', title: '主管护师', started_on: '2018-11-10', wanted_role: '随访护士' },
    { number: 'N102', title: '主任医师', started_on: '2014-11-10', wanted_role: null },
    { number: 'N103', title: null, started_on: '2026-07-01', wanted_role: null },
  ])
})

test('a role that the hospital does not have is said on its row, with those that there are; the others are known by either name', async () => {
  const id = await check([
    ['N111', '吴一', '心内科', '护士长', '', '', ''],
    ['N112', '郑二', '心内科', '随访护士、Clinician', '', '', ''],
    ['N113', '冯三', '心内科', '质控；随访护士', '', '', ''],
    ['N114', '陈四', '心内科', 'Follow-up nurse/clinician', '', '', ''],
  ])

  const rows = await rowsOf(id)

  expect(rows.map((r) => [r.result, r.problems.map((p) => [p.code, p.level, p.column, p.details.role])])).toEqual([
    ['new', [['unknownRole', 'warning', 3, '护士长']]],
    ['new', [['unknownRole', 'warning', 3, 'Clinician']]],
    ['new', [['unknownRole', 'warning', 3, '质控']]],
    ['new', []],
  ])
  expect(String(rows[0]?.problems[0]?.details.roles).split('、')).toContain('随访护士')
})

test('a row in which something is wrong says what; years that the first day already says change nothing', async () => {
  house.advance({ days: 40 })
  const id = await check([
    ['N101', '李秀英', '心内科', '随访护士', '主管护师', '8', ''],
    ['N104', '钱多', '心内科', '', '', '很久', ''],
    ['', '无号', '心内科', '', '', '3', ''],
  ])

  const rows = await rowsOf(id)

  expect(rows.map((r) => r.result)).toEqual(['unchanged', 'new', 'failed'])
  expect(rows[1]?.problems).toMatchObject([{ field: 'years', level: 'warning' }])
  expect(rows[2]?.problems).toMatchObject([{ field: 'staffNumber', level: 'error' }])
})

test('taken back, everything is as it was; who has been given an account meanwhile stays, and is named', async () => {
  const before = await people()
  const id = await run([
    ['N102', '王建国', '心内科', '科主任', '主任医师', '20', ''],
    ['N105', '孙一', '心内科', '随访护士', '护士', '1', ''],
    ['N106', '周二', '心内科', '', '护士', '2', ''],
  ])
  const sun = (await clerk.call(accountsApi.withoutAccount, { search: '孙一' })).rows[0]
  const { rows } = await clerk.call(accountsApi.openAccounts, { personIds: [sun?.id ?? ''], roleIds: [] })
  expect(rows).toMatchObject([{ name: 'n105', because: null }])

  await engineer.call(importsApi.undoImport, { id })
  await work()

  const after = await people()
  expect(after.filter((p) => p.number !== 'N105')).toEqual(before)
  expect(after.map((p) => p.number)).toContain('N105')
  expect((await rowsOf(id)).flatMap((r) => r.kept)).toMatchObject([{ reason: 'inUse' }])
})
