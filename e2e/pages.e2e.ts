import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, test } from './product.ts'

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

async function isAtRest(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await expect(page.locator('[aria-busy="true"], .rx-skeleton')).toHaveCount(0)
}

/** What stands in the way of somebody who sees, hears or moves otherwise; one line for each rule. */
async function obstacles(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze()
  return violations.map(
    (v) =>
      `${v.id}: ${v.help} (${v.nodes
        .map((n) => n.target.join(' '))
        .slice(0, 3)
        .join(', ')})`,
  )
}

/** How far a page sticks out to the side, in pixels. */
const overhang = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

test('the page of signing in is open to everybody', async ({ page }) => {
  await page.goto('/')
  await isAtRest(page)

  expect(await obstacles(page)).toEqual([])
  await page.setViewportSize({ width: 390, height: 844 })
  expect(await overhang(page)).toBe(0)
})

// Between them they open every page of the menu.
for (const name of ['nurse', 'admin', 'complaints', 'director', 'president', 'system', 'auditor']) {
  test(`every page that ${name} comes to is open to everybody, and fits a desk and a phone`, async ({ as }) => {
    const page = await as(name, '/')
    await isAtRest(page)
    const links = page.getByRole('navigation').first().getByRole('link')
    const addresses = await links.evaluateAll((all) => all.map((a) => a.getAttribute('href') ?? ''))
    expect(addresses.length).toBeGreaterThan(0)

    const found: string[] = []
    for (const address of [...new Set(addresses)].filter((a) => a.startsWith('/'))) {
      await page.goto(address)
      await isAtRest(page)
      found.push(...(await obstacles(page)).map((o) => `${address} ${o}`))
      if ((await overhang(page)) > 0) found.push(`${address} sticks out at 1366 pixels`)
      await page.setViewportSize({ width: 390, height: 844 })
      await expect.poll(() => overhang(page), { message: `${address} at 390 pixels` }).toBe(0)
      await page.setViewportSize({ width: 1366, height: 768 })
    }
    expect(found).toEqual([])
  })
}

test('the file of a patient, a stay, a task, a complaint and a questionnaire are open to everybody', async ({ as, product }) => {
  const page = await as('admin', '/patients')
  await isAtRest(page)
  const first = async (route: string, field = 'id') => {
    const reply = await page.request.get(`${product.url}/api/${route}`)
    const { rows } = await reply.json()
    return rows[0][field]
  }
  const addresses = [
    `/patients/${await first('encounters/encounters?status=inProgress', 'patientId').catch(() => first('followups/tasks', 'patientId'))}`,
    `/followups/tasks/${await first('followups/tasks')}`,
    `/surveys/${await first('surveys/questionnaires')}/results`,
    `/surveys/${await first('surveys/questionnaires')}/edit`,
  ]
  for (const address of addresses) {
    await page.goto(address)
    await isAtRest(page)
    expect(await obstacles(page), address).toEqual([])
  }
})

test('an open drawer and the help are open to everybody, and Esc gives the focus back', async ({ as }) => {
  const page = await as('admin', '/encounters')
  await isAtRest(page)
  await page.getByRole('row').nth(1).click()
  await expect(page.getByRole('dialog')).toBeVisible()
  expect(await obstacles(page)).toEqual([])

  await page.keyboard.press('Escape')

  await expect(page.getByRole('dialog')).toHaveCount(0)
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog')).toBeVisible()
  expect(await obstacles(page)).toEqual([])
})
