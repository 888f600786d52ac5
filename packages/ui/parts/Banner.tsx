import type { ReactNode } from 'react'
import type { Tone } from '../tokens.ts'
import { Icon, type IconName } from './Icon.tsx'

const icons: Partial<Record<Tone, IconName>> = { danger: 'alarm', warning: 'warning', success: 'check', care: 'heart', warm: 'heart' }

/** One line across a page that stays: something to know, and what can be done. */
export function Banner({
  tone = 'info',
  icon,
  children,
  actions,
}: {
  tone?: Tone
  icon?: IconName
  children: ReactNode
  actions?: ReactNode
}) {
  return (
    <div className={`rx-banner rx-tone-${tone}`}>
      <Icon name={icon ?? icons[tone] ?? 'info'} />
      <div>{children}</div>
      {actions && <div className="rx-banner-actions">{actions}</div>}
    </div>
  )
}
