import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { isComposing } from '../keys/combo.ts'
import { useKeys } from '../keys/use-keys.ts'
import { Icon } from '../parts/Icon.tsx'

type FindBoxProps<T> = {
  label: string
  placeholder?: string
  /** Called shortly after typing rests, at once on Enter, and never while an input method composes. */
  onSearch: (text: string) => void
  /** How long typing must rest; longer for a text that should not be looked up half typed. */
  wait?: (text: string) => number
  found: readonly T[]
  keyOf: (row: T) => string
  show: (row: T) => ReactNode
  onPick: (row: T) => void
  /** What stands under the list: nothing found, more to be had, an error. */
  note?: ReactNode
  autoFocus?: boolean
  /** The key that puts the cursor here. */
  focusKey?: string
}

/** Type, see what is found, choose by arrow keys and Enter: the ARIA pattern of a combobox with a list. */
export function FindBox<T>({
  label,
  placeholder,
  onSearch,
  wait = () => 250,
  found,
  keyOf,
  show,
  onPick,
  note,
  autoFocus,
  focusKey,
}: FindBoxProps<T>) {
  const [text, setText] = useState('')
  const [active, setActive] = useState(0)
  const [isTyping, setTyping] = useState(false)
  const said = useRef('')
  const say = useRef({ onSearch, wait })
  const input = useRef<HTMLInputElement>(null)
  const id = useId()
  useEffect(() => {
    say.current = { onSearch, wait }
  })
  useEffect(() => {
    if (isTyping || text.trim() === said.current) return
    const timer = setTimeout(() => {
      said.current = text.trim()
      setActive(0)
      say.current.onSearch(text.trim())
    }, say.current.wait(text.trim()))
    return () => clearTimeout(timer)
  }, [text, isTyping])
  useKeys(focusKey ? { [focusKey]: { name: label, run: () => input.current?.select() } } : {})

  const row = found[Math.min(active, found.length - 1)]
  const press = (event: KeyboardEvent) => {
    if (isComposing(event.nativeEvent)) return
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step !== 0 && found.length > 0) {
      event.preventDefault()
      const next = (active + step + found.length) % found.length
      setActive(next)
      document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: 'nearest' })
    }
    if (event.key !== 'Enter') return
    event.preventDefault()
    if (text.trim() !== said.current) {
      said.current = text.trim()
      onSearch(text.trim())
    } else if (row !== undefined) onPick(row)
  }
  return (
    <div className="rx-find">
      <search className="rx-search">
        <Icon name="search" size={16} />
        <input
          ref={input}
          type="text"
          className="rx-input"
          role="combobox"
          aria-label={label}
          aria-expanded={found.length > 0}
          aria-controls={`${id}-list`}
          aria-activedescendant={row === undefined ? undefined : `${id}-${Math.min(active, found.length - 1)}`}
          aria-autocomplete="list"
          placeholder={placeholder}
          autoComplete="off"
          spellCheck={false}
          // biome-ignore lint/a11y/noAutofocus: a search that was opened by a key has the cursor
          autoFocus={autoFocus}
          value={text}
          onChange={(e) => setText(e.target.value)}
          onCompositionStart={() => setTyping(true)}
          onCompositionEnd={() => setTyping(false)}
          onKeyDown={press}
        />
      </search>
      <div id={`${id}-list`} role="listbox" aria-label={label} className="rx-find-list" hidden={found.length === 0}>
        {found.map((each, at) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the input's, which keeps the focus
          <div
            key={keyOf(each)}
            id={`${id}-${at}`}
            role="option"
            aria-selected={each === row}
            tabIndex={-1}
            className="rx-find-row"
            onMouseEnter={() => setActive(at)}
            onClick={() => onPick(each)}
          >
            {show(each)}
          </div>
        ))}
      </div>
      <div aria-live="polite">{note}</div>
    </div>
  )
}
