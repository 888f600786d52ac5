import { monthOf } from '@renxin/kernel'
import { type Context, emitMany, sql } from '@renxin/server'
import {
  type Answers,
  type Channel,
  checkAnswers,
  enabledItems,
  type FilledValue,
  type Form,
  filledOf,
  isFilled,
  type Respondent,
  scoreAnswers,
  surveyErrors,
  toAnswerRows,
  toResponseItems,
  withFilled,
} from '../contract.ts'
import { responseRecorded } from './events.ts'
import { fillForms, seenBy } from './fill.ts'
import { formOf } from './questionnaires.ts'
import { db } from './tables.ts'

export type NewResponse = {
  /** Made by whoever took the answers: sent twice, it is recorded once. */
  id: string
  versionId: string
  patientId: string
  encounterId: string | null
  answers: Answers
  channel: Channel
  respondent: Respondent
  /** The account that wrote it down; the present actor where it is not said. */
  by?: string
  /** When it was answered; now where it is not said. */
  completedAt?: Date
  /** The answers that these are put in the place of. */
  insteadOf?: Former
}

/** What answers that were put right keep of the former ones: whose they are, the units they count for, and what the records had filled in. */
export type Former = Place & { resource: object }

export type RecordedResponse = {
  id: string
  isNew: boolean
  /** Over what was scored, the net promoter answer apart. */
  scoreSum: number | null
  scoreMean: number | null
  nps: number | null
}

/** Checks a response against its version, scores it and keeps it, once by its id. Refuses with the problems of each question. */
export async function recordResponse(ctx: Context, response: NewResponse): Promise<RecordedResponse> {
  const [recorded] = await recordManyResponses(ctx, [response])
  if (!recorded) throw new Error('one response went in and none came out')
  return recorded
}

/** The same for many at once, each with an id of its own, in a fixed number of statements. */
export async function recordManyResponses(ctx: Context, responses: readonly NewResponse[]): Promise<RecordedResponse[]> {
  const asked: Asked[] = []
  for (const response of responses) asked.push({ response, ...(await formOf(ctx, response.versionId)) }) // versions are kept once read: no query for each
  const filled = await fill(ctx, asked)
  const isSeen = filled.some((f) => f.length > 0) ? await seenBy(ctx) : () => true
  const read = asked.map((one, at) => readResponse(one, filled[at] ?? [], isSeen))
  const places = await placesOf(ctx, [...new Set(responses.flatMap((r) => r.encounterId ?? []))])
  const fresh = await insert(ctx, read, places)
  await refuseOthersUnderTheSameId(ctx, read, fresh)
  await emitMany(
    ctx,
    responseRecorded,
    responses.filter((r) => fresh.has(r.id)).map(({ id, patientId, encounterId }) => ({ responseId: id, patientId, encounterId })),
  )
  return read.map(({ response, scores }) => ({
    id: response.id,
    isNew: fresh.has(response.id),
    scoreSum: scores.total.count > 0 ? scores.total.sum : null,
    scoreMean: scores.total.mean,
    nps: scores.nps,
  }))
}

type Read = ReturnType<typeof readResponse>

type Asked = { response: NewResponse; form: Form; questionnaireId: string }

function readResponse({ response, form, questionnaireId }: Asked, filled: readonly FilledValue[], isSeen: (value: FilledValue) => boolean) {
  const answers = withFilled(form, response.answers, filled)
  const enabled = enabledItems(form, answers)
  const asked = enabledItems(form, withFilled(form, response.answers, filled.filter(isSeen)))
  const problems = checkAnswers(form, answers, enabled).filter((p) => p.code !== 'required' || asked.has(p.linkId)) // nobody leaves out what he was not asked
  if (problems.length > 0) throw surveyErrors.answersRefused({ id: response.id, problems })
  return {
    response,
    questionnaireId,
    rows: toAnswerRows(form, answers, enabled),
    scores: scoreAnswers(form, answers, enabled),
    items: toResponseItems(form, answers, enabled, filled),
  }
}

/**
 * What the records say now, for each form that is filled from them: from here on it stands with the answers, whatever the hospital's systems say later. A response
 * that is recorded already keeps what it was filled with, so that it says the same when it is sent again.
 */
async function fill(ctx: Context, asked: readonly Asked[]): Promise<FilledValue[][]> {
  const filling = asked.filter(({ form }) => [...form.byLinkId.values()].some(isFilled))
  if (filling.length === 0) return []
  const standing = await db(ctx)
    .selectFrom('surveys.responses')
    .where('id', '=', sql<string>`any(${filling.map((a) => a.response.id)}::uuid[])`)
    .select(['id', 'resource'])
    .execute()
  const kept = new Map(standing.map((r) => [r.id, filledOf(r.resource)]))
  for (const { response } of filling) if (response.insteadOf) kept.set(response.id, filledOf(response.insteadOf.resource))
  const fresh = filling.filter((a) => !kept.has(a.response.id))
  const values = await fillForms(
    ctx,
    fresh.map(({ form, response: { patientId, encounterId } }) => ({ form, visit: { patientId, encounterId } })),
  )
  for (const [at, { response }] of fresh.entries()) kept.set(response.id, values[at] ?? [])
  return asked.map((a) => kept.get(a.response.id) ?? [])
}

