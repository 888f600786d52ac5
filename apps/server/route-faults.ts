import { addressOf, pathParams, type Route } from '@renxin/kernel'
import { z } from 'zod'

/** What only a patient has: a reply with one of these shows somebody's record. */
const OF_A_PATIENT =
  /^(patient(Id|Name|Ids)|survivorId|retiredId|medicalRecordNumber|phones?|masked(Phone)?|identityCard|birthOn|birthDate|deceasedAt|kin|admittedAt|dischargedAt|visitNumber|encounterId)$/

type Schema = { properties?: Record<string, Schema>; $ref?: string; $defs?: Record<string, Schema> } & Record<string, unknown>

export type Known = {
  permissions: ReadonlySet<string>
  /** Routes that need no permission, each with the reason. */
  open: Readonly<Record<string, string>>
  /** Routes that show something which looks like a patient's and is not, or audit by themselves; each with the reason. */
  auditsItself: Readonly<Record<string, string>>
}

const nameOf = (route: Route) => `${route.module}.${route.name}`

/** What is wrong with the promise of one route, in sentences; nothing where it is right. */
export function faultsOfRoute(route: Route, known: Known): string[] {
  const name = nameOf(route)
  const input = drawn(route.input, 'input')
  const reply = drawn(route.reply, 'output')
  const isOpen = route.may === 'anyone' || route.may === 'signedIn'
  const shown = fieldsOf(reply).filter((path) => OF_A_PATIENT.test(path.at(-1) ?? ''))
  const readable = new Set([...auditable(reply), ...Object.keys(input.properties ?? {})])
  const faults: string[] = []
  if (isOpen && !known.open[name]) faults.push(`${name}: open to ${route.may} without a reason`)
  if (!isOpen && !known.permissions.has(route.may)) faults.push(`${name}: no role has ${route.may}`)
  if (shown.length > 0 && !route.about && !known.auditsItself[name])
    faults.push(`${name}: shows ${shown.map((p) => p.join('.')).join(', ')} without about`)
  if ((route.file || isOpaque(reply)) && !route.about && !known.auditsItself[name])
    faults.push(`${name}: what it shows is not said, and about is missing`)
  for (const path of shown.filter((p) => p.at(-1) === 'patientId' && !auditable(reply).includes('patientId')))
    faults.push(`${name}: the audit does not reach ${path.join('.')}`)
  if (route.about && !readable.has(route.about))
    faults.push(`${name}: about names ${route.about}, which neither the reply nor the input has`)
  for (const param of pathParams(addressOf(route))) {
    if (!(param in (input.properties ?? {}))) faults.push(`${name}: the address has :${param}, the input has not`)
  }
  for (const field of route.method === 'GET' ? unsayable(route.input, input) : [])
    faults.push(`${name}: ${field} is no text, and an address says nothing else`)
  return faults
}

/** Reasons for routes that are gone, or that need no reason any more. */
export function staleReasons(routes: readonly Route[], known: Known): string[] {
  const open = new Set(routes.filter((r) => r.may === 'anyone' || r.may === 'signedIn').map(nameOf))
  const all = new Set(routes.map(nameOf))
  return [
    ...Object.keys(known.open).filter((name) => !open.has(name)),
    ...Object.keys(known.auditsItself).filter(
      (name) => !all.has(name) || faultsOfRoute(find(routes, name), { ...known, auditsItself: {} }).length === 0,
    ),
  ]
}

const find = (routes: readonly Route[], name: string): Route => {
  const found = routes.find((r) => nameOf(r) === name)
  if (!found) throw new Error(`there is no route ${name}`)
  return found
}

/** Fields of a question that take a number, or yes and no, and cannot read them from text. */
function unsayable(input: z.ZodType, { properties = {} }: Schema): string[] {
  const shape: Record<string, z.ZodType> = input instanceof z.ZodObject ? input.shape : {}
  return Object.entries(shape).flatMap(([field, schema]) => {
    const isText = !['boolean', 'integer', 'number'].includes(String(properties[field]?.type))
    return isText || ['1', '50', '2026', 'true'].some((said) => schema.safeParse(said).success) ? [] : [field]
  })
}

const drawn = (schema: z.ZodType, io: 'input' | 'output') => z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Schema

/** Every field of a reply by its path, however deep, through lists, alternatives and references. */
function fieldsOf(root: Schema): string[][] {
  const walk = (schema: unknown, path: string[], seen: ReadonlySet<string>): string[][] => {
    if (Array.isArray(schema)) return schema.flatMap((s) => walk(s, path, seen))
    if (typeof schema !== 'object' || schema === null) return []
    const { properties, $ref, items, anyOf, oneOf, allOf, additionalProperties } = schema as Schema
    if ($ref) return seen.has($ref) ? [] : walk(referred(root, $ref), path, new Set([...seen, $ref]))
    const own = Object.entries(properties ?? {}).flatMap(([name, inner]) => [[...path, name], ...walk(inner, [...path, name], seen)])
    return [...own, ...[items, anyOf, oneOf, allOf, additionalProperties].flatMap((s) => walk(s, path, seen))]
  }
  return walk(root, [], new Set())
}

/** A reply that lets any field through. */
const isOpaque = (reply: Schema) => !reply.properties || ('additionalProperties' in reply && reply.additionalProperties !== false)

const referred = (root: Schema, ref: string): unknown => (ref === '#' ? root : root.$defs?.[ref.replace('#/$defs/', '')])

/** The fields that the audit reads: of the reply itself, of its `rows`, or of each member of a list. */
function auditable(root: Schema): string[] {
  return fieldsOf(root)
    .map((path) => (path[0] === 'rows' ? path.slice(1) : path))
    .filter((path) => path.length === 1)
    .flat()
}
