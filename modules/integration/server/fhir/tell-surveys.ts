import { isElement, type Resource, spanOf, type Target, targetIn, targetOf, textOf } from '@renxin/fhir'
import { newId } from '@renxin/kernel'
import { type Context, sql } from '@renxin/server'
import { getVersion, type NewResponse, recordManyResponses } from '@renxin/surveys'
import { answersOf, checkAnswers, readForm } from '@renxin/surveys/contract'
import { objectsOf, targetsIn } from './references-known.ts'
import { type Setting, UUID } from './setting.ts'
import { nameOf } from './store.ts'
import { db } from './tables.ts'
import { visitsOf } from './tell-encounters.ts'
import type { Objects, Told } from './told.ts'

/** Answers to a questionnaire of the house count in its figures; what answers another, or not all of it, is only kept. */
export async function tellSurveys(ctx: Context, setting: Setting, told: readonly Told[], objects: Objects): Promise<void> {
  const answered = told.filter(
    (t) =>
      t.name.type === 'QuestionnaireResponse' &&
      t.patientId &&
      t.objectId === null &&
      (t.resource?.status === 'completed' || t.resource?.status === 'amended'),
  )
  if (answered.length === 0) return
  const versions = await versionsOf(
    ctx,
    answered.flatMap((t) => textOf(t.resource?.questionnaire) ?? []),
    objects,
  )
  const countable = answered.filter((t) => versions.has(textOf(t.resource?.questionnaire) ?? ''))
  if (countable.length === 0) return
  const visits = await visitsOf(
    ctx,
    targetsIn(
      countable.map((t) => t.resource),
      ['Encounter'],
      setting.base,
    ),
    told,
    objects,
  )
  const responses: NewResponse[] = []
  for (const { name, resource, patientId } of countable) {
    const versionId = versions.get(textOf(resource?.questionnaire) ?? '')
    if (!resource || !patientId || !versionId) continue
    const form = readForm((await getVersion(ctx, versionId)).definition)
    const answers = answersOf(form, resource)
    if (checkAnswers(form, answers).length > 0) continue
    const encounter = targetIn(resource.encounter)
    const encounterId = (encounter && visits.get(nameOf(encounter))?.encounterId) ?? null
    const id = UUID.test(name.id) ? name.id : newId(ctx.clock.now().getTime())
    const completedAt = spanOf(resource.authored, setting.dayStart)?.low
    responses.push({
      id,
      versionId,
      patientId,
      encounterId,
      answers,
      channel: 'console',
      respondent: respondentIn(resource),
      ...(completedAt ? { completedAt } : {}),
    })
    objects.set(nameOf(name), id)
  }
  await recordManyResponses(ctx, responses)
}

function respondentIn(resource: Resource): NewResponse['respondent'] {
  const source = isElement(resource.source) ? targetIn(resource.source)?.type : undefined
  if (source === 'RelatedPerson') return 'relative'
  return source === 'Practitioner' || source === 'PractitionerRole' ? 'staff' : 'patient'
}

/** The version of a questionnaire that a response names: itself, or the questionnaire, whose present version is meant. */
async function versionsOf(ctx: Context, names: readonly string[], objects: Objects): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  const targets = new Map(names.flatMap((name): [string, Target][] => {
    const target = targetOf(name.split('|')[0])
    return target ? [[name, target]] : []
  })) // biome-ignore format: one thought
  const said = names.flatMap((name) => (name.startsWith('urn:uuid:') ? [name.slice(9)] : []))
  const ids = await objectsOf(ctx, [...targets.values()], objects)
  for (const [url, id] of await byAddress(ctx, names)) {
    targets.set(url, { type: 'Questionnaire', id })
    ids.set(`Questionnaire/${id}`, id)
  }
  const wanted = [...new Set([...ids.values(), ...said])].filter((id) => UUID.test(id))
  if (wanted.length === 0) return found
  const cards = await db(ctx)
    .selectFrom('surveys.questionnaireCards')
    .where('id', '=', sql<string>`any(${wanted}::uuid[])`)
    .select(['id', 'currentVersionId'])
    .execute()
  for (const [name, target] of targets) {
    const version = cards.find((c) => c.id === ids.get(nameOf(target)))?.currentVersionId
    if (version) found.set(name, version)
  }
  for (const id of said) if (UUID.test(id) && (await isVersion(ctx, id))) found.set(`urn:uuid:${id}`, id)
  return found
}

const isVersion = (ctx: Context, id: string) =>
  getVersion(ctx, id).then(
    () => true,
    () => false,
  )

/** The questionnaires of the house that were sent under these canonical addresses. */
async function byAddress(ctx: Context, names: readonly string[]): Promise<Map<string, string>> {
  const urls = names.filter((name) => /^https?:/.test(name))
  if (urls.length === 0) return new Map()
  const { rows } = await sql<{ url: string; objectId: string }>`
    select i.value as url, r.object_id from integration.fhir_index i join integration.fhir_resources r on r.key = i.key
    where i.what = 'Questionnaire.url' and i.value = any(${urls.map((u) => u.split('|')[0] ?? '')}::text[]) and r.object_id is not null and not r.is_deleted`.execute(
    ctx.db,
  )
  return new Map(urls.flatMap((url) => rows.filter((r) => r.url === url.split('|')[0]).map((r) => [url, r.objectId])))
}
