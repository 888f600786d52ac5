// Starts under Node 20.19: no TypeScript, no packages, nothing newer.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { environment, nodeForSource, root } from './launch.mjs'

const closingLine = /^(\d+) passed, (\d+) failed, (\d+) skipped$/

export const nothing = { passed: 0, failed: 0, skipped: 0 }

export function sum(counts) {
  const total = { ...nothing }
  for (const count of counts) for (const key of Object.keys(total)) total[key] += count[key]
  return total
}

export function inWords({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`
}

/** Runs one tool. A test runner counts its tests by its closing line; any other tool is one check, passed or failed. */
export async function runTool(title, file, args = [], { env = {}, countsTests = false } = {}) {
  console.log(`\n── ${title}`)
  const from = performance.now()
  let counted
  const { code } = await start(file, args, env, (line) => {
    const found = countsTests ? closingLine.exec(line) : null
    if (!found) return process.stdout.write(`${line}\n`)
    const [passed, failed, skipped] = found.slice(1).map(Number)
    counted = { passed, failed, skipped }
    return true
  })
  const count = counted ?? { ...nothing, [code === 0 && !countsTests ? 'passed' : 'failed']: 1 }
  if (code !== 0 && count.failed === 0) count.failed = 1 // it broke without a failing test
  console.log(`   ${title}: ${inWords(count)} (${((performance.now() - from) / 1000).toFixed(1)} s)`)
  return count
}

/** What a tool says, without showing it. */
export async function ask(file, args) {
  const lines = []
  const { code } = await start(file, args, {}, (line) => lines.push(line))
  return { code, text: lines.join('\n') }
}

let running
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, () => {
    running?.kill(signal)
    const wait = setTimeout(() => process.exit(130), 10_000) // time for it to clear up
    if (!running) process.exit(130)
    running.once('close', () => {
      clearTimeout(wait)
      process.exit(130)
    })
  })
}

function start(file, args, env, onLine) {
  const script = join(root, file)
  const colours = process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}
  running = spawn(nodeForSource(), [script, ...args], {
    cwd: root,
    env: { ...environment(), ...colours, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  for (const stream of [running.stdout, running.stderr]) {
    let rest = ''
    stream.setEncoding('utf8').on('data', (piece) => {
      const lines = (rest + piece).split('\n')
      rest = lines.pop()
      for (const line of lines) onLine(line)
    })
    stream.on('end', () => rest && onLine(rest))
  }
  return new Promise((done) => {
    const child = running
    child.once('error', (error) => {
      onLine(`${script} cannot be run: ${error.message}`)
      done({ code: 1 })
    })
    child.once('close', (code) => done({ code: code ?? 1 }))
  })
}
