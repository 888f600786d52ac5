import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

const top = fileURLToPath(new URL('../..', import.meta.url))
const kept = 3
const DAY = 86_400_000

/**
 * Builds the console, unless what it is made of has been built before, and gives the folder: `index.html` and `assets/`,
 * the files in it also compressed (`.br`, `.gz`).
 */
export async function buildWeb(cache: string = join(top, '.cache', 'web')): Promise<string> {
  const folder = join(cache, await hashOfSources())
  if (existsSync(join(folder, 'index.html'))) return folder
  const { build } = await import('vite') // 0.3 s that a start with a kept build does not pay
  const making = `${folder}.${process.pid}`
  const before = process.env.NODE_ENV
  process.env.NODE_ENV = 'production' // a build is kept for everybody: one made under a test's environment would be a test's
  try {
    await build({ configFile: join(top, 'apps/console/vite.config.ts'), logLevel: 'error', build: { outDir: making } })
    await compress(join(making, 'assets'))
    await rename(making, folder).catch((error: unknown) => {
      if (!existsSync(join(folder, 'index.html'))) throw error // somebody else has built the same meanwhile
    })
  } finally {
    if (before === undefined) delete process.env.NODE_ENV
    else process.env.NODE_ENV = before
    await rm(making, { recursive: true, force: true })
  }
  await forgetOld(cache)
  return folder
}

const isSource = (path: string) =>
  /\.(ts|tsx|css|svg|html|json)$/.test(path) && !/\.test\.tsx?$|(^|[\\/])(node_modules|server|dist)([\\/]|$)/.test(path)

/** What the build is made of: every source that a page may import, and the exact packages. */
async function hashOfSources(): Promise<string> {
  const folders = ['apps/console', 'packages/ui', 'packages/client', 'packages/kernel', 'modules']
  const files = (await Promise.all(folders.map((f) => filesIn(join(top, f))))).flat().sort()
  const hash = createHash('sha256')
  const contents = await Promise.all([join(top, 'package-lock.json'), ...files].map(async (f) => [f, await readFile(f)] as const))
  for (const [file, content] of contents) {
    hash.update(`${relative(top, file).split(sep).join('/')}\0${content.length}\0`)
    hash.update(content)
  }
  return hash.digest('hex').slice(0, 16)
}

async function filesIn(folder: string): Promise<string[]> {
  const found: string[] = []
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.name === 'node_modules' || entry.name === 'server' || entry.name === 'dist') continue
    const path = join(folder, entry.name)
    if (entry.isDirectory()) found.push(...(await filesIn(path)))
    else if (isSource(relative(top, path))) found.push(path)
  }
  return found
}

const brotli = promisify(brotliCompress)
const zip = promisify(gzip)

async function compress(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!/\.(js|css|svg)$/.test(name)) continue
    const content = await readFile(join(folder, name))
    if (content.length < 1024) continue
    // Quality 9: within 3 % of the best at a tenth of its time, and the first start waits for it.
    await writeFile(join(folder, `${name}.br`), await brotli(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }))
    await writeFile(join(folder, `${name}.gz`), await zip(content, { level: 9 }))
  }
}

/** Builds are small, but every change makes one: the last few are enough. */
async function forgetOld(cache: string): Promise<void> {
  await mkdir(cache, { recursive: true })
  const names = await readdir(cache)
  const dated = await Promise.all(
    names.map(async (name) => ({ name, at: (await stat(join(cache, name)).catch(() => null))?.mtimeMs ?? 0 })),
  )
  const old = dated
    .sort((a, b) => b.at - a.at)
    .slice(kept)
    .filter(({ at }) => at < Date.now() - DAY) // a server that runs may still hand out the older ones
  await Promise.all(old.map(({ name }) => rm(join(cache, name), { recursive: true, force: true })))
}
