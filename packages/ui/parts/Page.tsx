import { type ReactNode, useEffect } from 'react'
import { houseWords } from '../words.ts'
import { join } from './join.ts'

type PageProps = {
  title: string
  /** One line under the title: what is shown, for when. */
  note?: ReactNode
  actions?: ReactNode
  /** A way back, before the title. */
  back?: ReactNode
  /** Fills the window and scrolls inside: workbenches. */
  full?: boolean
  children: ReactNode
}

/** One page: its title (also the window's), what can be done with it, and its content. */
export function Page({ title, note, actions, back, full = false, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · ${houseWords.product}`
  }, [title])
  return (
    <div className={join('rx-page', full && 'rx-page-full')}>
      <header className="rx-page-head">
        <div className="rx-page-title">
          {back}
          <h1>{title}</h1>
          {note && <div className="rx-page-note">{note}</div>}
        </div>
        {actions && <div className="rx-page-actions">{actions}</div>}
      </header>
      {children}
    </div>
  )
}
