import { StatusTag, type Tone } from '@renxin/ui'
import { words } from '../words.ts'
import type { Destination, Outgoing } from '../write-back-contract.ts'

const tones: Record<Outgoing['status'], Tone> = { waiting: 'warning', sent: 'success', refused: 'danger' }

export function LineState({ of: line }: { of: Pick<Outgoing, 'status'> }) {
  return <StatusTag tone={tones[line.status]}>{words.line[line.status]}</StatusTag>
}

type Health = keyof typeof words.health
const healthTones: Record<Health, Tone> = { fine: 'success', off: 'plain', stuck: 'danger', refused: 'warning', quiet: 'plain' }

/** `stuck`: the first of the line could not be delivered; a few that wait their turn are nothing. */
export function healthOf(d: Destination): Health {
  if (!d.isActive) return 'off'
  if (d.waiting > 0 && d.lastError !== null) return 'stuck'
  if (d.refused > 0) return 'refused'
  return d.lastSentAt === null ? 'quiet' : 'fine'
}

export function HealthTag({ of: d }: { of: Destination }) {
  const health = healthOf(d)
  return <StatusTag tone={healthTones[health]}>{words.health[health]}</StatusTag>
}

const failures = [
  'unreachable',
  'disconnected',
  'timeout',
  'closed',
  'closedAddress',
  'unknownHost',
  'rubbish',
  'noPatient',
  'severalPatients',
] as const

/** What went wrong, why, and what to do; nothing where nothing did. */
export function troubleOf({ status, error }: { status: Outgoing['status']; error: string | null }): string | null {
  if (error === null || status === 'sent') return null
  const word = /^(?:mllp|fhir): (\w+)$/.exec(error)?.[1]
  const failure = failures.find((f) => f === (word === 'refused' ? 'unreachable' : word))
  if (failure) return words.troubles[failure]
  if (error.startsWith('aside: ')) return words.asideBy({ reason: error.slice('aside: '.length) })
  if (status === 'refused') return words.troubles.refused({ answer: error })
  if (/^40[13]\b/.test(error)) return words.troubles.unauthorized({ answer: error })
  return /^(?:[AC][ER]|\d{3})\b/.test(error) ? words.troubles.retrying({ answer: error }) : words.troubles.other({ error })
}
