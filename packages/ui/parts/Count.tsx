import type { ReactNode } from 'react'
import { formatCount } from '../formats.ts'

type OpensRowsProps = {
  /** What it is, read out before what is shown to those who do not see where it stands. */
  label: string
  onOpen: () => void
  children: ReactNode
}

/** A change, a length of time or whatever else is no count, that opens the rows behind it. */
export function OpensRows({ label, onOpen, children }: OpensRowsProps) {
  return (
    <Opener onOpen={onOpen}>
      <span className="rx-hidden">{label} </span>
      {children}
    </Opener>
  )
}

type OpenerProps = { label?: string; onOpen: () => void; children: ReactNode }

function Opener({ label, onOpen, children }: OpenerProps) {
  return (
    <button
      type="button"
      className="rx-count"
      aria-label={label}
      onClick={(event) => {
        event.stopPropagation() // of the row, which may open something else
        onOpen()
      }}
    >
      {children}
    </button>
  )
}

type CountProps = {
  n: number
  /** What it counts, read out to those who do not see where it stands. */
  label: string
  /** What is shown in its place, where the number is the rows and not the figure. */
  text?: string
  onOpen: () => void
}

/** A number in a table that opens the rows behind it; of nothing there is nothing to open. */
export function Count({ n, label, text = formatCount(n), onOpen }: CountProps) {
  if (n === 0) return text
  return (
    <Opener label={`${label} ${text}`} onOpen={onOpen}>
      {text}
    </Opener>
  )
}
