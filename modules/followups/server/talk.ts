import type { Input } from '@renxin/kernel'
import { applyPatientFacts, noteContact, phonesOf, revealPhone } from '@renxin/patients'
import { type Context, emit, sql, unveiled } from '@renxin/server'
import { recordResponse } from '@renxin/surveys'
import { type Attempt, followupErrors, type followupsApi, type Outcome, reachErrors } from '../contract.ts'
import { noteNews, recordExtras } from './content/index.ts'
import { taskCompleted, taskUnreached } from './events.ts'
import { noteCall } from './flags/index.ts'
import { asItStands } from './follow-files.ts'
import { closeRunning, holdTask } from './hands.ts'
import { nextTask } from './queue.ts'
import { takeDay, whoAnswered } from './reach/reach.ts'
import { noteReview } from './reviews/steps.ts'
import { getRow } from './rows.ts'
import { afterSilence, type Next, queueAt } from './rules.ts'
import { db } from './tables.ts'
import { badNumbers, gateOf } from './task.ts'
import { tellPatients } from './tell-patients.ts'
import { tellTasks } from './tell-tasks.ts'

type Api = typeof followupsApi
type Held = Awaited<ReturnType<typeof holdTask>>

/** Shows the number of a patient to the nurse whose task he is: the task is the reason, and the try begins. */
export async function dial(ctx: Context, { id, attemptId, contactId }: Input<Api['dial']>) {
  const task = await holdTask(ctx, id)
  const phone = (await phonesOf(ctx, task.patientId)).find((p) => p.id === contactId)
  if (!phone) throw followupErrors.numberUnknown({ contactId })
  const gate = await gateOf(ctx, task.patientId)
  const isPromised = task.callBackAt !== null && task.callBackAt <= ctx.clock.now() // he asked to be rung: today's contact does not forbid it
  if (!gate.allowed && !(isPromised && gate.reason === 'budget'))
    throw followupErrors.mayNotContact({ id, reason: gate.reason, until: gate.until })
  const caller = await takeDay(ctx, task.patientId)
  if (caller && caller.byId !== ctx.actor.id) throw reachErrors.calledByOther({ id, byName: caller.byName, at: caller.at.toISOString() })
  const again = await findAttempt(ctx, attemptId, id)
  if (!again) {
    await closeRunning(ctx, [id])
    await beginAttempt(ctx, task, attemptId, contactId)
  }
  await db(ctx).updateTable('followups.tasks').set({ status: 'inProgress' }).where('id', '=', id).where('status', '=', 'todo').execute()
  const { number } = await revealPhone(ctx, { contactId, reason: `followups.task ${id}` })
  const startedAt = again?.startedAt ?? ctx.clock.now()
  return { attemptId, patientId: task.patientId, contactId, relation: phone.relation, number, startedAt }
}

/** Records a try without a conversation, and what follows from it by the programme's rule. */
export async function recordOutcome(ctx: Context, { id, attemptId, outcome, note, callBackAt }: Input<Api['recordOutcome']>) {
  const before = await unveiled(ctx, () => findAttempt(ctx, attemptId, id))
  if (before?.outcome) return stateOf(ctx, id) // sent twice
  if (outcome === 'callLater') mustBeAhead(ctx, callBackAt)
  const task = await holdTask(ctx, id)
  // The task that is closed here may be all by which the person at work knows of this patient: what follows of it is done all the same.
  await unveiled(ctx, () => settle(ctx, task, before, { attemptId, outcome, note, callBackAt }))
  return stateOf(ctx, id)
}

