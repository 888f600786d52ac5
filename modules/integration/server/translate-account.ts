import type { Message } from '@renxin/hl7'
import { type Mapping, textAt } from './mapping.ts'
import type { RecordReading } from './records.ts'
import { type AccountSaid, LONGEST_NUMBER } from './translation.ts'
import { groupsOf } from './values.ts'

/** Events of which MRG-3 tells that two accounts are one, or how an account was called before. */
const accountMerges = new Set(['A35', 'A36', 'A41', 'A49'])

/** Where a hospital has one number for both, the account is the visit and there is nothing to say of it. */
export const isOneNumber = (mapping: Mapping): boolean =>
  mapping.places.get('visitNo')?.some((p) => p.segment === 'PID' && p.field === 18) ?? false

/** ADT: of which visit an account is, which account went into which, and which is another patient's (A44: with all that hangs on it). */
export function accountsIn(message: Message, reading: RecordReading): AccountSaid[] {
  if (isOneNumber(reading.mapping)) return []
  return eachMerge(message).flatMap((one, at) => accountIn(one, reading, at))
}

/** A message cut into one for each PID and, where a PID has several, each MRG: in this order its persons are told. */
export function eachMerge(message: Message): Message[] {
  const persons = groupsOf(message, (s) => s.name === 'PID')
  return (persons.length > 0 ? persons : [message]).flatMap((one) => {
    const merged = groupsOf(one, (s) => s.name === 'MRG')
    return merged.length > 1 ? merged : [one]
  })
}

function accountIn(message: Message, { mapping, sourceAt }: RecordReading, at: number): AccountSaid[] {
  const said = (name: 'accountNo' | 'priorAccountNo' | 'visitNo') => textAt(message, mapping, name)?.slice(0, LONGEST_NUMBER)
  const [number, prior, visitNumber] = [said('accountNo'), said('priorAccountNo'), said('visitNo')]
  const isOfVisits = !['A28', 'A31', 'A18', 'A34', 'A39', 'A40'].includes(message.event)
  const moved = message.event === 'A44' ? [...new Set([prior, number].filter((n) => n !== undefined && n !== null))] : []
  return [
    ...moved.map((one) => ({ number: one, movedTo: at, sourceAt })),
    ...(number && visitNumber && isOfVisits ? [{ number, visitNumber, sourceAt }] : []),
    ...(accountMerges.has(message.event) && number && prior && number !== prior ? [{ number: prior, into: number, sourceAt }] : []),
  ]
}
