import type { Input, LocalDate } from '@renxin/kernel'
import { audit, type Context, openText, unveiled } from '@renxin/server'
import { type PatientCard, patientErrors, type patientsApi, type Sex } from '../contract.ts'
import { checkIdentityCard } from '../person/identity-card.ts'
import { cleanPhone } from '../person/phone.ts'
import { applyPatientFacts } from './apply-facts.ts'
import { getCard } from './cards.ts'
import { noteCare } from './care.ts'
import { saveDrafts, takeForWriting } from './drafts.ts'
import type { PatientFacts } from './facts.ts'
import { concludeDeath } from './fold.ts'
import { findPatient, getPatient, type PatientRecord, visibleId } from './get-patient.ts'
import { areaCodeOf } from './settings.ts'
import { db } from './tables.ts'

type Api = typeof patientsApi
export type NewPatient = {
  id: string
  name: string
  sex?: Sex | undefined
  birthOn?: LocalDate | null | undefined
  identityCard?: string | null | undefined
  medicalRecordNumber?: string | null | undefined
  phone?: string | null | undefined
}

/** Numbers that a hand gives belong to this system of ours. */
export const HAND = 'renxin'

/** Enters a person by hand. The same id again changes nothing but what is said; a number of somebody else is refused. */
export async function registerPatient(ctx: Context, { id, name, medicalRecordNumber, phone, ...said }: NewPatient): Promise<PatientRecord> {
  refuseBadCard(said.identityCard)
  if (phone && !cleanPhone(phone, await areaCodeOf(ctx))?.mayContact) throw patientErrors.badPhone()
  if (medicalRecordNumber) await unveiled(ctx, () => refuseTaken(ctx, id, medicalRecordNumber))
  const fact: PatientFacts = {
    id,
    identifiers: medicalRecordNumber ? [{ system: HAND, type: 'MR', value: medicalRecordNumber }] : [],
    sourceAt: ctx.clock.now(),
    name,
    ...(said.sex ? { sex: said.sex } : {}),
    ...(said.birthOn ? { birthOn: said.birthOn } : {}),
    ...(said.identityCard ? { identityCard: said.identityCard } : {}),
    ...(phone ? { phones: [{ number: phone }] } : {}),
  }
  const [made = id] = await applyPatientFacts(ctx, [fact], { source: 'manual' })
  return getPatient(ctx, made)
}

export async function registerByForm(ctx: Context, input: Input<Api['register']>): Promise<PatientCard> {
  if (await findPatient(ctx, input.id)) await visibleId(ctx, input.id) // an id that is taken opens nobody's file
  const { id } = await registerPatient(ctx, input)
  // Whoever enters a person for a department or ward cares for that person from now on.
  if (ctx.actor.scope !== 'hospital') await noteCare(ctx, [{ patientId: id, unitIds: [...ctx.actor.departments, ...ctx.actor.wards] }])
  return getCard(ctx, id)
}

/** Corrects what is known, as of now: the hospital's system wins again when it says something later. */
export async function changePatient(ctx: Context, { patientId, address, ...said }: Input<Api['change']>): Promise<{ patientId: string }> {
  const id = await visibleId(ctx, patientId)
  refuseBadCard(said.identityCard)
  const fact = {
    id,
    identifiers: [],
    sourceAt: ctx.clock.now(),
    ...said,
    ...(address === undefined ? {} : { address: address ? { full: address } : null }),
  }
  await applyPatientFacts(ctx, [fact], { source: 'manual' })
  return { patientId: id }
}

/** One of us was told of a death, or that it was an error. */
export async function markDeceased(ctx: Context, { patientId, at }: Input<Api['markDeceased']>): Promise<{ patientId: string }> {
  const id = await visibleId(ctx, patientId)
  const taken = await takeForWriting(ctx, [id], { contacts: false })
  // A death is noted of the file at hand. Taken back it is wherever it was said: what is shown must not be dead any more.
  const drafts = at === null ? (taken.groups[0] ? [...taken.groups[0].members.values()] : [taken.of(id)]) : [taken.of(id)]
  const now = ctx.clock.now().getTime()
  for (const { row } of drafts) {
    row.deathNotedAt = at === null ? null : new Date(at)
    if (at === null && row.isSaidDead) {
      Object.assign(row, { isSaidDead: false, diedAt: null })
      Object.assign(row.saidAt, { deceased: now, diedAt: now })
    }
    concludeDeath(row)
  }
  await saveDrafts(ctx, drafts, taken)
  return { patientId: id }
}

/** The whole identity number, for a reason that is written down. */
export async function revealIdentityCard(ctx: Context, { patientId, reason }: { patientId: string; reason: string }) {
  const row = await sealedOf(ctx, patientId)
  await audit(ctx, { action: 'patients.identityCardRevealed', patientId: row.id, reason })
  return { patientId: row.id, identityCard: row.identityCard ? openText(ctx, row.identityCard) : null }
}

export async function revealAddress(ctx: Context, { patientId, reason }: { patientId: string; reason: string }) {
  const row = await sealedOf(ctx, patientId)
  await audit(ctx, { action: 'patients.addressRevealed', patientId: row.id, reason })
  return { patientId: row.id, address: row.address ? openText(ctx, row.address) : null }
}

/** Sensitive by law: nobody sees it by the way. */
export async function revealReligion(ctx: Context, { patientId, reason }: { patientId: string; reason: string }) {
  const row = await sealedOf(ctx, patientId)
  await audit(ctx, { action: 'patients.religionRevealed', patientId: row.id, reason })
  return { patientId: row.id, religion: row.religion ? openText(ctx, row.religion) : null }
}

const sealedOf = async (ctx: Context, patientId: string) =>
  db(ctx)
    .selectFrom('patients.patients')
    .select(['id', 'identityCard', 'address', 'religion'])
    .where('id', '=', await visibleId(ctx, patientId))
    .executeTakeFirstOrThrow()

/** Only what has the form of a resident number is held to its check digit: a passport is a document too. */
function refuseBadCard(text: string | null | undefined): void {
  if (!text) return
  const card = checkIdentityCard(text)
  if (!card.isValid && /^\d{14,17}[\dX]?$/.test(card.number)) throw patientErrors.badIdentityCard()
}

async function refuseTaken(ctx: Context, id: string, recordNumber: string): Promise<void> {
  const owners = await db(ctx)
    .selectFrom('patients.searchKeys')
    .innerJoin('patients.identifiers as i', 'i.patientId', 'patients.searchKeys.patientId')
    .select('i.patientId')
    .where('patients.searchKeys.key', '=', recordNumber.toLowerCase())
    .where('patients.searchKeys.kind', '=', 'number')
    .where('i.type', '=', 'MR')
    .where('i.value', '=', recordNumber)
    .limit(5)
    .execute()
  if (owners.some((o) => o.patientId !== id)) throw patientErrors.numberTaken()
}
