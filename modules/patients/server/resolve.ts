import { newId } from '@renxin/kernel'
import { type Context, sql } from '@renxin/server'
import { checkIdentityCard } from '../person/identity-card.ts'
import { rowsAs } from './bulk.ts'
import type { Identifier, PatientFacts } from './facts.ts'
import { documentIndex, documentNumber, isDocument } from './fold.ts'
import { type ClassPairs, classKeysOf, classPairs } from './identity/words.ts'
import { ownersOfErased } from './rights/erased-numbers.ts'
import { type PatientRow, patientColumns } from './tables.ts'

/** `patientId` is the file to which the number was first given: the one it is said of, whoever survives it today. */
export type NumberOwner = { patientId: string; isRetired: boolean }
type Claim = { name?: string | null; birthOn?: string | null }
type NewNumber = Identifier & NumberOwner

export type Resolved = {
  /** The file of each fact, in their order: the one whose number was named, whoever survives it today. */
  ids: string[]
  /** Today's file of those that are in the file already. */
  today: ReadonlyMap<string, string>
  /** Those of them that are not in the file yet. */
  fresh: Set<string>
  /** The hospital's own words for the identity classes that are said, by `wordKey`. */
  classes: ReadonlyMap<string, string>
  /** The record number that each fact says, where it is not one that a merge retired. */
  recordNumbers: (string | undefined)[]
  /** Numbers that were not known before. */
  added: NewNumber[]
  conflicts: { patientId: string; otherId: string; cause: string }[]
  /** Persons to be retired into the last fact's one, for `mergeOf`. */
  retire: string[]
  /** Known numbers of the last fact's own person that its `mergeOf` calls retired. */
  retireNumbers: Identifier[]
}

/** MR and PI are given by the hospital to one person. A card may be lent, and a newborn comes on its mother's document. */
const strengths = ['MR', 'PI', 'PE', 'PN', 'PT']
const strengthOf = (i: Identifier) =>
  isDocument(i) ? 100 : i.type === 'HC' ? 50 : strengths.includes(i.type) ? strengths.indexOf(i.type) : 20

const CREATING_TRIES = 5

/**
 * Finds whose facts these are, and claims the numbers that nobody has yet, together with the rows of new persons, which `write` makes. The keys of the two
 * tables settle the race of two transactions that meet the same new person: numbers are claimed in one order, the later waits, gives its own claims up and looks again.
 */
export async function resolve(
  ctx: Context,
  facts: readonly PatientFacts[],
  write: (resolved: Resolved) => PatientRow[],
): Promise<Resolved> {
  const numbers = facts.map((fact) => numbersOf(ctx, fact))
  const retired = facts.map((fact) => clean(ctx, fact.mergeOf ?? []).filter((i) => !isDocument(i)))
  const classKeys = classKeysOf(facts)
  const given = facts.flatMap((fact) => fact.id ?? [])
  for (let attempt = 1; ; attempt += 1) {
    const { owners, claims, today, classes } = await lookUp(ctx, [...numbers, ...retired].flat(), classKeys)
    for (const { id, mergedInto } of await existing(ctx, given)) today.set(id, mergedInto ?? id)
    const resolved = assign(facts, numbers, retired, { owners, claims, today, classes })
    const rows = write(resolved)
    if (await claim(ctx, resolved, rows)) return resolved
    if (attempt === CREATING_TRIES) throw new Error('numbers were claimed by others again and again')
  }
}

const keyOf = (i: Identifier) => `${i.system}\n${i.type}\n${i.value}`

function numbersOf(ctx: Context, fact: PatientFacts): Identifier[] {
  const card =
    fact.identityCard && checkIdentityCard(fact.identityCard).isValid ? [{ system: '', type: 'NNCHN', value: fact.identityCard }] : []
  return clean(ctx, [...fact.identifiers, ...card])
}

/** As they are kept, the strongest first: of a document only its blind index, and only where it can be one. */
function clean(ctx: Context, identifiers: readonly Identifier[]): Identifier[] {
  const all = new Map<string, Identifier>()
  for (const given of identifiers) {
    const type = given.type.trim().toUpperCase()
    const value = given.value.trim()
    if (value === '') continue
    const number = isDocument({ type })
      ? { system: 'CN', type, value: documentIndex(ctx, documentNumber(value)).toString('hex') }
      : { system: given.system.trim(), type, value }
    if (!isDocument({ type }) || mayBeDocument(type, value)) all.set(keyOf(number), number)
  }
  return [...all.values()].sort((a, b) => strengthOf(a) - strengthOf(b))
}

