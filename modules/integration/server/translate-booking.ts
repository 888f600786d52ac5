import type { BookingFacts, BookingStatus } from '@renxin/encounters'
import type { Message } from '@renxin/hl7'
import { codedAt, repetitionAt, textAt } from './mapping.ts'
import { commonOf, numberless, type RecordReading, type RecordSaid } from './records.ts'
import { staffAt } from './translate-visit.ts'
import { given, momentAt, numberIn, wordsAt, wordsOf } from './values.ts'

/** Events that say what became of an appointment, whatever its status field says. */
const byEvent: Readonly<Record<string, BookingStatus>> = { S15: 'cancelled', S16: 'cancelled', S17: 'cancelled', S26: 'noShow' }

/** SIU S12–S26: an appointment at a clinic, for an examination or an operation. */
export function bookingOf(message: Message, reading: RecordReading): RecordSaid[] {
  if (!message.first('SCH')) return []
  const { mapping } = reading
  const startsAt = momentAt(message, reading, 'bookingStart')
  const endsAt = momentAt(message, reading, 'bookingEnd') ?? endOf(message, startsAt)
  const booking: Omit<BookingFacts, 'patientId'> = given({
    is: 'booking' as const,
    ...commonOf(message, reading),
    number: numberIn(textAt(message, mapping, 'bookingNumber')) ?? numberless(message, 0),
    status: byEvent[message.event] ?? statusOf(message, reading),
    name: wordsAt(message, mapping, 'bookingName'),
    reason: wordsOf(message.first('SCH')?.first(7)) ?? wordsOf(message.first('SCH')?.first(6)),
    startsAt,
    endsAt,
    place: placeOf(message, reading),
    doctor: staffAt(message, mapping, 'bookingDoctor'),
  })
  return [booking]
}

function statusOf(message: Message, { mapping, notes }: RecordReading): BookingStatus {
  const said = codedAt(message, mapping, 'bookingStatus')
  if (!said) return 'booked'
  const table = mapping.codes.get('booking')
  const small = said.code.toLowerCase().replace(/[^a-z]/g, '')
  const meaning = table?.get(said.code) ?? table?.get(said.text) ?? table?.get(small)
  const status = (['booked', 'arrived', 'completed', 'cancelled', 'noShow'] as const).find((s) => s === meaning)
  if (!status) notes.push({ code: 'unknownCode', field: 'bookingStatus', value: said.code.slice(0, 40) })
  return status ?? 'booked'
}

/** By how long it takes, where no end is said. */
function endOf(message: Message, startsAt: Date | null | undefined): Date | undefined {
  const length = Number(message.get('SCH-9.1'))
  const unit = message.get('SCH-10.1')?.toLowerCase() ?? 'min'
  const seconds = unit.startsWith('s') ? 1 : unit.startsWith('h') ? 3600 : 60
  return startsAt && Number.isFinite(length) && length > 0 ? new Date(startsAt.getTime() + length * seconds * 1000) : undefined
}

/** A place has a ward or clinic, a room and a bed. */
function placeOf(message: Message, { mapping }: RecordReading): string | null | undefined {
  const found = repetitionAt(message, mapping, 'bookingPlace')
  if (!found) return found
  const whole = ([1, 2, 3] as const).flatMap((at) => found.value.get(at)?.trim() || [])
  return whole.join(' ') || undefined
}
