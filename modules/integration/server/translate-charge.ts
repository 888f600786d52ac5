import type { ChargeFacts, ProcedureFacts } from '@renxin/encounters'
import type { Message } from '@renxin/hl7'
import { codedAt, textAt } from './mapping.ts'
import { commonOf, numberless, type RecordReading, type RecordSaid } from './records.ts'
import { isOneNumber } from './translate-account.ts'
import { wholeName } from './translate-person.ts'
import { centsOf, given, groupsOf, momentIn, numberIn, wordsAt, wordsOf } from './values.ts'

type Charge = Omit<ChargeFacts, 'patientId'>

/** DFT and BAR: one charge, credit or payment for each FT1. */
export function chargesOf(message: Message, reading: RecordReading): RecordSaid[] {
  return groupsOf(message, (s) => s.name === 'FT1').map((group, index): Charge => {
    const { mapping } = reading
    const kind = kindOf(group, reading)
    const quantity = Number(group.get('FT1-10.1'))
    return given({
      is: 'charge' as const,
      ...commonOf(group, reading),
      number: numberIn(textAt(group, mapping, 'chargeNumber')) ?? numberless(group, index),
      kind,
      status: 'current' as const,
      name: wordsAt(group, mapping, 'chargeItem') ?? group.get('FT1-8.1'),
      code: codedAt(group, mapping, 'chargeItem')?.code,
      quantity: group.get('FT1-10.1') !== undefined && Number.isFinite(quantity) ? quantity : undefined,
      amountCents: amountOf(group, reading, kind, quantity),
      accountNumber: isOneNumber(mapping) ? undefined : textAt(group, mapping, 'accountNo'),
      chargedAt: momentIn(group.get('FT1-4.1'), reading, 'FT1-4'),
    })
  })
}

function kindOf(message: Message, { mapping, notes }: RecordReading): ChargeFacts['kind'] {
  const said = codedAt(message, mapping, 'chargeKind')
  const meaning = said && (mapping.codes.get('charge')?.get(said.code) ?? mapping.codes.get('charge')?.get(said.code.toUpperCase()))
  const kind = (['charge', 'credit', 'payment', 'total'] as const).find((k) => k === meaning)
  if (said && !kind) notes.push({ code: 'unknownCode', field: 'chargeKind', value: said.code.slice(0, 40) })
  return kind ?? 'charge'
}

/** The whole amount, else that of one times how many. A credit takes away, whichever sign the sender writes. */
function amountOf(message: Message, { mapping }: RecordReading, kind: Charge['kind'], quantity: number): number | undefined {
  const single = centsOf(message.get('FT1-12.1'))
  const whole =
    centsOf(textAt(message, mapping, 'chargeAmount')) ?? (single === undefined ? undefined : Math.round(single * (quantity || 1)))
  return whole !== undefined && kind === 'credit' ? -Math.abs(whole) : whole
}

/** What the whole stay has cost so far (PV1-47): most hospitals send totals and not items. */
export function totalOf(message: Message, reading: RecordReading): RecordSaid[] {
  const amountCents = centsOf(textAt(message, reading.mapping, 'totalCharges'))
  if (amountCents === undefined || reading.visitNumber === null) return []
  const total: Charge = {
    is: 'charge',
    ...commonOf(message, reading),
    number: `total ${reading.visitNumber}`,
    kind: 'total',
    status: 'current',
    amountCents,
  }
  return [total]
}

/** PR1: operations and procedures that were done. Without a number of its own one is known by its visit, what it is and when. */
export function proceduresOf(message: Message, reading: RecordReading): RecordSaid[] {
  return groupsOf(message, (s) => s.name === 'PR1').map((group, index): Omit<ProcedureFacts, 'patientId'> => {
    const pr1 = group.first('PR1')
    const code = codedAt(group, reading.mapping, 'procedure')?.code
    const day = group.get('PR1-5.1') ?? ''
    const own = numberIn(group.get('PR1-19.1'))
    const surgeon = pr1?.first(11)
    const name = surgeon && wholeName({ family: surgeon.get(2) ?? '', given: surgeon.get(3) ?? '' })
    return given({
      is: 'procedure' as const,
      ...commonOf(group, reading),
      number: own ?? (reading.visitNumber && code ? `${reading.visitNumber} ${code} ${day.slice(0, 8)}` : numberless(group, index)),
      status: group.get('PR1-20.1') === 'D' ? ('cancelled' as const) : ('current' as const),
      code,
      name: wordsAt(group, reading.mapping, 'procedure') ?? group.get('PR1-4.1'),
      performedAt: momentIn(day || undefined, reading, 'PR1-5'),
      doctor: surgeon ? { number: surgeon.get(1) ?? null, name: name || null } : undefined,
      anaesthesia: wordsOf(pr1?.first(9)),
    })
  })
}
