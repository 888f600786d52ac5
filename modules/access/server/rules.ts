import { type Scope, scopes } from '@renxin/server'
import { passwordLength } from '../contract.ts'

/** A session ends when it was not used for this long, and at the latest after a shift and a half. */
export const IDLE_MINUTES = 60
export const ABSOLUTE_HOURS = 12

/** So many wrong passwords in a row lock a name for so long. */
export const TRIES = 5
export const LOCK_MINUTES = 10

/** Wrong tries further apart than this are not "in a row" any more. */
export const FORGET_HOURS = 24

export type Failures = { count: number; lastAt: Date; lockedUntil: Date | null }

const minutes = (n: number) => n * 60_000

/** The whole minutes a name stays locked; 0 when it is open. */
export const minutesLocked = (f: Pick<Failures, 'lockedUntil'>, now: Date): number =>
  f.lockedUntil && f.lockedUntil > now ? Math.ceil((f.lockedUntil.getTime() - now.getTime()) / minutes(1)) : 0

/** One wrong password more. A lock that has passed begins a new row. */
export function failedAgain(before: Failures | undefined, now: Date): Failures {
  const isNewRow = !before || before.lockedUntil !== null || now.getTime() - before.lastAt.getTime() > minutes(FORGET_HOURS * 60)
  const count = isNewRow ? 1 : before.count + 1
  return { count, lastAt: now, lockedUntil: count >= TRIES ? new Date(now.getTime() + minutes(LOCK_MINUTES)) : null }
}

type Session = { lastUsedAt: Date; expiresAt: Date }

export const isAlive = (s: Session, now: Date): boolean =>
  now < s.expiresAt && now.getTime() - s.lastUsedAt.getTime() < minutes(IDLE_MINUTES)

/** Use is noted once a minute, so that reading costs no write. */
export const shouldNoteUse = (lastUsedAt: Date | null, now: Date): boolean =>
  lastUsedAt === null || now.getTime() - lastUsedAt.getTime() >= minutes(1)

/** At least two kinds of characters, long enough, and not the name one signs in with. */
export function isStrong(password: string, name: string): boolean {
  const kinds = [/\p{L}/u, /\p{N}/u, /[^\p{L}\p{N}]/u].filter((kind) => kind.test(password)).length
  const length = [...password].length
  return length >= passwordLength.min && length <= passwordLength.max && kinds >= 2 && !password.toLowerCase().includes(name.toLowerCase())
}

type Grant = { permission: string; scope: Scope }

const isWider = (a: Scope, b: Scope) => scopes.indexOf(a) > scopes.indexOf(b)

/** Each permission once, as far as the widest of the roles takes it. */
export function widest(grants: readonly Grant[]): Map<string, Scope> {
  const may = new Map<string, Scope>()
  for (const { permission, scope } of grants) {
    const before = may.get(permission)
    if (!before || isWider(scope, before)) may.set(permission, scope)
  }
  return may
}

/** The first permission among these that goes beyond what somebody has himself. */
export const beyond = (may: ReadonlyMap<string, Scope>, grants: readonly Grant[]): string | undefined =>
  grants.find(({ permission, scope }) => {
    const own = may.get(permission)
    return !own || isWider(scope, own)
  })?.permission
