import { type ReactNode, useId } from 'react'
import { join } from './join.ts'

type PanelProps = { title?: ReactNode; note?: ReactNode; actions?: ReactNode; flush?: boolean; children: ReactNode; className?: string }

/** A sheet of paper on the page, with a heading if it has one. `flush` lets a table reach its edges. */
export function Panel({ title, note, actions, flush = false, children, className }: PanelProps) {
  const id = useId()
  return (
    <section className={join('rx-panel', flush && 'rx-panel-flush', className)} aria-labelledby={title ? id : undefined}>
      {(title || actions) && (
        <header className="rx-panel-head">
          <h2 id={id}>{title}</h2>
          {note && <span className="rx-note">{note}</span>}
          {actions && <div className="rx-panel-actions">{actions}</div>}
        </header>
      )}
      <div className="rx-panel-body">{children}</div>
    </section>
  )
}
