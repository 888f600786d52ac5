import { blindIndex, type Context, keyNumberOf, openText } from '@renxin/server'
import { concludeDeath, fillFromIdentityCard, listOf } from './fold.ts'
import { type Choices, type Link, rootOf } from './links.ts'
import { isHeldBy } from './rights/corrected.ts'
import type { ContactRow, PatientRow } from './tables.ts'

/** What a file says by itself, or what several of one person show together. */
export type State = { row: PatientRow; contacts: ContactRow[] }

/** The fields that are settled one by one, and the columns in which each of them stands. */
export const fieldsOf = {
  name: ['name', 'namePinyin', 'nameInitials'],
  sex: ['sex'],
  birthOn: ['birthOn'],
  identityCard: ['identityCard', 'identityCardIndex', 'identityCardLast4', 'identityCardValid'],
  ethnic: ['ethnic'],
  marital: ['marital'],
  job: ['job'],
  language: ['language'],
  birthPlace: ['birthPlace'],
  nationality: ['nationality'],
  religion: ['religion'],
  payer: ['payer'],
  identityClass: ['identityClass'],
  address: ['address', 'district'],
  deceased: ['isSaidDead'],
  diedAt: ['diedAt'],
} as const satisfies Record<string, readonly (keyof PatientRow)[]>

type Keys = Pick<Context, 'keys'>

/**
 * What the survivor shows: the latest word on each field, whichever of the files it was said of; of two equal ones the survivor's. A pure reckoning from what each
 * file says by itself, so that taking a file out gives what the others say without it.
 */
export function showTogether(
  ctx: Keys,
  rootId: string,
  own: ReadonlyMap<string, State>,
  parents: ReadonlyMap<string, string>,
  links: readonly Link[],
): State {
  const members = [...own.keys()].filter((id) => rootOf(parents, id) === rootId).sort()
  const shown = gather(ctx, rootId, members, own, parents)
  chosen(ctx, shown.row, members, own, links)
  concludeDeath(shown.row)
  fillFromIdentityCard(shown.row, ctx)
  return { row: shown.row, contacts: shown.contacts.map((c) => ({ ...c, patientId: rootId })) }
}

function gather(
  ctx: Keys,
  id: string,
  members: readonly string[],
  own: ReadonlyMap<string, State>,
  parents: ReadonlyMap<string, string>,
): State {
  const state = own.get(id)
  if (!state) throw new Error(`file ${id} is not among those to show`)
  const shown = { row: { ...state.row, saidAt: { ...state.row.saidAt } }, contacts: state.contacts.map((c) => ({ ...c })) }
  for (const child of members) if (parents.get(child) === id) take(ctx, shown, gather(ctx, child, members, own, parents))
  return shown
}

/** Takes what a merged file says into what the survivor shows. */
function take(ctx: Keys, shown: State, other: State): void {
  takeContacts(shown, other)
  const { row } = shown
  const said = { ...row.saidAt }
  for (const [field, columns] of Object.entries(fieldsOf)) {
    const theirs = other.row.saidAt[field]
    const ours = said[field]
    if (theirs === undefined || isHeldBy(ctx, row, other.row, field)) continue
    if (ours !== undefined && ours >= theirs && !isHeldBy(ctx, other.row, row, field)) continue
    copy(row, other.row, columns)
    row.saidAt[field] = theirs
  }
  for (const column of ['medicalRecordNumber', 'deathNotedAt'] as const) {
    if (row[column] === null) copy(row, other.row, [column])
  }
}

const copy = (to: PatientRow, from: PatientRow, columns: readonly (keyof PatientRow)[]) =>
  Object.assign(to, Object.fromEntries(columns.map((c) => [c, from[c]])))