const mayBeDocument = (type: string, value: string) =>
  type === 'PPN' || type === 'DL' ? /^[\dA-Z]{6,}$/i.test(value) : checkIdentityCard(value).isValid

type Known = {
  owners: Map<string, NumberOwner>
  claims: Map<string, Claim>
  today: Map<string, string>
  classes: ReadonlyMap<string, string>
}

/** Whose the numbers are, and in the same breath what the hospital calls the identity classes that are said. */
async function lookUp(ctx: Context, identifiers: readonly Identifier[], classKeys: readonly string[]): Promise<Known> {
  const owners = new Map<string, NumberOwner>()
  const claims = new Map<string, Claim>()
  const today = new Map<string, string>()
  if (identifiers.length === 0 && classKeys.length === 0) return { owners, claims, today, classes: new Map() }
  type Owned = Identifier & { saidPatientId: string; patientId: string; isRetired: boolean; isJoined: boolean | null } & Claim
  const { rows: found } = await sql<{ pairs: ClassPairs; hasErased: boolean } & (Owned | { [field in keyof Owned]: null })>`
    select c.pairs, c.has_erased, i.*
    from (select ${classPairs(classKeys)} as pairs, exists (select from patients.erased_numbers) as has_erased) c
    left join (
      select i.system, i.type, i.value, i.patient_id, i.said_patient_id, i.is_retired, p.name, p.birth_on, p.is_joined
      from ${rowsAs('w', { system: 'text', type: 'text', value: 'text' }, identifiers)}
      join patients.identifiers i on i.system = w.system and i.type = w.type and i.value = w.value
      left join patients.patients p on p.hospital_id = i.hospital_id and p.id = i.said_patient_id
    ) i on true`.execute(ctx.db)
  const classes = new Map(found[0]?.pairs)
  const rows = found.filter((row) => row.saidPatientId !== null)
  for (const row of rows) {
    owners.set(keyOf(row), { patientId: row.saidPatientId, isRetired: row.isRetired })
    claims.set(row.saidPatientId, { name: row.name, birthOn: row.birthOn })
    today.set(row.saidPatientId, row.patientId)
  }
  if (found[0]?.hasErased) {
    const unknown = identifiers.filter((i) => !owners.has(keyOf(i)))
    for (const { number, patientId, todayId } of await ownersOfErased(ctx, unknown)) {
      owners.set(keyOf(number), { patientId, isRetired: false })
      today.set(patientId, todayId)
    }
  }
  // A survivor shows what others say too: held against a document is what it says itself.
  const joined = rows.flatMap((r) => (r.isJoined ? [r.saidPatientId] : []))
  if (joined.length > 0) for (const { id, ...claim } of await ownClaims(ctx, joined)) claims.set(id, claim)
  return { owners, claims, today, classes }
}

async function ownClaims(ctx: Context, ids: readonly string[]): Promise<(Claim & { id: string })[]> {
  const { rows } = await sql<Claim & { id: string }>`
    select patient_id as id, row ->> 'name' as name, row ->> 'birth_on' as birth_on from patients.own_states
    where patient_id = any(${ids}::uuid[])`.execute(ctx.db)
  return rows
}