async function placesOf(ctx: Context, encounterIds: readonly string[]) {
  if (encounterIds.length === 0) return new Map<string, Place>()
  const found = await db(ctx)
    .selectFrom('encounters.cards')
    .where('id', '=', sql<string>`any(${encounterIds}::uuid[])`)
    .select(['id', 'saidPatientId', 'wardId', 'departmentId', 'attendingId', 'nurseId'])
    .execute()
  return new Map<string, Place>(found.map((e) => [e.id, e]))
}

type Place = {
  saidPatientId?: string | null
  wardId: string | null
  departmentId: string | null
  attendingId: string | null
  nurseId: string | null
}
const nowhere: Place = { wardId: null, departmentId: null, attendingId: null, nurseId: null }

/** Answers with the ids that were not there before. Response and answers go in by one statement, so that neither is without the other. */
async function insert(ctx: Context, read: readonly Read[], places: ReadonlyMap<string, Place>): Promise<ReadonlySet<string>> {
  const responses = read.map(({ response: r, questionnaireId, scores, items }) => {
    const completedAt = r.completedAt ?? ctx.clock.now()
    const day = ctx.clock.dayOf(completedAt)
    const place = r.insteadOf ?? (r.encounterId ? places.get(r.encounterId) : undefined) ?? nowhere
    return {
      id: r.id,
      questionnaire_id: questionnaireId,
      version_id: r.versionId,
      said_patient_id: place.saidPatientId ?? r.patientId, // an answer about a visit is of whom the visit was said
      encounter_id: r.encounterId,
      channel: r.channel,
      respondent: r.respondent,
      recorded_by: r.by ?? ctx.actor.id,
      completed_at: completedAt,
      day,
      month: monthOf(day),
      ward_id: place.wardId,
      department_id: place.departmentId,
      attending_id: place.attendingId,
      nurse_id: place.nurseId,
      resource: resourceOf(r, completedAt, items),
      score_sum: scores.total.count > 0 ? scores.total.sum : null,
      score_mean: scores.total.mean,
      score_count: scores.total.count,
    }
  })
  const answers = read.flatMap(({ response, rows }) =>
    rows.map((a, position) => ({
      response_id: response.id,
      position,
      nth: a.nth,
      link_id: a.linkId,
      code: a.code,
      measure: a.measure,
      verdict: a.verdict,
      value_code: a.valueCode,
      value_text: a.valueText,
      value_number: a.valueNumber,
      score: a.score,
    })),
  )
  const { rows } = await sql<{ id: string }>`
    with added as (
      insert into surveys.responses (id, questionnaire_id, version_id, patient_id, said_patient_id, encounter_id, channel, respondent, recorded_by, completed_at,
        day, month, ward_id, department_id, attending_id, nurse_id, resource, score_sum, score_mean, score_count)
      select r.id, questionnaire_id, version_id, case when p.merged_into is null then p.id else p.merged_into end, said_patient_id, encounter_id,
        channel, respondent, recorded_by, completed_at,
        day, month, ward_id, department_id, attending_id, nurse_id, resource, score_sum, score_mean, score_count
      from jsonb_populate_recordset(null::surveys.responses, ${JSON.stringify(responses)}::jsonb) r
      join patients.cards p on p.id = r.said_patient_id
      on conflict on constraint responses_pkey do nothing
      returning id, questionnaire_id, version_id, day, month, ward_id, department_id, attending_id, nurse_id
    ), answered as (
      insert into surveys.answers (response_id, position, nth, questionnaire_id, version_id, link_id, code, measure, verdict,
        value_code, value_text, value_number, score, day, month, ward_id, department_id, attending_id, nurse_id)
      select a.response_id, a.position, a.nth, r.questionnaire_id, r.version_id, a.link_id, a.code, a.measure, a.verdict,
        a.value_code, a.value_text, a.value_number, a.score, r.day, r.month, r.ward_id, r.department_id, r.attending_id, r.nurse_id
      from jsonb_populate_recordset(null::surveys.answers, ${JSON.stringify(answers)}::jsonb) a
      join added r on r.id = a.response_id
    )
    select id from added`.execute(ctx.db)
  return new Set(rows.map((r) => r.id))
}

/** The FHIR R4 QuestionnaireResponse. It names the version, not the questionnaire: the words that were answered. */
const resourceOf = (r: NewResponse, completedAt: Date, item: object[]) => ({
  resourceType: 'QuestionnaireResponse',
  id: r.id,
  questionnaire: `urn:uuid:${r.versionId}`,
  status: r.insteadOf ? 'amended' : 'completed',
  subject: { reference: `Patient/${r.patientId}` },
  ...(r.encounterId ? { encounter: { reference: `Encounter/${r.encounterId}` } } : {}),
  authored: completedAt.toISOString(),
  item,
})

/** Sent again it must say the same; another response under an id that is taken is a mistake that must not pass for recorded. */
async function refuseOthersUnderTheSameId(ctx: Context, read: readonly Read[], fresh: ReadonlySet<string>) {
  const again = read.filter(({ response }) => !fresh.has(response.id))
  if (again.length === 0) return
  const said = again.map(({ response, items }) => ({ id: response.id, version_id: response.versionId, items }))
  const { rows } = await sql<{ id: string }>`
    select s.id from jsonb_to_recordset(${JSON.stringify(said)}::jsonb) as s (id uuid, version_id uuid, items jsonb)
    left join surveys.responses r on r.id = s.id and r.version_id = s.version_id and r.resource -> 'item' = s.items
    where r.id is null limit 1`.execute(ctx.db)
  if (rows[0]) throw surveyErrors.idTaken({ id: rows[0].id })
}
