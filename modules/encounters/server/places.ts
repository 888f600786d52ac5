import type { EncounterStatus } from '../contract.ts'
import type { EncounterEvent } from './facts.ts'

export type Place = { departmentId: string | null; wardId: string | null; room: string | null; bed: string | null }
export type Stay = Place & { fromAt: string; toAt: string | null }
export type Segment = Place & { fromAt: string; by: EncounterEvent }

/** What places need to know of a tale that is being told. */
type Told = Place & { status: EncounterStatus; segments: Segment[]; isAnnounced: boolean }
type SaidPlace = Partial<Place>

export const nowhere: Place = { departmentId: null, wardId: null, room: null, bed: null }

const places = ['departmentId', 'wardId', 'room', 'bed'] as const

/** Where a statement puts him. Before an announced stay has begun it is where he will lie, and no move. */
export function tellPlace(tale: Told, event: EncounterEvent, said: SaidPlace, at: string): void {
  const isOver = tale.status === 'discharged' || tale.status === 'cancelled'
  const isAnnouncement = event === 'preadmit' || event === 'cancelPreadmit'
  if (isAnnouncement && (tale.status === 'inProgress' || tale.status === 'discharged')) return
  const leaving = event === 'discharge' || isOver
  const next: Place = { departmentId: tale.departmentId, wardId: tale.wardId, room: tale.room, bed: tale.bed }
  for (const field of places) {
    const value = said[field]
    if (value === undefined || (value === null && leaving)) continue // who leaves gives up the bed, and still counts where he lay
    next[field] = value
  }
  if (said.wardId && said.wardId !== tale.wardId) {
    if (said.room === undefined) next.room = null // a room and a bed belong to their ward
    if (said.bed === undefined) next.bed = null
  }
  if (places.every((field) => next[field] === tale[field])) return
  Object.assign(tale, next)
  if (isAnnouncement || (event === 'update' && tale.status === 'planned' && tale.isAnnounced)) return
  const last = tale.segments.at(-1)
  if (last && (isOver || event === 'cancelTransfer'))
    Object.assign(last, next) // a correction of where he was, not a move
  else tale.segments.push({ ...next, fromAt: last && last.fromAt > at ? last.fromAt : at, by: event })
}

/** Whether he lies where the statement puts him: a cancellation that is said twice takes one move back. */
export const isAt = (tale: Place, said: SaidPlace) =>
  said.wardId !== undefined && places.every((field) => said[field] === undefined || said[field] === tale[field])

/** The last move is taken back, with what was said of the place it led to. */
export function unmove(tale: Told): void {
  const move = tale.segments.findLastIndex((s) => s.by === 'transfer')
  if (move < 1) return
  tale.segments.length = move
  const { departmentId, wardId, room, bed } = tale.segments.at(-1) ?? nowhere
  Object.assign(tale, { departmentId, wardId, room, bed })
}

/** The place that was announced is held from the moment the stay begins. */
export function settleIn(tale: Told, event: EncounterEvent, at: string): void {
  const isIn = tale.status === 'inProgress' || tale.status === 'discharged'
  if (!isIn || tale.segments.length > 0 || places.every((field) => tale[field] === null)) return
  const { departmentId, wardId, room, bed } = tale
  tale.segments.push({ departmentId, wardId, room, bed, fromAt: at, by: event })
}

/** The first place held from the admission on, unless a move is all that was heard of it. */
export function staysOf(segments: Segment[], admittedAt: string | null, endedAt: string | null): Stay[] {
  const starts = segments.map((s, i) => (i === 0 && s.by !== 'transfer' && admittedAt && admittedAt < s.fromAt ? admittedAt : s.fromAt))
  return segments.map(({ by: _, ...place }, i) => {
    const fromAt = starts[i] ?? place.fromAt
    const end = starts[i + 1] ?? endedAt
    return { ...place, fromAt, toAt: end && end < fromAt ? fromAt : end }
  })
}
