import { createHash } from 'node:crypto'
import type { Context } from '@renxin/server'
import { bodyFor, sealLine } from './bodies.ts'
import type { About, Content } from './contents.ts'
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
          body: sealLine(ctx, bodyFor(d, head, about, content)),
          createdAt: now,
          nextAt: now,
        }
      }),
    )
    .onConflict((c) => c.constraint('outgoing_pkey').doNothing())
    .execute()
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
