import { daysBetween, type LocalDate } from '@renxin/kernel'
import type { Pack } from '@renxin/server/export'
import { type Answers, type Form, toResponseItems } from '@renxin/surveys/contract'
import type { Answered } from './answers.ts'
import type { FrozenCohort } from './cohorts.ts'
import type { Member, Study } from './dataset.ts'
import { pseudonymOf } from './pseudonym.ts'
import { type HowToRead, leaves } from './variables.ts'

const DAY = 'urn:renxin:fhir:day-after-discharge'
const VISIT = 'urn:renxin:fhir:cohort-visit'
const SIDE = 'urn:renxin:fhir:cohort-side'

/**
 * The answers of a study as a FHIR R4 Bundle (collection) of QuestionnaireResponses, with the questionnaires that they answer. Without identification the subject is a
 * number drawn by lot, and a day is so many after the discharge: an extension in the place of the value (R4, 2.1.0.3: an element has a value, children or extensions).
 */
export const bundleOf =
  (cohort: FrozenCohort, study: Study, how: HowToRead): Pack =>
  (_, mark, serial) => {
    const members = new Map(study.members.map((m) => [m.encounterId, m]))
    const visits = new Map(study.visits.map((v) => [v.position, v.name]))
    const used = new Map<string, object>()
    const responses = study.places.flatMap((place) => {
      const member = members.get(place.encounterId)
      const answered = study.answering.byResponse.get(place.responseId ?? '')
      const form = answered && study.answering.formByVersion.get(answered.versionId)
      if (!member || !answered || !form) return []
      used.set(answered.versionId, form.definition)
      const id = `${pseudonymOf(member.number, study.size)}-v${place.position}-${place.side}`
      const resource = {
        resourceType: 'QuestionnaireResponse',
        id,
        extension: [
          { url: VISIT, valueString: visits.get(place.position) ?? '' },
          { url: SIDE, valueCode: place.side },
          ...(place.doneDay === null ? [] : [{ url: DAY, valueInteger: place.doneDay }]),
        ],
        questionnaire: `urn:uuid:${answered.versionId}`,
        status: 'completed',
        subject: subjectOf(cohort, study, member, how),
        source: { type: sources[answered.respondent] ?? 'Patient' },
        item: itemsOf(form.form, answered, member.anchorOn, how),
      }
      return [{ fullUrl: `urn:renxin:cohort:${cohort.id}:${id}`, resource }]
    })
    const questionnaires = [...used].map(([id, definition]) => ({ fullUrl: `urn:uuid:${id}`, resource: { ...definition, id } }))
    const bundle = {
      resourceType: 'Bundle',
      meta: {
        tag: [
          {
            system: 'urn:renxin:export',
            code: serial,
            display: [mark.title, ...mark.about.map(([name, value]) => `${name}: ${value}`)].join(' · '),
          },
        ],
      },
      identifier: { system: 'urn:renxin:export', value: serial },
      type: 'collection',
      entry: [...questionnaires, ...responses],
    }
    return { body: Buffer.from(`${JSON.stringify(bundle)}\n`), type: 'application/fhir+json', extension: 'json' }
  }

const sources: Readonly<Record<string, string>> = { patient: 'Patient', relative: 'RelatedPerson', staff: 'Practitioner' }

function subjectOf({ id }: FrozenCohort, { size }: Study, member: Member, { isIdentified }: HowToRead) {
  const identifier = { system: `urn:renxin:cohort:${id}`, value: pseudonymOf(member.number, size) }
  if (!isIdentified) return { type: 'Patient', identifier }
  const number = member.medicalRecordNumber ? `（${member.medicalRecordNumber}）` : ''
  return { type: 'Patient', identifier, display: member.name + number }
}

type Json = Record<string, unknown>

/** What was answered, as far as it leaves. */
function itemsOf(form: Form, { answers, enabled }: Answered, anchorOn: LocalDate, how: HowToRead): Json[] {
  const kept: Answers = Object.fromEntries(
    Object.entries(answers).flatMap(([linkId, given]) => {
      const item = form.byLinkId.get(linkId)
      if (!item || !leaves(item, how)) return []
      const left = how.isIdentified ? given : given.filter((v) => typeof v !== 'object')
      return left.length > 0 ? [[linkId, left]] : []
    }),
  )
  const items = toResponseItems(form, kept, enabled) as Json[] // FHIR elements, of which what follows looks at whatever there is
  return how.isIdentified ? items : items.map((item) => withoutDays(item, anchorOn))
}

function withoutDays(element: Json, anchorOn: LocalDate): Json {
  const { valueDate, valueDateTime, item, answer, ...rest } = element
  const day = valueDate ?? valueDateTime
  return {
    ...rest,
    ...(typeof day === 'string' && { extension: [{ url: DAY, valueInteger: daysBetween(anchorOn, day.slice(0, 10)) }] }),
    ...(Array.isArray(answer) && { answer: answer.map((a: Json) => withoutDays(a, anchorOn)) }),
    ...(Array.isArray(item) && { item: item.map((i: Json) => withoutDays(i, anchorOn)) }),
  }
}
