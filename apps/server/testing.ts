import { type ChildProcess, spawn } from 'node:child_process'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Ask, addressOf, pathParams, type Reply, type Route } from '@renxin/kernel'

const ROOT = resolve(import.meta.dirname, '../..')
const CLI = resolve(ROOT, 'apps/server/cli.ts')

export type Product = {
  /** Empty where no page is served (`PORT=off`). */
  url: string
  mllpPort: number
  dataDir: string
  secondsToReady: number
  process: ChildProcess
  stop(): Promise<void>
}

const environment = (dataDir: string, more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  ...process.env,
  RENXIN_DATA: dataDir,
  RENXIN_DEMO: 'off',
  PORT: '0',
  MLLP_PORT: '0',
  HOST: '127.0.0.1',
  RENXIN_ALLOW_LOOPBACK: 'on',
  ...more,
})

/** Starts the product as a hospital runs it: its own process, its own database with fsync on. */
export function startProduct(dataDir: string, more: NodeJS.ProcessEnv = {}, words: readonly string[] = []): Promise<Product> {
  const began = performance.now()
  const child = spawn(process.execPath, [CLI, 'start', ...words], {
    cwd: ROOT,
    env: environment(dataDir, more),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<void>((done) => child.once('exit', () => done()))
  const stop = () => {
    child.kill('SIGTERM')
    return ended
  }
  return new Promise((ready, failed) => {
    let said = ''
    const hear = (piece: string) => {
      said = (said + piece).slice(-10_000)
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0] ?? ''
      const mllpPort = Number(/MLLP\)\s+port (\d+)/.exec(said)?.[1] ?? 0)
      if (!said.includes('Ctrl+C')) return
      ready({ url, mllpPort, dataDir, secondsToReady: (performance.now() - began) / 1000, process: child, stop })
    }
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', hear)
    child.once('exit', (code) => failed(new Error(`the product ended with ${code}: ${said}`)))
  })
}

export type Ended = { code: number | null; out: string; err: string }

/** Runs one of its commands to the end, whatever that is. */
export function runWords(dataDir: string, words: readonly string[], more: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [CLI, ...words], {
      cwd: ROOT,
      env: environment(dataDir, more),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let [out, err] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (piece: string) => {
      out += piece
    })
    child.stderr.setEncoding('utf8').on('data', (piece: string) => {
      err += piece
    })
    child.once('close', (code) => done({ code, out, err }))
  })
}

/** Runs one of its commands; answers what it printed. */
export async function runCommand(dataDir: string, words: string[]): Promise<string> {
  const { code, out, err } = await runWords(dataDir, words)
  if (code !== 0) throw new Error(`${words.join(' ')} ended with ${code}: ${out}${err}`)
  return out
}

/** The PostgreSQL that runs on a data folder, if one does. */
export async function postgresOf(dataDir: string): Promise<number | undefined> {
  const [pid] = (await readFile(resolve(dataDir, 'postgres/cluster/postmaster.pid'), 'utf8').catch(() => '')).split('\n')
  return pid && isAlive(Number(pid)) ? Number(pid) : undefined
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** Leaves nothing behind, however a test ended. */
export async function forget(dataDir: string, product?: Product): Promise<void> {
  await product?.stop()
  const pid = await postgresOf(dataDir)
  if (pid) process.kill(pid, 'SIGQUIT')
  for (const until = performance.now() + 10_000; pid && isAlive(pid) && performance.now() < until; ) await pause(20)
  await rm(dataDir, { recursive: true, force: true })
}

/** A data folder of a test's own: others may pass, since PostgreSQL runs as another user where we are root. */
export async function makeDataDir(name: string): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), `renxin-${name}-`))
  await chmod(made, 0o755)
  return made
}

export async function signIn(url: string, name: string, password: string): Promise<string> {
  const reply = await fetch(`${url}/api/access/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-renxin': '1' },
    body: JSON.stringify({ name, password }),
  })
  if (!reply.ok) throw new Error(`signing in as ${name} failed: ${await reply.text()}`)
  return (reply.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
}

/** Signs in and asks routes by their contract, as a page does. A refusal throws with what the server says. */
export async function askAs(url: string, name: string, password: string) {
  const cookie = await signIn(url, name, password)
  return async <R extends Route>(route: R, input: Ask<R>): Promise<Reply<R>> => {
    const params = new Set(pathParams(route.path))
    const fields: Record<string, unknown> = { ...(input as object) } // an input is an object by contract
    const path = addressOf(route).replace(/:(\w+)/g, (_, param: string) => encodeURIComponent(String(fields[param])))
    const rest = Object.fromEntries(Object.entries(fields).filter(([field]) => !params.has(field)))
    const isRead = route.method === 'GET'
    const query = isRead ? `?${new URLSearchParams(Object.entries(rest).map(([k, v]) => [k, String(v)]))}` : ''
    const headers = { cookie, 'x-renxin': '1', ...(!isRead && { 'content-type': 'application/json' }) }
    const body = isRead ? null : JSON.stringify(rest)
    const answer = await fetch(`${url}${path}${query}`, { method: route.method, headers, body })
    if (!answer.ok) throw new Error(`${route.module}.${route.name} refused: ${await answer.text()}`)
    return answer.json()
  }
}