type Tried = Pick<Input<Api['recordOutcome']>, 'attemptId' | 'outcome' | 'note' | 'callBackAt'>
async function settle(ctx: Context, task: Held, before: Awaited<ReturnType<typeof findAttempt>>, said: Tried): Promise<void> {
  const { attemptId, outcome, note, callBackAt } = said
  const { id } = task
  const step = await patienceOf(ctx, id)
  const triesToday = await triesOfToday(ctx, id)
  const bad = await badNumbers(ctx, task.patientId)
  const phones = await phonesOf(ctx, task.patientId)
  const isBadNow = outcome === 'wrongNumber' || outcome === 'voidNumber'
  const contactId = before?.contactId ?? null
  const next = afterSilence(ctx.clock, outcome, {
    tries: task.tries + 1,
    triesToday: triesToday + 1,
    patience: step,
    hours: { from: step.callFrom.slice(0, 5), until: step.callUntil.slice(0, 5) },
    hasOtherNumber: phones.some((p) => !bad.has(p.id) && !(isBadNow && p.id === contactId)),
    callBackAt: callBackAt ? new Date(callBackAt) : null,
  })
  await endAttempt(ctx, task, attemptId, outcome, note, 'at' in next ? next.at : null)
  await apply(ctx, task, outcome, next)
  if (outcome === 'callLater' || outcome === 'refused') await noteContact(ctx, await visitor(ctx, task), ctx.clock.now())
  if (outcome === 'patientDead') await noteDeath(ctx, await visitor(ctx, task))
  await tellPatients(ctx, [task.patientId])
}

/** Closes the task by the conversation that took place, with what was answered: all of it, or none. */
export async function completeTask(ctx: Context, { id, ...said }: Input<Api['complete']>) {
  const { attemptId, outcome, response } = said
  const before = await unveiled(ctx, () => findAttempt(ctx, attemptId, id))
  const standing = before && (await unveiled(ctx, () => getRow(ctx, id)))
  if (standing?.status === 'done' && before?.outcome === outcome) {
    return { patientId: standing.patientId, responseId: standing.responseId, nextId: await nextTask(ctx, id) } // sent twice
  }
  const task = await holdTask(ctx, id)
  await unveiled(ctx, () => conclude(ctx, task, said))
  return { patientId: task.patientId, responseId: response?.id ?? null, nextId: await nextTask(ctx, id) }
}

type Talked = Omit<Input<Api['complete']>, 'id'>
async function conclude(
  ctx: Context,
  task: Held,
  { attemptId, outcome, answeredBy, note, response, told, extras, toldNews }: Talked,
): Promise<void> {
  const { id } = task
  const call = {
    encounterId: task.encounterId,
    channel: task.channel,
    respondent: outcome === 'relativeAnswered' ? ('relative' as const) : ('patient' as const),
    by: ctx.actor.id,
  }
  const { questionnaireId } = await patienceOf(ctx, id)
  if (questionnaireId && !response) throw followupErrors.answersNeeded({ id })
  if (response) {
    await recordResponse(ctx, { ...response, patientId: task.patientId, ...call })
    await noteCall(ctx, { responseId: response.id, taskId: id, told }) // the red flags that it raised
  }
  await recordExtras(ctx, task, call, extras)
  await noteNews(ctx, task, toldNews)
  const relations = new Map((await phonesOf(ctx, task.patientId)).map((p) => [p.id, p.relation]))
  await endAttempt(ctx, task, attemptId, outcome, note, null)
  const who = await whoAnswered(ctx, { outcome, answeredBy, attemptId }, (contactId) => relations.get(contactId))
  await db(ctx).updateTable('followups.attempts').set({ answeredBy: who }).where('id', '=', attemptId).execute()
  await close(ctx, task, { status: 'done', outcome, responseId: response?.id ?? null, ...tried(ctx, task, outcome) })
  await db(ctx).deleteFrom('followups.drafts').where('taskId', '=', id).execute()
  await noteContact(ctx, await visitor(ctx, task), ctx.clock.now())
  await emit(ctx, taskCompleted, { taskId: id, patientId: task.patientId, encounterId: task.encounterId, responseId: response?.id ?? null })
  await tellPatients(ctx, [task.patientId])
}

