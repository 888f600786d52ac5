import { type Message, readTime } from '@renxin/hl7'
import type { Note } from '../contract.ts'
import { textAt } from './mapping.ts'
import type { RecordSaid } from './records.ts'
import { momentOf } from './sent-time.ts'
import { accountsIn } from './translate-account.ts'
import { admissionOf } from './translate-admission.ts'
import { bookingOf } from './translate-booking.ts'
import { chargesOf, proceduresOf, totalOf } from './translate-charge.ts'
import { documentOf, summaryIn } from './translate-document.ts'
import { masterOf } from './translate-master.ts'
import { careOrdered, ordersOf } from './translate-order.ts'
import { withOwnFields } from './translate-own.ts'
import { hearsay, personFacts } from './translate-person.ts'
import { reportsOf } from './translate-report.ts'
import { diagnosesOf } from './translate-visit.ts'
import { LONGEST_NUMBER, type Part, type Reading, type Setting, type Translation, unsaid, type VisitFacts } from './translation.ts'
import { given } from './values.ts'

export type { Translation } from './translation.ts'

/** Pure: a message and its sender's mapping to facts. MSH-9 alone decides what kind of message it is. */
export function translate(message: Message, { mapping, zone, receivedAt, source, own = [] }: Setting): Translation {
  const notes: Note[] = []
  const sent = message.get('MSH-7.1')
  const sentTime = readTime(sent)
  if (sent && !sentTime) notes.push({ code: 'badTime', field: 'MSH-7', value: sent.slice(0, 40) })
  const sentAt = momentOf(sentTime, zone) ?? null
  const visitNumber = textAt(message, mapping, 'visitNo')?.slice(0, LONGEST_NUMBER) ?? null
  const sourceAt = sentAt ?? momentOf(readTime(message.get('EVN-2.1')), zone) ?? receivedAt
  const reading = { mapping, zone, notes, sourceAt, source, visitNumber }
  const part = partOf(message, reading)
  return { notes, sentAt, visitNumber, ...(message.type === 'ADT' ? withOwnFields(message, reading, own, part) : part) }
}

function partOf(message: Message, reading: Reading): Part {
  switch (message.type) {
    case '':
      return unsaid('failed', 'noType')
    case 'ADT':
      return withAccounts(message, reading, withRecords(message, reading, admissionOf(message, reading)))
    case 'ORU':
      return recordsOf(message, reading, reportsOf)
    case 'ORM':
    case 'OML':
    case 'OMG':
    case 'OMP':
    case 'OMI':
    case 'RDE':
      return withCare(message, reading, recordsOf(message, reading, ordersOf))
    case 'DFT':
    case 'BAR':
      return withCoding(message, reading, recordsOf(message, reading, chargesOf, proceduresOf, totalOf))
    case 'MDM':
      return withSummary(message, reading)
    case 'SIU':
      return recordsOf(message, reading, bookingOf)
    case 'MFN':
      return { ...unsaid('ignored'), ...masterPart(message) }
    default:
      return unsaid('ignored')
  }
}

/** Stays come with what was done in them and what it cost. */
function withRecords(message: Message, reading: Reading, part: Part): Part {
  if (part.status !== 'applied' || !part.visit) return part
  const records = [...proceduresOf(message, reading), ...totalOf(message, reading)]
  return records.length > 0 ? { ...part, records } : part
}

function withAccounts(message: Message, reading: Reading, part: Part): Part {
  const accounts = part.status === 'applied' ? accountsIn(message, reading) : []
  return accounts.length > 0 ? { ...part, accounts } : part
}

/** Final diagnoses are often coded when the bill is made: BAR brings them, and DFT where it calls them final. */
function withCoding(message: Message, reading: Reading, part: Part): Part {
  const person = part.person ?? hearsay(personFacts(message, reading.mapping, { ...reading, notes: [] }))
  const said = diagnosesOf(message)?.filter((d) => message.type === 'BAR' || d.type === 'final') ?? []
  if (said.length === 0 || reading.visitNumber === null || person.identifiers.length === 0 || part.status === 'waiting') return part
  const visit: VisitFacts = { number: reading.visitNumber, event: 'update', sourceAt: reading.sourceAt, diagnoses: said }
  return { ...part, status: 'applied', reason: null, person, visit }
}

type Translator = (message: Message, reading: Reading) => RecordSaid[]

/** Whose it is, and the records. What another system than the one for admissions says of the person counts only where nobody else did. */
function recordsOf(message: Message, reading: Reading, ...translators: readonly Translator[]): Part {
  const person = hearsay(personFacts(message, reading.mapping, reading))
  if (person.identifiers.length === 0) return unsaid('waiting', 'noPatientId')
  if (person.identifiers.some((i) => i.value.length > LONGEST_NUMBER)) return unsaid('waiting', 'tooLong')
  const records = translators.flatMap((translate) => translate(message, reading))
  return records.length > 0 ? { ...unsaid('applied'), person, records } : unsaid('ignored')
}

function withCare(message: Message, reading: Reading, part: Part): Part {
  const care = part.status === 'applied' ? careOrdered(message, reading) : undefined
  return care && reading.visitNumber !== null ? { ...part, visit: visitOf(reading, reading.visitNumber, care.at, care) } : part
}

const visitOf = (
  { sourceAt }: Reading,
  number: string,
  occurredAt: Date | undefined,
  said: Pick<VisitFacts, 'nursingLevel' | 'condition' | 'summary'>,
): VisitFacts =>
  given({
    number,
    event: 'update',
    sourceAt,
    occurredAt,
    nursingLevel: said.nursingLevel,
    condition: said.condition,
    summary: said.summary,
  })

function withSummary(message: Message, reading: Reading): Part {
  const document = documentOf(message, reading)
  const part = recordsOf(message, reading, () => (document ? [document] : []))
  const summary = document && part.status === 'applied' ? summaryIn(message, reading, document) : undefined
  if (summary === undefined || reading.visitNumber === null) return part
  return { ...part, visit: visitOf(reading, reading.visitNumber, undefined, { summary }) }
}

function masterPart(message: Message): Partial<Part> {
  const master = masterOf(message)
  return master.people.length + master.places.length > 0 ? { status: 'applied', master } : {}
}
