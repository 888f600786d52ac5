// Starts under Node 20.19: no TypeScript, no packages, nothing newer.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import module from 'node:module'
import { constants } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { ensureInstalled } from './install.mjs'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** What Node made of our source when it last read it: half of the time of a start. Where this folder may not be written to, it does without. */
const compiled = join(root, '.cache/compiled')

/** Runs one of our files on a Node that reads TypeScript: this process if it can, else a child that lives and dies with it. */
export async function launch(file, args) {
  const path = resolve(root, file)
  await ensureInstalled(root)
  if (process.features.typescript) {
    module.enableCompileCache?.(compiled)
    process.argv.splice(1, Number.POSITIVE_INFINITY, path, ...args)
    await import(pathToFileURL(path).href)
    return
  }
  const withLauncher = pathToFileURL(join(root, 'scripts/with-launcher.mjs')).href
  const stdio = ['inherit', 'inherit', 'inherit', 'ipc']
  const child = spawn(nodeForSource(), ['--import', withLauncher, path, ...args], { stdio, env: environment() })
  process.exit(await outcome(child))
}

/** The exit code of a child, to whom our signals are passed on. */
export function outcome(child) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  return new Promise((done) => {
    child.once('error', (error) => {
      console.error(`${child.spawnfile} cannot be run: ${error.message}`)
      done(1)
    })
    child.once('close', (code, signal) => done(code ?? 128 + (constants.signals[signal] ?? 0)))
  })
}

/** The Node that npm brought; where it brings none (macOS) our own, if it is new enough. */
export function nodeForSource() {
  if (process.features.typescript) return process.execPath
  const brought = join(root, 'node_modules/.bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (existsSync(brought)) return brought
  console.error(
    `Renxin runs on Node 24. npm brings none for ${process.platform}-${process.arch}, and this is ${process.version}: install Node 24.`,
  )
  process.exit(1)
}

/** The tools of the project, and its Node, come first for everything we start. */
export function environment() {
  const separator = process.platform === 'win32' ? ';' : ':'
  return {
    NODE_COMPILE_CACHE: compiled,
    ...process.env,
    PATH: [join(root, 'node_modules/.bin'), dirname(nodeForSource()), process.env.PATH].join(separator),
  }
}
