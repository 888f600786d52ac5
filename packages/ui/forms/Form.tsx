import { Children, type ReactNode, useState } from 'react'
import { useKeys } from '../keys/use-keys.ts'
import { Button } from '../parts/Button.tsx'
import { ErrorNote } from '../parts/ErrorNote.tsx'
import { useNarrow } from '../parts/use-media.ts'
import { houseWords } from '../words.ts'

type FormProps = {
  children: ReactNode
  onSubmit?: () => void
  columns?: 1 | 2 | 3 | 4
  /** What submitting sends (`useWrite`): what the server refused stands below the fields, which stay as they are. */
  write?: WriteLike
  /** What the button says that submits; without it the button stands elsewhere, in the foot of a drawer for one. */
  verb?: string
  disabled?: boolean
  /** The key that submits stands on the button. */
  keys?: boolean
  /** Draws a button that leaves all as it was. */
  onCancel?: (() => void) | undefined
  /** Buttons at the bottom right, before the one that submits. */
  actions?: ReactNode
}

/** A write of the client, as far as a form knows it. */
type WriteLike = { error: unknown; isSending: boolean }

/** Fields in columns. Enter in a one-line field and Ctrl+Enter anywhere submit. */
export function Form({ children, onSubmit, columns = 1, write, verb, disabled, keys = false, onCancel, actions }: FormProps) {
  useKeys({ 'Ctrl+Enter': onSubmit && (() => onSubmit()) })
  return (
    <form
      className="rx-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        onSubmit?.()
      }}
    >
      <div className={`rx-form-grid rx-columns-${columns}`}>{children}</div>
      <ErrorNote error={write?.error} />
      {(actions || verb) && (
        <div className="rx-layer-foot">
          {actions}
          {onCancel && <Button onClick={onCancel}>{houseWords.cancel}</Button>}
          {verb && (
            <Button kind="primary" type="submit" busy={write?.isSending} disabled={disabled} {...(keys && { keys: 'Ctrl+Enter' })}>
              {verb}
            </Button>
          )}
        </div>
      )}
    </form>
  )
}

type SearchFormProps = { children: ReactNode; onSearch: () => void; onReset: () => void; busy?: boolean }

/** The filters above a list: 查询 and 重置, and what goes beyond four fields, on a phone two, is folded away. */
export function SearchForm({ children, onSearch, onReset, busy = false }: SearchFormProps) {
  const [isOpen, setOpen] = useState(false)
  const fields = Children.toArray(children)
  const most = useNarrow() ? 2 : 4
  return (
    <form
      className="rx-search-form"
      onSubmit={(event) => {
        event.preventDefault()
        onSearch()
      }}
    >
      {isOpen ? fields : fields.slice(0, most)}
      <div className="rx-search-actions">
        <Button type="submit" kind="primary" busy={busy} icon="search">
          {houseWords.search}
        </Button>
        <Button onClick={onReset}>{houseWords.reset}</Button>
        {fields.length > most && (
          <Button kind="quiet" expanded={isOpen} icon={isOpen ? 'up' : 'down'} onClick={() => setOpen(!isOpen)}>
            {isOpen ? houseWords.foldIn : houseWords.foldOut}
          </Button>
        )}
      </div>
    </form>
  )
}
