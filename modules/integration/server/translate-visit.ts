import type { EncounterEvent, EncounterFacts, SaidDiagnosis } from '@renxin/encounters'
import { Condition, Disposition, EncounterClass, NursingLevel } from '@renxin/encounters/contract'
import { type Message, readStaff, readTime } from '@renxin/hl7'
import type { z } from 'zod'
import type { Note } from '../contract.ts'
import { type CodeTable, type FieldName, type Mapping, repetitionAt, textAt } from './mapping.ts'
import { atNoon, momentOf } from './sent-time.ts'
import { circumstancesOf } from './translate-circumstances.ts'
import { meaningAt, wholeName } from './translate-person.ts'
import { codeAt, given, momentAt, momentIn, placeAt } from './values.ts'

type Setting = { zone: string; sourceAt: Date; notes: Note[]; event: EncounterEvent; number: string }

/** What a message says about the visit: PV1, PV2, DG1 and the sender's own segments, as its mapping has them. */
export function visitFacts(message: Message, mapping: Mapping, setting: Setting): Omit<EncounterFacts, 'patientId'> {
  const { zone, sourceAt, notes, event, number } = setting
  const occurred = message.get('EVN-6.1') ?? message.get('EVN-2.1')
  const occurredAt = momentOf(readTime(occurred), zone)
  const coded = <T extends string>(name: FieldName, table: CodeTable, shape: z.ZodType<T>, also?: (text: string) => string) =>
    codeAt(message, { mapping, zone, notes }, { name, table, shape, also })
  const moment = (name: 'admit' | 'discharge') =>
    timeAt(message, mapping, { name, zone, notes, occurredAt: momentsOf[name].includes(event) ? occurredAt : undefined })
  const department = placeAt(message, mapping, 'department')
  const ward = placeAt(message, mapping, 'ward')
  const nextWard = placeAt(message, mapping, 'nextWard')
  // EVN-3: for when that is planned of which the message tells.
  const planned = momentIn(message.get('EVN-3.1'), { mapping, zone, notes }, 'EVN-3')
  const expected = momentAt(message, { mapping, zone, notes }, 'expectedDischarge')
  const visitClass = coded('class', 'class', EncounterClass)
  const { nurse, ...circumstances } = circumstancesOf(message, { mapping, zone, notes })

  return {
    number,
    event,
    sourceAt,
    ...(occurredAt && { occurredAt }),
    ...given({
      class: visitClass ?? undefined,
      departmentCode: department?.code,
      departmentName: department?.name,
      wardCode: ward?.code,
      wardName: ward?.name,
      room: textAt(message, mapping, 'room'),
      bed: textAt(message, mapping, 'bed'),
      attending: staffAt(message, mapping, 'attending'),
      nurse: staffAt(message, mapping, 'responsibleNurse') ?? nurse,
      nursingLevel: coded('nursingLevel', 'nursing', NursingLevel, nursingWord),
      condition: coded('condition', 'condition', Condition),
      identityClass: meaningAt(message, mapping, 'identity'),
      payer: meaningAt(message, mapping, 'payer'),
      admittedAt: moment('admit'),
      dischargedAt: moment('discharge'),
      disposition: coded('disposition', 'disposition', Disposition, dispositionWord),
      expectedDischargeAt: expected === undefined && event === 'planDischarge' ? planned : expected,
      transferExpectedAt: event === 'planTransfer' ? planned : undefined,
      nextWardCode: nextWard?.code,
      nextWardName: nextWard?.name,
      nextRoom: textAt(message, mapping, 'nextRoom'),
      nextBed: textAt(message, mapping, 'nextBed'),
      diagnoses: diagnosesOf(message),
      ...circumstances,
    }),
  }
}

/** `二级护理`, `Ⅱ级护理`, `2级`. */
export const nursingWord = (text: string) =>
  text
    .normalize('NFKC')
    .replace(/护理$/, '')
    .replace(/^(?:III|3)级?$/, '三级')
    .replace(/^(?:II|2)级$|^II$/, '二级')
    .replace(/^(?:I|1)级$|^I$/, '一级')

/** `1^医嘱离院` has a code of the national table; these are its words alone. */
const dispositionWord = (text: string) => {
  if (/死亡/.test(text)) return '5'
  if (/^医嘱离院|^治愈|^好转/.test(text)) return '1'
  if (/转社区|转乡镇|转.*卫生院/.test(text)) return '3'
  if (/转院/.test(text)) return '2'
  if (/非医嘱|自动出院/.test(text)) return '4'
  return /^其他|^其它/.test(text) ? '9' : text
}

/** The events that are the moment itself. */
const momentsOf: Record<'admit' | 'discharge', readonly EncounterEvent[]> = { admit: ['admit', 'register'], discharge: ['discharge'] }

type TimeAt = { name: 'admit' | 'discharge'; zone: string; notes: Note[]; occurredAt: Date | undefined }

/** A day without a time is no midnight: it takes the event's own time where that is on the same day. */
function timeAt(message: Message, mapping: Mapping, { name, zone, notes, occurredAt }: TimeAt): Date | null | undefined {
  const value = textAt(message, mapping, name)
  if (value === null || value === undefined) return value
  const time = readTime(value)
  const exact = momentOf(time, zone)
  if (exact) return exact
  const noon = atNoon(time, zone)
  if (!noon) notes.push({ code: 'badTime', field: name, value: value.slice(0, 40) })
  const isSameDay = noon && occurredAt && Math.abs(noon.getTime() - occurredAt.getTime()) < 12 * 3_600_000
  return isSameDay ? occurredAt : noon
}

/** Who it was, by number and name; where a system nests them (`D31&王&志强`), too. */
export function staffAt(message: Message, mapping: Mapping, name: FieldName): EncounterFacts['attending'] {
  const found = repetitionAt(message, mapping, name)
  if (!found) return found
  const isNested = found.value.get(2) === undefined && found.value.get(1, 2) !== undefined
  const nested = (at: number) => found.value.get(1, at)
  const { id, ...person } = isNested ? given({ id: nested(1), family: nested(2), given: nested(3) }) : readStaff(found.value)
  const spoken = wholeName(person)
  return id || spoken ? { number: id ?? null, name: spoken || null } : undefined
}

const types: Readonly<Record<string, SaidDiagnosis['type']>> = { A: 'admission', W: 'working', F: 'final' }

/** Those that are said; one that is deleted (DG1-21) is none, and a `""` in the place of the code deletes them all. */
export function diagnosesOf(message: Message): SaidDiagnosis[] | null | undefined {
  const all = message.all('DG1').flatMap((s, index): SaidDiagnosis[] => {
    const value = s.first(3)
    const code = value?.get(1)?.trim() ?? null
    const name = value?.get(2)?.trim() || s.get(4, 1)?.trim() || code
    if (!name || s.get(21, 1) === 'D') return []
    const rank = Number(s.get(15, 1))
    return [
      {
        code,
        name,
        system: value?.get(3)?.trim() ?? s.get(2, 1) ?? null,
        type: types[s.get(6, 1)?.trim().toUpperCase() ?? ''] ?? 'working',
        rank: Number.isInteger(rank) && rank > 0 ? rank : index + 1,
      },
    ]
  })
  if (all.length > 0) return all
  return message.all('DG1').some((s) => s.isDeleted(3)) ? null : undefined
}