async function apply(ctx: Context, task: Held, outcome: Outcome, next: Next): Promise<void> {
  const seen = tried(ctx, task, outcome)
  switch (next.kind) {
    case 'close':
      await close(ctx, task, { status: 'done', outcome, ...seen })
      if (outcome === 'refused') await tellTasks(ctx, await stopAfterRefusal(ctx, task))
      return emit(ctx, taskUnreached, { taskId: task.id, patientId: task.patientId, encounterId: task.encounterId })
    case 'cancel':
      await close(ctx, task, { status: 'cancelled', closeReason: next.reason, ...seen })
      return tellTasks(ctx, [task, ...(await cancelBeside(ctx, task, next.reason))])
    case 'callBack':
      return wait(ctx, task, { ...seen, nextAt: next.at, callBackAt: next.at, rungAt: null })
    case 'retry':
      return wait(ctx, task, { ...seen, nextAt: next.at, callBackAt: null, rungAt: null })
  }
}

/** Of whom the visit was said: what is heard of it stays with that file, should it be parted from another. */
async function visitor(ctx: Context, { encounterId, patientId }: Held): Promise<string> {
  const visit = await db(ctx).selectFrom('encounters.cards').select('saidPatientId').where('id', '=', encounterId).executeTakeFirst()
  return visit?.saidPatientId ?? patientId
}

/** The family said so. Everything else that was planned for him stops by the event. */
const noteDeath = (ctx: Context, id: string) =>
  applyPatientFacts(ctx, [{ id, identifiers: [], sourceAt: ctx.clock.now(), deceased: { at: null } }], { source: 'manual' })

const tried = (ctx: Context, task: Held, outcome: Outcome) => ({
  tries: task.tries + 1,
  lastOutcome: outcome,
  lastTriedAt: ctx.clock.now(),
})

async function close(ctx: Context, task: Held, set: Record<string, unknown> & { status: 'done' | 'cancelled' }): Promise<void> {
  const isAgain = set.status === 'done' && task.review === 'returned'
  const review = isAgain ? 'resubmitted' : task.review
  await db(ctx)
    .updateTable('followups.tasks')
    .set({ ...set, review, callBackAt: null, closedAt: ctx.clock.now(), closedOn: ctx.clock.today(), closedBy: ctx.actor.id })
    .where('id', '=', task.id)
    .where(sql<boolean>`is_open`)
    .execute()
  if (isAgain) await noteReview(ctx, task.id, { kind: 'resubmitted' })
}

async function wait(ctx: Context, task: Held, set: Record<string, unknown> & { nextAt: Date }): Promise<void> {
  await db(ctx)
    .updateTable('followups.tasks')
    .set({ ...set, status: 'inProgress', queueAt: queueAt(task.dueBy, task.risk) })
    .where('id', '=', task.id)
    .execute()
  await tellTasks(ctx, [task])
}

/** He wants no more calls, and the programme takes that for all that it has planned for this visit. */
async function stopAfterRefusal(ctx: Context, task: Held): Promise<{ id: string }[]> {
  const { rows } = await sql<{ id: string }>`
    update followups.tasks t
       set status = 'cancelled', close_reason = 'refused', closed_at = ${ctx.clock.now()}, closed_on = ${ctx.clock.today()},
           closed_by = ${ctx.actor.id}, call_back_at = null, put_aside = ${asItStands} || jsonb_build_object('taskId', ${task.id}::uuid)
      from followups.versions v
     where t.encounter_id = ${task.encounterId} and t.programme_id = ${task.programmeId} and t.is_open and v.id = t.version_id and v.on_refusal = 'stop'
    returning t.id`.execute(ctx.db)
  return rows
}

/** Heard on the telephone: back in a hospital, no other call about that discharge; in other hands, none about that stay; unless the programme goes on. */
async function cancelBeside(ctx: Context, task: Held, reason: 'died' | 'readmitted' | 'transferred'): Promise<{ id: string }[]> {
  if (reason === 'died') return [] // the patient's death stops everything of his
  const { rows } = await sql<{ id: string }>`
    update followups.tasks t
       set status = 'cancelled', close_reason = ${reason}, closed_at = ${ctx.clock.now()}, closed_on = ${ctx.clock.today()},
           closed_by = ${ctx.actor.id}, call_back_at = null, put_aside = ${asItStands} || jsonb_build_object('taskId', ${task.id}::uuid)
      from followups.versions v
     where t.patient_id = ${task.patientId} and t.is_open and v.id = t.version_id and v.trigger = 'discharged'
       and case ${reason} when 'readmitted' then v.on_return in ('anew', 'stop') else t.encounter_id = ${task.encounterId} and v.on_transfer = 'stop' end
    returning t.id`.execute(ctx.db)
  return rows
}

