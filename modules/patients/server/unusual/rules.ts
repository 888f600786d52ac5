import type { UnusualReason, UnusualRule, UnusualSettings } from '../../contract.ts'

/** What somebody did with one patient on one day, and what is known of the two. */
export type Look = {
  isOpened: boolean // else the patient only stood in a list
  isNight: boolean
  isInEmergency: boolean
  /** His ward or department cares for the patient, or he had a task with them. */
  isAtWork: boolean
  /** Belongs to a department or a ward; of whoever belongs to an office it is not known with whom he works. */
  isOfWard: boolean
  classes: readonly string[]
  isOwnFile: boolean
  kin: 'namedByPatient' | 'namedByOwn' | null
  isSameSurname: boolean
  shares: 'phone' | 'address' | 'building' | null
  /** In how many of the last days he was at work at night, and at all. */
  nights: number
  days: number
}

export type Finding = { rule: UnusualRule; reason: UnusualReason }

const hidden = ['vip', 'sensitive', 'noPublicity'] as const

/** By which rules a look is one to be told of. Who works with the patient is silent, unless the hospital asks for it; an emergency and one's own file never are. */
export function judge(look: Look, settings: UnusualSettings): Finding[] {
  if (!look.isOpened) return []
  const found: Finding[] = []
  const note = (rule: UnusualRule, reason: UnusualReason) => {
    if (!settings.off.includes(rule)) found.push({ rule, reason })
  }
  const isAsked = !look.isAtWork || settings.evenAtWork
  if (look.isInEmergency) note('emergency', { by: 'emergency' })
  if (look.isOwnFile) note('colleague', { by: 'own' })
  else if (isAsked) {
    if (look.classes.includes('staff')) note('colleague', { by: 'colleague' })
    if (look.kin) note('family', { by: look.kin })
    else if (look.isSameSurname && (look.shares === 'phone' || look.shares === 'address'))
      note('family', { by: 'surname', shares: look.shares })
    else if (look.shares) note('neighbour', { by: look.shares })
    const by = hidden.find((c) => look.classes.includes(c))
    if (by) note('protected', { by })
  }
  if (look.isAtWork || look.isOwnFile || look.isInEmergency) return found
  if (look.isOfWard) note('unrelated', { by: 'unrelated' })
  if (look.isNight && look.nights < settings.usualNights) note('night', { by: 'night', nights: look.nights, days: look.days })
  return found
}

const FEWEST_OWN_DAYS = 10
const FEWEST_PEERS = 3
const FEWEST_PEER_DAYS = 20
const TO_SIGMA = 1.4826 // makes the median of deviations comparable to a standard deviation

/**
 * Above what a day is far too much: median + k·spread, the spread 1.4826·MAD (Iglewicz and Hoaglin, How to Detect and Handle Outliers, 1993, who propose k = 3.5) and
 * never below the root of the median, by which counts vary by chance alone.
 */
export function limitOf(counts: readonly number[], factor: number): { median: number; limit: number } {
  const median = medianOf(counts)
  const deviation = medianOf(counts.map((n) => Math.abs(n - median)))
  return { median, limit: Math.round(10 * (median + factor * Math.max(TO_SIGMA * deviation, Math.sqrt(median)))) / 10 }
}

export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const half = Math.floor(sorted.length / 2)
  const [low = 0, high = 0] = sorted.length % 2 === 1 ? [sorted[half], sorted[half]] : [sorted[half - 1], sorted[half]]
  return (low + high) / 2
}

export type Day = { actorId: string; seen: number }

/** Whether so many patients in a day are far above one's own days, or above those of who has the same roles; without history enough, it is not said. */
export function judgeVolume(seen: number, own: readonly number[], peers: readonly Day[], settings: UnusualSettings): UnusualReason | null {
  if (settings.off.includes('volume') || seen < settings.leastSeen) return null
  const isEnough = new Set(peers.map((p) => p.actorId)).size >= FEWEST_PEERS && peers.length >= FEWEST_PEER_DAYS
  const against = [
    ['ownHistory', own.length >= FEWEST_OWN_DAYS ? own : []],
    ['peers', isEnough ? peers.map((p) => p.seen) : []],
  ] as const
  for (const [by, counts] of against) {
    if (counts.length === 0) continue
    const { median, limit } = limitOf(counts, settings.factor)
    if (seen > limit) return { by, seen, median, limit, days: counts.length }
  }
  return null
}

/** An address as it is compared: wide letters and digits made plain, without blanks and marks. */
export const plainAddress = (address: string): string =>
  address
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s,.;、，。；()（）#_-]/g, (c) => (c === '-' ? '-' : ''))

/** The house without its last door; null where an address names no house by a number. */
export function buildingOf(address: string): string | null {
  const building = plainAddress(address).replace(/[0-9a-z-]+(室|房|户)?$/, '')
  return /\d/.test(building) && building.length >= 8 ? building : null
}

/** Which of two addresses are one: the same door, or the same house. */
export function sharedAddress(one: string, other: string): 'address' | 'building' | null {
  const [a, b] = [plainAddress(one), plainAddress(other)]
  if (!/\d/.test(a) || a.length < 8) return null
  if (a === b) return 'address'
  const building = buildingOf(one)
  return building !== null && building === buildingOf(other) ? 'building' : null
}

const twoCharacterSurnames = [
  '欧阳',
  '上官',
  '司马',
  '诸葛',
  '皇甫',
  '尉迟',
  '公孙',
  '慕容',
  '令狐',
  '长孙',
  '司徒',
  '夏侯',
  '东方',
  '南宫',
  '轩辕',
  '端木',
]

export const surnameOf = (name: string): string => twoCharacterSurnames.find((s) => name.startsWith(s)) ?? [...name][0] ?? ''
