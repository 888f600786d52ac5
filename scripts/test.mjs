// npm test: from a fresh clone to a verdict. `--only check` or `--only e2e` runs one half of it, `--grep` some journeys.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { check } from './check.mjs'
import { findOrInstallChromium } from './chromium.mjs'
import { ensureInstalled } from './install.mjs'
import { root } from './launch.mjs'
import { ask, inWords, nothing, runTool, sum } from './runners.mjs'

const playwright = 'node_modules/@playwright/test/cli.js'

const { values } = parseArgs({ options: { only: { type: 'string' }, grep: { type: 'string' } } })
if (values.only && !['check', 'e2e'].includes(values.only)) {
  console.error('--only takes check or e2e')
  process.exit(2)
}

await ensureInstalled(root, { forWork: true })
const counts = []
if (values.only !== 'e2e') counts.push(await check())
if (values.only !== 'check') counts.push(await journeys(values.grep ? ['--grep', values.grep] : []))

const total = sum(counts)
console.log(`\n${inWords(total)}`)
process.exit(total.failed > 0 ? 1 : 0)

async function journeys(args) {
  if (!readdirSync(join(root, 'e2e'), { recursive: true }).some((name) => String(name).endsWith('.e2e.ts'))) return nothing
  const { path, reason } = findOrInstallChromium()
  if (path) return runTool('journeys in Chromium', playwright, ['test', ...args], { countsTests: true, env: { RENXIN_CHROMIUM: path } })

  const { text } = await ask(playwright, ['test', '--list', ...args])
  const skipped = Number(/Total: (\d+) tests?/.exec(text)?.[1] ?? 1)
  console.log(`\n── journeys in Chromium skipped: ${reason}`)
  return { ...nothing, skipped }
}
