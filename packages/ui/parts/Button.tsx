import { Tooltip } from 'antd'
import type { MouseEvent, ReactNode, Ref } from 'react'
import { houseWords } from '../words.ts'
import { Icon, type IconName } from './Icon.tsx'
import { join } from './join.ts'
import { KeyHint } from './KeyHint.tsx'

export type ButtonProps = {
  /** A verb: 保存, 分配 50 项. */
  children: ReactNode
  onClick?: (event: MouseEvent<HTMLButtonElement>) => void
  /** One `primary` in a view. `danger` is for what cannot be undone. */
  kind?: 'primary' | 'plain' | 'quiet' | 'danger' | 'link'
  size?: 'small' | 'normal' | 'large'
  type?: 'button' | 'submit'
  icon?: IconName
  /** Being carried out: the button keeps its width, says so, and cannot be pressed again. */
  busy?: boolean
  disabled?: boolean
  /** The key that does the same, shown on the button. */
  keys?: string
  /** The accessible name where the text alone does not say what it is about. */
  label?: string
  /** A whole line, why it cannot be pressed for instance. */
  title?: string
  autoFocus?: boolean
  block?: boolean
  pressed?: boolean
  expanded?: boolean
  ref?: Ref<HTMLButtonElement>
}

export function Button({
  children,
  kind = 'plain',
  size = 'normal',
  type = 'button',
  icon,
  busy = false,
  disabled = false,
  keys,
  label,
  ...rest
}: ButtonProps) {
  const { onClick, block, pressed, expanded, ...native } = rest
  return (
    <button
      {...native}
      type={type}
      className={join('rx-button', `rx-button-${kind}`, size !== 'normal' && `rx-button-${size}`, block && 'rx-block', busy && 'rx-busy')}
      disabled={disabled}
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      aria-label={label}
      aria-pressed={pressed}
      aria-expanded={expanded}
      onClick={busy ? (event) => event.preventDefault() : onClick}
    >
      <span className="rx-button-face">
        {icon && <Icon name={icon} size={size === 'large' ? 20 : 16} />}
        <span>{children}</span>
        {keys && <KeyHint keys={keys} />}
      </span>
      {busy && <span className="rx-spinner" role="img" aria-label={houseWords.loading} />}
    </button>
  )
}

type IconButtonProps = {
  icon: IconName
  label: string
  onClick?: () => void
  disabled?: boolean
  size?: number
  pressed?: boolean
  expanded?: boolean
}

/** A button of an icon alone: only search, close, more, back, print, phone, mute and settings, always with its name on hover and to readers. */
export function IconButton({ icon, label, onClick, disabled = false, size = 18, pressed, expanded }: IconButtonProps) {
  return (
    <Tooltip title={label} mouseEnterDelay={0.4}>
      <button
        type="button"
        className="rx-icon-button"
        aria-label={label}
        disabled={disabled}
        aria-pressed={pressed}
        aria-expanded={expanded}
        onClick={onClick}
      >
        <Icon name={icon} size={size} />
      </button>
    </Tooltip>
  )
}
