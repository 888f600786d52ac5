import { complaintClosed, complaintOpened, complaintReopened, opinionWithdrawn } from '@renxin/feedback'
import { taskCompleted, taskCorrected } from '@renxin/followups'
import type { EventOf } from '@renxin/kernel'
import { listTags, patientTagged, phoneCorrected } from '@renxin/patients'
import { type Context, listen, type Meta } from '@renxin/server'
import { getVersion } from '@renxin/surveys'
import { proposeCorrection } from './corrections.ts'
import { derivedId, queue, takers } from './queue.ts'
import { db } from './tables.ts'

const COMPLAINT_FLAG = 'COMPLAINT_OPEN'

/**
 * What happened becomes a line of each destination that takes its kind, once by the event's id. One that is switched off only waits: what is
 * finished meanwhile goes, in order, when it is on again. A phone that was put right waits for a person's word before it enters any line.
 */
export const writeBackListeners = [
  listen(taskCompleted, queueFollowup, 'writeBack'),
  listen(taskCorrected, queueFollowup, 'writeBackCorrected'), // the same call once more, with the answers that stand
  listen(complaintClosed, queueComplaint, 'writeBack'),
  listen(complaintOpened, queueComplaintFlag, 'writeBackFlag'),
  listen(complaintReopened, queueComplaintFlag, 'writeBackFlag'),
  listen(complaintClosed, queueComplaintFlag, 'writeBackFlag'),
  listen(opinionWithdrawn, queueComplaintFlag, 'writeBackFlag'),
  listen(patientTagged, queueTag, 'writeBack'),
  listen(phoneCorrected, proposeCorrection, 'writeBack'),
]

type Told = EventOf<typeof taskCompleted>
/** Told again it replaces what was told before, and what was refused then does not follow any more. */
async function queueFollowup(ctx: Context, { taskId, patientId, encounterId, responseId }: Told, meta: Meta): Promise<void> {
  const task = await db(ctx)
    .selectFrom('followups.taskRows as t')
    .leftJoin('access.userCards as u', 'u.id', 't.closedBy')
    .where('t.id', '=', taskId)
    .select(['t.programmeName', 't.outcome', 't.closedAt', 'u.displayName as by'])
    .executeTakeFirst()
  if (!task) return
  const answers = responseId ? await answersOf(ctx, responseId) : []
  await queue(ctx, meta.id, await takers(ctx, 'takesFollowups'), { objectId: taskId, patientId, encounterId }, taskId, {
    kind: 'followup',
    taskId,
    programme: task.programmeName,
    outcome: task.outcome ?? '',
    at: task.closedAt ?? meta.at,
    by: task.by ?? '',
    answers,
  })
}

async function queueComplaint(ctx: Context, { complaintId, patientId }: EventOf<typeof complaintClosed>, meta: Meta): Promise<void> {
  if (!patientId) return // a walk-in whom the hospital's system does not know
  const complaint = await db(ctx)
    .selectFrom('feedback.opinionRows')
    .where('id', '=', complaintId)
    .select(['complaintNumber', 'encounterId', 'receivedAt', 'closedAt', 'text', 'result'])
    .executeTakeFirst()
  if (!complaint) return
  const of = { objectId: complaintId, patientId, encounterId: complaint.encounterId }
  await queue(ctx, meta.id, await takers(ctx, 'takesComplaints'), of, '', {
    kind: 'complaint',
    complaintId,
    number: complaint.complaintNumber ?? '',
    receivedAt: complaint.receivedAt,
    at: complaint.closedAt ?? meta.at,
    subject: complaint.text,
    resolution: complaint.result ?? '',
  })
}

/** Whether a complaint of this person is open now, told each time one is opened or ends. */
async function queueComplaintFlag(
  ctx: Context,
  { patientId, ...of }: { patientId: string | null } & ({ complaintId: string } | { opinionId: string }),
  meta: Meta,
): Promise<void> {
  if (!patientId) return
  const destinations = await takers(ctx, 'takesComplaintFlag')
  if (destinations.length === 0) return
  const objectId = 'complaintId' in of ? of.complaintId : of.opinionId
  const told = await db(ctx).selectFrom('feedback.opinionRows').where('id', '=', objectId).select('kind').executeTakeFirst()
  if (told?.kind !== 'complaint') return
  const open = await db(ctx)
    .selectFrom('feedback.opinionRows')
    .where('patientId', '=', patientId)
    .where('kind', '=', 'complaint')
    .where('status', 'not in', ['closed', 'withdrawn', 'noted'])
    .select('id')
    .limit(1)
    .executeTakeFirst()
  const flag = { kind: 'flag', code: COMPLAINT_FLAG, name: '有未办结的投诉', isOn: open !== undefined, at: meta.at } as const
  // The same event may be the result of the complaint itself, which has this id already.
  await queue(ctx, derivedId(meta.id, 'flag'), destinations, { objectId, patientId, encounterId: null }, COMPLAINT_FLAG, flag)
}

async function queueTag(ctx: Context, { patientId, tagId, isOn }: EventOf<typeof patientTagged>, meta: Meta): Promise<void> {
  const destinations = (await takers(ctx)).filter((d) => d.flagTags.includes(tagId))
  if (destinations.length === 0) return
  const tag = (await listTags(ctx)).tags.find((t) => t.id === tagId)
  if (!tag) return
  const flag = { kind: 'flag', code: tagId, name: tag.name, isOn, at: meta.at } as const
  await queue(ctx, meta.id, destinations, { objectId: tagId, patientId, encounterId: null }, tagId, flag)
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
