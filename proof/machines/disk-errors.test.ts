import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { forget, makeDataDir, type Product, postgresOf, runCommand, startProduct } from '@renxin/app-server/testing'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { askDatabase, expectSound, inspectInbound } from '../inspect.ts'
import { EVENTS, makeSender, messageOf, type Sent } from '../senders.ts'

vi.setConfig({ testTimeout: 200_000, hookTimeout: 200_000 }) // a process of its own, on a machine that may be busy

const run = promisify(execFile)
const SENDERS = 4
const READS_COLD = 'select (select count(*) from pg_description) + (select count(*) from pg_depend) + (select count(*) from pg_rewrite)'

let folder: string
let product: Product | undefined
/** Why the disk cannot be made to fail here, if it cannot. */
let noErrors: string | undefined

beforeAll(async () => {
  folder = await makeDataDir('disk-errors')
  const [cannot] = await run('strace', ['-qq', '-e', 'trace=none', 'true']).then(
    () => [undefined],
    (error: unknown) => [`the package strace is not installed, or may not look into a program here: ${String(error).split('\n')[0]}`],
  )
  noErrors = cannot
})
afterAll(() => forget(folder, product))

/** PostgreSQL and all that it has begun. */
async function processesOf(parent: number): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const parents = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')))
  return [parent, ...pids.flatMap((pid, i) => (Number(parents[i]?.split(') ').at(-1)?.split(' ')[1]) === parent ? Number(pid) : []))]
}

/** For a moment every one of these calls of the database to its disk ends with an error of input and output; answers how many did. */
async function fail(calls: string): Promise<number> {
  const postgres = await postgresOf(folder)
  if (!postgres) throw new Error('no PostgreSQL runs on this folder')
  const pids = (await processesOf(postgres)).flatMap((pid) => ['-p', String(pid)])
  const said = join(folder, 'failed')
  const strace = spawn('strace', ['-f', '-qq', '-o', said, '-e', `trace=${calls}`, '-e', `inject=${calls}:error=EIO`, ...pids], {
    stdio: 'ignore',
  })
  const isOver = once(strace, 'exit')
  await pause(1000)
  await askDatabase(folder, (rows) => rows(READS_COLD)).catch(() => {}) // of what nobody has read there is a page that is not in memory yet
  await pause(500)
  strace.kill('SIGINT') // it lets go of whom it holds
  await isOver
  return (await readFile(said, 'utf8')).split('(INJECTED)').length - 1
}

test('the disk answers with errors when the log is kept, when rows are written and when they are read: nothing is acknowledged that is not kept, and all goes on afterwards', async ({
  skip,
}) => {
  skip(noErrors !== undefined, noErrors)
  const start = () => startProduct(folder, { RENXIN_BACKUP: 'off', RENXIN_LOG: 'silent' }, ['--no-pages'])
  product = await start()
  await runCommand(folder, ['hospital', 'create', '--name', '仁心演练医院'])
  const sent: Sent[] = []
  const stays: number[] = Array(SENDERS).fill(0)
  const taken = () => sent.filter((m) => m.isTaken).length
  let isOver = false
  const sending = Promise.all(stays.map((_, sender) => sendUntilTold(sender)))
  sending.catch(() => {}) // looked at below
  /** Whoever runs it as a service has it started again when it has ended. */
  const goesOn = async (more: number, after: string) => {
    const before = taken()
    for (const until = performance.now() + 60_000; taken() <= before + more; await pause(50)) {
      if (performance.now() > until) throw new Error(`a minute after ${after} no message is taken`)
      if (product?.process.exitCode !== null) product = await start()
    }
  }
  const slowest: number[] = []
  await goesOn(10, 'the start')

  for (const calls of ['fdatasync,fsync', 'pwrite64,pwritev', 'pread64,preadv']) {
    const before = taken()
    expect(await fail(calls), `errors of ${calls}`).toBeGreaterThan(0)
    const began = performance.now()
    await goesOn(10, `errors of ${calls}`)
    slowest.push(performance.now() - began)
    expect(taken(), calls).toBeGreaterThan(before)
  }
  isOver = true
  await sending

  console.log(`of ${sent.length} messages all were taken; after the errors it went on within ${slowest.map((ms) => Math.round(ms))} ms`)
  await inspectInbound(
    folder,
    sent,
    stays.reduce((a, b) => a + b, 0),
  )
  await expectSound(folder)

  async function sendUntilTold(sender: number): Promise<void> {
    const { send, close } = makeSender(() => (product?.process.exitCode === null ? product : undefined))
    for (; !isOver; stays[sender] = (stays[sender] ?? 0) + 1) {
      for (const event of EVENTS) {
        const message = messageOf(sender, stays[sender] ?? 0, event)
        sent.push(message)
        await send(message)
        await pause(20)
      }
    }
    await close()
  }
})
