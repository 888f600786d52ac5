import type { UnitName } from '@renxin/staff'
import type { Fact } from '../contract.ts'
import { ownName } from '../own-fields-contract.ts'
import type { RecordSaid } from './records.ts'
import type { Translation } from './translation.ts'

type Said = Pick<Translation, 'person' | 'visit' | 'also' | 'records' | 'master'>

/** What a translation says, one line each. */
export const factsOf = ({ person, visit, also = [], records = [], master }: Said): Fact[] => [
  ...linesOf({ about: 'patient' }, person),
  ...linesOf({ about: 'encounter' }, visit),
  ...also.flatMap((one) => {
    const of = one.person.identifiers[0]?.value
    return [...linesOf({ about: 'patient', of }, one.person), ...linesOf({ about: 'encounter', of: one.visit?.number ?? of }, one.visit)]
  }),
  ...records.flatMap(linesOfRecord),
  ...(master?.people ?? []).flatMap(({ number, ...p }) => linesOf({ about: 'staff', of: number ?? p.name ?? '' }, p)),
  ...(master?.places ?? []).flatMap(({ code, ...p }) => linesOf({ about: 'place', of: code ?? p.name ?? '' }, p)),
]

/** How a record is known is told beside each of its lines, not as one of them. */
function linesOfRecord({ is, source: _, sourceAt: __, number, ...said }: RecordSaid): Fact[] {
  if (!('panels' in said)) return linesOf({ about: is, of: number }, said)
  const { panels = [], ...whole } = said
  const itemsOf = panels.filter((p) => p.lines.length > 0)
  return [
    ...linesOf({ about: is, of: number }, whole),
    ...itemsOf.flatMap((p) => linesOf({ about: is, of: p.code === '' ? number : `${number} ${p.title ?? p.code}` }, { items: p.lines })),
  ]
}

type About = { about: Fact['about']; of?: string | undefined }

const linesOf = ({ about, of }: About, facts: object | undefined): Fact[] =>
  Object.entries(apart(about, facts ?? {})).flatMap(([field, value]) =>
    value === undefined ? [] : [{ about, ...(of !== undefined && { of }), field, value: textOf(plainOf(field, value)) }],
  )

/** What is said of the hospital's own fields, each by its name; of a stay or a visit by that of a stay. */
function apart(about: string, facts: object): object {
  const { extra, ...others } = facts as { extra?: Record<string, unknown> } // facts of persons and visits have one
  const object = about === 'patient' ? 'patient' : 'inpatient'
  return { ...others, ...Object.fromEntries(Object.entries(extra ?? {}).map(([key, said]) => [ownName({ object, key }), said])) }
}

/** An address is told whole and, for maps, by its district; a file and a unit by its name; an amount as it stands on a bill. */
function plainOf(field: string, value: unknown): unknown {
  if (field === 'address' && typeof value === 'object' && value !== null && 'full' in value) return value.full
  if (field === 'file' && typeof value === 'object' && value !== null && 'name' in value) return value.name
  if (field === 'units' && Array.isArray(value)) return value.map((u: UnitName) => u.name ?? u.code)
  return field === 'amountCents' && typeof value === 'number' ? (value / 100).toFixed(2) : value
}

function textOf(value: unknown): string {
  if (value === null) return ''
  if (value instanceof Date) return value.toISOString()
  if (typeof value !== 'object') return String(value)
  if (Array.isArray(value)) return value.map(textOf).join('；')
  if ('name' in value && 'amount' in value) return itemText(value)
  return Object.values(value)
    .filter((v) => v !== undefined && v !== null && v !== '')
    .map(textOf)
    .join(' ')
}

/** A line of a report, as it is read: `钾 6.8 mmol/L (3.5-5.3) HH`. */
function itemText(item: object): string {
  const { name, value, unit, range, flag, status } = item as Record<string, unknown> // a ReportItemFact or a ReportLineFact
  const sure = status === 'final' ? undefined : status
  return [name, value, unit, range && `(${String(range)})`, flag, sure && `[${String(sure)}]`].filter(Boolean).map(String).join(' ')
}
