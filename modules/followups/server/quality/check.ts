import type { Input } from '@renxin/kernel'
import { type Context, sql } from '@renxin/server'
import { currentVersion, findQuestionnaireByKey, getVersion } from '@renxin/surveys'
import {
  type Answers,
  answersTo,
  checkAnswers,
  enabledItems,
  type Form,
  readForm,
  scaleOf,
  scoreOfQuestion,
} from '@renxin/surveys/contract'
import { type QualityCheck, type qualityApi, qualityErrors, qualityKey, reviewErrors } from '../../contract.ts'
import { noteLooks } from '../levels/looks.ts'
import { getRow } from '../rows.ts'
import { getCheck } from './list.ts'
import { db } from './tables.ts'

type Api = typeof qualityApi

/** What a quality check asks today. */
export async function getQualityForm(ctx: Context) {
  const card = await findQuestionnaireByKey(ctx, qualityKey)
  if (card?.status !== 'active') throw qualityErrors.noQualityForm()
  const { id, title, definition } = await currentVersion(ctx, card.id)
  return { versionId: id, title, definition }
}

/** Keeps how a call was found, of another's work that is done. Sent twice it is kept once. */
export async function checkQuality(ctx: Context, { id, checkId, versionId, answers }: Input<Api['checkQuality']>): Promise<QualityCheck> {
  const task = await getRow(ctx, id)
  if (task.status !== 'done' || task.assigneeId === null) throw reviewErrors.notDone({ id })
  if (task.assigneeId === ctx.actor.id) throw reviewErrors.ownWork({ id })
  const version = await getVersion(ctx, versionId)
  if (version.questionnaireId !== (await findQuestionnaireByKey(ctx, qualityKey))?.id) throw qualityErrors.notQualityForm({ versionId })
  const form = readForm(version.definition)
  const problems = checkAnswers(form, answers)
  if (problems.length > 0) throw qualityErrors.qualityRefused({ problems })
  const now = ctx.clock.now()
  await db(ctx)
    .insertInto('followups.qualityChecks')
    .values({
      id: checkId,
      taskId: id,
      patientId: task.patientId,
      departmentId: task.departmentId,
      wardId: task.wardId,
      ownerId: task.assigneeId,
      ownerName: task.assigneeName ?? '',
      versionId,
      answers: sql<Answers>`${JSON.stringify(answers)}::jsonb`,
      ...pointsOf(form, answers),
      remarks: remarksIn(form, answers),
      checkedAt: now,
      checkedOn: ctx.clock.today(),
      checkedBy: ctx.actor.id,
      checkedByName: ctx.actor.name,
    })
    .onConflict((c) => c.constraint('quality_checks_pkey').doNothing())
    .execute()
  await noteLooks(ctx, [id], 'judged')
  const kept = await getCheck(ctx, checkId)
  if (kept?.taskId !== id) throw qualityErrors.qualityTaken({ id: checkId })
  return kept
}

/** The points, and how many could be had: of what applied, whatever scale the hospital gave it. */
export function pointsOf(form: Form, answers: Answers): { points: number; most: number } {
  const enabled = enabledItems(form, answers)
  let [points, most] = [0, 0]
  for (const item of form.byLinkId.values()) {
    const score = enabled.has(item.linkId) ? scoreOfQuestion(item, answersTo(answers, item.linkId)) : null
    if (score === null) continue
    points += Math.max(0, score)
    most += Math.max(scaleOf(item).highest, score)
  }
  return { points, most }
}

/** What was written freely, in the order of the form. */
const remarksIn = (form: Form, answers: Answers): string =>
  [...form.byLinkId.values()]
    .filter((item) => item.options.length === 0)
    .flatMap((item) => answersTo(answers, item.linkId).filter((v) => typeof v === 'string'))
    .join('\n')
    .slice(0, 4000)
