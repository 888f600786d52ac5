/** Days of its own past that a door needs before its silence can be judged. */
export const DAYS_TO_LEARN = 7

export type Hearing = {
  now: Date
  lastAt: Date | null
  /** The longest silences at this hour of the day in the last four weeks, a day each, without those that alarmed. */
  quietSeconds: readonly number[]
  floorMinutes: number
}

/** Pure: whether a door is quiet for longer than it ever was at this hour. A silence below the floor never alarms. */
export function hear({ now, lastAt, quietSeconds, floorMinutes }: Hearing): 'fine' | 'silent' | 'learning' | 'never' {
  if (!lastAt) return 'never'
  if (quietSeconds.length < DAYS_TO_LEARN) return 'learning'
  const seconds = (now.getTime() - lastAt.getTime()) / 1000
  return seconds > Math.max(floorMinutes * 60, ...quietSeconds) ? 'silent' : 'fine'
}
