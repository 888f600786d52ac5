import type { ReactNode } from 'react'
import type { Tone } from '../tokens.ts'
import { Icon, type IconName } from './Icon.tsx'
import { join } from './join.ts'

type TagProps = {
  tone?: Tone
  icon?: IconName
  /** For what must be read before anything is done. */
  isLarge?: boolean
  children: ReactNode
  title?: string
}

/** A short word in a colour that means something. */
export function Tag({ tone = 'plain', icon, isLarge = false, children, title }: TagProps) {
  return (
    <span className={join('rx-tag', `rx-tone-${tone}`, isLarge && 'rx-tag-large')} title={title}>
      {icon && <Icon name={icon} size={isLarge ? 16 : 14} />}
      {children}
    </span>
  )
}

const shapes: Record<Tone, IconName> = {
  plain: 'minus',
  primary: 'play',
  success: 'check',
  warning: 'hourglass',
  danger: 'alarm',
  info: 'info',
  care: 'heart',
  warm: 'heart',
}

/** A state: colour, word and shape together, since colour alone is not seen by everybody. */
export function StatusTag({ icon, tone = 'plain', ...rest }: TagProps) {
  return <Tag {...rest} tone={tone} icon={icon ?? shapes[tone]} />
}
