import {
  admitted,
  bookingCancelled,
  bookingChanged,
  bookingMade,
  cancelled,
  corrected,
  dischargeCancelled,
  discharged,
  recordsChanged,
  registered,
  transferred,
} from '@renxin/encounters'
import { taskCompleted, tasksChanged, taskUnreached } from '@renxin/followups'
import type { EventOf, HouseEvent } from '@renxin/kernel'
import {
  allergiesChanged,
  cautionChanged,
  deathWithdrawn,
  fileChanged,
  filesOpened,
  patientDied,
  patientMerged,
  patientParted,
  phoneCorrected,
} from '@renxin/patients'
import { type Context, listenMany, type Meta, sql, tick } from '@renxin/server'
import { responseRecorded } from '@renxin/surveys'
import { type KnownType, knownIds, linesIn } from './known-rooms.ts'
import { resourcesOf } from './read.ts'
import { type Setting, settingOf } from './setting.ts'
import { headsOfObjects, headsOfType } from './store.ts'
import { causeOf, isWatched, notify } from './subscriptions.ts'
import type { Head } from './tables.ts'

/** An import may open some thousand files at once, and no more of them than this are held at a time. */
const TOLD_AT_ONCE = 500

type Changed = { objectId: string; eventId: string }

/** What came by another way than FHIR is told to subscribers too; what came by FHIR was told when it was written, under the same cause. */
async function tellSubscribers(ctx: Context, type: string, changed: readonly Changed[]): Promise<void> {
  const setting = settingOf(ctx, { origin: '' })
  for (let from = 0; from < changed.length; from += TOLD_AT_ONCE) {
    const some = changed.slice(from, from + TOLD_AT_ONCE)
    const heads = await headsOfObjects(ctx, type, some.map((c) => c.objectId)) // biome-ignore format: one thought
    const wanted = some.map(({ objectId, eventId }) => {
      const head = heads.find((h) => h.objectId === objectId && !h.isDeleted)
      return { id: head?.id ?? objectId, head, objectId, eventId }
    })
    await tellWanted(ctx, setting, type, wanted)
  }
}

type Wanted = { id: string; head: Head | undefined; objectId: string | null; eventId: string }

async function tellWanted(ctx: Context, setting: Setting, type: string, wanted: readonly Wanted[]): Promise<void> {
  const shown = new Map((await resourcesOf(ctx, setting, type, wanted)).map((s) => [String(s.resource.id), s]))
  await notify(
    ctx,
    setting,
    wanted.flatMap(({ id, head, eventId }) => {
      const is = shown.get(id)
      if (!is) return []
      const { resource, patientId } = is
      return [{ name: { type, id }, resource, patientId, cause: causeOf(head ?? { type, id }, resource), eventId }]
    }),
  )
}

/** The same of what has no row of its own: all that these patients have of the type is looked at, and what is as it was last told is not told again. */
async function tellOfPatients(ctx: Context, type: KnownType, changed: readonly { patientId: string; eventId: string }[]): Promise<void> {
  const setting = settingOf(ctx, { origin: '' })
  const wanted: Wanted[] = []
  for (const { patientId, eventId } of changed) {
    const heads = await headsOfType(ctx, type, patientId)
    wanted.push(...heads.map((head) => ({ id: head.id, head, objectId: head.objectId, eventId })))
    wanted.push(...(await knownIds(ctx, type, patientId)).map((id) => ({ id, head: undefined, objectId: id, eventId })))
  }
  await tellWanted(ctx, setting, type, wanted)
}

type IdsOf<E extends HouseEvent> = (ctx: Context, payload: EventOf<E>) => string[] | Promise<string[]>

/** Hears an event as a change of resources of one type. Nothing is asked while nobody wants to be told of it. */
function changes<E extends HouseEvent>(event: E, type: string, idsOf: IdsOf<E>) {
  const hear = async (ctx: Context, payloads: EventOf<E>[], metas: Meta[]) => {
    if (!(await isWatched(ctx, type))) return
    const changed: Changed[] = []
    for (const [i, payload] of payloads.entries())
      for (const objectId of await idsOf(ctx, payload)) changed.push({ objectId, eventId: metas[i]?.id ?? '' })
    await tellSubscribers(ctx, type, changed)
  }
  return listenMany(event, hear, type === 'Encounter' ? 'tellSubscribers' : `tell${type}`)
}

