import { Children, isValidElement, type ReactNode, useEffect, useId, useMemo, useRef, useState } from 'react'
import { formatCount } from '../formats.ts'
import { useKeys } from '../keys/use-keys.ts'
import { Button } from '../parts/Button.tsx'
import { Empty } from '../parts/Empty.tsx'
import { ErrorNote } from '../parts/ErrorNote.tsx'
import { asList, type Rows } from '../parts/loaded.ts'
import { Skeleton } from '../parts/Skeleton.tsx'
import { useNarrow } from '../parts/use-media.ts'
import type { Tone } from '../tokens.ts'
import { houseWords } from '../words.ts'
import { Cards } from './Cards.tsx'
import type { ColumnProps } from './Column.tsx'
import { Body, type Selection } from './TableBody.tsx'
import { TableSettings, useTableLook } from './TableSettings.tsx'

export type TableProps<T> = {
  /** A `useList`, a `useRead` of rows, or the rows. */
  of: Rows<T>
  children: ReactNode
  /** What the table shows, read out to those who do not see it. */
  label?: string
  rowKey?: (row: T) => string
  /** A click, or Enter, opens the row. */
  onOpen?: ((row: T) => void) | undefined
  /** Where Ctrl+click leads, in a tab of its own. */
  href?: (row: T) => string
  /** The row that is open at present. */
  opened?: string | undefined
  rowTone?: (row: T) => Tone | undefined
  selection?: Selection
  empty?: ReactNode
  emptyAction?: ReactNode
  /** Remembers columns and row height under this name, and offers to change them. */
  memory?: string
  /** How high it may grow before it scrolls inside; by default what the window leaves. */
  maxHeight?: number | string
  /** For some rows inside something else: close together, as high as they are, and without the line that counts them. */
  plain?: boolean
}

const idOf = (row: unknown): string => {
  if (typeof row === 'object' && row !== null && 'id' in row && typeof row.id === 'string') return row.id
  throw new Error('Table: rows without an id need rowKey')
}

/** A list: its columns are its children. J, K or arrows move, Enter opens, X selects. On a phone its rows are cards, the first column the heading of each. */
export function Table<T>(props: TableProps<T>) {
  const {
    of,
    children,
    label,
    rowKey = idOf,
    onOpen,
    selection,
    empty,
    emptyAction,
    memory,
    plain,
    maxHeight = plain ? 'none' : undefined,
  } = props
  const list = asList(of)
  const { rows } = list
  const columns = useMemo(
    () => Children.toArray(children).flatMap((child) => (isValidElement<ColumnProps<T>>(child) ? [child.props] : [])),
    [children],
  )
  const [look, setLook] = useTableLook(memory, columns)
  const shown = columns.filter((c) => !look.hidden.includes(c.name ?? ''))
  const [active, setActive] = useState(-1)
  const whole = useRef<HTMLDivElement>(null)
  const isNarrow = useNarrow()
  const foot = useId()

  const move = (by: number) => {
    const next = Math.min(rows.length - 1, Math.max(0, active + by))
    if (active + by >= rows.length && list.hasMore && !list.isLoadingMore) list.more()
    setActive(next)
    whole.current?.querySelectorAll<HTMLElement>('.rx-table > tbody > tr, .rx-cards > li')[next]?.focus()
  }
  const row = rows[active]
  const hasKeys = rows.length > 0 && (onOpen !== undefined || selection !== undefined)
  useKeys(
    {
      J: { name: houseWords.keyNext, run: () => move(1) },
      K: { name: houseWords.keyPrevious, run: () => move(-1) },
      ArrowDown: () => move(1),
      ArrowUp: () => move(-1),
      Enter: onOpen && { name: houseWords.open, run: () => row !== undefined && onOpen(row) },
      X: selection && {
        name: houseWords.selectRow,
        run: () => row !== undefined && selection.onChange(toggled(selection.chosen, rowKey(row))),
      },
    },
    { enabled: hasKeys },
  )
  useEffect(() => {
    if (active >= rows.length) setActive(rows.length - 1)
  }, [active, rows.length])

  if (rows.length === 0 && list.isLoading) return <Skeleton lines={8} />
  if (rows.length === 0 && list.error) return <ErrorNote error={list.error} onRetry={list.reload} />
  if (rows.length === 0) return <Empty action={emptyAction}>{empty}</Empty>
  const bodyProps = { ...props, rowKey, rows, columns: shown, active, onActive: setActive }
  const describedBy = plain ? undefined : foot
  return (
    <div className="rx-table-whole" ref={whole}>
      <ErrorNote error={list.error} onRetry={list.reload} />
      {isNarrow ? (
        <Cards {...bodyProps} label={label} isPlain={plain ?? false} describedBy={describedBy} isBusy={list.isFetching} />
      ) : (
        <div
          className="rx-table-scroll"
          style={maxHeight === undefined ? undefined : { maxHeight }}
          tabIndex={onOpen || selection ? undefined : 0} // what scrolls must be reachable by keyboard (WCAG 2.1.1); where rows are, it is
        >
          <table
            aria-label={label}
            className={`rx-table rx-table-${plain ? 'dense' : look.density}`}
            aria-describedby={describedBy}
            aria-busy={list.isFetching || undefined}
          >
            <Body {...bodyProps} />
          </table>
        </div>
      )}
      {!plain && (
        <div className="rx-table-foot">
          <span id={foot} aria-live="polite">
            {list.total !== undefined
              ? houseWords.total({ n: formatCount(list.total) })
              : list.hasMore
                ? houseWords.shown({ n: formatCount(rows.length) })
                : houseWords.allShown({ n: formatCount(rows.length) })}
          </span>
          {list.hasMore && (
            <Button kind="quiet" size="small" busy={list.isLoadingMore ?? false} onClick={() => list.more()}>
              {houseWords.loadMore}
            </Button>
          )}
          {memory && <TableSettings columns={columns} look={look} onChange={setLook} />}
        </div>
      )}
      {selection && selection.chosen.size > 0 && <SelectionBar selection={selection} all={rows.map(rowKey)} />}
    </div>
  )
}

function SelectionBar({ selection, all }: { selection: Selection; all: string[] }) {
  const { chosen, onChange, actions } = selection
  return (
    <section className="rx-selection" aria-label={houseWords.selected({ n: chosen.size })}>
      <strong aria-live="polite">{houseWords.selected({ n: formatCount(chosen.size) })}</strong>
      {all.some((id) => !chosen.has(id)) && (
        <Button kind="link" onClick={() => onChange(new Set([...chosen, ...all]))}>
          {houseWords.selectAll({ n: formatCount(all.length) })}
        </Button>
      )}
      <Button kind="link" onClick={() => onChange(new Set())}>
        {houseWords.clearSelection}
      </Button>
      <span className="rx-selection-actions">{actions}</span>
    </section>
  )
}

export function toggled(set: ReadonlySet<string>, id: string): Set<string> {
  const next = new Set(set)
  if (!next.delete(id)) next.add(id)
  return next
}
