import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { nodeThatReadsTypes } from '../packages/server/postgres/test-cluster.ts'
import { checkHouse } from './rules/index.ts'

const root = resolve(import.meta.dirname, '..')
const run = promisify(execFile)

/** The plumbing alone, with the packages that are installed, in which a room can be added without harm. */
async function cloneOfThePlumbing(): Promise<string> {
  const clone = await mkdtemp(join(tmpdir(), 'renxin-new-'))
  for (const name of [
    'packages/kernel',
    'packages/server',
    'scripts',
    'package.json',
    'package-lock.json',
    'vitest.config.ts',
    'biome.json',
    '.gitignore',
    'tsconfig.json',
  ]) {
    await cp(join(root, name), join(clone, name), { recursive: true })
  }
  await mkdir(join(clone, 'node_modules/@renxin'), { recursive: true })
  for (const name of await readdir(join(root, 'node_modules'))) {
    if (name !== '@renxin' && name !== '.vite' && name !== '.vite-temp')
      await symlink(join(root, 'node_modules', name), join(clone, 'node_modules', name))
  }
  for (const name of ['kernel', 'server']) await symlink(`../../packages/${name}`, join(clone, 'node_modules/@renxin', name))
  return clone
}

test('a new room is found by npm and the import rules, is laid out as Biome likes it, and its test passes', {
  timeout: 120_000,
}, async () => {
  const clone = await cloneOfThePlumbing()
  const node = nodeThatReadsTypes()

  await run(node, [join(root, 'scripts/new-module.ts'), 'wheelchairs', clone])

  const tested = await run(node, ['node_modules/vitest/vitest.mjs', 'run', 'modules/wheelchairs'], { cwd: clone })
  await run(node, ['node_modules/@biomejs/biome/bin/biome', 'check', 'modules/wheelchairs', 'scripts/floors.json', '--vcs-enabled=false'], {
    cwd: clone,
  })
  const { packages } = JSON.parse(await readFile(join(clone, 'package-lock.json'), 'utf8')) as { packages: object }
  const found = (await checkHouse(clone)).filter(({ where }) => where.startsWith('modules/'))

  expect(tested.stdout).toContain('1 passed, 0 failed, 0 skipped')
  expect(packages).toMatchObject({ 'node_modules/@renxin/wheelchairs': { resolved: 'modules/wheelchairs', link: true } })
  expect(found.filter(({ rule }) => rule !== 'every-room-has-a-floor')).toEqual([]) // the floors read here are those of the real house
  await rm(clone, { recursive: true, force: true })
})

test.each(['', 'Beds', 'a b', '../beds', 'patients', 'house'])('"%s" is no name for a new room', async (name) => {
  const made = run(nodeThatReadsTypes(), [join(root, 'scripts/new-module.ts'), name])

  await expect(made).rejects.toMatchObject({ code: 2 })
})
