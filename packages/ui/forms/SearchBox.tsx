import { type Ref, useEffect, useRef, useState } from 'react'
import { useKeys } from '../keys/use-keys.ts'
import { IconButton } from '../parts/Button.tsx'
import { Icon } from '../parts/Icon.tsx'
import { houseWords } from '../words.ts'

type SearchBoxProps = {
  label: string
  value: string
  /** Called shortly after typing rests, at once on Enter, and never while an input method composes. */
  onChange: (text: string) => void
  placeholder?: string
  /** The key that puts the cursor here; `/` in a list. */
  focusKey?: string | null
  wait?: number
  ref?: Ref<HTMLInputElement>
}

export function SearchBox({ label, value, onChange, placeholder = label, focusKey = '/', wait = 250 }: SearchBoxProps) {
  const [text, setText] = useState(value)
  const [isComposing, setComposing] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  const said = useRef(value)
  const say = useRef(onChange)
  useEffect(() => {
    say.current = onChange
  })
  useEffect(() => {
    if (value === said.current) return
    said.current = value // changed from outside: reset, back button
    setText(value)
  }, [value])
  useEffect(() => {
    if (isComposing || text === said.current) return
    const timer = setTimeout(() => {
      said.current = text
      say.current(text)
    }, wait)
    return () => clearTimeout(timer)
  }, [text, isComposing, wait])
  const now = (next: string) => {
    said.current = next
    setText(next)
    onChange(next)
  }
  useKeys(focusKey ? { [focusKey]: { name: label, run: () => input.current?.select() } } : {})
  return (
    <search className="rx-search">
      <Icon name="search" size={16} />
      <input
        ref={input}
        type="text"
        className="rx-input"
        aria-label={label}
        placeholder={placeholder}
        value={text}
        autoComplete="off"
        onChange={(e) => setText(e.target.value)}
        onCompositionStart={() => setComposing(true)}
        onCompositionEnd={() => setComposing(false)}
        onKeyDown={(e) => {
          if (e.key !== 'Enter' || e.nativeEvent.isComposing || e.keyCode === 229) return
          e.preventDefault()
          now(text)
        }}
      />
      {text !== '' && <IconButton icon="close" label={houseWords.clear} size={14} onClick={() => now('')} />}
    </search>
  )
}
