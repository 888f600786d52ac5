import { dayOf, type Element, elementsOf, isElement, type Resource, textOf } from '@renxin/fhir'
import { addDays } from '@renxin/kernel'
import { describePatients, findPatientIds, type PatientDescription, type PatientQuery } from '@renxin/patients'
import { type Context, systemActor } from '@renxin/server'
import type { Settled } from './conditions.ts'
import { patientFacts } from './facts-patient.ts'
import type { Room } from './rooms.ts'
import { UUID } from './setting.ts'

const V2_TYPES = 'http://terminology.hl7.org/CodeSystem/v2-0203'
const RELATION = 'http://terminology.hl7.org/CodeSystem/v2-0131'
export const RESIDENT_CARD = 'urn:oid:2.16.156.10011.1.3'

/** Whole numbers: whoever may not see them has them masked where the answer leaves. */
const describe = (ctx: Context, ids: readonly string[]) => describePatients({ ...ctx, actor: systemActor }, ids)

export const patientRoom: Room = {
  find: async (ctx, clauses, { after, limit }) => {
    const query = await queryOf(ctx, clauses)
    return query ? findPatientIds(ctx, { ...query, after, limit }) : []
  },
  describe: async (ctx, _, ids) => new Map((await describe(ctx, ids)).map((p) => [p.id, patientResource(p)])),
  patientOf: async (_, ids) => new Map(ids.map((id) => [id, id])),
  overlay: async (ctx, kept) => {
    const people = new Map((await describe(ctx, [...new Set(kept.map((k) => k.objectId))])).map((p) => [p.id, p]))
    return kept.map(({ objectId, resource }) => {
      const person = people.get(objectId)
      return person ? asKnownToday(resource, person, ctx.clock.now()) : resource
    })
  },
}

type Query = Omit<PatientQuery, 'limit' | 'after'>
const MOST_VALUES = 20
const MOST_IDS = 1000

/** The clauses as the customer file looks for people; undefined where it cannot tell. */
async function queryOf(ctx: Context, clauses: readonly Settled[]): Promise<Query | undefined> {
  const query: Query = {}
  const narrow = (ids: readonly string[]) => {
    query.ids = query.ids ? query.ids.filter((id) => ids.includes(id)) : ids.filter((id) => UUID.test(id))
  }
  for (const clause of clauses) {
    if (clause.is === 'ids') narrow(clause.ids)
    else if (clause.is !== 'values' || clause.modifier) return undefined
    else if (clause.parameter.name === '_id') narrow(clause.values.flatMap((w) => (w.kind === 'token' && w.code ? [w.code] : [])))
    else {
      const parts = clause.values.map((wanted) => partOf(ctx, clause.parameter.name, wanted))
      if (parts.length > MOST_VALUES || parts.some((p) => p === undefined)) return undefined
      const [only] = parts
      const overlaps = only && Object.keys(only).some((field) => field in query)
      if (parts.length === 1 && only && !overlaps) Object.assign(query, only)
      else
        narrow(
          await anyOf(
            ctx,
            parts.filter((p) => p !== undefined),
          ),
        )
    }
  }
  return query
}

/** Alternatives, and a second condition of the same kind, are asked one by one. */
async function anyOf(ctx: Context, parts: readonly Query[]): Promise<string[]> {
  const ids = new Set<string>()
  for (const part of parts) for (const id of await findPatientIds(ctx, { ...part, limit: MOST_IDS })) ids.add(id)
  return [...ids]
}

type Wanted = (Settled & { is: 'values' })['values'][number]
const GENDERS = ['male', 'female', 'unknown', 'other'] as const

function partOf(ctx: Context, parameter: string, wanted: Wanted): Query | undefined {
  if (wanted.kind === 'token' && wanted.code) {
    if (parameter === 'identifier') return { identifier: { system: wanted.system ?? null, value: wanted.code } }
    if (parameter === 'phone' || parameter === 'telecom') return { phone: wanted.code }
    const sex = GENDERS.find((g) => g === wanted.code)
    return parameter === 'gender' && sex ? { sex } : undefined
  }
  if (wanted.kind === 'string' && ['name', 'family', 'given'].includes(parameter))
    return wanted.written ? { name: wanted.written } : undefined
  if (wanted.kind !== 'date' || parameter !== 'birthdate') return undefined
  const [first, after] = [ctx.clock.dayOf(wanted.low), ctx.clock.dayOf(wanted.high)]
  const last = addDays(after, -1)
  switch (wanted.prefix) {
    case 'eq':
    case 'ap':
      return { bornFrom: first, bornUntil: last }
    case 'ge':
      return { bornFrom: first }
    case 'gt':
    case 'sa':
      return { bornFrom: after }
    case 'le':
      return { bornUntil: last }
    case 'lt':
    case 'eb':
      return { bornUntil: addDays(first, -1) }
    case 'ne':
      return undefined
  }
}

