import { createHash } from 'node:crypto'
import { type Clause, entriesOf, matches, type Resource } from '@renxin/fhir'
import { cleanPhone } from '@renxin/patients/contract'
import { type Context, sql } from '@renxin/server'
import { aliasesOf } from './aliases.ts'
import type { Settled } from './conditions.ts'
import { objectsOf } from './references-known.ts'
import type { Room } from './rooms.ts'
import { settingOf } from './setting.ts'
import { loadBodies } from './store.ts'
import type { Head } from './tables.ts'

/** Something that is known of a patient, and what tells it apart from his others of the type. */
export type Known = { patientId: string; key: string; resource: Resource }

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.[0-9a-f]{16}$/
const ownerOf = (id: string) => id.slice(0, 36)
/** The id under which something of a patient is shown. */
export const knownId = (patientId: string, key: string) => `${patientId}.${markOf(key)}`
const markOf = (key: string) => createHash('sha256').update(key).digest('hex').slice(0, 16)

type Options = Pick<Room, 'judged' | 'overlayOfPatients'> & {
  /** The patients of whom some may answer, where none is named; undefined where it cannot tell. */
  ownersOf?(ctx: Context, clauses: readonly Settled[]): Promise<string[] | undefined>
}

/**
 * A room for what has no id of its own: it is named by its patient and a mark of what it is. Asked for a patient, a visit or by id it knows all of them and
 * answers every parameter, since the resources themselves are compared; asked for anybody's it cannot tell.
 */
export function knownRoom(knownOf: (ctx: Context, patientIds: readonly string[]) => Promise<Known[]>, options: Options = {}): Room {
  /** Under the ids by which they are asked for: a person may have had another before two files became one. */
  const named = async (ctx: Context, ids: readonly string[]): Promise<{ id: string; patientId: string; resource: Resource }[]> => {
    const found: { id: string; patientId: string; resource: Resource }[] = []
    const owners = new Map<string, Known[]>()
    for (const id of ids.filter((i) => ID.test(i))) {
      const owner = ownerOf(id)
      const all = owners.get(owner) ?? (await knownOf(ctx, await present(ctx, [owner])))
      owners.set(owner, all)
      const one = all.find((k) => markOf(k.key) === id.slice(37))
      if (one) found.push({ id, patientId: one.patientId, resource: { ...one.resource, id } })
    }
    return found
  }
  const { ownersOf, ...more } = options
  return {
    ...more,
    isId: (id) => ID.test(id),
    find: async (ctx, clauses, { after, limit }) => {
      const patients = (await patientsIn(ctx, clauses)) ?? (await ownersOf?.(ctx, clauses))
      const ids = idsIn(clauses)
      const rest = clauses.filter((c) => !isOfPatient(c) && !isOfIds(c))
      const own = patients ? await knownOf(ctx, patients) : []
      const all = patients ? own.map((k) => ({ id: knownId(k.patientId, k.key), resource: k.resource })) : ids ? await named(ctx, ids) : []
      const visits = await visitsIn(ctx, rest)
      const setting = settingOf(ctx, { origin: '' })
      return all
        .filter(({ id }) => (!ids || ids.includes(id)) && (!after || id > after))
        .filter(({ resource }) => {
          const entries = entriesOf(resource, setting)
          return rest.every((clause) => {
            const values = visits.get(clause)
            if (values) return entries.some((e) => e.parameter === 'encounter' && values.includes(e.value))
            if (clause.is === 'references') return entries.some((e) => e.parameter === clause.parameter && clause.values.includes(e.value))
            return clause.is !== 'ids' && matches(entries, withPlainPhones(clause)) === true
          })
        })
        .map(({ id }) => id)
        .sort()
        .slice(0, limit)
    },
    describe: async (ctx, _, ids) => new Map((await named(ctx, ids)).map(({ id, resource }) => [id, resource])),
    patientOf: async (ctx, ids) => new Map((await named(ctx, ids)).map(({ id, patientId }) => [id, patientId])),
  }
}

