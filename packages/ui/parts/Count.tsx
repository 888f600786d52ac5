import { formatCount } from '../formats.ts'

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
    <button
      type="button"
      className="rx-count"
      aria-label={`${label} ${text}`}
      onClick={(event) => {
        event.stopPropagation() // of the row, which may open something else
        onOpen()
      }}
    >
      {text}
    </button>
  )
}