function assign(
  facts: readonly PatientFacts[],
  numbers: readonly Identifier[][],
  retired: readonly Identifier[][],
  { owners, claims, today, classes }: Known,
): Resolved {
  const resolved: Resolved = {
    ids: [],
    today,
    fresh: new Set(),
    classes,
    recordNumbers: [],
    added: [],
    conflicts: [],
    retire: [],
    retireNumbers: [],
  }
  const own = (number: Identifier, owner: NumberOwner) => {
    owners.set(keyOf(number), owner)
    resolved.added.push({ ...number, ...owner })
  }
  /** A retired number of which nothing was heard yet: that person's other number says who it is; else it is given a file of its own, so that the two can be parted. */
  const retiredFile = (id: string, numbers: readonly Identifier[]): NumberOwner => {
    const known = numbers.flatMap((n) => owners.get(keyOf(n)) ?? [])
    const file = known.find((o) => o.patientId !== id) ?? known[0]
    if (file) return { patientId: file.patientId, isRetired: file.patientId === id }
    const patientId = newId()
    resolved.fresh.add(patientId)
    return { patientId, isRetired: false }
  }
  facts.forEach((fact, at) => {
    const mine = numbers[at] ?? []
    const found = mine.flatMap((number) => {
      const owner = owners.get(keyOf(number))
      return owner ? [{ number, owner, contradicts: isDocument(number) && contradicts(fact, claims.get(owner.patientId)) }] : []
    })
    const id = fact.id ?? found.find((f) => !f.contradicts)?.owner.patientId ?? newId()
    resolved.ids.push(id)
    if (!today.has(id)) resolved.fresh.add(id)
    for (const other of found) {
      if (other.owner.patientId !== id) resolved.conflicts.push({ patientId: id, otherId: other.owner.patientId, cause: other.number.type })
    }
    for (const number of mine) if (!owners.has(keyOf(number))) own(number, { patientId: id, isRetired: false })
    const record = mine.find((n) => n.type === 'MR' && owners.get(keyOf(n))?.patientId === id && !owners.get(keyOf(n))?.isRetired)
    resolved.recordNumbers.push(record?.value)

    for (const number of retired[at] ?? []) {
      const owner = owners.get(keyOf(number))
      if (!owner) own(number, retiredFile(id, retired[at] ?? []))
      const of = owners.get(keyOf(number))?.patientId
      if (of && of !== id) resolved.retire.push(of)
      else if (owner && !owner.isRetired && !mine.some((n) => keyOf(n) === keyOf(number))) resolved.retireNumbers.push(number)
    }
    const claim = claims.get(id)
    claims.set(id, { name: fact.name || claim?.name, birthOn: fact.birthOn ?? claim?.birthOn })
  })
  return resolved
}

/** Whether a document cannot be that person's own: a newborn's facts under the mother's number. */
function contradicts(fact: PatientFacts, known: Claim | undefined): boolean {
  if (fact.birthOn && known?.birthOn) return fact.birthOn !== known.birthOn
  return Boolean(fact.name && known?.name) && fact.name?.trim() !== known?.name
}

async function existing(ctx: Context, ids: readonly string[]): Promise<{ id: string; mergedInto: string | null }[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<{ id: string; mergedInto: string | null }>`
    select id, merged_into from patients.patients where id = any(${ids}::uuid[])`.execute(ctx.db)
  return rows
}

const numberColumns = { system: 'text', type: 'text', value: 'text', patient_id: 'uuid', said_patient_id: 'uuid', is_retired: 'boolean' }

/** Writes the new persons and the numbers in one statement; where somebody was quicker with one of them, takes all of it back. */
async function claim(ctx: Context, { added, today }: Resolved, rows: readonly PatientRow[]): Promise<boolean> {
  if (added.length === 0 && rows.length === 0) return true
  const ordered = added
    .map((n) => ({ ...n, saidPatientId: n.patientId, patientId: today.get(n.patientId) ?? n.patientId }))
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)) // everybody in one order, so that nobody waits in a circle
  const result = await sql<{ persons: string[] | null; numbers: string[] | null }>`
    with person as (
      insert into patients.patients (${sql.raw(Object.keys(patientColumns).join(', '))}) select * from ${rowsAs('p', patientColumns, rows)}
      on conflict (hospital_id, id) do nothing returning id
    ), number as (
      insert into patients.identifiers (system, type, value, patient_id, said_patient_id, is_retired) select * from ${rowsAs('n', numberColumns, ordered)}
      on conflict do nothing returning system, type, value
    )
    select (select array_agg(id::text) from person) as persons,
           (select array_agg(system || E'\\n' || type || E'\\n' || value) from number) as numbers`.execute(ctx.db)
  const { persons, numbers } = { persons: result.rows[0]?.persons ?? [], numbers: result.rows[0]?.numbers ?? [] }
  if (persons.length === rows.length && numbers.length === added.length) return true

  const ours = ordered.filter((n) => numbers.includes(keyOf(n)))
  await sql`
    with number as (
      delete from patients.identifiers i using ${rowsAs('n', numberColumns, ours)}
      where i.system = n.system and i.type = n.type and i.value = n.value
    )
    delete from patients.patients where id = any(${persons}::uuid[])`.execute(ctx.db)
  return false
}
