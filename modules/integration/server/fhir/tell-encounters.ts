import { applyEncounterFacts, type EncounterFacts, type SaidDiagnosis } from '@renxin/encounters'
import { elementsOf, isElement, isResource, type Resource, type Target, targetIn, textOf } from '@renxin/fhir'
import { type Context, sql } from '@renxin/server'
import { diagnosisOf, encounterFacts, houseStatus, visitNumber } from './facts-encounter.ts'
import { knownIn, objectsOf, targetsIn } from './references-known.ts'
import type { Setting } from './setting.ts'
import { loadBodies, loadHeads, nameOf } from './store.ts'
import { db, type Head } from './tables.ts'
import type { Objects, Told } from './told.ts'

/** Encounters, and the diagnoses that Conditions tell of them. */
export async function tellEncounters(ctx: Context, setting: Setting, told: readonly Told[], objects: Objects): Promise<void> {
  const visits = told.flatMap((t) =>
    t.name.type === 'Encounter' && t.resource && t.patientId ? [{ ...t, resource: t.resource, patientId: t.patientId }] : [],
  )
  if (visits.length > 0) {
    const versions = await versionsBefore(ctx, visits)
    const known = await knownIn(ctx, [...visits.map((v) => v.resource), ...versions.values()], objects, setting.base)
    const facts = visits.map(({ name, resource, ...told }) =>
      encounterFacts(resource, { ...told, setting, known, before: versions.get(nameOf(name)) }),
    )
    const ids = await applyEncounterFacts(ctx, facts.flat())
    let at = 0
    for (const [i, { name }] of visits.entries()) {
      const id = ids[at]
      at += facts[i]?.length ?? 0
      if (id) objects.set(nameOf(name), id)
    }
  }
  await tellDiagnoses(ctx, setting, told, objects)
}

/** As they were sent last time. */
async function versionsBefore(ctx: Context, visits: readonly Told[]): Promise<Map<string, Resource>> {
  const heads = await loadHeads(ctx, visits.filter((v) => !v.isNew).map((v) => v.name)) // biome-ignore format: one thought
  const bodies = await loadBodies(ctx, [...heads.values()])
  return new Map(
    [...heads].flatMap(([name, { key }]) => {
      const body = bodies.get(key)
      return body ? [[name, body] as const] : []
    }),
  )
}

type Diagnosed = { key: string; resource: Resource | null; sourceAt: Date | undefined }

/** What Conditions say of a visit is told together, since a list of diagnoses takes the place of the one before. */
async function tellDiagnoses(ctx: Context, setting: Setting, told: readonly Told[], objects: Objects): Promise<void> {
  const conditions = told.filter((t) => t.name.type === 'Condition')
  const encounters = told.filter((t) => t.name.type === 'Encounter' && t.resource && !t.isNameNew)
  const touched = new Map<string, Target>()
  for (const target of targetsIn(
    conditions.map((c) => c.resource),
    ['Encounter'],
    setting.base,
  ))
    touched.set(nameOf(target), target)
  for (const { name } of encounters) touched.set(nameOf(name), name)
  const deleted = conditions.filter((c) => !c.resource).map((c) => nameOf(c.name))
  for (const target of await encountersOfDeleted(ctx, deleted)) touched.set(nameOf(target), target)
  if (touched.size === 0) return
  const inBatch = new Map(
    conditions.map((c): [string, Diagnosed] => [nameOf(c.name), { key: nameOf(c.name), resource: c.resource, sourceAt: c.sourceAt }]),
  )
  const needsOld = [...touched.keys()].some((name) => !told.some((t) => t.isNameNew && nameOf(t.name) === name))
  const kept = needsOld ? await keptConditions(ctx, [...touched.keys()]) : []
  const all = [...inBatch.values(), ...kept.filter((k) => !inBatch.has(k.key))]
  if (all.length === 0) return
  const visits = await visitsOf(ctx, [...touched.values()], told, objects)
  const facts = [...touched.keys()].flatMap((name): EncounterFacts[] => {
    const visit = visits.get(name)
    const own = all.filter((c) => c.resource && isOf(c.resource, name))
    const wasDeleted = conditions.some((c) => !c.resource)
    if (!visit || (own.length === 0 && !wasDeleted)) return []
    const sourceAt = own.reduce((latest, c) => (c.sourceAt && c.sourceAt > latest ? c.sourceAt : latest), new Date(0))
    const diagnoses = diagnosesIn(
      own.flatMap((c) => c.resource ?? []),
      visit.isOver,
    )
    return [
      {
        number: visit.number,
        patientId: visit.patientId,
        event: 'update',
        sourceAt: own.length > 0 && sourceAt.getTime() > 0 ? sourceAt : ctx.clock.now(),
        diagnoses: diagnoses.length > 0 ? diagnoses : null,
      },
    ]
  })
  await applyEncounterFacts(ctx, facts)
}

