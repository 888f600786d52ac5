import type { EncounterEvent } from '@renxin/encounters'
import type { Message } from '@renxin/hl7'
import type { PatientFacts } from '@renxin/patients'
import { textAt } from './mapping.ts'
import { eachMerge } from './translate-account.ts'
import { personFacts } from './translate-person.ts'
import { visitFacts } from './translate-visit.ts'
import { LONGEST_NUMBER, type Part, type Reading, type Told, unsaid } from './translation.ts'
import { groupsOf } from './values.ts'

/** What each event of ADT says of a visit (HL7 v2, chapter 3; table 0003). */
const visitEvents: Readonly<Record<string, EncounterEvent>> = {
  A01: 'admit',
  A02: 'transfer',
  A03: 'discharge',
  A04: 'register',
  A05: 'preadmit',
  A06: 'toInpatient',
  A07: 'toOutpatient',
  A08: 'update',
  A09: 'update', // on the way to another place
  A10: 'update', // and there
  A11: 'cancelAdmit',
  A12: 'cancelTransfer',
  A13: 'cancelDischarge',
  A14: 'preadmit',
  A15: 'planTransfer', // nothing has moved yet
  A16: 'planDischarge',
  A17: 'transfer', // of two
  A21: 'leave',
  A22: 'return',
  A23: 'cancelAdmit', // the visit is deleted
  A25: 'cancelPlanDischarge',
  A26: 'cancelPlanTransfer',
  A27: 'cancelPreadmit',
  A32: 'update',
  A33: 'update',
  A38: 'cancelPreadmit',
  A52: 'cancelLeave',
  A53: 'cancelReturn',
  A54: 'update', // another doctor
  A55: 'update',
  A61: 'update',
  A62: 'update',
}

/** Events of which MRG tells that two persons, or two numbers of one, are one. */
const personMerges = new Set(['A18', 'A30', 'A34', 'A36', 'A39', 'A40', 'A43', 'A46', 'A47'])
/** Events of which MRG tells the number that a visit had, or the visit that it turned out to be. */
const visitMoves = new Set(['A35', 'A36', 'A41', 'A42', 'A44', 'A45', 'A49', 'A50'])
const personEvents = new Set(['A28', 'A31', 'A48', 'A51', 'A60', ...personMerges, ...visitMoves])

/** ADT: who came, where he lies, how he left, and who turned out to be whom. */
export function admissionOf(message: Message, reading: Reading): Part {
  const { event } = message
  if (event === 'A29') return unsaid('waiting', 'deletesPerson')
  if (event === 'A24' || event === 'A37') return linkOf(message, reading)
  if (!visitEvents[event] && !personEvents.has(event)) return unsaid('ignored')

  return together(eachMerge(message).map((group) => toldOf(group, reading)))
}

/** The first is whose message it is; what one of them lacks, all wait for. */
function together(parts: readonly Part[]): Part {
  const [first = unsaid('waiting', 'noPatientId'), ...rest] = parts
  const open = parts.find((p) => p.status !== 'applied')
  const also = rest.flatMap((p): Told[] => (p.person ? [{ person: p.person, ...(p.visit && { visit: p.visit }) }] : []))
  return { ...first, ...(open && { status: open.status, reason: open.reason }), ...(also.length > 0 && { also }) }
}

function toldOf(message: Message, reading: Reading): Part {
  const { event } = message
  const person = personFacts(message, reading.mapping, { ...reading, merges: personMerges.has(event) })
  if (person.identifiers.length === 0) return unsaid('waiting', 'noPatientId')
  if (person.identifiers.some((i) => i.value.length > LONGEST_NUMBER)) return unsaid('waiting', 'tooLong')
  if (personMerges.has(event) && !person.mergeOf?.length) return unsaid('waiting', 'noMergedId')
  if (visitMoves.has(event)) return movedOf(message, reading, person)
  const said = visitEvents[event]
  if (!said || (said === 'update' && !saysVisit(message))) return { ...unsaid('applied'), person }
  const number = textAt(message, reading.mapping, 'visitNo') ?? null
  if (number === null) return { ...unsaid('waiting', 'noVisitNumber'), person }
  if (number.length > LONGEST_NUMBER) return { ...unsaid('waiting', 'tooLong'), person }
  return { ...unsaid('applied'), person, visit: visitFacts(message, reading.mapping, { ...reading, event: said, number }) }
}

/** A visit gets another number, is found to be another, or another patient's. Of accounts only those are kept that are the visits' numbers. */
function movedOf(message: Message, reading: Reading, person: PatientFacts): Part {
  const prior = priorOf(message, reading)
  const number = textAt(message, reading.mapping, 'visitNo') ?? prior
  const isOfAccounts = ['A35', 'A36', 'A41', 'A44', 'A49'].includes(message.event)
  if (!number) return isOfAccounts ? { ...unsaid('applied'), person } : { ...unsaid('waiting', 'noVisitNumber'), person }
  if (!prior && (message.event === 'A42' || message.event === 'A50')) return { ...unsaid('waiting', 'noMergedId'), person }
  if (!prior && isOfAccounts && message.event !== 'A44') return { ...unsaid('applied'), person }
  if (Math.max(number.length, prior?.length ?? 0) > LONGEST_NUMBER) return { ...unsaid('waiting', 'tooLong'), person }
  const { class: visitClass } = visitFacts(message, reading.mapping, { ...reading, notes: [], event: 'update', number })
  const retires = prior && prior !== number ? { retires: [prior] } : {}
  return {
    ...unsaid('applied'),
    person,
    visit: { number, event: 'update', sourceAt: reading.sourceAt, ...retires, ...(visitClass && { class: visitClass }) },
  }
}

function priorOf(message: Message, { mapping }: Reading): string | undefined {
  const prior = textAt(message, mapping, 'priorVisitNo')
  const isAccount = mapping.places.get('visitNo')?.some((p) => p.segment === 'PID' && p.field === 18)
  return prior ?? (isAccount ? message.get('MRG-3.1')?.trim() : undefined)
}

/**
 * A24: two files that another system takes for one person. Both are told, and a third word names the numbers of both, so that somebody looks:
 * links have been sent for mother and child. A37 takes it back.
 */
function linkOf(message: Message, reading: Reading): Part {
  const told = groupsOf(message, (s) => s.name === 'PID').map((one) => personFacts(one, reading.mapping, reading))
  const [first, second] = told
  if (!first || !second || told.some((p) => p.identifiers.length === 0)) return unsaid('waiting', 'noPatientId')
  const both = { identifiers: [...first.identifiers, ...second.identifiers], sourceAt: reading.sourceAt }
  if (message.event === 'A37') return { ...unsaid('applied'), person: first, also: [{ person: second }], isUnlinked: true }
  return { ...unsaid('applied'), person: first, also: [{ person: second }, { person: both }] }
}

/** Whether an update tells of a visit at all: many systems send a PV1 that says no more than `N`. */
function saysVisit(message: Message): boolean {
  return ['PV1-3', 'PV1-7', 'PV1-10', 'PV1-19', 'PV1-36', 'PV1-44', 'PV1-45'].some((path) => message.get(path) !== undefined)
}
