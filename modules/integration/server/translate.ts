import type { EncounterEvent, EncounterFacts } from '@renxin/encounters'
import { type Message, readTime } from '@renxin/hl7'
import type { PatientFacts } from '@renxin/patients'
import type { Note, Reason } from '../contract.ts'
import { type Mapping, textAt } from './mapping.ts'
import { momentOf } from './sent-time.ts'
import { personFacts } from './translate-person.ts'
import { visitFacts } from './translate-visit.ts'

export type VisitFacts = Omit<EncounterFacts, 'patientId'>

/** What a message says, in the words of the rooms that keep it. */
export type Translation = {
  status: 'applied' | 'ignored' | 'waiting' | 'failed'
  reason: Reason | null
  person?: PatientFacts
  visit?: VisitFacts
  visitNumber: string | null
  sentAt: Date | null
  notes: Note[]
}

export type Setting = { mapping: Mapping; zone: string; receivedAt: Date }

const visitEvents: Readonly<Record<string, EncounterEvent>> = {
  A01: 'admit',
  A02: 'transfer',
  A03: 'discharge',
  A04: 'register',
  A08: 'update',
  A11: 'cancelAdmit',
  A12: 'cancelTransfer',
  A13: 'cancelDischarge',
}
const personEvents = new Set(['A28', 'A31', 'A40'])
const LONGEST_NUMBER = 100

/** Pure: a message and its sender's mapping to facts. MSH-9 alone decides what kind of event it is. */
export function translate(message: Message, { mapping, zone, receivedAt }: Setting): Translation {
  const notes: Note[] = []
  const sent = message.get('MSH-7.1')
  const sentTime = readTime(sent)
  if (sent && !sentTime) notes.push({ code: 'badTime', field: 'MSH-7', value: sent })
  const sentAt = momentOf(sentTime, zone) ?? null
  const visitNumber = textAt(message, mapping, 'visitNo') ?? null
  const known = { notes, sentAt, visitNumber: visitNumber?.slice(0, LONGEST_NUMBER) ?? null }
  const unsaid = (status: Translation['status'], reason: Reason | null): Translation => ({ ...known, status, reason })

  if (message.type === '') return unsaid('failed', 'noType')
  const event = visitEvents[message.event]
  if (message.type !== 'ADT' || (!event && !personEvents.has(message.event))) return unsaid('ignored', null)

  const sourceAt = sentAt ?? momentOf(readTime(message.get('EVN-2.1')), zone) ?? receivedAt
  const person = personFacts(message, mapping, { zone, sourceAt, notes })
  if (person.identifiers.length === 0) return unsaid('waiting', 'noPatientId')
  if (person.identifiers.some((i) => i.value.length > LONGEST_NUMBER)) return unsaid('waiting', 'tooLong')
  if (message.event === 'A40' && !person.mergeOf?.length) return unsaid('waiting', 'noMergedId')
  if (!event || (event === 'update' && !saysVisit(message))) return { ...unsaid('applied', null), person }
  if (visitNumber === null) return { ...unsaid('waiting', 'noVisitNumber'), person }
  if (visitNumber.length > LONGEST_NUMBER) return { ...unsaid('waiting', 'tooLong'), person }
  const visit = visitFacts(message, mapping, { zone, sourceAt, notes, event, number: visitNumber })
  return { ...unsaid('applied', null), person, visit }
}

/** Whether an update tells of a visit at all: many systems send a PV1 that says no more than `N`. */
function saysVisit(message: Message): boolean {
  return ['PV1-3', 'PV1-7', 'PV1-10', 'PV1-19', 'PV1-36', 'PV1-44', 'PV1-45'].some((path) => message.get(path) !== undefined)
}