const isOf = (condition: Resource, encounter: string) => {
  const target = targetIn(condition.encounter)
  return target !== undefined && nameOf(target) === encounter
}

function diagnosesIn(conditions: readonly Resource[], isOver: boolean): SaidDiagnosis[] {
  const sorted = conditions.filter(isTrue).toSorted((a, b) => rankOf(a) - rankOf(b) || (timeOf(a) < timeOf(b) ? -1 : 1))
  return sorted.flatMap((condition, at) => diagnosisOf(condition.code, isOver ? 'final' : 'working', at + 1) ?? [])
}

const timeOf = (c: Resource) => `${textOf(c.recordedDate) ?? textOf(c.onsetDateTime) ?? '9'} ${c.id ?? ''}`
const codesOf = (concept: unknown) => (isElement(concept) ? elementsOf(concept.coding).map((c) => textOf(c.code) ?? '') : [])
const isTrue = (c: Resource) => !codesOf(c.verificationStatus).some((code) => code === 'entered-in-error' || code === 'refuted')
/** The diagnosis of the visit before those of the list of problems. */
const rankOf = (c: Resource) => (elementsOf(c.category).some((k) => codesOf(k).includes('encounter-diagnosis')) ? 0 : 1)

async function keptConditions(ctx: Context, encounters: readonly string[]): Promise<Diagnosed[]> {
  const { rows } = await sql<Head>`
    select r.key, r.type, r.id, r.version, r.changed_at, r.is_deleted, r.hash, r.object_id, r.patient_id, r.waits_for from integration.fhir_resources r
    where r.key in (select i.key from integration.fhir_index i where i.what = 'Condition.encounter' and i.value = any(${[...encounters]}::text[]))
      and not r.is_deleted limit 500`.execute(ctx.db)
  const bodies = await loadBodies(ctx, rows)
  return rows.map((head) => ({ key: nameOf(head), resource: bodies.get(head.key) ?? null, sourceAt: head.changedAt }))
}

async function encountersOfDeleted(ctx: Context, names: readonly string[]): Promise<Target[]> {
  if (names.length === 0) return []
  const { rows } = await sql<{ value: string }>`
    select distinct i.value from integration.fhir_resources r join integration.fhir_index i on i.key = r.key and i.what = 'Condition.encounter'
    where r.type = 'Condition' and r.id = any(${names.map((n) => n.slice('Condition/'.length))}::text[])`.execute(ctx.db)
  return rows.flatMap(({ value }) => (value.startsWith('Encounter/') ? [{ type: 'Encounter', id: value.slice(10) }] : []))
}

export type Visit = { number: string; patientId: string; isOver: boolean; encounterId: string | null }

/** The visits that these references mean: as they were told a moment ago, or as the product has them. */
export async function visitsOf(
  ctx: Context,
  targets: readonly Target[],
  told: readonly Told[],
  objects: Objects,
): Promise<Map<string, Visit>> {
  const found = new Map<string, Visit>()
  const left: Target[] = []
  for (const target of targets) {
    const now = told.find((t) => nameOf(t.name) === nameOf(target))
    if (now?.patientId && isResource(now.resource)) {
      const isOver = houseStatus(now.resource) === 'discharged'
      found.set(nameOf(target), {
        number: visitNumber(now.resource),
        patientId: now.patientId,
        isOver,
        encounterId: objects.get(nameOf(target)) ?? null,
      })
    } else left.push(target)
  }
  if (left.length === 0) return found
  const ids = await objectsOf(ctx, left, objects)
  const cards = await db(ctx)
    .selectFrom('encounters.cards')
    .where('id', '=', sql<string>`any(${[...ids.values()]}::uuid[])`)
    .select(['id', 'number', 'patientId', 'status'])
    .execute()
  for (const [name, id] of ids) {
    const card = cards.find((c) => c.id === id)
    if (card)
      found.set(name, { number: card.number, patientId: card.patientId, isOver: card.status === 'discharged', encounterId: card.id })
  }
  return found
}
