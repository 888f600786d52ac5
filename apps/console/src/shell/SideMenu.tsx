import { GoLink, type MenuGroup, type PageSpec } from '@renxin/client'
import { Drawer, Hint, Icon } from '@renxin/ui'
import { useState } from 'react'
import { words } from '../words.ts'
import { menuPageAt } from './pages.ts'

const memory = 'renxin.menu'
const remembered = () => {
  try {
    return localStorage.getItem(memory) === 'narrow'
  } catch {
    return false
  }
}

type MenuProps = { menu: readonly { group: MenuGroup; pages: readonly PageSpec[] }[]; path: string }

/** What one may open, beside the page. Narrow, it shows icons whose names appear on hover and focus; on a phone it gives way to `MenuDrawer`. */
export function SideMenu(props: MenuProps) {
  const [isNarrow, setNarrow] = useState(remembered)
  const turn = () => {
    setNarrow(!isNarrow)
    try {
      localStorage.setItem(memory, isNarrow ? 'wide' : 'narrow')
    } catch {} // it then lasts until the page is closed
  }
  return (
    <nav className={isNarrow ? 'side side-narrow' : 'side'} aria-label={words.menu}>
      <div className="side-groups">
        <Groups {...props} isNarrow={isNarrow} />
      </div>
      <button type="button" className="side-turn" onClick={turn} aria-expanded={!isNarrow} title={isNarrow ? words.expand : undefined}>
        <Icon name={isNarrow ? 'next' : 'previous'} size={16} />
        <span className={isNarrow ? 'rx-hidden' : undefined}>{isNarrow ? words.expand : words.collapse}</span>
      </button>
    </nav>
  )
}

/** The same over the page, where there is no room beside it. */
export function MenuDrawer({ onClose, ...props }: MenuProps & { onClose: () => void }) {
  return (
    <Drawer title={words.menu} side="left" size={288} onClose={onClose}>
      <nav aria-label={words.menu}>
        <Groups {...props} onOpen={onClose} />
      </nav>
    </Drawer>
  )
}

function Groups({ menu, path, isNarrow = false, onOpen }: MenuProps & { isNarrow?: boolean; onOpen?: () => void }) {
  const present = menuPageAt(
    menu.flatMap((m) => m.pages),
    path,
  )
  return menu.map(({ group, pages }) => (
    <div key={group} className="side-group">
      <h2>{words.groups[group]}</h2>
      <ul>
        {pages.map((page) => {
          const link = (
            <GoLink
              to={page.name}
              className="side-link"
              aria-current={page === present ? 'page' : undefined}
              onClick={onOpen}
              onPointerEnter={() => void page.load().catch(() => {})} // fetched while the hand is on its way; a failure shows on the page
            >
              {page.menu?.icon}
              <span className={isNarrow ? 'rx-hidden' : undefined}>{page.title()}</span>
            </GoLink>
          )
          return <li key={page.name}>{isNarrow ? <Hint text={page.title()}>{link}</Hint> : link}</li>
        })}
      </ul>
    </div>
  ))
}
