import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encounters } from '@renxin/encounters'
import { files } from '@renxin/files'
import { newId } from '@renxin/kernel'
import { patients } from '@renxin/patients'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { afterAll, expect, test } from 'vitest'
import { importsApi } from '../../imports-contract.ts'
import { integration } from '../index.ts'
import { DropWatch, matches } from './drops.ts'
import { workOnce } from './loop.ts'
import { zipOf } from './read/files.fixture.ts'
import { csv, heads, person } from './table.fixture.ts'

const house = await openHouse([staff, files, patients, encounters, integration], { now: '2026-11-10T02:00+08:00' })
const engineer = house.who('integration.import', 'integration.manage')
const place = mkdtempSync(join(tmpdir(), 'renxin-drop-'))
afterAll(() => rmSync(place, { recursive: true, force: true }))
const watch = new DropWatch(house.house, place)
const within = (...parts: string[]) => join(place, String(house.hospitalId), ...parts)

async function look(times = 1) {
  for (let n = 0; n < times; n += 1) {
    await watch.look(house.hospitalId)
    while (await workOnce(house.house, house.hospitalId));
    house.advance({ seconds: 31 })
  }
}
async function folder(path: string, pattern = '*.csv') {
  const id = newId()
  await engineer.call(importsApi.saveDropFolder, { id, path, pattern, kind: 'patients', isActive: true, settleSeconds: 30 })
  await look()
  return id
}
const runs = async (folderId: string) =>
  (await engineer.call(importsApi.dropRuns, { folderId })).rows.map((r) => [
    r.fileName,
    r.result,
    r.reason,
    r.counts && r.counts.new + r.counts.unchanged,
  ])

let last = 0
const table = (rows = 3, spoilt = false) => {
  last += 1000
  return csv([
    heads,
    ...Array.from({ length: rows }, (_, i) => person(last + i, spoilt && i === 0 ? { 病案号: '1.23E+17' } : {})),
    ['合计', `${rows}人`],
  ])
}

test('a file that has come to rest is imported once and lies in done with its result, the rows that were refused beside it', async () => {
  const id = await folder('his/a')
  writeFileSync(within('his/a', '患者0910.csv'), table(3, true))

  await look()
  expect(await runs(id)).toEqual([])
  await look(2)

  expect(await runs(id)).toEqual([['患者0910.csv', 'done', null, 2]])
  expect(readdirSync(within('his/a'))).toEqual(['done'])
  expect(readdirSync(within('his/a', 'done')).sort()).toEqual(['患者0910.csv', '患者0910.csv.failed.csv', '患者0910.csv.result.txt'])
  expect(readFileSync(within('his/a', 'done', '患者0910.csv.result.txt'), 'utf8')).toContain(
    '共 4 行：新增 2，更改 0，不变 0，跳过 1，未导入 1',
  )
  expect(readFileSync(within('his/a', 'done', '患者0910.csv.failed.csv'), 'utf8')).toMatch(/"原因"\r\n.*号码被表格软件改坏/)
})

test('the same file again changes nothing and is named as repeated', async () => {
  const id = await folder('his/b')
  const body = table()
  writeFileSync(within('his/b', '1.csv'), body)
  await look(3)
  writeFileSync(within('his/b', '2.csv'), body)
  await look(3)

  expect(await runs(id)).toEqual([
    ['2.csv', 'repeated', '1.csv', null],
    ['1.csv', 'done', null, 3],
  ])
  expect(readFileSync(within('his/b', 'done', '2.csv.result.txt'), 'utf8')).toContain('内容与 1.csv 相同')
})

test('a file that grows is left alone until it is whole; one with .done beside it is taken at once', async () => {
  const id = await folder('his/c')
  const body = table(4)
  for (let part = 1; part <= 3; part += 1) {
    writeFileSync(within('his/c', '大.csv'), body.subarray(0, Math.ceil((body.length * part) / 3)))
    await look()
    expect(await runs(id)).toEqual([])
  }
  writeFileSync(within('his/c', '快.csv'), table(2))
  writeFileSync(within('his/c', '快.csv.done'), '')
  await look()
  expect(await runs(id)).toContainEqual(['快.csv', 'done', null, 2])

  await look(2)
  expect(await runs(id)).toContainEqual(['大.csv', 'done', null, 4])
  expect(existsSync(within('his/c', '快.csv.done'))).toBe(false)
})

