import type { LocalDate } from '@renxin/kernel'
import type { Context, Subject } from '@renxin/server'
import type { Sex } from '../../contract.ts'
import { addContact, changeContact } from '../contacts.ts'
import { type Drafts, saveDrafts, takeForWriting } from '../drafts.ts'
import { changePatient } from '../register.ts'
import { correctAway, type HeldField, heldFields, wordIn } from './corrected.ts'

type Corrections = {
  name?: string
  sex?: Sex
  birthOn?: LocalDate
  identityCard?: string
  address?: string
  payer?: string
  identityClass?: string
  phone?: string
}

/**
 * What a patient had corrected by right: a change by hand, and one that holds. What stood there before is not taken from the hospital's systems again, of none of
 * the files that are one with it. A telephone is added as his own under `contactId`, and called first; a number that a hand vouches for stays, whatever list comes.
 */
export async function correctByRight(ctx: Context, subject: Subject, { phone, ...said }: Corrections, contactId: string): Promise<void> {
  const fields = heldFields.filter((field) => said[field] !== undefined)
  if (fields.length > 0) await changeAndHold(ctx, subject, said, fields)
  if (!phone) return
  const { id } = await addContact(ctx, { id: contactId, patientId: subject.id, number: phone, relation: 'self' })
  await changeContact(ctx, { contactId: id, isPreferred: true })
}

async function changeAndHold(ctx: Context, { id, files }: Subject, said: Omit<Corrections, 'phone'>, fields: readonly HeldField[]) {
  const before = await takeForWriting(ctx, files, { contacts: true })
  const wordsOf = (drafts: Drafts, field: HeldField) => drafts.all.map(({ row }) => wordIn(ctx, row, field))
  const was = new Map(fields.map((field) => [field, [wordIn(ctx, before.shown(id).row, field), ...wordsOf(before, field)]]))
  await changePatient(ctx, { patientId: id, ...said })
  const after = await takeForWriting(ctx, files, { contacts: true })
  const right = after.of(id).row
  for (const { row } of after.all)
    for (const field of fields) correctAway(ctx, row, field, was.get(field) ?? [], wordIn(ctx, right, field), ctx.clock.now())
  await saveDrafts(ctx, after.all, after)
}
