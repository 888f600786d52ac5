import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { writeXlsx } from 'hucre/xlsx'
import { z } from 'zod'
import { fits, isAtRest, obstacles, slips } from './look.ts'
import { expect, test } from './product.ts'

const ROWS = 5000
const HEADS = ['病案号', '姓名', '性别', '出生日期', '身份证号', '联系电话', '家庭住址', '费别']
const SURNAMES = '赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨'
const GIVEN = '伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英'

/** A list as a hospital keeps it: a title above, dates in every way, a sum below, and here and there a spoilt cell. */
async function spoiltSheet(): Promise<Buffer> {
  const rows: (string | number | null)[][] = [['某医院患者基本信息一览表'], ['打印人：信息科', '', '打印时间：2026-01-05'], HEADS]
  for (let n = 0; n < ROWS; n += 1) {
    const name = `${SURNAMES[n % 16]}${GIVEN[(n * 7) % 23]}${GIVEN[(n * 13) % 23]}`
    const day = `${1940 + (n % 70)}-${String(1 + (n % 12)).padStart(2, '0')}-${String(1 + (n % 28)).padStart(2, '0')}`
    const birth = n % 3 === 0 ? day.replaceAll('-', '/') : n % 3 === 1 ? day.replaceAll('-', '') : day
    const row: (string | number | null)[] = [
      `DR${String(n).padStart(6, '0')}`,
      name,
      n % 2 ? '男' : '女',
      birth,
      null,
      `138${String(20_000_000 + n)}`,
      `人民路${n % 400}号`,
      n % 4 ? '自费' : '职工医保',
    ]
    if (n % 500 === 10) row[5] = String(row[5]).slice(0, 10) // a digit fell off
    if (n % 1000 === 20) row[4] = 110101199001011230 // a number that the spreadsheet rounded
    if (n % 1000 === 30) row[3] = '2019-02-30'
    if (n % 1000 === 40) row[5] = '１３８２９９９００'.concat(String(n % 100).padStart(2, '0'))
    if (n === 4321) row[0] = null
    rows.push(row)
    if (n === 2500) rows.push([])
  }
  rows.push(['合计', `${ROWS}人`])
  return Buffer.from(
    await writeXlsx({
      sheets: [
        { name: '患者', rows },
        { name: '说明', rows: [['没有内容']] },
      ],
    }),
  )
}

const problem = (page: Page, name: RegExp) => page.getByRole('button', { name })

async function examine(page: Page) {
  await isAtRest(page)
  expect([...(await obstacles(page)), ...(await slips(page))]).toEqual([])
  await fits(page)
}

