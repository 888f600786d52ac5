import { createHash, randomBytes } from 'node:crypto'
import { isSignedInAs, signInByLink } from '@renxin/access'
import type { Input } from '@renxin/kernel'
import { findPatientIds, getPatient, visibleId } from '@renxin/patients'
import { audit, type Context, openText, sealText, sql, tick } from '@renxin/server'
import { type ScreenLink, type screenLinkApi, screenLinkErrors } from '../../screen-link-contract.ts'
import { fill, isSigned, isTemplate } from './sign.ts'
import { db } from './tables.ts'

type Api = typeof screenLinkApi

const TICKET_MINUTES = 10
const KEEP_DAYS = 2 // longer than any window: what was used cannot come again
const SAMPLE = { workNumber: 'TEST001', medicalRecordNumber: 'TEST001', visitNumber: 'TEST001' }

const columns = ['id', 'name', 'direction', 'template', 'windowSeconds', 'signsIn', 'isActive'] as const

export async function listScreenLinks(ctx: Context): Promise<{ rows: ScreenLink[] }> {
  return { rows: await db(ctx).selectFrom('integration.screenLinks').select(columns).orderBy('name').limit(100).execute() }
}

export async function saveScreenLink(ctx: Context, { secret, ...link }: Input<Api['saveScreenLink']>): Promise<ScreenLink> {
  const isOut = link.direction === 'out'
  if (isOut && !isTemplate(link.template ?? '')) throw screenLinkErrors.badTemplate()
  const taken = await db(ctx)
    .selectFrom('integration.screenLinks')
    .where('name', '=', link.name)
    .where('id', '<>', link.id)
    .select('id')
    .executeTakeFirst()
  if (taken) throw screenLinkErrors.linkNameTaken({ name: link.name })
  const before = await db(ctx).selectFrom('integration.screenLinks').where('id', '=', link.id).select('secret').executeTakeFirst()
  const sealed = secret === undefined ? before?.secret : sealText(ctx, secret)
  if (!sealed) throw screenLinkErrors.linkSecretNeeded()
  const fields = { ...link, template: isOut ? link.template : null, signsIn: !isOut && link.signsIn, secret: sealed }
  const saved = await db(ctx)
    .insertInto('integration.screenLinks')
    .values(fields)
    .onConflict((c) => c.constraint('screen_links_pkey').doUpdateSet(fields))
    .returning(columns)
    .executeTakeFirstOrThrow()
  return saved
}

async function getLink(ctx: Context, id: string, direction?: ScreenLink['direction']) {
  const found = await db(ctx).selectFrom('integration.screenLinks').where('id', '=', id).selectAll().executeTakeFirst()
  if (!found?.isActive || (direction && found.direction !== direction)) throw screenLinkErrors.linkNotFound({ id })
  return { ...found, secret: openText(ctx, found.secret) }
}

const secondsNow = (ctx: Context) => Math.floor(ctx.clock.now().getTime() / 1000)
const newNonce = () => randomBytes(16).toString('base64url')

export async function testScreenLink(ctx: Context, { id, address }: Input<Api['testScreenLink']>) {
  const link = await getLink(ctx, id)
  if (link.template !== null)
    return {
      outcome: 'made' as const,
      address: fill(link.template, link.secret, { ...SAMPLE, time: secondsNow(ctx), nonce: newNonce() }),
      secondsOff: null,
    }
  const said = address && URL.canParse(address) ? new URL(address).searchParams : undefined
  const of = (name: string) => said?.get(name) ?? ''
  const signed = {
    workNumber: of('workNumber'),
    medicalRecordNumber: of('medicalRecordNumber'),
    visitNumber: of('visitNumber'),
    time: Number(of('time')),
    nonce: of('nonce'),
  }
  const secondsOff = secondsNow(ctx) - signed.time
  const tell = (outcome: 'good' | 'badAddress' | 'badSignature' | 'expired' | 'used') => ({ outcome, address: null, secondsOff })
  if (!said || of('link') !== id || !Number.isSafeInteger(signed.time)) return { ...tell('badAddress'), secondsOff: null }
  if (!isSigned(link.secret, signed, of('signature'))) return tell('badSignature')
  if (Math.abs(secondsOff) > link.windowSeconds) return tell('expired')
  const used = await db(ctx)
    .selectFrom('integration.linkVisits')
    .where('linkId', '=', id)
    .where('nonce', '=', signed.nonce)
    .select('nonce')
    .executeTakeFirst()
  return tell(used ? 'used' : 'good')
}

export async function listLinksOut(ctx: Context) {
  const rows = await db(ctx)
    .selectFrom('integration.screenLinks')
    .where('direction', '=', 'out')
    .where('isActive', '=', true)
    .select(['id', 'name'])
    .orderBy('name')
    .limit(20)
    .execute()
  return { rows }
}

