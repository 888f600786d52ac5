import { type Credential, identify } from './answer.ts'
import type { Actor } from './context.ts'
import { type House, inHospital } from './house.ts'

/** What becomes of a person without anybody's doing (a right that ends, a session that nobody uses) is found within so long. */
const LOOK_EVERY_MS = 15_000

type Watched = { credential: Credential; known: string; changed: () => void; gone: () => void }
type Watch = { watched: Set<Watched>; stop: () => void; look: () => void }

const watches = new WeakMap<House, Map<number, Watch>>()

/**
 * Watches who stands behind an open stream of live events: `changed` when he may do or see something else than before, so that his pages are read anew; `gone`
 * when he is signed out. What this house hears of accounts, roles and staff is looked at as soon as it is committed. Gives what ends the watch.
 */
export function watchWho(
  house: House,
  hospitalId: number,
  who: { credential: Credential; actor: Actor; changed: () => void; gone: () => void },
): () => void {
  const ofHouse = watches.get(house) ?? new Map<number, Watch>()
  watches.set(house, ofHouse)
  const watch = ofHouse.get(hospitalId) ?? begin(house, hospitalId)
  ofHouse.set(hospitalId, watch)
  const { actor, ...rest } = who
  const one = { ...rest, known: powersOf(actor) }
  watch.watched.add(one)
  watch.look() // what was changed between the look at the door and this moment nobody has told
  return () => {
    watch.watched.delete(one)
    if (watch.watched.size > 0 || ofHouse.get(hospitalId) !== watch) return
    watch.stop()
    ofHouse.delete(hospitalId)
  }
}

/** One look at a time for all streams of a hospital, in one transaction; what is asked meanwhile is looked at once more. */
function begin(house: House, hospitalId: number): Watch {
  const watched = new Set<Watched>()
  let looking: Promise<void> | undefined
  let isAskedAgain = false
  const lookAtAll = () =>
    inHospital(house, hospitalId, async (ctx) => {
      for (const one of [...watched]) {
        const actor = await identify(house, ctx, one.credential, { isGlance: true })
        if (actor.kind === 'nobody') one.gone()
        else if (powersOf(actor) !== one.known) {
          one.known = powersOf(actor)
          one.changed()
        }
      }
    })
  const look = () => {
    isAskedAgain = looking !== undefined
    looking ??= lookAtAll()
      .catch((error: unknown) => house.log.warn({ err: error }, 'who listens to live events could not be looked at; it is tried again'))
      .finally(() => {
        looking = undefined
        if (isAskedAgain) look()
      })
  }
  const leave = house.live.subscribe(hospitalId, (modules) => {
    if (house.authenticator.modules.some((m) => modules.includes(m))) look()
  })
  const timer = setInterval(look, LOOK_EVERY_MS)
  timer.unref()
  return {
    watched,
    look,
    stop: () => {
      clearInterval(timer)
      leave()
    },
  }
}

/** All that decides what somebody may do and see. */
const powersOf = ({ may, departments, wards, admitted = [], hidden = new Set(), viewing, personId }: Actor): string =>
  JSON.stringify([
    [...may].sort(),
    [...departments].sort(),
    [...wards].sort(),
    [...admitted].sort(),
    [...hidden].sort(),
    viewing?.roleId,
    personId,
  ])
