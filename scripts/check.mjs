// npm run check: types, lint, import rules, and all tests without a browser. Green before every commit.
import { parseArgs } from 'node:util'
import { ensureInstalled } from './install.mjs'
import { root } from './launch.mjs'
import { inWords, runTool, sum } from './runners.mjs'

export async function check() {
  return sum([
    await runTool('types', 'node_modules/typescript/bin/tsc', ['--noEmit']),
    await runTool('layout and lint', 'node_modules/@biomejs/biome/bin/biome', ['check', '.']),
    await runTool('house rules', 'scripts/check-house.ts'),
    await runTool('rules, slices, pages, engines', 'node_modules/vitest/vitest.mjs', ['run'], { countsTests: true }),
  ])
}

if (import.meta.url.endsWith('check.mjs') && process.argv[1]?.endsWith('check.mjs')) {
  parseArgs({ options: {} })
  await ensureInstalled(root, { forWork: true })
  const count = await check()
  console.log(`\n${inWords(count)}`)
  process.exit(count.failed > 0 ? 1 : 0)
}
