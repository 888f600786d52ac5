import { readFile } from 'node:fs/promises'
import { revisitsApi } from '@renxin/analytics/contract'
import type { Product } from '@renxin/app-server/testing'
import { addMonths, wallTime } from '@renxin/kernel'
import { readXlsx } from 'hucre/xlsx'
import { answerAll } from './answers.ts'
import { asking, imagine } from './his.ts'
import { goWithin, isAtRest, obstacles } from './look.ts'
import { expect, test } from './product.ts'
import { planCalls } from './programmes.ts'

const WARD = '康复医学科病区'
const ASKED = 32 // a ward is ranked from thirty answers on

/** A ward of which a month's patients say that they are dissatisfied. */
async function disappoint(product: Product): Promise<void> {
  await planCalls(product, { name: '康复当天满意度', diagnosis: 'Z50', asks: '住院患者满意度' })
  const stays = Array.from({ length: ASKED }, (_, n) =>
    imagine(`康${'一二三四五六七八九十'[n % 10]}${'甲乙丙丁'[n % 4]}`, {
      ward: WARD,
      department: ['0327', '康复医学科'],
      diagnosis: ['Z50.900', '康复治疗'],
    }),
  )
  await answerAll(product, stays, '2')
}

test('a leader reads five numbers, sees the ward that does worst, opens what is behind, and takes a table along', async ({
  as,
  product,
}) => {
  await disappoint(product)
  const page = await as('president', '/')
  await expect(page.getByRole('heading', { name: '总览', level: 1 })).toBeVisible()
  await test.step('the five numbers, each with what it rests on', async () => {
    for (const name of ['出院人次', '7 日随访覆盖率', '随访接通', '满意度', '净推荐值']) {
      await expect(page.locator('.rx-figure', { hasText: name }).first()).toBeVisible()
    }
    await expect(page.getByRole('button', { name: /^满意度/ })).toContainText(/n=\d+/)
  })

  await test.step('another period', async () => {
    await page.getByRole('radio', { name: '近 3 个月' }).check()
    await expect(page).toHaveURL(/from=\d{4}-\d\d&to=\d{4}-\d\d/)
    await expect(page.getByText(/^\d{4}-\d\d-\d\d ~ \d{4}-\d\d-\d\d · 与/)).toBeVisible()
    const today = wallTime(new Date(), 'Asia/Shanghai')
    await goWithin(page, `/dashboard?from=${addMonths(today.slice(0, 10), -1).slice(0, 7)}&to=${today.slice(0, 7)}`) // early in a month others have not answered yet
  })

  await test.step('the worst ward is named, and its answers are one click away', async () => {
    const banner = page.getByText(/最需要关注.*康复医学科病区.*满意度明显低于全院/)
    await expect(banner).toBeVisible({ timeout: 20_000 })
    const row = page.getByRole('table', { name: '病区对比' }).getByRole('row', { name: WARD })
    await expect(row).toContainText(`0.0% n=${ASKED}`)
    await page.getByRole('button', { name: '查看明细' }).click()
    const behind = page.getByRole('dialog', { name: /^满意度/ })
    await expect(behind.getByRole('radio', { name: '不满意' })).toBeChecked()
    await expect(behind.getByRole('row', { name: WARD })).toHaveCount(ASKED)
    await page.keyboard.press('Escape')
    await expect(behind).toHaveCount(0)
  })

  await test.step('a figure opens the rows that it was counted from', async () => {
    const figure = page.getByRole('button', { name: /^出院人次/ })
    const count = Number((await figure.locator('.rx-figure-value').innerText()).replace(',', ''))
    await figure.click()
    const behind = page.getByRole('dialog', { name: /^出院人次/ })
    await expect(behind.getByRole('row').nth(1)).toBeVisible()
    while (await behind.getByRole('button', { name: '继续加载' }).isVisible()) {
      const shown = await behind.getByRole('row').count()
      await behind.getByRole('button', { name: '继续加载' }).click()
      await expect.poll(() => behind.getByRole('row').count()).toBeGreaterThan(shown)
    }
    await expect(behind.getByRole('row')).toHaveCount(count + 1)
    await expect(behind.getByRole('row').nth(1)).toContainText('*') // a leader reads figures, and names only in part
    await page.keyboard.press('Escape')
  })

  await test.step('the table for the meeting', async () => {
    await page.getByRole('button', { name: '导出', exact: true }).click()
    const asked = page.getByRole('dialog', { name: '导出' })
    await asked.getByLabel('理由').fill('质控例会')
    const [download] = await Promise.all([page.waitForEvent('download'), asked.getByRole('button', { name: '导出' }).click()])
    expect(download.suggestedFilename()).toMatch(/\.xlsx$/)
    const book = await readXlsx(await readFile(await download.path()))
    const cells = book.sheets.flatMap((sheet) => sheet.rows.flat())
    expect(cells).toContain(WARD)
    expect(cells.map(String).join(' ')).toContain('陈明')
  })
})

test('who did not come back within a month is one click away, each with the follow-up that asks why', async ({ as, product }) => {
  const ask = await asking(product, 'president')
  const { vanished, withoutTask } = await ask(revisitsApi.revisitReasons, {})
  expect(vanished - withoutTask).toBeGreaterThan(0)
  const page = await as('president', '/revisits')
  const figure = page.getByRole('button', { name: /^未复诊/ })
  await expect(figure.locator('.rx-figure-value')).toHaveText(String(vanished))

  await figure.click()
  const behind = page.getByRole('dialog')
  const rows = behind.getByRole('row')
  await expect(rows.nth(1)).toContainText('未复诊')
  while (await behind.getByRole('button', { name: '继续加载' }).isVisible()) {
    const shown = await rows.count()
    await behind.getByRole('button', { name: '继续加载' }).click()
    await expect.poll(() => rows.count()).toBeGreaterThan(shown)
  }
  await expect(rows).toHaveCount(vanished + 1)
  const tasks = behind.locator('a[href^="/followups/tasks/"]')
  await expect(tasks).toHaveCount(vanished - withoutTask)
  await isAtRest(page)
  expect(await obstacles(page)).toEqual([])

  await tasks.first().click()
  await expect(page.getByRole('heading', { name: '随访任务', level: 1 })).toBeVisible()
  await expect(page.getByText(/一个月未复诊随访/).first()).toBeVisible()
})