async function stateOf(ctx: Context, id: string) {
  // The task that was just closed may have been all by which the person at work knew of this patient.
  const now = await unveiled(ctx, () =>
    db(ctx)
      .selectFrom('followups.tasks')
      .where('id', '=', id)
      .select(['patientId', 'status', 'nextAt', 'tries', 'isOpen'])
      .executeTakeFirstOrThrow(),
  )
  return {
    patientId: now.patientId,
    status: now.status,
    nextAt: now.isOpen ? now.nextAt : null,
    tries: now.tries,
    nextId: await nextTask(ctx, id),
  }
}

function mustBeAhead(ctx: Context, callBackAt: string | null): void {
  if (!callBackAt) throw followupErrors.callBackNeeded()
  if (new Date(callBackAt) <= ctx.clock.now()) throw followupErrors.callBackPast({ callBackAt })
}

const findAttempt = (ctx: Context, attemptId: string, taskId: string) =>
  db(ctx).selectFrom('followups.attempts').where('id', '=', attemptId).where('taskId', '=', taskId).selectAll().executeTakeFirst()

/** A call is made by whoever has the day with the patient. One that was made by the nurse's own telephone is written down all the same. */
async function beginAttempt(ctx: Context, task: Held, id: string, contactId: string | null): Promise<void> {
  const caller = task.channel === 'phone' ? await takeDay(ctx, task.patientId) : undefined
  await db(ctx)
    .insertInto('followups.attempts')
    .values({
      id,
      taskId: task.id,
      patientId: task.patientId,
      byId: ctx.actor.id,
      byName: ctx.actor.name,
      channel: task.channel,
      contactId,
      startedAt: ctx.clock.now(),
      endedAt: null,
      outcome: null,
      nextAt: null,
      calledOn: caller?.byId === ctx.actor.id ? ctx.clock.today() : null,
    })
    .execute()
}

/** Ends the try that runs, or notes one that was made without `dial`: at the bedside, or with the nurse's own telephone. */
async function endAttempt(
  ctx: Context,
  task: Held,
  id: string,
  outcome: Attempt['outcome'],
  note: string,
  nextAt: Date | null,
): Promise<void> {
  if (!(await findAttempt(ctx, id, task.id))) {
    await closeRunning(ctx, [task.id])
    await beginAttempt(ctx, task, id, null)
  }
  await db(ctx).updateTable('followups.attempts').set({ outcome, note, nextAt, endedAt: ctx.clock.now() }).where('id', '=', id).execute()
}

const patienceOf = (ctx: Context, taskId: string) =>
  db(ctx)
    .selectFrom('followups.tasks as t')
    .innerJoin('followups.versions as v', 'v.id', 't.versionId')
    .innerJoin('followups.steps as s', (on) => on.onRef('s.versionId', '=', 't.versionId').onRef('s.position', '=', 't.step'))
    .where('t.id', '=', taskId)
    .select(['s.tries', 's.triesPerDay', 's.waitMinutes', 's.questionnaireId', 'v.callFrom', 'v.callUntil'])
    .executeTakeFirstOrThrow()

async function triesOfToday(ctx: Context, taskId: string): Promise<number> {
  const counted = await db(ctx)
    .selectFrom('followups.attempts')
    .where('taskId', '=', taskId)
    .where('outcome', '<>', 'notRecorded')
    .where('startedAt', '>=', ctx.clock.at(ctx.clock.today()))
    .select(sql<number>`count(*)::int`.as('n'))
    .executeTakeFirstOrThrow()
  return counted.n
}