/** The address of this patient on the other system's screen, for the one who asks and for this moment. */
export async function makeLink(ctx: Context, { id, patientId }: Input<Api['makeLink']>) {
  const link = await getLink(ctx, id, 'out')
  const patient = await getPatient(ctx, await visibleId(ctx, patientId))
  const staff = ctx.actor.personId
    ? await db(ctx).selectFrom('staff.personCards').where('id', '=', ctx.actor.personId).select('number').executeTakeFirst()
    : undefined
  if (!staff?.number) throw screenLinkErrors.noWorkNumber()
  const { rows } = await sql<{ number: string }>`
    select e.number from encounters.cards e where e.patient_id = ${patient.id}::uuid order by e.admitted_at desc nulls last limit 1`.execute(
    ctx.db,
  )
  const signed = {
    workNumber: staff.number,
    medicalRecordNumber: patient.medicalRecordNumber ?? '',
    visitNumber: rows[0]?.number ?? '',
    time: secondsNow(ctx),
    nonce: newNonce(),
  }
  return { patientId: patient.id, address: fill(link.template ?? '', link.secret, signed) }
}

const hashOf = (ticket: string) => createHash('sha256').update(ticket).digest()

/** Judges an address at once, since it holds for seconds, and uses it up; where the hospital allows it the person is signed in by it. */
export async function arrive(ctx: Context, { link: id, signature, ...signed }: Input<Api['arrive']>) {
  const link = await getLink(ctx, id, 'in')
  if (!isSigned(link.secret, signed, signature)) throw screenLinkErrors.badSignature()
  if (Math.abs(secondsNow(ctx) - signed.time) > link.windowSeconds) throw screenLinkErrors.linkExpired({ seconds: link.windowSeconds })
  const ticket = randomBytes(24).toString('base64url')
  const { workNumber, medicalRecordNumber, visitNumber, nonce } = signed
  const came = await db(ctx)
    .insertInto('integration.linkVisits')
    .values({ linkId: id, nonce, ticketHash: hashOf(ticket), workNumber, medicalRecordNumber, visitNumber, cameAt: ctx.clock.now() })
    .onConflict((c) => c.constraint('link_visits_pkey').doNothing())
    .executeTakeFirst()
  if (came.numInsertedOrUpdatedRows === 0n) throw screenLinkErrors.linkUsed()
  await audit(ctx, { action: 'integration.linkArrived', objectId: id, detail: { workNumber } })
  const person = await db(ctx)
    .selectFrom('staff.personCards')
    .where('number', '=', workNumber)
    .where('isActive', '=', true)
    .select('id')
    .executeTakeFirst()
  const isSignedIn = person ? (await isSignedInAs(ctx, person.id)) || (link.signsIn && (await signInByLink(ctx, person.id))) : false
  return { ticket, isSignedIn }
}

/** The patient to whom a ticket leads, once, for the member of staff whom the other system named. */
export async function openLink(ctx: Context, { ticket }: Input<Api['openLink']>): Promise<{ patientId: string }> {
  const now = ctx.clock.now()
  const visit = await db(ctx)
    .updateTable('integration.linkVisits')
    .set({ openedAt: now })
    .where('ticketHash', '=', hashOf(ticket))
    .where('openedAt', 'is', null)
    .where('cameAt', '>', new Date(now.getTime() - TICKET_MINUTES * 60_000))
    .returning(['workNumber', 'medicalRecordNumber', 'visitNumber'])
    .executeTakeFirst()
  if (!visit) throw screenLinkErrors.linkUsed()
  const staff = ctx.actor.personId
    ? await db(ctx).selectFrom('staff.personCards').where('id', '=', ctx.actor.personId).select('number').executeTakeFirst()
    : undefined
  if (staff?.number !== visit.workNumber) throw screenLinkErrors.linkOfAnother({ workNumber: visit.workNumber })
  const patientId = await whom(ctx, visit)
  if (!patientId) throw screenLinkErrors.linkUnknownPatient()
  return { patientId }
}

/** By the visit where it is known, else by the record number, which must be one person's. */
async function whom(ctx: Context, { medicalRecordNumber, visitNumber }: { medicalRecordNumber: string; visitNumber: string }) {
  if (visitNumber) {
    const { rows } = await sql<{
      patientId: string
    }>`select e.patient_id from encounters.cards e where e.number = ${visitNumber} limit 1`.execute(ctx.db)
    if (rows[0]) return rows[0].patientId
  }
  if (!medicalRecordNumber) return undefined
  const ids = await findPatientIds(ctx, { identifier: { system: null, value: medicalRecordNumber }, limit: 2 })
  return ids.length === 1 ? ids[0] : undefined
}

export const clearVisits = tick('integration.clearLinkVisits', { everySeconds: 3600 }, async (ctx) => {
  await db(ctx)
    .deleteFrom('integration.linkVisits')
    .where('cameAt', '<', new Date(ctx.clock.now().getTime() - KEEP_DAYS * 86_400_000))
    .execute()
})