/** The contacts of both; of a number that both have, the survivor's stays and the later word on it counts. */
function takeContacts(shown: State, other: State): void {
  const listedAt = (state: State, { relation }: ContactRow) => state.row.saidAt[listOf(relation)] ?? Number.NEGATIVE_INFINITY
  const lastNamed = (state: State, contact: ContactRow) =>
    contact.isFormer ? contact.saidAt.getTime() : Math.max(listedAt(state, contact), contact.saidAt.getTime())
  // Said to be gone by itself, since the last list.
  const isGone = (state: State, contact: ContactRow) => contact.isFormer && contact.saidAt.getTime() > listedAt(state, contact)
  const gone = new Set(shown.contacts.filter((c) => isGone(shown, c)))
  const namedAt = new Map(shown.contacts.map((c) => [c, lastNamed(shown, c)]))
  for (const contact of other.contacts) {
    const at = lastNamed(other, contact)
    const same = shown.contacts.find((c) => isSame(c, contact))
    if (!same) {
      contact.isPreferred &&= !shown.contacts.some((c) => c.isPreferred)
      shown.contacts.push(contact)
      namedAt.set(contact, at)
      if (isGone(other, contact)) gone.add(contact)
      continue
    }
    const before = namedAt.get(same) ?? 0
    if (at > before) {
      Object.assign(same, { name: contact.name, rank: contact.rank })
      if (isGone(other, contact)) gone.add(same)
      else gone.delete(same)
    }
    if (contact.source === 'manual') same.source = 'manual'
    same.isVoid ||= contact.isVoid
    namedAt.set(same, Math.max(before, at))
  }
  for (const field of ['phones', 'kin'] as const) {
    const latest = Math.max(shown.row.saidAt[field] ?? -1, other.row.saidAt[field] ?? -1)
    if (latest >= 0) shown.row.saidAt[field] = latest
  }
  for (const [contact, at] of namedAt) {
    contact.isFormer = contact.source === 'his' && (gone.has(contact) || at < (shown.row.saidAt[listOf(contact.relation)] ?? 0))
    if (contact.isFormer) contact.saidAt = new Date(at)
  }
}

/** One number in one relation. */
export const isSame = (a: ContactRow, b: ContactRow): boolean => a.relation === b.relation && a.phoneIndex.equals(b.phoneIndex)

/**
 * A value that a person chose when the files were merged holds as long as none of them says anything new on that field: the hospital's system that repeats what
 * it said before does not undo the choice, and one that has learned something does.
 */
function chosen(ctx: Keys, row: PatientRow, members: readonly string[], own: ReadonlyMap<string, State>, links: readonly Link[]): void {
  const chosenLast = [...links].filter((l) => l.choices && l.survivorId).sort((a, b) => a.saidAt.getTime() - b.saidAt.getTime())
  for (const link of chosenLast) {
    if (!members.includes(link.oneId) || !members.includes(link.otherId)) continue
    for (const [field, { from, seen }] of Object.entries(link.choices ?? {})) {
      const columns = isField(field) ? fieldsOf[field] : undefined
      const state = own.get(from)
      if (!columns || !state || !members.includes(from)) continue
      const isStill = Object.entries(seen).every(([id, print]) => {
        const said = own.get(id)
        return said !== undefined && members.includes(id) && saysStill(ctx, said.row, field, print)
      })
      if (isStill) copy(row, state.row, columns)
    }
  }
}

export const isField = (field: string): field is keyof typeof fieldsOf => field in fieldsOf

/** What a file says on a field, so that two sayings can be told apart and nothing can be read from it. */
export function fingerprintOf(ctx: Keys, row: PatientRow, field: string): string {
  return printOf(ctx, row, field, (bytes) => (keyNumberOf(bytes) === undefined ? bytes.toString('hex') : openText(ctx, bytes)))
}

function printOf(ctx: Keys, row: PatientRow, field: string, word: (bytes: Buffer) => string): string {
  if (!isField(field)) return ''
  // A sealed text is sealed anew each time it is said: where there is a blind index it stands for the text.
  const columns = field === 'identityCard' ? (['identityCardIndex'] as const) : fieldsOf[field]
  const said = columns.map((c) => {
    const value: unknown = row[c]
    return Buffer.isBuffer(value) ? word(value) : value
  })
  return blindIndex(ctx, 'patients.choice', JSON.stringify([field, said])).toString('hex')
}

/** Prints of before were of the sealed bytes: they hold until those are sealed anew under another key. */
const saysStill = (ctx: Keys, row: PatientRow, field: string, print: string): boolean =>
  fingerprintOf(ctx, row, field) === print || printOf(ctx, row, field, (bytes) => bytes.toString('hex')) === print

/** The choices of a merge by hand: for each field the file whose value shall stand, and what all of them say now. */
export function choicesOf(ctx: Keys, picked: Readonly<Record<string, string>>, own: ReadonlyMap<string, State>): Choices {
  return Object.fromEntries(
    Object.entries(picked).map(([field, from]) => [
      field,
      { from, seen: Object.fromEntries([...own].map(([id, { row }]) => [id, fingerprintOf(ctx, row, field)])) },
    ]),
  )
}
