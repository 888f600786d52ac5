import { formatNps } from '@renxin/ui'
import type { Nps } from '../contract.ts'

/** What lies between two figures; unknown where one of them is. */
export const differenceOf = (now: number | null, before: number | null): number | null =>
  now === null || before === null ? null : now - before

export const spanOfNps = ({ low, high }: Pick<Nps, 'low' | 'high'>): string => `${formatNps(low)} ~ ${formatNps(high)}`