/** Hears an event as a change of what a patient has of one type. */
function changesOfPatient<E extends HouseEvent>(event: E, type: KnownType, whose: (payload: EventOf<E>) => string[]) {
  const hear = async (ctx: Context, payloads: EventOf<E>[], metas: Meta[]) => {
    if (!(await isWatched(ctx, type))) return
    const last = new Map(payloads.flatMap((payload, i) => whose(payload).map((patientId) => [patientId, metas[i]?.id ?? ''] as const)))
    const all = [...last].map(([patientId, eventId]) => ({ patientId, eventId }))
    for (let from = 0; from < all.length; from += TOLD_AT_ONCE) await tellOfPatients(ctx, type, all.slice(from, from + TOLD_AT_ONCE))
  }
  return listenMany(event, hear, `tell${type}`)
}

const recordsOf = (is: EventOf<typeof recordsChanged>['is'], type: string) =>
  changes(recordsChanged, type, (_, told) => (told.is === is ? told.ids : []))

async function attemptsOf(ctx: Context, { taskId }: { taskId: string }): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from followups.attempt_rows where task_id = ${taskId}::uuid order by started_at, id`.execute(ctx.db)
  return rows.map((r) => r.id)
}

export const fhirListeners = [
  ...[admitted, registered, transferred, dischargeCancelled, cancelled, discharged, corrected].map((event) =>
    changes(event, 'Encounter', (_, { encounterId }) => [encounterId]),
  ),
  ...[patientDied, deathWithdrawn].map((event) => changes(event, 'Patient', (_, { patientId }) => [patientId])),
  ...[patientMerged, patientParted].map((event) => changes(event, 'Patient', (_, told) => [told.survivorId, told.retiredId])),
  changes(phoneCorrected, 'Patient', (_, { patientId }) => [patientId]),
  changes(fileChanged, 'Patient', (_, { patientId, what }) => (what.includes('person') || what.includes('kin') ? [patientId] : [])),
  changes(filesOpened, 'Patient', (_, { patientIds }) => patientIds),
  ...(['RelatedPerson', 'Coverage'] as const).map((type) => changesOfPatient(filesOpened, type, ({ patientIds }) => patientIds)),
  changesOfPatient(fileChanged, 'RelatedPerson', ({ patientId, what }) => (what.includes('kin') ? [patientId] : [])),
  changesOfPatient(fileChanged, 'Coverage', ({ patientId, what }) => (what.includes('payer') ? [patientId] : [])),
  changesOfPatient(allergiesChanged, 'AllergyIntolerance', ({ patientId }) => [patientId]),
  changes(cautionChanged, 'Flag', (_, { cautionId }) => [cautionId]),
  changes(tasksChanged, 'Task', (_, { taskIds }) => taskIds),
  ...[bookingMade, bookingChanged, bookingCancelled].map((event) => changes(event, 'Appointment', (_, { bookingId }) => [bookingId])),
  recordsOf('report', 'DiagnosticReport'),
  changes(recordsChanged, 'Observation', (ctx, told) => (told.is === 'report' ? linesIn(ctx, told.ids) : [])),
  recordsOf('document', 'DocumentReference'),
  recordsOf('order', 'MedicationRequest'),
  recordsOf('order', 'ServiceRequest'),
  recordsOf('procedure', 'Procedure'),
  ...[taskCompleted, taskUnreached].flatMap((event) => [
    changes(event, 'Task', (_, { taskId }) => [taskId]),
    changes(event, 'Communication', attemptsOf),
  ]),
  changes(responseRecorded, 'QuestionnaireResponse', (_, { responseId }) => [responseId]),
]

const KEPT_DAYS = 30

/** Notices that were delivered are kept for a month. */
export const clearNotices = tick('integration.clearNotices', { everySeconds: 3600 }, async (ctx) => {
  const before = new Date(ctx.clock.now().getTime() - KEPT_DAYS * 86_400_000)
  await sql`delete from integration.fhir_notices where status = 'sent' and sent_at < ${before}`.execute(ctx.db)
})
