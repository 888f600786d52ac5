import type { EventOf, Input, Page } from '@renxin/kernel'
import { contactsOf, findPatient, type phoneCorrected, revealContacts, showName, type WholeContact } from '@renxin/patients'
import { type Context, type Meta, paged } from '@renxin/server'
import { type Correction, type writeBackApi, writeBackErrors } from '../../write-back-contract.ts'
import { queue, takers } from './queue.ts'
import { db } from './tables.ts'

type Api = typeof writeBackApi

/**
 * A number that was put right here is proposed for writing back, where some destination takes numbers. A later word on the same number
 * overtakes an earlier one that nobody has confirmed.
 */
export async function proposeCorrection(
  ctx: Context,
  { patientId, contactId, change, byId }: EventOf<typeof phoneCorrected>,
  meta: Meta,
): Promise<void> {
  if ((await takers(ctx, 'takesPhones')).length === 0) return
  const contacts = await contactsOf(ctx, patientId)
  const contact = contacts.find((c) => c.id === contactId)
  if (!contact) return
  const overtaken = await db(ctx)
    .updateTable('integration.corrections')
    .set({ status: 'overtaken', decidedAt: ctx.clock.now() })
    .where('contactId', '=', contactId)
    .where('status', '=', 'open')
    .where('id', '<>', meta.id)
    .returning('change')
    .execute()
  // Added and taken back before anybody confirmed it: the hospital's system never heard of it.
  if (change === 'voided' && contact.source === 'manual' && overtaken.some((o) => o.change === 'added')) return
  const known = contacts.find((c) => c.id !== contactId && c.relation === contact.relation && c.source === 'his' && !c.isFormer)
  await db(ctx)
    .insertInto('integration.corrections')
    .values({ id: meta.id, patientId, contactId, change, replacesId: known?.id ?? null, heardBy: byId, heardAt: meta.at })
    .onConflict((c) => c.constraint('corrections_pkey').doNothing())
    .execute()
}

const rows = (ctx: Context) =>
  db(ctx)
    .selectFrom('integration.corrections as c')
    .innerJoin('patients.cards as p', 'p.id', 'c.patientId')
    .leftJoin('access.userCards as h', 'h.id', 'c.heardBy')
    .leftJoin('access.userCards as d', 'd.id', 'c.decidedBy')
    .select(['c.id', 'c.patientId', 'p.name as patientName', 'p.medicalRecordNumber', 'p.mergedInto', 'c.contactId', 'c.change'])
    .select(['c.replacesId', 'h.displayName as heardBy', 'c.heardAt', 'c.status', 'd.displayName as decidedBy', 'c.decidedAt', 'c.reason'])

type Row = Awaited<ReturnType<ReturnType<typeof rows>['execute']>>[number]

export async function listCorrections(ctx: Context, { status, ...cursor }: Input<Api['corrections']>): Promise<Page<Correction>> {
  const found = await paged(rows(ctx).where('c.status', '=', status), cursor, ['c.id'], 'desc')
  return { rows: await shown(ctx, found.rows), next: found.next }
}

/** The numbers of one page are read by patient, some at a time: a page is fifty at most. */
async function shown(ctx: Context, found: readonly Row[]): Promise<Correction[]> {
  const contacts = new Map<string, Awaited<ReturnType<typeof contactsOf>>>()
  for (const id of new Set(found.map((r) => r.mergedInto ?? r.patientId))) contacts.set(id, await contactsOf(ctx, id))
  return found.map(({ mergedInto, contactId, replacesId, patientName, heardBy, heardAt, decidedAt, ...row }) => {
    const of = contacts.get(mergedInto ?? row.patientId) ?? []
    const contact = of.find((c) => c.id === contactId)
    return {
      ...row,
      patientName: showName(ctx, patientName),
      relation: contact?.relation ?? 'other',
      contactName: contact?.name ?? null,
      number: contact?.masked ?? '',
      known: of.find((c) => c.id === replacesId)?.masked ?? null,
      heardBy: heardBy ?? '',
      heardAt: heardAt.toISOString(),
      decidedAt: decidedAt?.toISOString() ?? null,
    }
  })
}

async function getCorrection(ctx: Context, id: string): Promise<Correction> {
  const row = await rows(ctx).where('c.id', '=', id).executeTakeFirst()
  const [one] = row ? await shown(ctx, [row]) : []
  if (!one) throw writeBackErrors.correctionNotFound({ id })
  return one
}

/** "Still open" is part of the update, so of two people deciding at once exactly one succeeds. */
async function decide(ctx: Context, id: string, status: 'confirmed' | 'declined', reason: string | null) {
  const decided = await db(ctx)
    .updateTable('integration.corrections')
    .set({ status, reason, decidedBy: ctx.actor.id, decidedAt: ctx.clock.now() })
    .where('id', '=', id)
    .where('status', '=', 'open')
    .returning(['patientId', 'contactId', 'replacesId', 'heardAt'])
    .executeTakeFirst()
  if (decided) return decided
  await getCorrection(ctx, id) // refuses when there is none
  throw writeBackErrors.correctionDecided({ id })
}

/** A person says that the number is right: it goes into the line of each destination that takes numbers, under the id of the correction. */
export async function confirmCorrection(ctx: Context, { id }: Input<Api['confirmCorrection']>): Promise<Correction> {
  const { patientId, contactId, heardAt } = await decide(ctx, id, 'confirmed', null)
  const destinations = await takers(ctx, 'takesPhones')
  if (destinations.length === 0) throw writeBackErrors.noPhoneDestination()
  const owner = (await findPatient(ctx, patientId))?.id ?? patientId
  const contacts = await revealContacts(ctx, { patientId: owner, objectId: contactId, reason: 'writeBack' })
  const contact = contacts.find((c) => c.id === contactId)
  if (!contact) throw writeBackErrors.correctionNotFound({ id })
  const known = await getCorrection(ctx, id)
  const same = contacts.filter((c) => c.relation === contact.relation && !c.isFormer)
  const valid = same.filter((c) => !c.isVoid).sort((a, b) => Number(b.id === contactId) - Number(a.id === contactId))
  await queue(ctx, id, destinations, { objectId: contactId, patientId: owner, encounterId: null }, `phone.${contact.relation}`, {
    kind: 'phone',
    relation: contact.relation,
    contactName: contact.name,
    numbers: valid.map((c) => ({ number: numberOf(c), isMobile: c.kind === 'mobile' })),
    retired: same.filter((c) => c.isVoid).map(numberOf),
    at: heardAt,
    by: known.heardBy,
  })
  return known
}

const numberOf = (c: WholeContact) => c.number.replace('#', 'X')

export async function declineCorrection(ctx: Context, { id, reason }: Input<Api['declineCorrection']>): Promise<Correction> {
  await decide(ctx, id, 'declined', reason)
  return getCorrection(ctx, id)
}
