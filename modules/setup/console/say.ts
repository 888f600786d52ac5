import type { BackupFault, HealthCheck, Tried } from '../contract.ts'
import { words } from '../words.ts'

type Found = Pick<HealthCheck, 'finding' | 'what'>

/** What was found, as a sentence. */
export function sayFinding({ finding, what }: Found): string {
  const { is } = words.health.findings[finding]
  return typeof is === 'string' ? is : is({ what: what || '—' })
}

/** What to do about it, where there is anything to do. */
export function sayTodo({ finding }: Pick<Found, 'finding'>): string | null {
  const found = words.health.findings[finding]
  return 'todo' in found ? found.todo : null
}

/** Why a backup or a drill failed, or why a backup cannot be used. */
export const sayFault = (fault: BackupFault | null): string => words.backupFaults[fault ?? 'unforeseen']

/** Why a try failed: places, doors and figures, or a sentence of its own. */
export function sayFailed({ fault, finding, what }: Pick<Tried, 'fault' | 'what'> & Partial<Pick<Tried, 'finding'>>): string {
  if (fault) return sayFault(fault)
  return finding ? sayFinding({ finding, what }) : what
}

/** What came of a try that went well. */
export const sayTried = ({ item, finding, what }: Pick<Tried, 'item' | 'finding' | 'what'>): string =>
  finding ? sayFinding({ finding, what }) : words.health.tries[item]({ what })
