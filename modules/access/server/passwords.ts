import { createHash, randomBytes } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'

// OWASP's floor for argon2id, which is the package's default: 19 MiB, two passes. A hash carries its own parameters, so that they can rise later.
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

export const hashPassword = (password: string): Promise<string> => hash(password, cost)

let decoy: Promise<string> | undefined

/** Takes as long for a name that nobody has as for one that somebody has. */
export async function passwordFits(stored: string | undefined, password: string): Promise<boolean> {
  decoy ??= hashPassword(randomBytes(16).toString('hex'))
  const fits = await verify(stored ?? (await decoy), password)
  return fits && stored !== undefined
}

/** 256 random bits, safe in a cookie and a header. */
export const newToken = (): string => randomBytes(32).toString('base64url')

/** Tokens are random, so that a fast hash is enough. */
export const hashToken = (token: string): Buffer => createHash('sha256').update(token).digest()
