import { createHash } from 'node:crypto'
import { type Context, sql } from '@renxin/server'
import { bodyFor, sealLine } from './bodies.ts'
import type { About, Content, Earlier } from './contents.ts'
import { db } from './tables.ts'

type Taking = 'takesFollowups' | 'takesComplaints' | 'takesPhones' | 'takesComplaintFlag'
type Taker = Awaited<ReturnType<typeof takers>>[number]

/** The destinations that take this. */
export function takers(ctx: Context, what?: Taking) {
  let query = db(ctx).selectFrom('integration.destinations')
  if (what) query = query.where(what, '=', true)
  return query.select(['id', 'application', 'facility', 'charset', 'way', 'followupsAs', 'identifierSystem', 'flagTags']).execute()
}

type Of = { objectId: string; patientId: string; encounterId: string | null }

/** Puts a result into the line of each destination, once for each id. `subject` names a state, so that an older word of it does not follow a newer one. */
export async function queue(ctx: Context, id: string, to: readonly Taker[], of: Of, subject: string, content: Content): Promise<void> {
  if (to.length === 0) return
  const about = await aboutOf(ctx, of.patientId, of.encounterId)
  if (!about) return
  const now = ctx.clock.now()
  const earlier = content.kind === 'followup' ? await toldBefore(ctx, id, of.objectId) : undefined
  await db(ctx)
    .insertInto('integration.outgoing')
    .values(
      to.map((d) => {
        const { application, facility, charset } = d
        const head = { controlId: id, from: ctx.hospital.shortName, application, facility, charset, sentAt: now, zone: ctx.hospital.zone }
        return {
          destinationId: d.id,
          eventId: id,
          kind: content.kind,
          subject,
          objectId: of.objectId,
          patientId: of.patientId,
          body: sealLine(ctx, bodyFor(d, head, about, content, earlier?.get(d.id) ?? null)),
          createdAt: now,
          nextAt: now,
        }
      }),
    )
    .onConflict((c) => c.constraint('outgoing_pkey').doNothing())
    .execute()
}

/** What each destination was told of this follow-up, or will be before this; what it did not take is not there to be replaced. */
async function toldBefore(ctx: Context, id: string, taskId: string): Promise<ReadonlyMap<string, Earlier>> {
  const { rows } = await sql<Earlier & { destinationId: string }>`
    select o.destination_id, (array_agg(o.event_id order by o.seq))[1] as first_id, (array_agg(o.event_id order by o.seq desc))[1] as last_id
      from integration.outgoing o
     where o.object_id = ${taskId}::uuid and o.kind = 'followup' and o.status <> 'refused' and o.event_id <> ${id}::uuid
     group by o.destination_id`.execute(ctx.db)
  return new Map(rows.map(({ destinationId, ...of }) => [destinationId, of]))
}

/** A second id that always follows from the first: RFC 9562, version 8. */
export function derivedId(id: string, use: string): string {
  const hex = createHash('sha256').update(`${id} ${use}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

async function aboutOf(ctx: Context, patientId: string, encounterId: string | null): Promise<About | undefined> {
  const patient = await db(ctx)
    .selectFrom('patients.cards')
    .where('id', '=', patientId)
    .select(['id as patientId', 'medicalRecordNumber', 'name', 'sex', 'birthOn'])
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
