import type { Repetition, Segment } from './message.ts'

export type Identifier = { id?: string; authority?: string; type?: string }
export type PersonName = {
  family?: string
  given?: string
  middle?: string
  suffix?: string
  prefix?: string
  type?: string
  representation?: string
}
export type Phone = {
  number?: string
  use?: string
  equipment?: string
  email?: string
  area?: string
  local?: string
  unformatted?: string
}
export type Coded = { code?: string; text?: string; system?: string }
export type Staff = { id?: string; family?: string; given?: string }
export type Location = { ward?: string; room?: string; bed?: string; facility?: string }
export type Address = { street?: string; city?: string; state?: string; zip?: string }

type Reader<T> = (value: Repetition) => T

/** CX: an identifier with who gave it and its kind. */
export const readIdentifier: Reader<Identifier> = (v) => said({ id: v.get(1), authority: v.get(4), type: v.get(5) })

/** XPN. Chinese senders put the whole name into the first component; `representation` P is its pinyin. */
export const readName: Reader<PersonName> = (v) =>
  said({
    family: v.get(1),
    given: v.get(2),
    middle: v.get(3),
    suffix: v.get(4),
    prefix: v.get(5),
    type: v.get(7),
    representation: v.whole(8),
  })

/** XTN: the number is in the first component, or split (area, local), or unformatted in the twelfth. */
export const readPhone: Reader<Phone> = (v) =>
  said({
    number: v.get(1),
    use: v.get(2),
    equipment: v.get(3),
    email: v.get(4),
    area: v.get(6),
    local: v.get(7),
    unformatted: v.get(12),
  })

/** The number to dial out of what was sent; `undefined` where there is none. */
export const numberOf = (p: Phone): string | undefined =>
  p.number ?? (p.local ? `${p.area && !p.local.startsWith(p.area) ? `${p.area}-` : ''}${p.local}` : undefined) ?? p.unformatted

/** CE, CWE, CNE, IS with a text. */
export const readCoded: Reader<Coded> = (v) => said({ code: v.get(1), text: v.get(2), system: v.get(3) })

/** XCN: who works there, with the number the hospital gave. */
export const readStaff: Reader<Staff> = (v) => said({ id: v.get(1), family: v.get(2), given: v.get(3) })

/** PL. */
export const readLocation: Reader<Location> = (v) => said({ ward: v.get(1), room: v.get(2), bed: v.get(3), facility: v.get(4) })

/** XAD. */
export const readAddress: Reader<Address> = (v) => said({ street: v.get(1), city: v.get(3), state: v.get(4), zip: v.get(5) })

/** Every repetition of a field that says something, read. */
export function readAll<T extends object>(segment: Segment | undefined, field: number, read: Reader<T>): T[] {
  const out: T[] = []
  for (const repetition of segment?.repetitions(field) ?? []) {
    const value = read(repetition)
    if (Object.keys(value).length > 0) out.push(value)
  }
  return out
}

/** The first repetition of a field, read; `undefined` where it says nothing. */
export const readFirst = <T extends object>(segment: Segment | undefined, field: number, read: Reader<T>): T | undefined =>
  readAll(segment, field, read)[0]

function said<T extends object>(value: T): { [K in keyof T]?: NonNullable<T[K]> } {
  const out: Partial<Record<keyof T, unknown>> = {}
  for (const key of Object.keys(value) as (keyof T)[]) if (value[key] !== undefined) out[key] = value[key]
  return out as { [K in keyof T]?: NonNullable<T[K]> } // the fields that are there
}
