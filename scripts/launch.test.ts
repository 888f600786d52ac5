import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { nodeThatReadsTypes } from '../packages/server/postgres/test-cluster.ts'
import { isInstalled } from './install.mjs'

const root = resolve(import.meta.dirname, '..')
const pids: number[] = []

afterEach(() => {
  for (const pid of pids.splice(0)) if (isAlive(pid)) process.kill(pid, 'SIGKILL')
})

/** Without type stripping this Node is as good as an old one: the launcher has to start a child. */
const asOldNode = ['--no-experimental-strip-types']

function run(flags: string[], words: string[], at = root) {
  const launcher = spawn(nodeThatReadsTypes(), [...flags, 'scripts/run.mjs', 'scripts/wait-for-signal.fixture.ts', ...words], {
    cwd: at,
    stdio: 'pipe',
  })
  pids.push(launcher.pid ?? 0)
  let output = ''
  launcher.stdout.setEncoding('utf8').on('data', (piece: string) => {
    output += piece
  })
  const closed = once(launcher, 'close').then(([code]) => ({ code: code as number | null, output }))
  const started = once(launcher.stdout, 'data').then(([line]) => {
    const told = JSON.parse(String(line)) as { words: string[]; pid: number }
    pids.push(told.pid)
    return told
  })
  return { launcher, started, closed }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test.each([
  ['a child', asOldNode],
  ['this process', []],
])('runs a file with its words in %s, and gives its exit code back', async (_, flags) => {
  const { started, closed } = run(flags, ['fail', '--patients', '两 百'])

  expect((await started).words).toEqual(['fail', '--patients', '两 百'])
  expect((await closed).code).toBe(7)
})

test.each([
  ['SIGTERM', asOldNode],
  ['SIGINT', asOldNode],
  ['SIGTERM', []],
] as const)('%s lets the program finish before the launcher ends', async (signal, flags) => {
  const { launcher, started, closed } = run([...flags], [])
  const { pid } = await started

  launcher.kill(signal)

  expect(await closed).toEqual({ code: 0, output: expect.stringContaining(`stopped by ${signal}`) })
  expect(isAlive(pid)).toBe(false)
})

test('a launcher killed takes its program with it', async () => {
  const { launcher, started } = run(asOldNode, [])
  const { pid } = await started

  launcher.kill('SIGKILL')

  await expect.poll(() => isAlive(pid), { timeout: 5000 }).toBe(false)
})

test('it works in a folder with spaces and Chinese in its name', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'renxin-launch-'))
  const clone = join(parent, '仁心 医院')
  await mkdir(clone)
  await cp(join(root, 'scripts'), join(clone, 'scripts'), { recursive: true })
  for (const name of ['package.json', 'package-lock.json']) await cp(join(root, name), join(clone, name))
  await symlink(join(root, 'node_modules'), join(clone, 'node_modules'))

  const { started, closed } = run(asOldNode, ['fail'], clone)

  expect((await started).words).toEqual(['fail'])
  expect((await closed).code).toBe(7)
  await rm(parent, { recursive: true, force: true })
})

test('packages count as installed when all that this machine needs is there, in the version asked for', async () => {
  const clone = await mkdtemp(join(tmpdir(), 'renxin-launch-'))
  await mkdir(join(clone, 'node_modules'))
  const lock = {
    'node_modules/a': { version: '1.0.0' },
    'node_modules/tool': { version: '1.0.0', dev: true },
    'node_modules/for-mac': { version: '1.0.0', optional: true, os: ['darwin'], cpu: ['arm64'] },
    'node_modules/for-us': { version: '1.0.0', optional: true, os: ['linux'], cpu: ['x64'] },
  }
  const isComplete = async (present: object, forWork = false) => {
    await writeFile(join(clone, 'package-lock.json'), JSON.stringify({ packages: lock }))
    await writeFile(join(clone, 'node_modules/.package-lock.json'), JSON.stringify({ packages: present }))
    return isInstalled(clone, { forWork, platform: 'linux', cpu: 'x64' })
  }
  const needed = { 'node_modules/a': { version: '1.0.0' }, 'node_modules/for-us': { version: '1.0.0' } }

  expect(await isComplete(needed)).toBe(true)
  expect(await isComplete(needed, true)).toBe(false) // the tools are missing
  expect(await isComplete({ ...needed, 'node_modules/a': { version: '0.9.0' } })).toBe(false)
  expect(await isComplete({ 'node_modules/a': { version: '1.0.0' } })).toBe(false)
  await rm(clone, { recursive: true, force: true })
})
