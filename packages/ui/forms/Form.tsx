import { Children, type ReactNode, useState } from 'react'
import { useKeys } from '../keys/use-keys.ts'
import { Button } from '../parts/Button.tsx'
import { ErrorNote } from '../parts/ErrorNote.tsx'
import { houseWords } from '../words.ts'

type FormProps = {
  children: ReactNode
  onSubmit?: () => void
  columns?: 1 | 2 | 3 | 4
  /** What the server refused; the fields stay as they are. */
  error?: unknown
  errorText?: string | undefined
  /** Buttons at the bottom right, the primary one last. */
  actions?: ReactNode
}

/** Fields in columns. Enter in a one-line field and Ctrl+Enter anywhere submit. */
export function Form({ children, onSubmit, columns = 1, error, errorText, actions }: FormProps) {
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
      <ErrorNote error={error} text={errorText} />
      {actions && <div className="rx-layer-foot">{actions}</div>}
    </form>
  )
}

type SearchFormProps = { children: ReactNode; onSearch: () => void; onReset: () => void; busy?: boolean }

/** The filters above a list: 查询 and 重置, and what goes beyond four fields is folded away. */
export function SearchForm({ children, onSearch, onReset, busy = false }: SearchFormProps) {
  const [isOpen, setOpen] = useState(false)
  const fields = Children.toArray(children)
  return (
    <form
      className="rx-search-form"
      onSubmit={(event) => {
        event.preventDefault()
        onSearch()
      }}
    >
      {isOpen ? fields : fields.slice(0, 4)}
      <div className="rx-search-actions">
        <Button type="submit" kind="primary" busy={busy} icon="search">
          {houseWords.search}
        </Button>
        <Button onClick={onReset}>{houseWords.reset}</Button>
        {fields.length > 4 && (
          <Button kind="quiet" expanded={isOpen} icon={isOpen ? 'up' : 'down'} onClick={() => setOpen(!isOpen)}>
            {isOpen ? houseWords.foldIn : houseWords.foldOut}
          </Button>
        )}
      </div>
    </form>
  )
}
