import { addressOf, houseErrors, pathParams, Refusal, type Route } from '@renxin/kernel'
import { type AuditEntry, auditRows, insertAudit, type makeReadAudit } from './audit.ts'
import { type Actor, type Context, type Door, nobody, withScope } from './context.ts'
import { Declined } from './declined.ts'
import { withoutHidden } from './guard.ts'
import { type House, hospitalOf, inHospital, listHospitals, nowhere } from './house.ts'
import type { FileReply, Served } from './serve.ts'
import { drawVeil } from './veil.ts'

export type Credential = { session: string | null; key: string | null }
export type Asked = { credential: Credential; input: unknown; door: Door; requestId: string }

/** Runs a route for whoever asks: who is it, may they, is the input right, do it, audit it, commit, and only then answer. */
export async function answer(house: House, readAudit: ReturnType<typeof makeReadAudit>, served: Served, asked: Asked): Promise<unknown> {
  const { route } = served
  const hospitalId = await whichHospital(house, route, asked)
  const seen: { rows: ReturnType<typeof auditRows>; by?: Context } = { rows: [] }
  return inHospital(
    house,
    hospitalId,
    async (ctx) => {
      ctx.actor = await identify(house, ctx, asked.credential)
      seen.by = ctx
      ctx.actor = permit(route, ctx.actor)
      drawVeil(ctx, house.sees)
      const done = await perform(served, ctx, parseInput(route, asked.input))
      const rows = auditRows(ctx, entriesFor(route, ctx, done.input, done.reply))
      if (route.method === 'GET') seen.rows = rows
      else await insertAudit(ctx, rows)
      if (route.method !== 'GET' && !route.isQuiet) ctx.touched.add(route.module)
      if (ctx.touched.has('house.events')) ctx.afterCommit.push(() => house.wake())
      return done.reply
    },
    {
      door: asked.door,
      requestId: asked.requestId,
      meanwhile: async () => void (seen.rows.length > 0 && (await readAudit(hospitalId, seen.rows))),
    },
  ).catch(async (error) => {
    const owed = seen.by ? auditRows(seen.by, refusedEntries(route, seen.by, asked.input, error)) : []
    if (owed.length > 0) await readAudit(hospitalId, owed)
    throw error
  })
}

/** The hospital that a credential names; for a visitor, and for whoever signs in anew, the one that is asked for, else the first there is. */
async function whichHospital(house: House, route: Route, { credential, input }: Asked): Promise<number> {
  const token = credential.key?.replace(/^rx_/, '').split('_')[0] ?? credential.session?.split('.')[0]
  const asked = typeof input === 'object' && input !== null && 'hospitalId' in input ? input.hospitalId : undefined
  const said = route.may === 'anyone' ? (asked ?? token) : (token ?? asked)
  const id = Number(said)
  if (Number.isSafeInteger(id) && id > 0 && (await hospitalOf(house, id))) return id
  const first = house.hospitals.values().next().value ?? (await listHospitals(house))[0]
  return (first ?? nowhere).id
}

const KNOWN_MS = 1000
const MOST_KNOWN = 10_000

/**
 * Who stands behind a credential. A session is looked up once a second, since a page asks several things at once: what this process changes of accounts, roles
 * and staff counts at once; what another process changes, within that second. A glance reads it anew, and is no use of the session that would keep it open.
 */
export async function identify(
  house: House,
  ctx: Context,
  { session, key }: Credential,
  options: { isGlance?: boolean } = {},
): Promise<Actor> {
  if (ctx.hospital.id === 0) return nobody
  if (key) return (await house.authenticator.ofKey(ctx, key)) ?? nobody
  if (!session) return nobody
  const at = house.now().getTime()
  const known = house.actors.get(session)
  if (!options.isGlance && known && at >= known.readAt && at - known.readAt < KNOWN_MS) return known.actor
  const actor = await house.authenticator.ofSession(ctx, session, options)
  if (house.actors.size >= MOST_KNOWN) house.actors.clear()
  if (actor) house.actors.set(session, { actor, readAt: at })
  else house.actors.delete(session)
  return actor ?? nobody
}

/** The actor with the scope that the route's permission gives; refuses where it gives none. */
export function permit(route: Route, actor: Actor): Actor {
  if (route.may === 'anyone') return actor
  if (route.isExchange && (actor.hidden?.size ?? 0) > 0) throw houseErrors.forbidden({ because: 'hiddenFields' }) // what goes to other systems goes whole
  if (actor.kind === 'nobody') throw houseErrors.unauthenticated()
  if (actor.viewing && !isOpenToViewers(route)) throw houseErrors.viewOnly()
  const admitted = route.method === 'GET' || route.isReading ? (actor.admitted ?? []) : []
  if (route.may === 'signedIn') return { ...actor, scope: 'own', admitted }
  const reaching = withScope(actor, route.may)
  if (!reaching) throw houseErrors.forbidden({ permission: route.may })
  return { ...reaching, admitted }
}

