import { complaintClosed } from '@renxin/feedback'
import { taskCompleted } from '@renxin/followups'
import type { EventOf } from '@renxin/kernel'
import { type Context, listen, type Meta, sql } from '@renxin/server'
import { getVersion } from '@renxin/surveys'
import { type About, complaintMessage, followupMessage } from './messages.ts'
import { db } from './tables.ts'

/**
 * What happened becomes a message in the line of each destination that takes its kind, once by the event's id. One that is switched off
 * only waits: what is finished meanwhile goes, in order, when it is on again.
 */
export const writeBackListeners = [listen(taskCompleted, queueFollowup, 'writeBack'), listen(complaintClosed, queueComplaint, 'writeBack')]

async function queueFollowup(
  ctx: Context,
  { taskId, patientId, encounterId, responseId }: EventOf<typeof taskCompleted>,
  meta: Meta,
): Promise<void> {
  const about = await aboutOf(ctx, patientId, encounterId)
  const task = await db(ctx)
    .selectFrom('followups.taskRows')
    .where('id', '=', taskId)
    .select(['programmeName', 'outcome', 'closedAt'])
    .executeTakeFirst()
  if (!about || !task) return
  const answers = responseId ? await answersOf(ctx, responseId) : []
  const by = await sql<{
    name: string
  }>`select display_name as name from access.user_cards u join followups.task_rows t on t.closed_by = u.id where t.id = ${taskId}`.execute(
    ctx.db,
  )
  await queue(ctx, 'followup', meta, { objectId: taskId, patientId }, (head) =>
    followupMessage(head, about, {
      taskId,
      programme: task.programmeName,
      outcome: task.outcome ?? '',
      at: task.closedAt ?? meta.at,
      by: by.rows[0]?.name ?? '',
      answers,
    }),
  )
}

async function queueComplaint(ctx: Context, { complaintId, patientId }: EventOf<typeof complaintClosed>, meta: Meta): Promise<void> {
  if (!patientId) return // a walk-in whom the hospital's system does not know
  const complaint = await db(ctx)
    .selectFrom('feedback.opinionRows')
    .where('id', '=', complaintId)
    .select(['complaintNumber', 'encounterId', 'receivedAt', 'closedAt', 'text', 'result'])
    .executeTakeFirst()
  const about = await aboutOf(ctx, patientId, complaint?.encounterId ?? null)
  if (!about || !complaint) return
  await queue(ctx, 'complaint', meta, { objectId: complaintId, patientId }, (head) =>
    complaintMessage(head, about, {
      complaintId,
      number: complaint.complaintNumber ?? '',
      receivedAt: complaint.receivedAt,
      closedAt: complaint.closedAt ?? meta.at,
      subject: complaint.text,
      resolution: complaint.result ?? '',
    }),
  )
}

type Head = Parameters<typeof followupMessage>[0]

async function queue(
  ctx: Context,
  kind: 'followup' | 'complaint',
  meta: Meta,
  of: { objectId: string; patientId: string },
  write: (head: Head) => string,
): Promise<void> {
  const destinations = await db(ctx)
    .selectFrom('integration.destinations')
    .where(kind === 'followup' ? 'takesFollowups' : 'takesComplaints', '=', true)
    .select(['id', 'application', 'facility'])
    .execute()
  if (destinations.length === 0) return
  const now = ctx.clock.now()
  await db(ctx)
    .insertInto('integration.outgoing')
    .values(
      destinations.map((d) => ({
        destinationId: d.id,
        eventId: meta.id,
        kind,
        ...of,
        message: write({
          controlId: meta.id,
          from: ctx.hospital.shortName,
          application: d.application,
          facility: d.facility,
          sentAt: now,
          zone: ctx.hospital.zone,
        }),
        createdAt: now,
        nextAt: now,
      })),
    )
    .onConflict((c) => c.constraint('outgoing_pkey').doNothing())
    .execute()
}

async function aboutOf(ctx: Context, patientId: string, encounterId: string | null): Promise<About | undefined> {
  const patient = await db(ctx)
    .selectFrom('patients.cards')
    .where('id', '=', patientId)
    .select(['medicalRecordNumber', 'name', 'sex', 'birthOn'])
    .executeTakeFirst()
  if (!patient) return undefined
  const visit = encounterId
    ? await db(ctx)
        .selectFrom('encounters.cards as e')
        .leftJoin('staff.unitCards as w', 'w.id', 'e.wardId')
        .where('e.id', '=', encounterId)
        .select(['e.number', 'e.class', 'w.name as ward', 'e.bed'])
        .executeTakeFirst()
    : undefined
  return { ...patient, visit: visit ?? null }
}

async function answersOf(ctx: Context, responseId: string) {
  const rows = await db(ctx)
    .selectFrom('surveys.answerRows')
    .where('responseId', '=', responseId)
    .select(['versionId', 'linkId', 'valueCode', 'valueText', 'valueNumber'])
    .orderBy('position')
    .execute()
  const [first] = rows
  if (!first) return []
  const { definition } = await getVersion(ctx, first.versionId)
  const texts = textsOf(definition)
  return rows.map((a) => ({
    linkId: a.linkId,
    question: texts.get(a.linkId) ?? a.linkId,
    code: a.valueCode,
    text: a.valueText,
    number: a.valueNumber,
  }))
}

type Item = { linkId?: unknown; text?: unknown; item?: unknown }

/** The wording of each question of a FHIR Questionnaire, by its linkId. */
function textsOf(within: unknown, found = new Map<string, string>()): Map<string, string> {
  if (typeof within !== 'object' || within === null || !('item' in within) || !Array.isArray(within.item)) return found
  for (const item of within.item as Item[]) {
    // read field by field; whatever else stands in the definition is passed over
    if (typeof item.linkId === 'string' && typeof item.text === 'string') found.set(item.linkId, item.text)
    textsOf(item, found)
  }
  return found
}
