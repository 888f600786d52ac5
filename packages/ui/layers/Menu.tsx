import { type MenuProps as AntMenuProps, Dropdown } from 'antd'
import type { ReactNode } from 'react'
import { Icon, type IconName } from '../parts/Icon.tsx'
import { houseWords } from '../words.ts'

export type MenuItem =
  | { key: string; label: ReactNode; icon?: IconName; danger?: boolean; disabled?: boolean; onClick: () => void }
  | 'line'

type MenuProps = {
  items: readonly (MenuItem | false | undefined)[]
  /** What opens it; three dots without. */
  children?: ReactNode
  label?: string
}

/** What can be done besides, behind a button. */
export function Menu({ items, children, label = houseWords.more }: MenuProps) {
  const drawn = items.flatMap((item, at): NonNullable<AntMenuProps['items']> => {
    if (!item) return []
    if (item === 'line') return [{ type: 'divider', key: `line-${at}` }]
    const { icon, ...rest } = item
    return [{ ...rest, disabled: rest.disabled ?? false, icon: icon && <Icon name={icon} size={16} /> }]
  })
  return (
    <Dropdown menu={{ items: drawn }} trigger={['click']}>
      <button
        type="button"
        className={children ? 'rx-menu-button' : 'rx-icon-button'}
        aria-label={children ? undefined : label}
        aria-haspopup="menu"
      >
        {children ?? <Icon name="more" />}
      </button>
    </Dropdown>
  )
}