/** Whoever views as another role looks at pages; files and the ways of other systems are no pages. */
const isOpenToViewers = (route: Route) => route.isOwnSession || (route.method === 'GET' && !route.file && !route.isExchange)

export function parseInput(route: Route, raw: unknown): unknown {
  if (!isText(raw)) throw houseErrors.invalid({ because: 'characters' })
  const parsed = route.input.safeParse(raw)
  if (parsed.success) return parsed.data
  throw houseErrors.invalid({ issues: parsed.error.issues.map((i) => ({ path: i.path.join('.'), code: i.code, message: i.message })) })
}

const DEEPEST = 100

/** Whether all texts in it are texts: no database keeps a null character or half of a pair (RFC 8259, 8.2). Nor is anything sound nested a hundred deep. */
function isText(value: unknown, depth = 0): boolean {
  if (typeof value === 'string') return !value.includes('\0') && value.isWellFormed()
  if (typeof value !== 'object' || value === null) return true
  return depth < DEEPEST && Object.entries(value).every(([key, below]) => isText(key) && isText(below, depth + 1))
}

const nothing: ReadonlySet<never> = new Set()

export async function perform(served: Served, ctx: Context, input: unknown): Promise<{ input: unknown; reply: unknown }> {
  const raw = await served.handle(ctx, input)
  if (served.route.file) return { input, reply: raw }
  const { reply } = served.route
  return { input, reply: withoutHidden(reply, reply.parse(raw), ctx.actor.hidden ?? nothing) }
}

/** The audit rows that a route owes: one for each patient it showed or touched; a write leaves at least one, and so does what was seen as another role. */
export function entriesFor(route: Route, ctx: Context, input: unknown, reply: unknown): AuditEntry[] {
  if (ctx.hospital.id === 0) return [] // one that was erased a moment ago keeps no trail
  const action = `${route.module}.${route.name}`
  const reason = textOf(input, 'reason')
  const objectId = textOf(input, 'id') ?? textOf(reply, 'id')
  const patients = route.about ? [...new Set([...named(reply, route.about), ...named(input, route.about)])] : []
  if (patients.length > 0) return patients.map((patientId) => ({ action, patientId, objectId, reason }))
  if ((route.method === 'GET' && (!ctx.actor.viewing || route.may === 'signedIn')) || ctx.actor.kind === 'nobody') return []
  return [{ action, objectId, reason }]
}

const A_UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * What is owed for a refusal: somebody who is known did what he may not, or asked for a patient who is not there for him. A slip in a form leaves nothing, and
 * nobody knows who a stranger is.
 */
function refusedEntries(route: Route, { actor }: Context, input: unknown, error: unknown): AuditEntry[] {
  if (actor.kind === 'nobody') return []
  if (error instanceof Declined) return error.trace ? [{ action: `${route.module}.${route.name}`, ...error.trace }] : []
  if (!(error instanceof Refusal)) return []
  const { kind, code } = error
  const patientId = (route.about ? named(input, route.about) : []).find((id) => A_UUID.test(id))
  if (!(kind === 'forbidden' || (kind === 'not_found' && patientId))) return []
  const said = route.input.safeParse(input) // a property that the route does not take is no object of it
  const objectId = textOf(said.success ? said.data : pathParams(addressOf(route)).includes('id') ? input : null, 'id')
  return [{ action: `${route.module}.${route.name}`, refusal: code, patientId, objectId: objectId?.slice(0, 100) ?? null }]
}

const textOf = (from: unknown, key: string): string | null => {
  if (typeof from !== 'object' || from === null || !(key in from)) return null
  const value: unknown = Reflect.get(from, key)
  return typeof value === 'string' ? value : null
}

/** The values of a field in an object, in the rows of a page, or in a list. */
function named(from: unknown, field: string): string[] {
  if (Array.isArray(from)) return from.flatMap((row) => named(row, field))
  if (typeof from !== 'object' || from === null) return []
  const own = textOf(from, field)
  if (own !== null) return [own]
  return 'rows' in from ? named(from.rows, field) : []
}

export const isFile = (route: Route, reply: unknown): reply is FileReply =>
  route.file !== undefined && typeof reply === 'object' && reply !== null && 'body' in reply
