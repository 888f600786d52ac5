import { type CDPSession, chromium } from '@playwright/test'
import journeys from '../playwright.config.ts'
import { dropFolder, freshFolder, runCommand, startProduct } from './product.ts'
import { plainRow, type Row } from './result.ts'

const SIGN_IN_KB = 250
const AFTER_KB = 500

/** What a browser with an empty cache fetches, compressed as it is sent: the sign-in page, and then what the nurse's first page needs besides. */
export async function firstPageRows({ log }: { log: (line: string) => void }): Promise<Row[]> {
  const launchOptions = journeys.use?.launchOptions
  if (!launchOptions?.executablePath) {
    log('no Chromium on this machine: not measured')
    return []
  }
  const dataDir = await freshFolder('first-page')
  const product = await startProduct(dataDir)
  const browser = await chromium.launch(launchOptions)
  try {
    await runCommand(dataDir, ['demo', 'fill', '--patients', '100'])
    const page = await browser.newPage({ locale: 'zh-CN' })
    const session = await page.context().newCDPSession(page)
    const sizes = await watch(session)
    await page.goto(product.url, { waitUntil: 'networkidle' })
    const signInPage = sizes.take()
    await page.locator('input[type=password]').waitFor()
    await page.evaluate(async () => {
      await fetch('/api/access/sign-in', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-renxin': '1' },
        body: JSON.stringify({ name: 'nurse', password: 'renxin-demo' }),
      })
    })
    sizes.take()
    await page.goto(product.url)
    await page.waitForTimeout(3000) // a live connection stays open, so the network is never idle
    const afterSignIn = sizes.take()
    return [
      row('page-sign-in', 'the sign-in page: HTML, scripts, styles', signInPage, SIGN_IN_KB),
      row('page-first', "further, for the nurse's first page", afterSignIn, AFTER_KB),
    ]
  } finally {
    await browser.close()
    await product.stop()
    await dropFolder(dataDir)
  }
}

const row = (name: string, what: string, kb: number, most: number) =>
  plainRow([kb], { name, what, unit: 'kB gzip', goal: `≤ ${most} kB, our own limit`, isMet: (ours) => ours <= most })

/** Counts the bytes of pages, scripts and styles that really came over the wire. */
async function watch(session: CDPSession): Promise<{ take(): number }> {
  let bytes = 0
  const counted = new Set<string>()
  await session.send('Network.enable')
  session.on('Network.responseReceived', ({ requestId, type, response }) => {
    if (['Document', 'Script', 'Stylesheet', 'Font', 'Image'].includes(type) && !response.fromDiskCache) counted.add(requestId)
  })
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (counted.has(requestId)) bytes += encodedDataLength
  })
  return {
    take: () => {
      const taken = bytes / 1000
      bytes = 0
      return taken
    },
  }
}
