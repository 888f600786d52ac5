import { addressOf, pathParams, type Route } from '@renxin/kernel'
import { seenBy } from '@renxin/patients/contract'
import { changedIn, type Fingerprint } from './fingerprint.ts'
import { inputFor, type Wanted } from './inputs.ts'
import { type Named, namedIn } from './kinds.ts'
import { nothing, type Objects } from './objects.ts'
import { type Account, marks, type Realm } from './realms.ts'
import { type Answer, type Http, request } from './requests.ts'
import { type Inspect, rehearse, statementsOf } from './watch.ts'

export type World = {
  http: Http
  routes: readonly Route[]
  accounts: readonly Account[]
  objects: Readonly<Record<Realm, Objects>>
  /** What somebody of this hospital has removed. */
  gone: Objects
  /** What stands in the database about the objects of another department and of a VIP, table by table. */
  fingerprint: (ask: (text: string) => Promise<{ rows: unknown[] }>) => Promise<Fingerprint>
  untouched: Fingerprint
}

/** What everybody of the hospital may know of another department: that it is there, and who works in it. */
const openWithinHospital = new Set(['department', 'ward', 'person'])

const AT_ONCE = 4

/** What no account of the crawler has: a locked session, a session or a bulk of somebody else, a signed address, a door, a row with that problem. */
const nobodyHas = new Set([
  'access.unlock',
  'access.endMySession',
  'followups.undoBulk',
  'integration.arrive',
  'integration.saveFloor',
  'integration.mendRows',
])

/** What is gone is gone: to take it away again is answered as the first time, whether it ever was there or is another's. */
const goneAnyhow = new Set(['encounters.removeArchive', 'patients.removeView', 'patients.untiePerson'])

/** What the file hangs on is asked whether it may be seen; nobody guesses the number of a file. */
const isLonger = new Set(['files.download', 'files.remove'])

/** The trail names what somebody here asked for in vain, as this crawler does meanwhile: of that it tells the auditor, and of nothing else. */
const tellsWhatWasAsked = new Set(['access.audit', 'access.exportAudit'])

/** Who audits decides of what was done about somebody whom he does not see, and is not told about whom. */
const decidedUnseen = new Set(['patients.decideUnusual', 'patients.reviewEmergency'])

export type Found = { faults: string[]; requests: number; reached: ReadonlySet<string>; shown: ReadonlySet<string> }

/**
 * Asks every route as every account, about its own objects, those of another department, of another hospital, of a VIP, about what was removed, and about what never was. What is done is
 * taken back. Answers what was wrong, and which routes somebody reached.
 */
