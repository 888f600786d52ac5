import type { RecordFacts } from '@renxin/encounters'
import type { Message } from '@renxin/hl7'
import { placeAt, type Reading } from './values.ts'

/** What a message says of a record, before it is known whose it is. */
export type RecordSaid = WithoutPatient<RecordFacts>
type WithoutPatient<R> = R extends RecordFacts ? Omit<R, 'patientId'> : never

/** What the records of a message have in common. `source`: the sender, under whose numbers they are kept. */
export type RecordReading = Reading & { source: string; sourceAt: Date; visitNumber: string | null }

/** The beginning of each record of a message. */
export function commonOf(message: Message, { mapping, source, sourceAt, visitNumber }: RecordReading) {
  const department = placeAt(message, mapping, 'department')
  return {
    source,
    sourceAt,
    ...(visitNumber !== null && { visitNumber }),
    ...(department && { departmentCode: department.code, departmentName: department.name }),
  }
}

/** The number of a record that has none: it is kept, and cannot be put right by a later message. */
export const numberless = (message: Message, index: number): string => `${message.controlId}-${index + 1}`
