import { formatChange } from '../formats.ts'
import { houseWords } from '../words.ts'
import { Icon } from './Icon.tsx'

type ChangeProps = {
  by: number | null | undefined
  /** Whether more is better decides the colour; without it none is given. */
  moreIs?: 'better' | 'worse'
  isShare?: boolean
  unit?: string
  digits?: number
  /** Against what: 较上月. */
  since?: string
}

/** How a number moved, with the word for readers: `▲ 1.2 个百分点`. */
export function Change({ by, moreIs, since, ...format }: ChangeProps) {
  const text = formatChange(by, format)
  const isMoved = typeof by === 'number' && /[▲▼]/.test(text)
  const word = !isMoved ? '' : by > 0 ? houseWords.up : houseWords.down
  const tone = isMoved && moreIs ? (by > 0 === (moreIs === 'better') ? 'rx-better' : 'rx-worse') : undefined
  return (
    <span className={tone}>
      {word && <span className="rx-hidden">{word}</span>}
      {text}
      {since && ` ${since}`}
      {tone === 'rx-worse' && <Icon name="warning" size={12} />}
    </span>
  )
}