export async function crawl({ http, routes, accounts, objects, gone, fingerprint, untouched }: World): Promise<Found> {
  const found = { faults: new Set<string>(), requests: 0, reached: new Set<string>(), shown: new Set<string>() }
  const absents = new Map<string, { absent: Awaited<ReturnType<typeof askWith>>; id: string }>()
  const waiting = [...accounts]
  const work = async () => {
    for (let account = waiting.shift(); account; account = waiting.shift()) for (const route of routes) await tryRoute(account, route)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return { ...found, faults: [...found.faults].sort() }

  async function tryRoute(account: Account, route: Route): Promise<void> {
    if (route.isExchange) return
    const name = nameOf(route)
    const scope = scopeOf(account, route)
    const own = await ask(account, route, inputFor(route, objects.own))
    const fault = (said: string) => void found.faults.add(`${name} as ${account.role}: ${said}`)
    if (!scope) {
      if (own.status !== 403 || own.code !== 'house.forbidden') fault(`without the permission it answers ${own.status} ${own.code}`)
      return
    }
    const hidden = hiddenFrom(account, scope)
    const look = (answer: Answer, what: string) => {
      for (const realm of hidden) for (const trace of tracesIn(answer, realm)) fault(`${what} shows ${trace} ${whose[realm]}`)
      if (answer.status >= 500 && answer.status !== 503) fault(`${what} answers ${answer.status}: ${answer.text.slice(0, 200)}`)
    }
    look(own, 'about its own')
    if (own.status === 404 && !nobodyHas.has(name)) fault(`its own is not found: ${own.code}`)
    if (own.code === 'house.invalid') fault(`the crawler does not know what it takes: ${own.text.slice(0, 300)}`)
    for (const trace of tracesIn(own, 'own')) if (own.status < 300 && trace) found.shown.add(name)
    const needsMore = own.status === 403 && own.code === 'house.forbidden' // another permission beside the route's
    if (own.status < 300) found.reached.add(name)
    for (const place of namedIn(route).named) {
      for (const realm of hidden) {
        const id = objects[realm][place.kind]
        if (!id || (realm !== 'hospital' && openWithinHospital.has(place.kind) && place.isNew)) continue
        await tryForeign({ account, route, place, realm, id, needsMore, look, fault })
      }
      const id = gone[place.kind]
      if (id && !place.isNew) await tryForeign({ account, route, place, realm: 'gone', id, needsMore, look, fault })
    }
  }

  type Foreign = {
    account: Account
    route: Route
    place: Named
    realm: Realm | 'gone'
    id: string
    needsMore: boolean
    look: (a: Answer, what: string) => void
    fault: (said: string) => void
  }

  async function tryForeign({ account, route, place, realm, id, needsMore, look, fault }: Foreign): Promise<void> {
    const what = `about a ${place.kind} ${whose[realm]} in ${place.path}`
    let touched: string[] = []
    const isWrite = (realm === 'department' || realm === 'vip') && route.method !== 'GET'
    const inspect: Inspect = async (ask) => {
      touched = changedIn(untouched, await fingerprint(ask))
    }
    const foreign = await askWith(account, route, { path: place.path, id }, isWrite ? inspect : undefined)
    const isUnseen = realm === 'vip' && decidedUnseen.has(nameOf(route))
    if (touched.length > 0 && !isUnseen) fault(`${what} changes what is not its own in ${touched}`)
    look(foreign.result, what)
    if ((realm === 'department' || realm === 'vip') && (place.isNew || openWithinHospital.has(place.kind))) return
    if (isUnseen) return
    const isInAddress = pathParams(addressOf(route)).includes(place.path) && !place.isNew
    const { status, code } = foreign.result
    const isRefused = status === 404 || (needsMore && status === 403) || goneAnyhow.has(nameOf(route))
    if (isInAddress && !isRefused) fault(`${what} answers ${status} ${code}`)
    if (tellsWhatWasAsked.has(nameOf(route))) return
    const known = await askAbsent(account, route, place)
    if (!differenceOf(route, foreign, id, known.absent, known.id)) return
    const [again, absent] = [await askWith(account, route, { path: place.path, id }), await askAbsent(account, route, place, true)] // something else was going on
    const difference = differenceOf(route, again, id, absent.absent, absent.id)
    if (difference) fault(`${what} ${difference}`)
  }

  /** What never was is the same to all who reach as far: it is asked for once. */
  async function askAbsent(account: Account, route: Route, { path, kind }: Named, isAnew = false) {
    const key = `${nameOf(route)} ${path} ${scopeOf(account, route)}`
    const known = absents.get(key)
    if (known && !isAnew) return known
    const id = nothing[kind] ?? ''
    const asked = { absent: await askWith(account, route, { path, id }), id }
    if (asked.absent.result.status === 404) absents.set(key, asked)
    return asked
  }

  async function ask(account: Account, route: Route, input: object, inspect?: Inspect): Promise<Answer> {
    found.requests += 1
    return rehearse(() => request(http, account.session, route, { ...input }), inspect)
  }
  function askWith(account: Account, route: Route, wanted: Wanted, inspect?: Inspect) {
    return statementsOf(() => ask(account, route, inputFor(route, objects.own, wanted), inspect))
  }
}

const whose: Readonly<Record<Realm | 'gone', string>> = {
  own: 'of its own',
  department: 'of another department',
  hospital: 'of another hospital',
  vip: 'of a VIP',
  gone: 'that was removed',
}

const nameOf = (route: Route) => `${route.module}.${route.name}`

function scopeOf(account: Account, route: Route): string | undefined {
  return route.may === 'anyone' || route.may === 'signedIn' ? 'own' : account.may.get(route.may)
}

/** What an account must not meet that reaches so far: it also meets no VIP, of whatever department, who may not see any. */
export const hiddenFrom = ({ may }: Account, scope: string): Realm[] => [
  'hospital',
  ...(scope === 'hospital' ? [] : (['department'] as const)),
  ...(may.has(seenBy.vip) ? [] : (['vip'] as const)),
]

export const tracesIn = ({ text, headers }: Answer, realm: Realm): string[] =>
  marks[realm].traces.filter((t) => text.includes(t) || headers.includes(t))

/** An answer without what differs from one request to the next: its number, the ids that were asked for and made, the time it took, secrets. */
const plain = ({ status, text }: Answer, id: string) =>
  `${status} ${text
    .replaceAll(id, 'ID')
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'UUID')
    .replaceAll(/"(milliseconds|secret)":(\d+|"[^"]*")/g, '')}`

type Watched = { result: Answer; statements: readonly string[] }

function differenceOf(route: Route, foreign: Watched, foreignId: string, absent: Watched, absentId: string): string | undefined {
  const [a, b] = [plain(foreign.result, foreignId), plain(absent.result, absentId)]
  if (a !== b) return `answers otherwise than about what never was: ${a.slice(0, 200)} / ${b.slice(0, 200)}`
  const isSame = isLonger.has(nameOf(route)) || foreign.statements.join('\n') === absent.statements.join('\n')
  return isSame ? undefined : 'asks the database otherwise than about what never was'
}
