import type { ReactNode } from 'react'
import type { Tone } from '../tokens.ts'
import { houseWords } from '../words.ts'
import { join } from './join.ts'

type FigureProps = {
  label: ReactNode
  /** Already formatted; without it a dash is shown: unknown is not zero. */
  value: ReactNode
  unit?: string
  /** The sample behind it. */
  n?: number | undefined
  /** Against what it was before, `formatChange(…)`. */
  change?: ReactNode
  note?: ReactNode
  tone?: Tone
  /** Numbers beside it that open records of their own. */
  parts?: ReactNode
  /** Opens the records behind the number. */
  onOpen?: (() => void) | undefined
}

/** A key number, with its sample and its change; a click leads to what it is made of. */
export function Figure({ label, value, unit, n, change, note, parts, tone = 'plain', onOpen }: FigureProps) {
  const body = (
    <>
      <span className="rx-figure-label">{label}</span>
      <span className="rx-figure-value">
        {value ?? houseWords.none}
        {unit && <small>{unit}</small>}
      </span>
      <span className="rx-figure-foot">
        {n !== undefined && <span>{houseWords.sampleSize({ n })}</span>}
        {change}
        {note && <span>{note}</span>}
      </span>
    </>
  )
  const look = join('rx-figure', `rx-figure-${tone}`)
  if (!onOpen && !parts) return <div className={look}>{body}</div>
  const whole = (
    <button type="button" className={join(look, 'rx-figure-open')} onClick={onOpen}>
      {body}
    </button>
  )
  if (!parts) return whole
  return (
    <div className="rx-panel rx-figure-parted">
      {whole}
      <span className="rx-figure-parts">{parts}</span>
    </div>
  )
}

/** Figures beside each other, as many as fit. */
export function Figures({ children }: { children: ReactNode }) {
  return <div className="rx-figures">{children}</div>
}