test('rubbish goes to failed with the reason, and what is no file or has another name is left alone', async () => {
  const id = await folder('his/d')
  writeFileSync(within('his/d', '坏.csv'), Buffer.from('89504e470d0a1a0a00000000', 'hex'))
  writeFileSync(within('his/d', '别的.csv'), '甲,乙\n1,2\n')
  writeFileSync(within('his/d', '说明.txt'), '你好')
  writeFileSync(within('his/d', '半.csv.part'), 'a')
  mkdirSync(within('his/d', '夹.csv'))
  symlinkSync('/etc/hostname', within('his/d', '外.csv'))
  await look(4)

  expect((await runs(id)).map(([name, result, reason]) => [name, result, reason]).sort()).toEqual([
    ['别的.csv', 'refused', 'columnsMissing'],
    ['坏.csv', 'refused', 'unknownFile'],
  ])
  expect(readdirSync(within('his/d', 'failed')).sort()).toEqual(['别的.csv', '别的.csv.result.txt', '坏.csv', '坏.csv.result.txt'])
  expect(readFileSync(within('his/d', 'failed', '坏.csv.result.txt'), 'utf8')).toContain('看不出这是什么文件')
  expect(readdirSync(within('his/d')).sort()).toEqual(['failed', '半.csv.part', '外.csv', '夹.csv', '说明.txt'].sort())
})

test('a process that dies between taking a file and putting it away takes it no second time', async () => {
  const id = await folder('his/e')
  writeFileSync(within('his/e', '夜.csv'), table(2))
  await watch.look(house.hospitalId)
  house.advance({ seconds: 31 })
  await watch.look(house.hospitalId)
  expect(await runs(id)).toEqual([['夜.csv', 'taken', null, null]])

  const other = new DropWatch(house.house, place)
  for (let n = 0; n < 3; n += 1) {
    await other.look(house.hospitalId)
    house.advance({ seconds: 31 })
  }
  while (await workOnce(house.house, house.hospitalId));
  await other.look(house.hospitalId)

  expect(await runs(id)).toEqual([['夜.csv', 'done', null, 2]])
  expect(existsSync(within('his/e', 'done', '夜.csv'))).toBe(true)
})

test('a folder cannot lead out of its place, and one that cannot be looked into says why', async () => {
  const save = (path: string) =>
    engineer.call(importsApi.saveDropFolder, { id: newId(), path, pattern: '*', kind: 'patients', isActive: true, settleSeconds: 30 })
  await expect(save('../etc')).rejects.toMatchObject({ kind: 'invalid' })
  await expect(save('a/../../etc')).rejects.toMatchObject({ code: 'integration.pathNotAllowed' })
  writeFileSync(within('就是文件'), 'x')
  await save('就是文件')
  await look()
  const { rows, place: shown } = await engineer.call(importsApi.dropFolders, {})
  expect(shown).toBe(within())
  expect(rows.find((r) => r.path === '就是文件')?.problem).toBe('EEXIST')
})

test('a pattern means what people mean by it', () => {
  expect(matches('出院20261109.csv', '出院*.csv')).toBe(true)
  expect(matches('入院.csv', '出院*.csv')).toBe(false)
  expect(matches('A1.CSV', 'a?.csv')).toBe(true)
  expect(matches('a.csv.part', '*')).toBe(false)
  expect(matches('~$a.xlsx', '*.xlsx')).toBe(false)
  expect(matches('.hidden.csv', '*.csv')).toBe(false)
})

test('a file that was made to do harm is refused with its reason and lies in failed, and the next one is taken', async () => {
  const id = await folder('bad', '*')
  const sheet = Buffer.concat([Buffer.from('<worksheet><sheetData><row>'), Buffer.alloc(200 * 1024 * 1024, '<c/>')])
  const harm: Readonly<Record<string, Buffer>> = {
    'bomb.xlsx': zipOf([{ name: '[Content_Types].xml', body: Buffer.from('<Types/>') }, { name: 'xl/workbook.xml', body: Buffer.from('<workbook/>') }, { name: 'xl/worksheets/sheet1.xml', body: sheet }]),
    'line.csv': Buffer.alloc(1024 * 1024, '长'),
    'program.csv': Buffer.from([0x4d, 0x5a, 0, 1, 2, 3, 0, 0]),
    'a\u202evsc.exe.csv': Buffer.from('<html><script>alert(1)</script>'),
    'CON.csv': Buffer.alloc(0, ''),
  } // biome-ignore format: a file a line
  for (const [name, body] of Object.entries(harm)) writeFileSync(within('bad', name), body)
  writeFileSync(within('bad', `${'n'.repeat(200)}.csv`), table(1))
  symlinkSync('/etc/passwd', within('bad', 'passwd.csv'))

  await look(3)

  expect(Object.fromEntries((await runs(id)).map(([name, , reason]) => [name, reason]))).toEqual({
    'bomb.xlsx': 'unpacksTooLarge',
    'line.csv': 'cellTooLong',
    'program.csv': 'unknownFile',
    'a\u202evsc.exe.csv': 'pageNotTable',
    [`${'n'.repeat(200)}.csv`]: null,
  })
  expect(readdirSync(within('bad')).sort()).toEqual(['CON.csv', 'done', 'failed', 'passwd.csv'])
  expect(readdirSync(within('bad', 'failed'))).toContain('bomb.xlsx.result.txt')
})
