import { wallTime } from '@renxin/kernel'
import { timeOf } from '../columns/index.ts'
import { atNoon, momentOf } from '../sent-time.ts'

/** How far a reading goes back behind the latest time seen: rows are committed later than the time that stands in them. */
export const OVERLAP_MINUTES = 120

const shape = /^(\d{4})(\D?)(\d{2})(\D?)(\d{2})(?:(\D?)(\d{2})(\D?)(\d{2})(?:(\D?)(\d{2}))?)?/

/** The moment that a mark means; undefined where it is no time: a counter of changes. */
export function momentOfMark(mark: string, zone: string): Date | undefined {
  const time = timeOf(mark) ?? undefined
  return momentOf(time, zone) ?? atNoon(time, zone)
}

/** The same time so many minutes earlier, written as it was: `20260301103000` stays without marks between. A counter is left as it is. */
export function earlier(mark: string, minutes: number, zone: string): string {
  const time = timeOf(mark)
  const at = time && momentOf(time, zone)
  if (at) return writtenLike(mark, new Date(at.getTime() - minutes * 60_000), zone)
  const day = time && atNoon(time, zone)
  return day ? writtenLike(mark, new Date(day.getTime() - 86_400_000), zone) : mark // a day without a time: the day before
}

/** A moment as that source writes times. */
export function writtenLike(example: string, at: Date, zone: string): string {
  const found = shape.exec(example.trim())
  const wall = wallTime(at, zone)
  if (!found) return wall
  const [, , a = '', , b = '', , c, hour, d = '', minute, e = '', second] = found
  const part = (from: number, to: number) => wall.slice(from, to)
  const day = `${part(0, 4)}${a}${part(5, 7)}${b}${part(8, 10)}`
  if (!hour || !minute) return day
  return `${day}${c ?? ''}${part(11, 13)}${d}${part(14, 16)}${second ? `${e}${part(17, 19)}` : ''}`
}
