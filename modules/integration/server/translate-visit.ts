import type { EncounterEvent, EncounterFacts, SaidDiagnosis } from '@renxin/encounters'
import { Condition, Disposition, EncounterClass, NursingLevel } from '@renxin/encounters/contract'
import { type Message, readStaff, readTime } from '@renxin/hl7'
import type { z } from 'zod'
import type { Note } from '../contract.ts'
import { type CodeTable, codedAt, type FieldName, type Mapping, repetitionAt, textAt } from './mapping.ts'
import { atNoon, momentOf } from './sent-time.ts'
import { meaningAt, wholeName } from './translate-person.ts'

type Setting = { zone: string; sourceAt: Date; notes: Note[]; event: EncounterEvent; number: string }

/** What a message says about the visit: PV1, PV2, DG1 and the sender's own segments, as its mapping has them. */
export function visitFacts(message: Message, mapping: Mapping, setting: Setting): Omit<EncounterFacts, 'patientId'> {
  const { zone, sourceAt, notes, event, number } = setting
  const occurred = message.get('EVN-6.1') ?? message.get('EVN-2.1')
  const occurredAt = momentOf(readTime(occurred), zone)
  const coded = <T extends string>(name: FieldName, table: CodeTable, shape: z.ZodType<T>, also?: (text: string) => string) =>
    codeAt(message, mapping, { name, table, shape, also, notes })
  const moment = (name: 'admit' | 'discharge') =>
    timeAt(message, mapping, { name, zone, notes, occurredAt: momentsOf[name].includes(event) ? occurredAt : undefined })
  const department = placeAt(message, mapping, 'department')
  const ward = placeAt(message, mapping, 'ward')
  const visitClass = coded('class', 'class', EncounterClass)

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
      nurse: staffAt(message, mapping, 'responsibleNurse'),
      nursingLevel: coded('nursingLevel', 'nursing', NursingLevel, nursingWord),
      condition: coded('condition', 'condition', Condition),
      identityClass: meaningAt(message, mapping, 'identity'),
      payer: meaningAt(message, mapping, 'payer'),
      admittedAt: moment('admit'),
      dischargedAt: moment('discharge'),
      disposition: coded('disposition', 'disposition', Disposition, dispositionWord),
      diagnoses: diagnosesOf(message),
    }),
  }
}

type Coded<T> = { name: FieldName; table: CodeTable; shape: z.ZodType<T>; also?: ((text: string) => string) | undefined; notes: Note[] }

/** A code by the mapping's table, else the word itself where it is one of ours; anything else is noted and left unsaid. */
function codeAt<T extends string>(message: Message, mapping: Mapping, { name, table, shape, also, notes }: Coded<T>): T | null | undefined {
  const found = codedAt(message, mapping, name)
  if (!found) return found
  const codes = mapping.codes.get(table)
  const guess = codes?.get(found.code) ?? codes?.get(found.text)
  for (const word of [guess, found.code, found.text, also?.(found.text), also?.(found.code)]) {
    const read = shape.safeParse(word)
    if (read.success) return read.data
  }
  if (table !== 'class' || found.code !== 'N') notes.push({ code: 'unknownCode', field: name, value: found.code.slice(0, 40) })
  return undefined
}

/** `二级护理`, `Ⅱ级护理`, `2级`. */
const nursingWord = (text: string) =>
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

type Place = { code: string | null; name: string | null }

/** A department as `0301^心血管内科`; a ward as its name, or as a code that the mapping's table may name. */
function placeAt(message: Message, mapping: Mapping, name: 'ward' | 'department'): Place | undefined {
  const found = codedAt(message, mapping, name)
  if (found === undefined) return undefined
  if (found === null) return { code: null, name: null }
  const word = mapping.codes.get(name)?.get(found.code)
  if (word) return { code: found.code, name: word }
  if (found.code === found.text && /[^\x20-\x7e]/.test(found.code)) return { code: null, name: found.text } // a name in the place of a code
  return { code: found.code, name: found.text }
}

function staffAt(message: Message, mapping: Mapping, name: 'attending' | 'responsibleNurse'): EncounterFacts['attending'] {
  const found = repetitionAt(message, mapping, name)
  if (!found) return found
  const { id, ...person } = readStaff(found.value)
  const spoken = wholeName(person)
  return id || spoken ? { number: id ?? null, name: spoken || null } : undefined
}

const types: Readonly<Record<string, SaidDiagnosis['type']>> = { A: 'admission', W: 'working', F: 'final' }

function diagnosesOf(message: Message): SaidDiagnosis[] | undefined {
  const all = message.all('DG1').flatMap((s, index): SaidDiagnosis[] => {
    const value = s.first(3)
    const code = value?.get(1)?.trim() ?? null
    const name = value?.get(2)?.trim() || s.get(4, 1)?.trim() || code
    if (!name) return []
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
  return all.length > 0 ? all : undefined
}

function given<T extends object>(facts: T): T {
  const out: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(facts)) if (value !== undefined) out[key] = value
  return out as T // the same keys, fewer of them
}
