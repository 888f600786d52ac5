import type { MouseEvent, ReactNode } from 'react'
import { join } from '../parts/join.ts'
import type { Tone } from '../tokens.ts'
import { houseWords } from '../words.ts'
import type { ColumnProps } from './Column.tsx'

export type Selection = {
  chosen: ReadonlySet<string>
  onChange: (chosen: Set<string>) => void
  /** Buttons of the bar at the bottom; they say the number, `分配 50 项`. */
  actions?: ReactNode
}

export type BodyProps<T> = {
  rows: readonly T[]
  columns: readonly ColumnProps<T>[]
  rowKey: (row: T) => string
  onOpen?: ((row: T) => void) | undefined
  href?: (row: T) => string
  opened?: string | undefined
  rowTone?: (row: T) => Tone | undefined
  selection?: Selection
  active: number
  onActive: (at: number) => void
}

/** The click was meant for something inside the row. */
export const hasOwnUse = (target: EventTarget) =>
  target instanceof Element && target.closest('button, a, input, label, select, textarea') !== null

export const isNothing = (shown: ReactNode): boolean => shown === null || shown === undefined || shown === ''

export function choose({ chosen, onChange }: Selection, key: string, isChosen: boolean): void {
  const next = new Set(chosen)
  if (isChosen) next.add(key)
  else next.delete(key)
  onChange(next)
}

export function Body<T>({ rows, columns, rowKey, onOpen, href, opened, rowTone, selection, active, onActive }: BodyProps<T>) {
  const keys = rows.map(rowKey)
  const allChosen = selection !== undefined && keys.length > 0 && keys.every((k) => selection.chosen.has(k))
  const open = (row: T, event: MouseEvent) => {
    if (!onOpen || hasOwnUse(event.target) || getSelection()?.toString()) return
    if (href && (event.ctrlKey || event.metaKey)) window.open(href(row), '_blank', 'noopener')
    else onOpen(row)
  }
  return (
    <>
      <thead>
        <tr>
          {selection && (
            <th scope="col" className="rx-table-check">
              <input
                type="checkbox"
                aria-label={houseWords.selectAll({ n: keys.length })}
                checked={allChosen}
                onChange={() => selection.onChange(allChosen ? new Set() : new Set([...selection.chosen, ...keys]))}
              />
            </th>
          )}
          {columns.map((column, at) =>
            column.name ? (
              <th key={column.name} scope="col" style={{ width: column.width, textAlign: column.align }}>
                {column.name}
              </th>
            ) : (
              <td key={at} style={{ width: column.width }} />
            ),
          )}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, at) => {
          const key = keys[at] ?? String(at)
          const isChosen = selection?.chosen.has(key) ?? false
          const tone = rowTone?.(row)
          return (
            <tr
              key={key}
              tabIndex={onOpen || selection ? (at === Math.max(0, active) ? 0 : -1) : undefined}
              className={join(onOpen && 'rx-opens', isChosen && 'rx-chosen', key === opened && 'rx-opened', tone && `rx-row-${tone}`)}
              onClick={(event) => {
                onActive(at)
                open(row, event)
              }}
              onFocus={() => onActive(at)}
            >
              {selection && (
                <td className="rx-table-check">
                  <input
                    type="checkbox"
                    aria-label={`${houseWords.selectRow} ${at + 1}`}
                    checked={isChosen}
                    onChange={(event) => choose(selection, key, event.target.checked)}
                  />
                </td>
              )}
              {columns.map((column, n) => {
                const shown = column.show(row)
                return (
                  <td
                    key={column.name ?? n}
                    className={column.cut ? 'rx-cut' : undefined}
                    style={{ textAlign: column.align, whiteSpace: column.align === 'end' ? 'nowrap' : undefined }}
                    title={column.cut && typeof shown === 'string' ? shown : undefined}
                  >
                    {isNothing(shown) && column.name ? houseWords.none : shown}
                  </td>
                )
              })}
            </tr>
          )
        })}
      </tbody>
    </>
  )
}
