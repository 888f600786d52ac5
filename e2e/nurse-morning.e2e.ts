import type { Page } from '@playwright/test'
import { imagine, type Stay, sendHome } from './his.ts'
import { expect, handsOn, PASSWORD, test } from './product.ts'
import { planCalls } from './programmes.ts'

const DIAGNOSIS = ['Z48.800', '手术后随诊医疗'] as const
const stay = (name: string) => imagine(name, { diagnosis: DIAGNOSIS })
const queue = (page: Page) => page.getByRole('navigation', { name: '随访队列' })
/** The call of the day: the visit at the bed, planned as somebody came in, is called off a moment after he went home. */
const rowOf = (page: Page, name: string) => queue(page).getByRole('button', { name }).filter({ hasText: '当天电话' })
const patient = (page: Page) => page.getByRole('region', { name: '随访任务' }).getByRole('heading', { level: 2 }).first()

async function open(page: Page, name: string) {
  await rowOf(page, name).click()
  await expect(patient(page)).toHaveText(name)
}
const numberOf = (page: Page, { phone }: Stay) => page.getByRole('link', { name: phone.replace(/(...)(....)(....)/, '$1 $2 $3') })

/** On to the next of the queue, and until he is there. */
async function step(page: Page, hands: ReturnType<typeof handsOn>) {
  const before = page.url()
  await hands.press('j')
  await expect.poll(() => page.url()).not.toBe(before)
  await expect(page.getByRole('button', { name: /^完成并下一位/ })).toBeVisible()
}

test.beforeAll(({ product }) => planCalls(product, { name: '术后当天回访', diagnosis: 'Z48', asks: '出院后恢复情况随访' }))

test('a nurse signs in and works without the mouse, within the keys she may be asked for', async ({ page, product }) => {
  const [first, second] = [stay('沈知微'), stay('欧阳娜娜')]
  await sendHome(product, first, second)
  const hands = handsOn(page)
  await page.goto('/')
  await expect(page.getByRole('heading', { name: '登录仁心示范医院' })).toBeVisible()
  while (!(await page.getByLabel('用户名').evaluate((field) => field === document.activeElement))) await page.keyboard.press('Tab')
  await page.keyboard.type('nurse')
  await page.keyboard.press('Tab')
  await page.keyboard.type(PASSWORD)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: '今日随访', level: 1 })).toBeVisible()
  await rowOf(page, first.name).waitFor()
  while ((await patient(page).textContent()) !== first.name) await step(page, hands)
  hands.taken()

  await hands.press('F2')
  await expect(numberOf(page, first)).toHaveAttribute('href', `tel:${first.phone}`)
  expect(await numberOf(page, first).evaluate((e) => Number.parseFloat(getComputedStyle(e).fontSize))).toBeGreaterThanOrEqual(24)
  expect(hands.taken(), 'keys to dial').toBe(1)

  for (const nth of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) {
    await hands.press('1')
    await expect(page.getByText(`已答 ${nth} / 10`)).toBeVisible()
  }
  expect(hands.taken(), 'keys for ten questions').toBeLessThanOrEqual(12)

  const began = Date.now()
  await hands.press('Control+Enter')
  await expect(patient(page)).not.toHaveText(first.name)
  expect(hands.taken(), 'keys to complete and go on').toBe(1)
  expect(Date.now() - began, 'until the next one is there').toBeLessThan(5000)
  await expect(rowOf(page, first.name)).toHaveCount(0)

  await hands.press('F2')
  await expect(page.getByRole('link', { name: /^[\d -]{8,}$/ })).toBeVisible()
  expect(hands.taken(), 'keys to dial the next').toBe(1)
})

test('nobody answers: one key says so, and the next try is planned by the rule', async ({ as, product }) => {
  const silent = stay('陆景行')
  await sendHome(product, silent)
  const page = await as('nurse', '/followups/today')
  await open(page, silent.name)
  await page.keyboard.press('F2')
  await expect(numberOf(page, silent)).toBeVisible()

  await page.keyboard.press('n')

  await expect(page.getByText(/无人接听（第 1 次）。将在.+提醒再拨。/)).toBeVisible()
  await expect(patient(page)).not.toHaveText(silent.name)
  await page.getByRole('tab', { name: '我的' }).click()
  await open(page, silent.name)
  const tries = page.getByRole('region', { name: '联系经过' })
  await expect(tries.getByText('第 1 次')).toBeVisible()
  await expect(tries.getByText(/无人接听 · 周敏/)).toBeVisible()
})

test('what is postponed can be taken back at once', async ({ as, product }) => {
  const later = stay('唐若溪')
  await sendHome(product, later)
  const page = await as('nurse', '/followups/today')
  await open(page, later.name)

  await page.keyboard.press('u')
  await expect(page.getByRole('dialog', { name: '推迟到什么时候' })).toBeVisible()
  await page.keyboard.press('2')

  await expect(page.getByText(/已推迟 1 项到 明天 09:00/)).toBeVisible()
  await expect(rowOf(page, later.name)).toHaveCount(0)

  await page.getByRole('button', { name: '撤销' }).click()
  await expect(rowOf(page, later.name)).toBeVisible()
})

test('a draft is there again after the page was closed in the middle of a call', async ({ as, product }) => {
  const talking = stay('阿卜杜热合曼·买买提江')
  await sendHome(product, talking)
  const page = await as('nurse', '/followups/today')
  await open(page, talking.name)
  await page.keyboard.press('F2')
  await expect(numberOf(page, talking)).toBeVisible()
  for (const key of ['2', '1', '3']) await page.keyboard.press(key)
  await page.getByRole('textbox', { name: '备注' }).fill('女儿在家照顾，明天去拆线')
  await expect(page.getByText(/已自动保存 \d\d:\d\d/)).toBeVisible()

  await page.reload()

  await expect(patient(page)).toHaveText(talking.name)
  await expect(page.getByText('已答 3 / 10')).toBeVisible()
  await expect(page.getByRole('radio', { name: '较好' })).toBeChecked()
  await expect(page.getByRole('textbox', { name: '备注' })).toHaveValue('女儿在家照顾，明天去拆线')
})

test('a second nurse is told who has the task, and cannot dial', async ({ as, product }) => {
  const wanted = stay('㛃兰')
  await sendHome(product, wanted)
  const one = await as('nurse', '/followups/today')
  const other = await as('nurse2', '/followups/today')
  await open(one, wanted.name)
  await open(other, wanted.name)

  await one.keyboard.press('F2')
  await expect(numberOf(one, wanted)).toBeVisible()
  await other.keyboard.press('F2')

  await expect(other.getByText(/周敏.*领取了这项任务/).first()).toBeVisible()
  await expect(numberOf(other, wanted)).toHaveCount(0)
  await expect(other.getByRole('button', { name: /^完成并下一位/ })).toHaveCount(0)
})
