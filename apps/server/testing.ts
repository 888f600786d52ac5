import { type ChildProcess, spawn } from 'node:child_process'
import { resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '../..')
const CLI = resolve(ROOT, 'apps/server/cli.ts')

export type Product = {
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
  ...more,
})

/** Starts the product as a hospital runs it: its own process, its own database with fsync on. */
export function startProduct(dataDir: string, more: NodeJS.ProcessEnv = {}): Promise<Product> {
  const began = performance.now()
  const child = spawn(process.execPath, [CLI, 'start'], {
    cwd: ROOT,
    env: environment(dataDir, more),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return new Promise((ready, failed) => {
    let said = ''
    child.stdout.setEncoding('utf8').on('data', (piece: string) => {
      said += piece
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0]
      const mllp = /MLLP\)\s+port (\d+)/.exec(said)?.[1]
      if (!url || !mllp || !said.includes('Ctrl+C')) return
      const stop = () =>
        new Promise<void>((stopped) => {
          child.once('exit', () => stopped())
          child.kill('SIGTERM')
        })
      ready({ url, mllpPort: Number(mllp), dataDir, secondsToReady: (performance.now() - began) / 1000, process: child, stop })
    })
    child.once('exit', (code) => failed(new Error(`the product ended with ${code}: ${said.slice(-500)}`)))
  })
}

/** Runs one of its commands; answers what it printed. */
export function runCommand(dataDir: string, words: string[]): Promise<string> {
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, [CLI, ...words], { cwd: ROOT, env: environment(dataDir), stdio: ['ignore', 'pipe', 'inherit'] })
    let said = ''
    child.stdout.setEncoding('utf8').on('data', (piece: string) => {
      said += piece
    })
    child.once('exit', (code) => (code === 0 ? done(said) : failed(new Error(`${words.join(' ')} ended with ${code}: ${said}`))))
  })
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
