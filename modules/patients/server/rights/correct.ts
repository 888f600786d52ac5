import type { LocalDate } from '@renxin/kernel'
import type { Context } from '@renxin/server'
import type { Sex } from '../../contract.ts'
import { addContact } from '../contacts.ts'
import { changePatient } from '../register.ts'

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

/** What a patient had corrected by right: a change by hand like any other; a telephone is added as his own under `contactId`. */
export async function correctByRight(ctx: Context, patientId: string, { phone, ...said }: Corrections, contactId: string): Promise<void> {
  if (Object.keys(said).length > 0) await changePatient(ctx, { patientId, ...said })
  if (phone) await addContact(ctx, { id: contactId, patientId, number: phone, relation: 'self' })
}
