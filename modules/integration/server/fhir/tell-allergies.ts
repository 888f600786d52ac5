import { elementsOf, entryOf, isElement, isResource, type Resource, readJson, textOf } from '@renxin/fhir'
import { type AllergyFact, applyPatientFacts } from '@renxin/patients'
import { type Context, openText, sql } from '@renxin/server'
import { spokenName } from './facts-records.ts'
import type { Told } from './told.ts'

const NONE_KNOWN = new Set(['716186003', '409137002', 'no-known-allergies']) // says that there is none: no allergy of its own
const kinds: Readonly<Record<string, AllergyFact['kind']>> = {
  medication: 'drug',
  food: 'food',
  environment: 'environment',
  biologic: 'other',
}

/** What a person does not bear: each is told on its own, and one that is refuted, over or deleted is gone. */
export async function tellAllergies(ctx: Context, told: readonly Told[]): Promise<void> {
  const allergies = told.filter((t) => t.name.type === 'AllergyIntolerance' && t.patientId)
  const deleted = await lastWords(ctx, allergies.filter((t) => !t.resource).map((t) => t.name.id)) // biome-ignore format: one thought
  const facts = allergies.flatMap(({ name, resource, patientId, sourceAt }) => {
    const said = resource ?? deleted.get(name.id)
    const allergy = said && allergyIn(said)
    if (!allergy || !patientId) return []
    return [{ id: patientId, identifiers: [], sourceAt, allergyChanges: [{ ...allergy, isGone: !resource || isOver(resource) }] }]
  })
  if (facts.length > 0) await applyPatientFacts(ctx, facts)
}

const codesOf = (concept: unknown) => (isElement(concept) ? elementsOf(concept.coding).map((c) => textOf(c.code) ?? '') : [])
export const isOver = (resource: Resource) =>
  codesOf(resource.verificationStatus).some((c) => c === 'refuted' || c === 'entered-in-error') ||
  codesOf(resource.clinicalStatus).some((c) => c === 'inactive' || c === 'resolved')

export function allergyIn(resource: Resource): AllergyFact | undefined {
  const name = spokenName(resource.code)?.trim().slice(0, 100)
  const codes = codesOf(resource.code)
  if (!name || codes.some((c) => NONE_KNOWN.has(c))) return undefined
  const reactions = elementsOf(resource.reaction)
  const [category] = Array.isArray(resource.category) ? resource.category : []
  const severities = reactions.map((r) => textOf(r.severity))
  const severity =
    (['severe', 'moderate', 'mild'] as const).find((s) => severities.includes(s)) ?? (resource.criticality === 'high' ? 'severe' : null)
  const reaction = reactions.flatMap((r) => elementsOf(r.manifestation).flatMap((m) => spokenName(m) ?? []))
  return {
    code: codes.find(Boolean)?.slice(0, 100) ?? null,
    name,
    kind: entryOf(kinds, category) ?? null,
    severity,
    reaction: reaction.join('、').slice(0, 200) || null,
  }
}

/** What resources said before they were deleted. */
async function lastWords(ctx: Context, ids: readonly string[]): Promise<Map<string, Resource>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<{ id: string; body: Buffer }>`
    select distinct on (r.id) r.id, v.body from integration.fhir_resources r join integration.fhir_versions v on v.key = r.key
    where r.type = 'AllergyIntolerance' and r.id = any(${[...ids]}::text[]) and v.body is not null order by r.id, v.version desc`.execute(
    ctx.db,
  )
  return new Map(
    rows.flatMap(({ id, body }) => {
      const resource = readJson(openText(ctx, body))
      return isResource(resource) ? [[id, resource]] : []
    }),
  )
}