test('a spoilt spreadsheet of 5,000 rows is put right, imported, its refused rows downloaded, and all of it taken back', async ({ as }) => {
  test.setTimeout(360_000)
  const file = { name: '患者一览.xlsx', mimeType: 'application/octet-stream', buffer: await spoiltSheet() }
  const engineer = await as('system', '/integration/imports')
  const began = Date.now()
  await examine(engineer)

  await engineer.getByRole('button', { name: '新的导入' }).first().click()
  const dialog = engineer.getByRole('dialog', { name: '新的导入' })
  await dialog.getByLabel('选择文件').first().setInputFiles(file)
  await expect(engineer.getByRole('heading', { name: '患者一览.xlsx' })).toBeVisible({ timeout: 30_000 })
  await expect(engineer.getByRole('listitem').filter({ hasText: '对应列' })).toHaveAttribute('aria-current', 'step')
  await expect(engineer.getByRole('row', { name: /病案号/ }).last()).toContainText('DR000000')
  await examine(engineer)

  await engineer.keyboard.press('Control+Enter')
  await expect(problem(engineer, /联系电话 · 位数不够 · 10 行/)).toBeVisible({ timeout: 120_000 })
  const checkedAfter = Date.now() - began
  await expect(problem(engineer, /身份证号 · .*已丢失 · 5 行/)).toBeVisible()
  await expect(problem(engineer, /出生日期 · 不是有效的日期 · 5 行/)).toBeVisible()
  await examine(engineer)

  await problem(engineer, /联系电话 · 位数不够/).click()
  const cell = engineer.getByRole('textbox', { name: '行 14 · 联系电话 · 少 1 位' })
  await cell.fill('13820000010')
  await cell.press('Enter')
  await expect(problem(engineer, /联系电话 · 位数不够 · 9 行/)).toBeVisible()
  await engineer.getByRole('button', { name: '这一项留空导入' }).click()
  await engineer.getByRole('button', { name: '留空 9 行' }).click()
  await expect(problem(engineer, /联系电话 · 位数不够/)).toHaveCount(0, { timeout: 30_000 })

  await engineer.getByRole('button', { name: /^下一步/ }).click()
  await expect(engineer.getByText('确认导入')).toBeVisible()
  await examine(engineer)
  await engineer.getByRole('button', { name: /^导入 4,98\d 行/ }).click()
  await expect(engineer.getByRole('button', { name: '撤销本次导入' })).toBeVisible({ timeout: 180_000 })
  const doneAfter = Date.now() - began
  await examine(engineer)
  test.info().annotations.push({ type: 'time', description: `checked after ${checkedAfter} ms, imported after ${doneAfter} ms` })
  expect(doneAfter, 'importing 5,000 rows takes at most five minutes').toBeLessThan(300_000)

  const id = new URL(engineer.url()).pathname.split('/').at(-1) ?? ''
  const answer = await engineer.request.get(`/api/integration/imports/${id}`)
  const { counts, rows } = z.object({ counts: z.record(z.string(), z.int()), rows: z.int() }).parse(await answer.json())
  expect(Object.values(counts).reduce((a, b) => a + b, 0)).toBe(rows)
  expect(rows).toBe(ROWS + 2)
  expect(counts).toMatchObject({ skipped: 2, failed: 11 })

  await engineer.getByRole('button', { name: '下载未导入的行' }).click()
  const asked = engineer.getByRole('dialog', { name: '下载未导入的行' })
  await asked.getByLabel('理由').fill('退回信息科修改')
  await asked.getByText('CSV', { exact: true }).click()
  const [saved] = await Promise.all([engineer.waitForEvent('download'), asked.getByRole('button', { name: '导出' }).click()])
  const lines = (await readFile(await saved.path(), 'utf8')).trimEnd().split('\r\n')
  const head = lines.findIndex((l) => l.split(',').includes('原因')) // above it stands who took it, when and why
  expect(lines.slice(0, head).join('\n')).toContain('退回信息科修改')
  expect(lines.slice(head + 1)).toHaveLength(11)
  expect(lines.find((l) => l.includes('1.10101E+17'))).toContain('身份证号：号码被表格软件改坏')

  const nurse = await as('nurse', '/patients')
  await nurse.keyboard.press('Control+k')
  const search = nurse.getByRole('dialog', { name: '搜索患者' }).getByRole('combobox')
  await search.fill('DR000123')
  await expect(nurse.getByRole('option', { name: /DR000123/ })).toBeVisible()

  await engineer.getByRole('button', { name: '撤销本次导入' }).click()
  await engineer.getByRole('button', { name: /^撤销 4,989 行/ }).click()
  await expect(engineer.getByText(/已撤销 4,989 行/)).toBeVisible({ timeout: 180_000 })
  await examine(engineer)
  await search.fill('DR000124')
  await expect(nurse.getByText(/没有找到/).first()).toBeVisible()
})

test('a folder is watched: it is set up, and its page is open to everybody', async ({ as }) => {
  const engineer = await as('system', '/integration/imports?tab=folders')
  await engineer.getByRole('button', { name: '添加文件夹' }).click()
  const drawer = engineer.getByRole('dialog', { name: '自动导入的文件夹' })
  await drawer.getByLabel('文件夹').fill('his/discharges')
  await drawer.getByLabel('文件名').fill('出院*.csv')
  await drawer.getByRole('button', { name: /^保存/ }).click()
  await expect(engineer.getByRole('row', { name: /his\/discharges/ })).toBeVisible()
  await examine(engineer)
})
