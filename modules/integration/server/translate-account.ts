import type { AccountFact } from '@renxin/encounters'
import type { Message } from '@renxin/hl7'
import { type Mapping, textAt } from './mapping.ts'
import type { RecordReading } from './records.ts'
import { LONGEST_NUMBER } from './translation.ts'
import { groupsOf } from './values.ts'

/** Events of which MRG-3 tells that two accounts are one, or how an account was called before. */
const accountMerges = new Set(['A35', 'A36', 'A41', 'A49'])

/** Where a hospital has one number for both, the account is the visit and there is nothing to say of it. */
export const isOneNumber = (mapping: Mapping): boolean =>
  mapping.places.get('visitNo')?.some((p) => p.segment === 'PID' && p.field === 18) ?? false

/** ADT: of which visit an account is, and which account went into which. The visits themselves stay what they are. */
export function accountsIn(message: Message, reading: RecordReading): AccountFact[] {
  if (isOneNumber(reading.mapping)) return []
  const persons = groupsOf(message, (s) => s.name === 'PID')
  return persons.flatMap((one) => accountIn(one, reading))
}

function accountIn(message: Message, { mapping, sourceAt, notes }: RecordReading): AccountFact[] {
  const said = (name: 'accountNo' | 'priorAccountNo' | 'visitNo') => textAt(message, mapping, name)?.slice(0, LONGEST_NUMBER)
  const [number, prior, visitNumber] = [said('accountNo'), said('priorAccountNo'), said('visitNo')]
  const isOfVisits = !['A28', 'A31', 'A18', 'A34', 'A39', 'A40'].includes(message.event)
  if (message.event === 'A44' && (number ?? prior) && !visitNumber)
    notes.push({ code: 'accountNotMoved', field: 'accountNo', value: (number ?? prior ?? '').slice(0, 40) })
  return [
    ...(number && visitNumber && isOfVisits ? [{ number, visitNumber, sourceAt }] : []),
    ...(accountMerges.has(message.event) && number && prior && number !== prior ? [{ number: prior, into: number, sourceAt }] : []),
  ]
}
