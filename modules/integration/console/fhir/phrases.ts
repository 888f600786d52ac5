import { formatCount, formatMoment, type Tone } from '@renxin/ui'
import { countedNotices, type Hook } from '../../fhir-contract.ts'
import { words } from '../../words.ts'

export const hookTones: Record<Hook['state'], Tone> = { on: 'success', failing: 'danger', paused: 'warning', ended: 'plain', off: 'plain' }

type Failure = 'unreachable' | 'disconnected' | 'timeout' | 'unknownHost' | 'closed' | 'certificate'
const codes: readonly [RegExp, Failure][] = [
  [/^(?:ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ECONNABORTED)$/, 'unreachable'],
  [/^(?:ECONNRESET|EPIPE|HPE_\w+)$/, 'disconnected'],
  [/^(?:ETIMEDOUT|ABORT_ERR|23)$/, 'timeout'],
  [/^(?:ENOTFOUND|EAI_\w+)$/, 'unknownHost'],
  [/^EACCES$/, 'closed'],
  [/CERT|SELF_SIGNED|UNABLE_TO_|TLS|SSL/, 'certificate'],
]

/** What is wrong with a subscription, why, and what to do; nothing where nothing is. */
export function hookTrouble({ error, isAllowed, state }: Hook): string | null {
  const { trouble } = words.fhir
  if (!isAllowed && state !== 'off') return trouble.notAllowed
  if (error === null) return null
  if (/^HTTP 40[13]$/.test(error)) return trouble.unauthorized({ answer: error })
  if (error.startsWith('HTTP ')) return trouble.status({ answer: error })
  const found = codes.find(([pattern]) => pattern.test(error))?.[1]
  return found ? trouble[found] : trouble.other({ error })
}

export function waitingOf({ waiting, waitingSince }: Hook): string {
  if (waiting > countedNotices) return words.fhir.waitingMany({ n: formatCount(countedNotices) })
  if (waiting === 0 || waitingSince === null) return formatCount(waiting)
  return words.fhir.waitingSince({ n: formatCount(waiting), since: formatMoment(waitingSince) })
}

const has = <T extends object>(tree: T, key: PropertyKey): key is keyof T => Object.hasOwn(tree, key)
export const typeWord = (type: string): string => (has(words.fhir.type, type) ? words.fhir.type[type] : type)
