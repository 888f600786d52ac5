import { type Context, sql } from '@renxin/server'
import { type Answers, type AnswerVersion, answersOf, filledOf, readForm, surveyErrors, withFilled } from '../contract.ts'
import { showFilled } from './fill.ts'
import { getVersion } from './questionnaires.ts'
import { recordResponse } from './record-response.ts'
import { responses } from './responses.ts'
import { db } from './tables.ts'

export type Correction = { formerId: string; id: string; answers: Answers; reason: string }

/**
 * Puts other answers in the place of those that were recorded: to the same words, of the same patient and moment, with what the records had filled in then. The former
 * ones are kept as they were, and no figure counts them any more. Sent twice it is done once; of two who correct the same answers the second is told.
 */
export async function correctResponse(ctx: Context, { formerId, id, answers, reason }: Correction): Promise<void> {
  const former = await db(ctx)
    .selectFrom('surveys.responses')
    .where('id', '=', formerId)
    .where('patientId', 'is not', null) // of one who asked to be forgotten nothing is put right
    .selectAll()
    .$narrowType<{ patientId: string }>()
    .executeTakeFirst()
  if (!former) throw surveyErrors.responseNotFound({ id: formerId })
  if (former.replacedBy === id) return
  const { versionId, patientId, encounterId, channel, respondent, recordedBy, completedAt } = former
  const said = { versionId, patientId, encounterId, channel, respondent, by: recordedBy, completedAt }
  await recordResponse(ctx, { id, answers, ...said, insteadOf: former })
  const replaced = await db(ctx)
    .updateTable('surveys.responses')
    .set({ replacedBy: id })
    .where('id', '=', formerId)
    .where('replacedBy', 'is', null)
    .executeTakeFirst()
  if (replaced.numUpdatedRows === 0n) throw surveyErrors.alreadyCorrected({ id: formerId, byName: await correctorOf(ctx, formerId) })
  await refuseTheSame(ctx, formerId, id)
  await db(ctx).deleteFrom('surveys.answers').where('responseId', '=', formerId).execute()
  await db(ctx)
    .insertInto('surveys.corrections')
    .values({ responseId: id, formerId, reason, correctedAt: ctx.clock.now(), correctedBy: ctx.actor.id, correctedByName: ctx.actor.name })
    .execute()
  ctx.touched.add('surveys')
}

async function correctorOf(ctx: Context, formerId: string): Promise<string> {
  const found = await db(ctx)
    .selectFrom('surveys.corrections')
    .where('formerId', '=', formerId)
    .select('correctedByName')
    .executeTakeFirst()
  return found?.correctedByName ?? ''
}

async function refuseTheSame(ctx: Context, formerId: string, id: string): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select n.id from surveys.responses n join surveys.responses f on f.id = ${formerId}::uuid
     where n.id = ${id}::uuid and n.resource -> 'item' = f.resource -> 'item'`.execute(ctx.db)
  if (rows[0]) throw surveyErrors.nothingCorrected({ id: formerId })
}

/** What stands now and what was said before it was put right, the newest first. */
export async function listAnswerVersions(ctx: Context, { id }: { id: string }) {
  const { rows: chain } = await sql<{ id: string }>`
    with recursive before (id) as (
      select ${id}::uuid union all select c.former_id from surveys.corrections c join before b on c.response_id = b.id
    ), after (id) as (
      select ${id}::uuid union all select c.response_id from surveys.corrections c join after a on c.former_id = a.id
    )
    select id from before union select id from after limit 100`.execute(ctx.db)
  const found = await responses(ctx)
    .leftJoin('surveys.corrections as c', 'c.responseId', 'r.id')
    .where('r.id', '=', sql<string>`any(${chain.map((c) => c.id)}::uuid[])`)
    .select(['r.resource', 'c.correctedAt', 'c.correctedByName', 'c.reason'])
    .orderBy(sql`c.corrected_at desc nulls last`)
    .orderBy('r.id', 'desc')
    .execute()
  const [newest] = found
  if (!newest || !found.some((r) => r.id === id)) throw surveyErrors.responseNotFound({ id })
  const { definition } = await getVersion(ctx, newest.versionId)
  const form = readForm(definition)
  const versions: AnswerVersion[] = []
  for (const r of found)
    versions.push({
      id: r.id,
      at: (r.correctedAt ?? r.completedAt).toISOString(),
      byName: r.correctedByName,
      reason: r.reason,
      answers: withFilled(form, answersOf(form, r.resource), []) as AnswerVersion['answers'], // lists of their own
      filled: await showFilled(ctx, form, filledOf(r.resource)),
    })
  return { patientId: newest.patientId, definition, versions }
}
