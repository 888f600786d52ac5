import type { Page } from '@playwright/test'
import { isAtRest, obstacles } from './look.ts'
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
})
