import { houseErrors } from '@renxin/kernel'
import { blindIndex, type Context, sql } from '@renxin/server'
import { tokenHashOf } from './actors.ts'
import { hashToken, newToken } from './passwords.ts'
import { DEVICE_DAYS, GUESS_MINUTES, mostGuesses, placeOfAddress } from './rules.ts'
import { db } from './tables.ts'

/**
 * Names are locked one by one; whoever tries one password on many names is met here. A whole hospital stands behind one address, so that a browser in which
 * somebody has signed in before is counted by itself, and the address counts the others only: what a stranger guesses there shuts nobody out of the wards.
 */
type Place = { index: Buffer; most: number }

/** Where one guesses: a password, or what the provider of single sign-on might say. */
type GuessedDoor = 'signIn' | 'logout'

async function placeOf(ctx: Context, door: GuessedDoor): Promise<Place> {
  const address = placeOfAddress(ctx.door?.address ?? '')
  if (door === 'logout') return { index: blindIndex(ctx, 'guessedFrom', `logout ${address}`), most: mostGuesses.address }
  const device = await knownDevice(ctx)
  return device
    ? { index: blindIndex(ctx, 'guessedFrom', `device ${device.toString('hex')}`), most: mostGuesses.device }
    : { index: blindIndex(ctx, 'guessedFrom', `address ${address}`), most: mostGuesses.address }
}

const windowBegan = (ctx: Context) => new Date(ctx.clock.now().getTime() - GUESS_MINUTES * 60_000)

/** Refuses before a password is looked at, whatever the name: how long it takes tells nothing. */
export async function refuseGuessing(ctx: Context, door: GuessedDoor = 'signIn'): Promise<void> {
  const { index, most } = await placeOf(ctx, door)
  const row = await db(ctx)
    .selectFrom('access.guesses')
    .where('place', '=', index)
    .where('beganAt', '>', windowBegan(ctx))
    .select('count')
    .executeTakeFirst()
  if (row && row.count >= most) throw houseErrors.tooManyRequests()
}

export async function noteGuess(ctx: Context, door: GuessedDoor = 'signIn'): Promise<void> {
  const { index } = await placeOf(ctx, door)
  const isOver = sql<boolean>`guesses.began_at <= ${windowBegan(ctx)}`
  await db(ctx)
    .insertInto('access.guesses')
    .values({ place: index, count: 1, beganAt: ctx.clock.now() })
    .onConflict((c) =>
      c.constraint('guesses_pkey').doUpdateSet({
        count: sql`case when ${isOver} then 1 else guesses.count + 1 end`,
        beganAt: sql`case when ${isOver} then excluded.began_at else guesses.began_at end`,
      }),
    )
    .execute()
}

/** This browser is known from now on. */
export async function knowDevice(ctx: Context): Promise<void> {
  if (!ctx.door) return
  const known = await knownDevice(ctx)
  const token = known ? undefined : newToken()
  await db(ctx)
    .insertInto('access.devices')
    .values({ tokenHash: known ?? hashToken(token ?? ''), lastUsedAt: ctx.clock.now() })
    .onConflict((c) => c.constraint('devices_pkey').doUpdateSet({ lastUsedAt: ctx.clock.now() }))
    .execute()
  if (token) ctx.door.setDevice(`${ctx.hospital.id}.${token}`)
}

async function knownDevice(ctx: Context): Promise<Buffer | undefined> {
  const tokenHash = tokenHashOf(ctx, ctx.door?.device)
  if (!tokenHash) return undefined
  const row = await db(ctx)
    .selectFrom('access.devices')
    .where('tokenHash', '=', tokenHash)
    .where('lastUsedAt', '>', new Date(ctx.clock.now().getTime() - DEVICE_DAYS * 86_400_000))
    .select('tokenHash')
    .executeTakeFirst()
  return row?.tokenHash
}
