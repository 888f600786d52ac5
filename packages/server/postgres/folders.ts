import { chmod, chown, lstat, mkdir, mkdtemp, readFile, stat, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { canReach, type OsUser } from './os-user.ts'

/** Where everything of one embedded server lies. */
export type Folders = { home: string; cluster: string; log: string }

/**
 * `<data>/postgres` holds the server. Where root's data folder lies behind folders that the database's user may not pass (a
 * clone in /root), we do not loosen those; and PostgreSQL's programs call one another through a shell, which some characters
 * in a path upset. There the server lives in a folder of the system's or the user's own, and `<data>/postgres/location` names it.
 */
export async function prepareFolders(dataDir: string, userFor: (cluster: string) => Promise<OsUser>): Promise<Folders & { user: OsUser }> {
  const beside = join(resolve(dataDir), 'postgres')
  await makeOpenFolder(beside)
  const found = await findFolders(dataDir)
  const user = await userFor(found.cluster)
  if (user && found.home === beside) {
    const { mode } = await stat(dataDir)
    await chmod(dataDir, mode | 0o011) // the data folder itself is ours to open, for passing through only
  }
  if (!/["$`\\\n]/.test(found.home) && (await canReach(user, found.home))) return { ...found, user }

  const elsewhere = user ? '/var/lib/renxin' : join(homedir(), '.local/share/renxin')
  await makeOpenFolder(elsewhere)
  const home = await mkdtemp(join(elsewhere, 'postgres-'))
  await chmod(home, 0o755)
  await writeFile(join(beside, 'location'), home)
  return { ...layout(home), user }
}

/** Where the server of this data folder lies, running or not. */
export async function findFolders(dataDir: string): Promise<Folders> {
  const beside = join(resolve(dataDir), 'postgres')
  const recorded = await readFile(join(beside, 'location'), 'utf8').catch(() => '')
  return layout(recorded && (await stat(recorded).catch(() => undefined)) ? recorded : beside)
}

function layout(home: string): Folders {
  return { home, cluster: join(home, 'cluster'), log: join(home, 'postgres.log') }
}

/**
 * The folder of the socket, 0700: the way in is the permission to enter it. A path too long for a socket address, or with a
 * comma (PostgreSQL takes a list here), is replaced by a folder under the temporary folder, remembered for the next start.
 */
export async function prepareSocketFolder({ home }: Folders, user: OsUser): Promise<string> {
  const beside = join(home, 'socket')
  if (fitsSocketAddress(beside)) {
    await mkdir(beside, { recursive: true })
    return makePrivate(beside, user)
  }
  const record = join(home, 'socket-folder')
  const recorded = await readFile(record, 'utf8').catch(() => '')
  if (recorded && (await isStillOurs(recorded, user))) return recorded

  const usual = tmpdir()
  const temporary = fitsSocketAddress(join(usual, 'renxin-123456')) && (await canReach(user, usual)) ? usual : '/tmp'
  const folder = await makePrivate(await mkdtemp(join(temporary, 'renxin-')), user)
  await writeFile(record, folder)
  return folder
}

export async function makePrivate(folder: string, user: OsUser): Promise<string> {
  await chmod(folder, 0o700)
  if (user) await chown(folder, user.uid, user.gid)
  return folder
}

/** 107 bytes is the most an address holds, and `/.s.PGSQL.5432.lock` has to follow. */
function fitsSocketAddress(folder: string): boolean {
  return Buffer.byteLength(folder) <= 88 && !/[,"']/.test(folder)
}

/** The temporary folder is everybody's: a name that somebody else has taken since is not ours. */
async function isStillOurs(folder: string, user: OsUser): Promise<boolean> {
  const found = await lstat(folder).catch(() => undefined)
  const uid = user?.uid ?? process.getuid?.()
  return found?.isDirectory() === true && found.uid === uid && (found.mode & 0o077) === 0
}

/** `mkdir -p`, and every folder it made may be passed through, whatever the umask says. */
async function makeOpenFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true })
  if (!first) return
  for (let at = folder; ; at = dirname(at)) {
    await chmod(at, 0o755)
    if (at === first) return
  }
}
