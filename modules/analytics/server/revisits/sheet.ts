import type { RevisitFigure } from '../../contract.ts'
import { words } from '../../words.ts'

const t = words.revisits

/** A rate, what was to be expected and how they compare, as columns of a sheet. */
export const figureColumns = [
  { name: t.base, as: 'count' },
  { name: t.came, as: 'count' },
  { name: t.rate, as: 'share' },
  { name: `${words.interval} −`, as: 'share' },
  { name: `${words.interval} +`, as: 'share' },
  { name: t.expectedRate, as: 'share' },
  { name: t.expected, as: 'number' },
  { name: t.ratio, as: 'number' },
  { name: `${t.ratio} −`, as: 'number' },
  { name: `${t.ratio} +`, as: 'number' },
  { name: t.alarm },
] as const

export const figureCells = (f: RevisitFigure) => [
  f.base, f.came, f.share, f.low, f.high, f.expectedShare, f.expected, f.ratio, f.ratioLow, f.ratioHigh,
  f.standing === 'small' ? words.small : f.alarm === 'no' ? null : t.alarmOf[f.alarm],
] // biome-ignore format: a row
