import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base, expect, type Page } from '@playwright/test'
import { type Product, runCommand, startProduct } from '@renxin/app-server/testing'
import { watch } from './watch.ts'

export { expect, runCommand }

const PATIENTS = 600
const STOPS_WITHIN_MS = 30_000
export const PASSWORD = 'renxin-demo'

/** Starts the product on a data folder of its own and takes both away afterwards, whatever became of the journey. */
export async function withProduct(use: (product: Product) => Promise<void>): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'renxin-e2e-'))
  const product = await startProduct(dataDir)
  const kill = () => product.process.kill('SIGTERM')
  process.once('exit', kill) // a run that is broken off leaves nothing behind
  try {
    await use(product)
  } finally {
    process.off('exit', kill)
    const kept = setTimeout(() => product.process.kill('SIGKILL'), STOPS_WITHIN_MS)
    await product.stop()
    clearTimeout(kept)
    expect(product.process.signalCode, 'the product stopped when it was told to').toBe(null)
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 3 })
  }
}

type Persons = {
  /** Who sits there: signs in with the password of the demo's accounts and opens a page. */
  as: (name: string, path: string) => Promise<Page>
}

/** One demo hospital for all journeys of a worker; each brings its own patients, so that none depends on another. */
export const test = base.extend<Persons & { watched: undefined }, { product: Product }>({
  product: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs from its first argument
    async ({}, use) => {
      await withProduct(async (product) => {
        await runCommand(product.dataDir, ['demo', 'fill', '--patients', String(PATIENTS)])
        await use(product)
      })
    },
    { scope: 'worker', timeout: 300_000 },
  ],
  baseURL: async ({ product }, use) => use(product.url),
  contextOptions: { reducedMotion: 'reduce' },
  actionTimeout: 20_000,
  watched: [
    async ({ context }, use) => {
      const seen = watch(context)
      await use(undefined)
      expect(seen(), 'errors in the console and requests to other hosts').toEqual([])
    },
    { auto: true },
  ],
  as: async ({ browser, baseURL }, use) => {
    const opened: { close: () => Promise<void>; seen: () => string[] }[] = []
    await use(async (name, path) => {
      const context = await browser.newContext()
      opened.push({ close: () => context.close(), seen: watch(context) })
      const page = await context.newPage()
      const reply = await context.request.post('/api/access/sign-in', { headers: { 'x-renxin': '1' }, data: { name, password: PASSWORD } })
      expect(reply.ok(), `${name} signs in at ${baseURL}`).toBe(true)
      await page.goto(path)
      await page.getByRole('heading', { level: 1 }).waitFor()
      return page
    })
    const seen = opened.flatMap((o) => o.seen())
    for (const { close } of opened) await close()
    expect(seen, 'errors in the console and requests to other hosts').toEqual([])
  },
})

/** Presses keys and counts them: what a person's hand does. */
export function handsOn(page: Page) {
  let count = 0
  return {
    async press(...keys: string[]) {
      for (const key of keys) {
        await page.keyboard.press(key)
        count += 1
      }
    },
    /** How many since this was last asked. */
    taken() {
      const taken = count
      count = 0
      return taken
    },
  }
}
