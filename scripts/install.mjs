// Starts under Node 20.19: no TypeScript, no packages, nothing newer.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** `npm ci` where packages are missing or are not those of package-lock.json. Takes a few milliseconds where all is well. */
export async function ensureInstalled(root, { forWork = false } = {}) {
  if (isInstalled(root, { forWork })) return
  console.error('Installing packages; this takes a minute or two …')
  const status = await npm(root, ['ci', '--include=dev', '--include=optional', '--no-fund', '--no-audit', '--loglevel=error'])
  if (status !== 0) process.exit(status)
}

/** npm writes its own account of what is installed when all of it is there; compare that with what is asked for. */
export function isInstalled(root, { forWork = false, platform = process.platform, cpu = process.arch } = {}) {
  const wanted = packagesIn(join(root, 'package-lock.json'))
  const present = packagesIn(join(root, 'node_modules/.package-lock.json'))
  if (!wanted) throw new Error('package-lock.json is missing: this is not a whole clone.')
  if (!present) return false
  return Object.entries(wanted).every(([path, { version, link, dev, optional, os, cpu: cpus, libc }]) => {
    if (!path.startsWith('node_modules/') || (dev && !forWork)) return true
    const foreign = (list, mine) => list !== undefined && !list.includes(mine)
    if (foreign(os, platform) || foreign(cpus, cpu) || libc || (optional && !os)) return true // npm decides about these by itself
    return present[path] !== undefined && (link || present[path].version === version)
  })
}

function packagesIn(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages
  } catch {
    return undefined
  }
}

function npm(root, args) {
  const script = process.env.npm_execpath // the npm that started us, if one did
  const isNpm = script?.endsWith('npm-cli.js')
  const child = isNpm
    ? spawn(process.execPath, [script, ...args], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
    : spawn('npm', args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], shell: process.platform === 'win32' })
  const stop = (signal) => child.kill(signal)
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of signals) process.on(signal, stop)
  return new Promise((done) => {
    child.once('error', () => {
      console.error('npm cannot be found: install Node with npm, and start again.')
      done(1)
    })
    child.once('close', (code) => {
      for (const signal of signals) process.off(signal, stop)
      done(code ?? 1)
    })
  })
}
