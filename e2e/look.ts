import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect } from './product.ts'

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const DESK = { width: 1366, height: 768 }
const PHONE = { width: 390, height: 844 }

export async function isAtRest(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await expect(page.locator('[aria-busy="true"], .rx-skeleton')).toHaveCount(0, { timeout: 20_000 })
}

/** To another page as the console's own links go there: it is not loaded anew. */
export async function goWithin(page: Page, address: string): Promise<void> {
  await page.evaluate((to) => {
    history.pushState(null, '', to)
    dispatchEvent(new PopStateEvent('popstate'))
  }, address)
}

/** What stands in the way of somebody who sees, hears or moves otherwise; one line for each rule. */
export async function obstacles(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode(true)
    .options({ runOnly: TAGS, resultTypes: ['violations'] })
    .analyze() // one frame, and nothing told of what is well
  return violations.map(
    (v) =>
      `${v.id}: ${v.help} (${v.nodes
        .map((n) => n.target.join(' '))
        .slice(0, 3)
        .join(', ')})`,
  )
}

/** A sentence that was not filled in, or a value that is none: nobody should read these. */
export async function slips(page: Page): Promise<string[]> {
  const text = await page.locator('body').innerText()
  return text.match(/\S*(\{\{|undefined|\bNaN\b|\[object |Invalid Date)\S*/g) ?? []
}

/** How far a page sticks out to the side, in pixels. */
const overhang = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

/** Words of a page or of what lies over it that end beyond the edge, where nothing around them can be scrolled to the side. */
export const cutOff = (page: Page) =>
  page.evaluate(() => {
    const isReached = (one: Element | null): boolean =>
      one !== null &&
      (['auto', 'scroll'].includes(getComputedStyle(one).overflowX) && one.scrollWidth > one.clientWidth
        ? one.tagName !== 'MAIN'
        : isReached(one.parentElement))
    const isShortened = (one: Element | null): boolean =>
      one !== null && (getComputedStyle(one).textOverflow === 'ellipsis' || isShortened(one.parentElement))
    return [...document.querySelectorAll('main *, [role="dialog"] *')].flatMap((one) => {
      const said = [...one.childNodes].filter((n) => n.nodeType === Node.TEXT_NODE && n.textContent?.trim()).map((n) => n.textContent)
      const { right, width } = one.getBoundingClientRect()
      return said.length > 0 && width > 1 && right > innerWidth + 1 && !isReached(one) && !isShortened(one) ? [said.join(' ')] : []
    })
  })

/** Nothing lies beyond the edge, neither on a ward's screen nor on a phone; there nothing is cut off that cannot be scrolled to. */
export async function fits(page: Page): Promise<void> {
  expect(await overhang(page), `${page.url()} at ${DESK.width} pixels`).toBe(0)
  await page.setViewportSize(PHONE)
  await expect.poll(() => overhang(page), { message: `${page.url()} at ${PHONE.width} pixels` }).toBe(0)
  await expect.poll(() => cutOff(page), { message: `${page.url()} at ${PHONE.width} pixels` }).toEqual([])
  await page.setViewportSize(DESK)
}
