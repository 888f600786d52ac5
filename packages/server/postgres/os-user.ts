import { execFileSync } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { StartRefused } from './errors.ts'

/** Whom the database runs as. `undefined` stands for ourselves. */
export type OsUser = { uid: number; gid: number } | undefined

/**
 * PostgreSQL refuses to run as root, so root lends it another user, who must have an entry in the user database:
 * initdb looks its own name up. A cluster that exists already keeps its owner.
 */
export async function userForCluster(clusterFolder: string): Promise<OsUser> {
  if (process.getuid?.() !== 0) return undefined
  const cluster = await stat(clusterFolder).catch(() => undefined)
  if (cluster && cluster.uid !== 0) return { uid: cluster.uid, gid: cluster.gid }

  const user = lookUp('renxin') ?? lookUp('postgres') ?? create('renxin') ?? lookUp('nobody')
  if (!user)
    throw new StartRefused('PostgreSQL does not run as root, and no other user was found: create one with "useradd --system renxin".')
  return user
}

/** May that user pass through every folder above this one? */
export async function canReach(user: OsUser, folder: string): Promise<boolean> {
  if (!user) return true
  for (let at = folder; ; at = dirname(at)) {
    const { mode, uid, gid } = await stat(at)
    const passes = uid === user.uid ? mode & 0o100 : gid === user.gid ? mode & 0o010 : mode & 0o001
    if (!passes) return false
    if (dirname(at) === at) return true
  }
}

function lookUp(name: string): OsUser {
  const uid = ask('id', ['-u', name])
  const gid = ask('id', ['-g', name])
  return uid && gid && uid !== '0' ? { uid: Number(uid), gid: Number(gid) } : undefined
}

function create(name: string): OsUser {
  ask('useradd', ['--system', '--user-group', '--no-create-home', '--home-dir', '/nonexistent', '--shell', '/usr/sbin/nologin', name])
  return lookUp(name)
}

function ask(command: string, args: string[]): string | undefined {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return undefined
  }
}