/** What others sent of these patients in FHIR, to which the product's own knowledge is held, so that nothing is shown twice. */
export async function sentOf(
  ctx: Context,
  type: string,
  patientIds: readonly string[],
): Promise<{ patientId: string; resource: Resource }[]> {
  const { rows: heads } = await sql<Head>`
    select key, type, id, version, changed_at, is_deleted, hash, object_id, patient_id, waits_for from integration.fhir_resources
    where patient_id = any(${[...patientIds]}::uuid[]) and type = ${type} and not is_deleted order by id limit 1000`.execute(ctx.db)
  const bodies = await loadBodies(ctx, heads)
  return heads.flatMap((h) => {
    const resource = bodies.get(h.key)
    return resource && h.patientId ? [{ patientId: h.patientId, resource }] : []
  })
}

export const PHONES = new Set(['phone', 'telecom'])

/** However a number is written in a question, it is compared as numbers are kept. */
const withPlainPhones = (clause: Clause): Clause =>
  clause.is === 'values' && PHONES.has(clause.parameter.name)
    ? {
        ...clause,
        values: clause.values.map((w) => (w.kind === 'token' && w.code ? { ...w, code: cleanPhone(w.code)?.number ?? w.code } : w)),
      }
    : clause

const OF_PATIENT = new Set(['patient', 'subject', 'beneficiary'])
const parameterOf = (clause: Settled) =>
  clause.is === 'references' ? clause.parameter : clause.is === 'values' ? clause.parameter.name : undefined
const isOfPatient = (clause: Settled) => OF_PATIENT.has(parameterOf(clause) ?? '')
const isOfVisit = (clause: Settled) => parameterOf(clause) === 'encounter'
const isOfIds = (clause: Settled) => clause.is === 'ids' || (clause.is === 'values' && clause.parameter.name === '_id' && !clause.modifier)

const referred = (clause: Settled, type: string): string[] => {
  const written =
    clause.is === 'references'
      ? clause.values
      : clause.is === 'values'
        ? clause.values.flatMap((w) => (w.kind === 'reference' ? [w.value] : []))
        : []
  return written.flatMap((v) => (v.startsWith(`${type}/`) ? [v.slice(type.length + 1)] : v.includes('/') ? [] : [v]))
}

/** Today's files of these ids. */
async function present(ctx: Context, ids: readonly string[]): Promise<string[]> {
  const { objectIds } = await aliasesOf(ctx, ids)
  const { rows } = await sql<{ id: string }>`
    select id from patients.cards where id = any(${objectIds}::uuid[]) and merged_into is null`.execute(ctx.db)
  return rows.map((r) => r.id)
}

/** Of whom is asked; undefined where of everybody. */
async function patientsIn(ctx: Context, clauses: readonly Settled[]): Promise<string[] | undefined> {
  let patients: string[] | undefined
  for (const clause of clauses.filter(isOfPatient)) {
    const these = await present(ctx, referred(clause, 'Patient'))
    patients = patients ? patients.filter((p) => these.includes(p)) : these
  }
  if (patients) return patients
  const visits = clauses.filter(isOfVisit).flatMap((c) => referred(c, 'Encounter'))
  if (visits.length === 0) return undefined
  const ids = await objectsOf(ctx, visits.map((id) => ({ type: 'Encounter', id })), new Map()) // biome-ignore format: one thought
  const { rows } = await sql<{ id: string }>`
    select distinct patient_id as id from encounters.cards where id = any(${[...ids.values()]}::uuid[])`.execute(ctx.db)
  return rows.map((r) => r.id)
}

function idsIn(clauses: readonly Settled[]): string[] | undefined {
  const lists = clauses.filter(isOfIds).map((clause) => {
    if (clause.is === 'ids') return [...clause.ids]
    return clause.is === 'values' ? clause.values.flatMap((w) => (w.kind === 'token' && w.code ? [w.code] : [])) : []
  })
  const [first, ...others] = lists
  return first?.filter((id) => others.every((list) => list.includes(id)))
}

/** The visits that are meant, as our own resources refer to them. */
async function visitsIn(ctx: Context, clauses: readonly Settled[]): Promise<Map<Settled, string[]>> {
  const found = new Map<Settled, string[]>()
  for (const clause of clauses.filter(isOfVisit)) {
    const ids = await objectsOf(ctx, referred(clause, 'Encounter').map((id) => ({ type: 'Encounter', id })), new Map()) // biome-ignore format: one thought
    found.set(clause, [...ids.values()].map((id) => `Encounter/${id}`)) // biome-ignore format: one thought
  }
  return found
}
