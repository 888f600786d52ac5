import type { Page } from '@playwright/test'
import { cutOff, goWithin, isAtRest, obstacles } from './look.ts'
import { expect, test } from './product.ts'

const PHONE = { width: 390, height: 844 }

/** What has to be moved sideways to be read. */
const sideways = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('main *')].flatMap((one) => {
      const isMoved = one.scrollWidth > one.clientWidth + 1 && ['auto', 'scroll'].includes(getComputedStyle(one).overflowX)
      return isMoved ? [one.className || one.tagName] : []
    }),
  )

test('the lists that people use most are read on a phone without moving anything sideways, and their rows open', async ({ as }) => {
  test.slow()
  const lists = [
    ['nurse', '/patients', '患者'],
    ['nurse', '/encounters', '就诊'],
    ['nurse', '/followups/tasks', '随访任务'],
    ['complaints', '/feedback/complaints', '投诉'],
    ['system', '/integration/messages', '接口消息'],
  ] as const

  for (const [name, path, title] of lists) {
    const page = await as(name, path)
    await page.setViewportSize(PHONE)
    await isAtRest(page)
    await expect(page.getByRole('table'), `${title}: no table`).toHaveCount(0)
    expect(await sideways(page), `${title}: moved sideways`).toEqual([])
    expect(await obstacles(page), `${title}: obstacles`).toEqual([])
    await page.context().close()
  }

  const page = await as('nurse', '/patients')
  await page.setViewportSize(PHONE)
  await isAtRest(page)
  await page.getByRole('button', { name: '打开 1', exact: true }).click()
  await expect(page.getByRole('heading', { name: '患者档案' })).toBeVisible()
  expect(await cutOff(page)).toEqual([])
  const long = '社区签约居民，结束后请转回家庭医生团队随访，并告知家属下次复诊的日期'
  await page.locator('main p').first().evaluate((one, words) => one.replaceChildren(Object.assign(document.createElement('nobr'), { textContent: words })), long) // biome-ignore format: one thought
  expect(await cutOff(page), 'words that are cut off are found').toEqual([long])
})

test('on a phone the menu opens over the page, with its words, and gives way to what was chosen', async ({ as }) => {
  const page = await as('nurse', '/followups/tasks')
  await page.setViewportSize(PHONE)
  await isAtRest(page)
  await expect(page.getByRole('navigation', { name: '主菜单' })).toHaveCount(0)

  await page.getByRole('button', { name: '菜单', exact: true }).click()
  const menu = page.getByRole('dialog').getByRole('navigation', { name: '主菜单' })
  await expect(menu.getByRole('link', { name: '随访任务' })).toHaveAttribute('aria-current', 'page')
  expect(await obstacles(page)).toEqual([])
  await menu.getByRole('link', { name: '患者', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: '患者' })).toBeVisible()
  await expect(page.getByRole('dialog')).toHaveCount(0)

  await page.getByRole('button', { name: '菜单', exact: true }).click()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(page.getByRole('button', { name: '菜单', exact: true })).toBeFocused()
})

test('on a phone a nurse has either the list or the patient before her, each as wide as the screen', async ({ as }) => {
  const page = await as('nurse', '/patients')
  await page.setViewportSize(PHONE)
  await goWithin(page, '/followups/today')
  const rows = page.getByRole('navigation', { name: '随访队列' }).getByRole('listitem')
  await rows.first().getByRole('button').click()
  const work = page.getByRole('region', { name: '随访任务' })
  await expect(work.getByRole('heading', { level: 2 }).first()).toBeVisible()
  await expect(rows).toHaveCount(0)
  expect((await work.boundingBox())?.width).toBeGreaterThan(PHONE.width * 0.8)
  expect(await obstacles(page)).toEqual([])

  await work.getByRole('button', { name: '返回名单' }).click()
  await expect(rows.first()).toBeVisible()
  await expect(work).toHaveCount(0)
})
