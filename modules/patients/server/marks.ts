import type { Input } from '@renxin/kernel'
import { type Context, emit, nilId, sql } from '@renxin/server'
import { patientErrors, type patientsApi, type Tag } from '../contract.ts'
import { patientTagged } from './events.ts'
import { visibleId } from './get-patient.ts'
import { db } from './tables.ts'

type Api = typeof patientsApi
type Done = Promise<{ patientId: string }>

const MOST_TAGS = 200

export async function listTags(ctx: Context): Promise<{ tags: Tag[] }> {
  const tags = await db(ctx)
    .selectFrom('patients.tags')
    .select(['id', 'name', 'tone', 'isActive'])
    .orderBy('name')
    .limit(MOST_TAGS)
    .execute()
  return { tags }
}

export async function saveTag(ctx: Context, tag: Input<Api['saveTag']>): Promise<Tag> {
  const same = await db(ctx)
    .selectFrom('patients.tags')
    .select('id')
    .where('name', '=', tag.name)
    .where('id', '<>', tag.id)
    .executeTakeFirst()
  if (same) throw patientErrors.sameTagName({ name: tag.name })
  await db(ctx)
    .insertInto('patients.tags')
    .values(tag)
    .onConflict((c) => c.constraint('tags_pkey').doUpdateSet(tag))
    .execute()
  return tag
}

export async function tagPatient(ctx: Context, { patientId, tagId, isOn }: Input<Api['tag']>): Done {
  const id = await visibleId(ctx, patientId)
  if (!isOn) {
    const gone = await db(ctx).deleteFrom('patients.tagged').where('patientId', '=', id).where('tagId', '=', tagId).executeTakeFirst()
    if (gone.numDeletedRows > 0n) await emit(ctx, patientTagged, { patientId: id, tagId, isOn })
    return { patientId: id }
  }
  const tag = await db(ctx).selectFrom('patients.tags').select('id').where('id', '=', tagId).executeTakeFirst()
  if (!tag) throw patientErrors.tagNotFound({ id: tagId })
  const come = await db(ctx)
    .insertInto('patients.tagged')
    .values({ patientId: id, saidPatientId: id, tagId, taggedAt: ctx.clock.now(), taggedBy: ctx.actor.id })
    .onConflict((c) => c.constraint('tagged_pkey').doNothing())
    .executeTakeFirst()
  if ((come.numInsertedOrUpdatedRows ?? 0n) > 0n) await emit(ctx, patientTagged, { patientId: id, tagId, isOn })
  return { patientId: id }
}

/** Notes, or takes back, that a person does not want a channel or a purpose. */
export async function refuse(ctx: Context, { patientId, kind, value, refused }: Input<Api['refuse']>): Done {
  const id = await visibleId(ctx, patientId)
  if (refused) {
    await db(ctx)
      .insertInto('patients.refusals')
      .values({ patientId: id, saidPatientId: id, kind, value, refusedAt: ctx.clock.now(), notedBy: ctx.actor.id })
      .onConflict((c) => c.constraint('refusals_pkey').doNothing())
      .execute()
  } else {
    await db(ctx).deleteFrom('patients.refusals').where('patientId', '=', id).where('kind', '=', kind).where('value', '=', value).execute()
  }
  return { patientId: id }
}

/** Somebody looked: these are two people. */
export async function dismissConflict(ctx: Context, { conflictId }: Input<Api['dismissConflict']>): Done {
  const conflict = await db(ctx)
    .selectFrom('patients.conflicts')
    .select(['id', 'patientId'])
    .where('id', '=', conflictId)
    .executeTakeFirst()
  const patientId = await visibleId(ctx, conflict?.patientId ?? nilId, patientErrors.notFound({ id: conflictId }))
  await sql`update patients.conflicts set dismissed_at = ${ctx.clock.now()} where id = ${conflictId}::uuid`.execute(ctx.db)
  return { patientId }
}
