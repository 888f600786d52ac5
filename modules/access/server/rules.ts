import { type GrantScope, scopes } from '@renxin/server'
import { passwordLength, type SignInRules } from '../contract.ts'

/** A session ends when it was not used for as long as the hospital says, and at the latest after a shift and a half. */
export const ABSOLUTE_HOURS = 12

/** Wrong tries further apart than this are not "in a row" any more. */
export const FORGET_HOURS = 24

export type Failures = { count: number; lastAt: Date; lockedUntil: Date | null }

const minutes = (n: number) => n * 60_000

/** The whole minutes a name stays locked; 0 when it is open. */
export const minutesLocked = (f: Pick<Failures, 'lockedUntil'>, now: Date): number =>
  f.lockedUntil && f.lockedUntil > now ? Math.ceil((f.lockedUntil.getTime() - now.getTime()) / minutes(1)) : 0

/** One wrong password more: so many in a row lock a name for so long. A lock that has passed begins a new row. */
export function failedAgain(before: Failures | undefined, now: Date, rules: Pick<SignInRules, 'tries' | 'lockMinutes'>): Failures {
  const isNewRow = !before || before.lockedUntil !== null || now.getTime() - before.lastAt.getTime() > minutes(FORGET_HOURS * 60)
  const count = isNewRow ? 1 : before.count + 1
  return { count, lastAt: now, lockedUntil: count >= rules.tries ? new Date(now.getTime() + minutes(rules.lockMinutes)) : null }
}

type Session = { lastUsedAt: Date; expiresAt: Date; idleMinutes: number; lockedAt: Date | null }

export const isAlive = (s: Session, now: Date): boolean =>
  !s.lockedAt && now < s.expiresAt && now.getTime() - s.lastUsedAt.getTime() < minutes(s.idleMinutes)

/** Use is noted once a minute, so that reading costs no write. */
export const shouldNoteUse = (lastUsedAt: Date | null, now: Date): boolean =>
  lastUsedAt === null || now.getTime() - lastUsedAt.getTime() >= minutes(1)

/** Long enough, of as many kinds of characters as are asked for, and without the name one signs in with. */
export function isStrong(password: string, name: string, rules: Pick<SignInRules, 'minLength' | 'kinds'>): boolean {
  const kinds = [/\p{Lu}|\p{Lo}/u, /\p{Ll}/u, /\p{N}/u, /[^\p{L}\p{N}]/u].filter((kind) => kind.test(password)).length
  const length = [...password].length
  const isLong = length >= rules.minLength && length <= passwordLength.max
  return isLong && kinds >= rules.kinds && new Set(password).size > 3 && !password.toLowerCase().includes(name.toLowerCase())
}

/** Grown older than the hospital lets a password grow. */
export const isOld = (setAt: Date, now: Date, maxAgeDays: number | null): boolean =>
  maxAgeDays !== null && now.getTime() - setAt.getTime() > minutes(maxAgeDays * 24 * 60)

/** All one digit, or digits in a row: what whoever finds a locked screen tries first. */
export const isSimplePin = (pin: string): boolean => {
  const steps = [...pin].slice(1).map((digit, i) => Number(digit) - Number(pin[i]))
  return steps.every((s) => s === steps[0] && Math.abs(s) <= 1)
}

/** Whoever has set out for the provider of single sign-on comes back within so long. */
export const ATTEMPT_MINUTES = 10

/** A browser counts as known for so long after somebody signed in there. */
export const DEVICE_DAYS = 180
export const GUESS_MINUTES = 10
/** Wrong passwords in ten minutes: from one known browser, as a ward shares it, and from all unknown ones behind an address. Our choice; no rule names a figure. */
export const mostGuesses = { device: 30, address: 300 } as const

/** An address as one place: of IPv6 the network, since whoever has one address there has all of them (RFC 6177). */
export const placeOfAddress = (address: string): string => {
  const plain = address.replace(/^::ffff:(?=\d+\.)/, '')
  return plain.includes(':') ? expand(plain).slice(0, 4).join(':') : plain
}

function expand(address: string): string[] {
  const [head = '', tail] = address.split('::')
  const [left, right] = [head.split(':').filter(Boolean), (tail ?? '').split(':').filter(Boolean)]
  return tail === undefined ? left : [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right]
}

type Grant = { permission: string; scope: GrantScope }

const isWider = (a: GrantScope, b: GrantScope) => scopes.indexOf(a) > scopes.indexOf(b)

/** Each permission once, as far as the widest of the roles takes it. */
export function widest(grants: readonly Grant[]): Map<string, GrantScope> {
  const may = new Map<string, GrantScope>()
  for (const { permission, scope } of grants) {
    const before = may.get(permission)
    if (!before || isWider(scope, before)) may.set(permission, scope)
  }
  return may
}

/** The first permission among these that goes beyond what somebody has himself. */
export const beyond = (may: ReadonlyMap<string, GrantScope>, grants: readonly Grant[]): string | undefined =>
  grants.find(({ permission, scope }) => {
    const own = may.get(permission)
    return !own || isWider(scope, own)
  })?.permission

/** A unit in which somebody stands. */
export type Unit = { id: string; kind: string; departmentId: string | null }

/** The departments and wards of whoever stands in these units; a ward brings its department with it. */
export function placesOf(units: readonly Unit[]): { departments: string[]; wards: string[] } {
  const wards = units.filter((u) => u.kind === 'ward')
  const departments = units.filter((u) => u.kind !== 'ward').map((u) => u.id)
  return { departments: [...new Set([...departments, ...wards.flatMap((w) => w.departmentId ?? [])])], wards: wards.map((w) => w.id) }
}
