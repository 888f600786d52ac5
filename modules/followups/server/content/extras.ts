import { houseErrors, type Input } from '@renxin/kernel'
import { type Context, sql } from '@renxin/server'
import { getVersion, recordResponse } from '@renxin/surveys'
import type { Channel, Respondent } from '@renxin/surveys/contract'
import { type contentApi, contentErrors, type ExtraAnswers } from '../../contract.ts'
import { noteCall } from '../flags/index.ts'
import { db } from './tables.ts'

type Api = typeof contentApi

/** All that are asked or were, and the groups among which one chooses. */
export async function listExtras(ctx: Context) {
  const rows = await db(ctx)
    .selectFrom('followups.extras as e')
    .leftJoin('patients.groupCards as g', 'g.id', 'e.groupId')
    .leftJoin('surveys.questionnaireCards as q', 'q.id', 'e.questionnaireId')
    .select(['e.id', 'e.name', 'e.groupId', 'e.questionnaireId', 'e.fromOn', 'e.untilOn'])
    .select([sql<string>`coalesce(g.name, '')`.as('groupName'), sql<string>`coalesce(q.title, '')`.as('questionnaireTitle')])
    .orderBy('e.name')
    .orderBy('e.id')
    .limit(200)
    .execute()
  const groups = await db(ctx)
    .selectFrom('patients.groupCards')
    .where('isActive', '=', true)
    .select(['id', 'kind', 'name'])
    .orderBy('kind')
    .orderBy('name')
    .limit(500)
    .execute()
  return { rows, groups }
}

/** Saved again it is changed, and asked so from the next call on; to end it, its last day is set. */
export async function saveExtra(ctx: Context, { id, body }: Input<Api['saveExtra']>) {
  if (ctx.actor.scope !== 'hospital') throw houseErrors.forbidden({ permission: 'followups.programmes' }) // groups are the hospital's
  const group = await db(ctx).selectFrom('patients.groupCards').where('id', '=', body.groupId).select('id').executeTakeFirst()
  if (!group) throw contentErrors.extraGroupUnknown({ id: body.groupId })
  const questionnaire = await db(ctx)
    .selectFrom('surveys.questionnaireCards')
    .where('id', '=', body.questionnaireId)
    .where('currentVersionId', 'is not', null)
    .select('id')
    .executeTakeFirst()
  if (!questionnaire) throw contentErrors.extraQuestionnaireUnknown({ id: body.questionnaireId })
  const said = { ...body, savedAt: ctx.clock.now(), savedBy: ctx.actor.id }
  await db(ctx)
    .insertInto('followups.extras')
    .values({ id, ...said })
    .onConflict((c) => c.constraint('extras_pkey').doUpdateSet(said))
    .execute()
  return { id }
}

type Task = { id: string; patientId: string; isOpen: boolean }

/** What this patient is asked beside what the call asks: of an open call what is asked today, of a closed one what was answered in it. */
export async function extrasOf(ctx: Context, task: Task) {
  const asked = await db(ctx)
    .selectFrom('followups.extras as e')
    .leftJoin('followups.extraResponses as r', (on) => on.onRef('r.extraId', '=', 'e.id').on('r.taskId', '=', task.id))
    .leftJoin('surveys.responseCards as c', 'c.id', 'r.responseId')
    .where(task.isOpen ? isAskedToday(ctx, task.patientId) : sql<boolean>`r.response_id is not null`)
    .select(['e.id', 'e.name', 'e.questionnaireId', 'r.responseId', 'c.versionId'])
    .orderBy('e.name')
    .orderBy('e.id')
    .limit(20)
    .execute()
  return asked
}

const isAskedToday = (ctx: Context, patientId: string) => sql<boolean>`
  e.from_on <= ${ctx.clock.today()} and (e.until_on is null or e.until_on >= ${ctx.clock.today()})
  and exists (select from patients.group_members g where g.group_id = e.group_id and g.patient_id = ${patientId}::uuid)`

type Call = { channel: Channel; respondent: Respondent; encounterId: string }

/** Records what was answered beside the call, each with its own response and the red flags that it raises. */
export async function recordExtras(ctx: Context, task: Task, call: Call, extras: readonly ExtraAnswers[]): Promise<void> {
  if (extras.length === 0) return
  const asked = new Map((await extrasOf(ctx, { ...task, isOpen: true })).map((e) => [e.id, e.questionnaireId]))
  for (const { extraId, id, versionId, answers, told } of extras) {
    // a handful
    // A version that was published while the nurse talked does not undo what she asked; one of another questionnaire is a mistake.
    if ((await getVersion(ctx, versionId)).questionnaireId !== asked.get(extraId)) throw contentErrors.extraNotAsked({ extraId })
    await recordResponse(ctx, { id, versionId, answers, patientId: task.patientId, ...call, by: ctx.actor.id })
    await db(ctx).insertInto('followups.extraResponses').values({ taskId: task.id, extraId, responseId: id }).execute()
    await noteCall(ctx, { responseId: id, taskId: task.id, told })
  }
}
