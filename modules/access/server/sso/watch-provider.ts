import type { Context } from '@renxin/server'
import { keyOf, type Place } from './provider.ts'
import { findSso } from './settings.ts'
import { greetProvider, type ProviderState } from './test-provider.ts'

export type WatchedProvider = { host: string; state: ProviderState | null }

/** Whoever looks at the health page asks for what is known; the provider is asked in the background, so often. */
const ASK_EVERY_MS = 60_000

const known = new Map<string, { state: ProviderState | null; askedAt: number }>()

/** How the hospital’s provider was when it was asked last; a page never waits for it. Undefined where there is no single sign-on. */
export async function watchProvider(ctx: Context, now: () => Date): Promise<WatchedProvider | undefined> {
  const sso = await findSso(ctx)
  if (!sso) return undefined
  const before = known.get(keyOf(sso.place))
  if (!before || now().getTime() - before.askedAt > ASK_EVERY_MS) {
    known.set(keyOf(sso.place), { state: before?.state ?? null, askedAt: now().getTime() })
    void ask(sso.place, now)
  }
  return { host: hostOf(sso.place), state: before?.state ?? null }
}

/** Asks it now: what it is, its keys, and what time it has. */
export async function tryProvider(ctx: Context, now: () => Date): Promise<WatchedProvider | undefined> {
  const sso = await findSso(ctx)
  return sso && { host: hostOf(sso.place), state: await ask(sso.place, now) }
}

async function ask(place: Place, now: () => Date): Promise<ProviderState> {
  const state = await greetProvider(place, now)
  if (known.size > 100) known.clear()
  if (state.outcome !== 'busy') known.set(keyOf(place), { state, askedAt: now().getTime() })
  return state
}

const hostOf = ({ issuerUrl }: Place) => new URL(issuerUrl).host