/** A person of whom nobody sent a resource. */
function patientResource(p: PatientDescription): Resource {
  const own = p.phones.filter((c) => c.relation === 'self')
  const others = p.phones.filter((c) => c.relation !== 'self')
  return {
    resourceType: 'Patient',
    id: p.id,
    active: p.mergedInto === null,
    identifier: [
      ...p.identifiers.map((i) => ({
        type: { coding: [{ system: V2_TYPES, code: i.type }] },
        ...(i.system ? { system: i.system } : {}),
        value: i.value,
      })),
      ...(p.identityCard
        ? [{ type: { coding: [{ system: V2_TYPES, code: 'NNCHN' }] }, system: RESIDENT_CARD, value: p.identityCard }]
        : []),
    ],
    name: [{ use: 'official', text: p.name }],
    ...(own.length > 0 ? { telecom: own.map(telecom) } : {}),
    gender: p.sex,
    ...(p.birthOn ? { birthDate: p.birthOn } : {}),
    ...(p.deceasedAt ? { deceasedDateTime: p.deceasedAt.toISOString() } : {}),
    ...(p.district ? { address: [{ use: 'home', district: p.district, country: 'CN' }] } : {}),
    ...(others.length > 0
      ? {
          contact: others.map((c) => ({
            relationship: [{ coding: [{ system: RELATION, code: 'C' }], text: c.relation }],
            ...(c.name ? { name: { text: c.name } } : {}),
            telecom: [telecom(c)],
          })),
        }
      : {}),
    ...(p.mergedInto ? { link: [{ other: { reference: `Patient/${p.mergedInto}` }, type: 'replaced-by' }] } : {}),
  }
}

const telecom = (c: { number: string; kind: string }) => ({
  system: 'phone',
  value: c.number,
  ...(c.kind === 'mobile' ? { use: 'mobile' } : {}),
})

const digits = (text: string) => text.replace(/\D/g, '')
const isSameNumber = (a: string, b: string) => {
  const [x, y] = [digits(a), digits(b)]
  return x.length >= 6 && y.length >= 6 ? x.endsWith(y) || y.endsWith(x) : x === y
}

/** What was sent, with what the product has learnt since from others: a corrected name, a new phone, a death, a merge. */
function asKnownToday(resource: Resource, p: PatientDescription, now: Date): Resource {
  const said = patientFacts(resource, now)
  const today: Element = {}
  if (said.name && p.name && said.name !== p.name) today.name = [{ use: 'official', text: p.name }, ...elementsOf(resource.name)]
  if (p.sex !== 'unknown' && said.sex !== p.sex && resource.gender !== p.sex) today.gender = p.sex
  if (p.birthOn && said.birthOn !== p.birthOn && !p.birthOn.startsWith(textOf(resource.birthDate) ?? ' ')) today.birthDate = p.birthOn
  const known = elementsOf(resource.telecom).flatMap((t) => textOf(t.value) ?? [])
  const learnt = p.phones.filter((c) => c.relation === 'self' && !known.some((number) => isSameNumber(number, c.number)))
  if (learnt.length > 0) today.telecom = [...learnt.map(telecom), ...elementsOf(resource.telecom)]
  if (p.deceasedAt && resource.deceasedBoolean !== true && !dayOf(resource.deceasedDateTime))
    today.deceasedDateTime = p.deceasedAt.toISOString()
  if (p.mergedInto) {
    const links = elementsOf(resource.link).filter((l) => l.type !== 'replaced-by' || !isElement(l.other))
    Object.assign(today, { active: false, link: [...links, { other: { reference: `Patient/${p.mergedInto}` }, type: 'replaced-by' }] })
  }
  if (Object.keys(today).length === 0) return resource
  const { deceasedBoolean, ...rest } = resource
  return {
    ...rest,
    ...('deceasedDateTime' in today || deceasedBoolean === undefined ? {} : { deceasedBoolean }),
    ...today,
    resourceType: 'Patient',
  }
}
