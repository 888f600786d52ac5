import { type ReactNode, useId } from 'react'
import { Button } from '../parts/Button.tsx'
import { join } from '../parts/join.ts'
import { houseWords } from '../words.ts'
import type { ColumnProps } from './Column.tsx'
import { type BodyProps, choose, hasOwnUse, isNothing, type Selection } from './TableBody.tsx'

type CardsProps<T> = Omit<BodyProps<T>, 'href'> & {
  label?: string | undefined
  isPlain: boolean
  isBusy: boolean | undefined
  describedBy: string | undefined
}

/** The rows of a table on a phone: each a card with the first column as its heading, then name and content of the others, then what can be done. */
export function Cards<T>({ label, isPlain, isBusy, describedBy, ...body }: CardsProps<T>) {
  const { rows, rowKey, selection } = body
  const keys = rows.map(rowKey)
  return (
    <>
      {selection && <ChooseAll selection={selection} keys={keys} />}
      <ul
        className={join('rx-cards', isPlain && 'rx-cards-plain')}
        aria-label={label}
        aria-describedby={describedBy}
        aria-busy={isBusy || undefined}
      >
        {rows.map((row, at) => (
          <Card key={keys[at]} {...body} row={row} at={at} id={keys[at] ?? String(at)} />
        ))}
      </ul>
    </>
  )
}

function ChooseAll({ selection: { chosen, onChange }, keys }: { selection: Selection; keys: readonly string[] }) {
  const areAll = keys.every((k) => chosen.has(k))
  return (
    <label className="rx-cards-all">
      <input type="checkbox" checked={areAll} onChange={() => onChange(areAll ? new Set() : new Set([...chosen, ...keys]))} />
      {houseWords.selectAll({ n: keys.length })}
    </label>
  )
}

type CardProps<T> = Omit<CardsProps<T>, 'label' | 'isPlain' | 'isBusy' | 'describedBy'> & { row: T; at: number; id: string }

function Card<T>({ row, at, id, columns, onOpen, opened, rowTone, selection, active, onActive }: CardProps<T>) {
  const heading = useId()
  const [first, ...others] = columns
  const isChosen = selection?.chosen.has(id) ?? false
  const tone = rowTone?.(row)
  const named = others.filter((c) => c.name)
  const shown = others.filter((c) => !c.name).map((c) => c.show(row))
  const actions = shown.filter((one) => !isNothing(one))
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Enter opens the row that has the focus (Table.tsx)
    <li
      tabIndex={onOpen || selection ? (at === Math.max(0, active) ? 0 : -1) : undefined}
      aria-labelledby={heading}
      className={join(onOpen && 'rx-opens', isChosen && 'rx-chosen', id === opened && 'rx-opened', tone && `rx-row-${tone}`)}
      onClick={(event) => {
        onActive(at)
        if (onOpen && !hasOwnUse(event.target) && !getSelection()?.toString()) onOpen(row)
      }}
      onFocus={() => onActive(at)}
    >
      <div className="rx-card-head">
        {selection && (
          <input
            type="checkbox"
            aria-label={`${houseWords.selectRow} ${at + 1}`}
            checked={isChosen}
            onChange={(event) => choose(selection, id, event.target.checked)}
          />
        )}
        <div id={heading} className="rx-card-heading">
          {contentOf(first, row)}
        </div>
      </div>
      {named.length > 0 && (
        <dl>
          {named.map((column) => (
            <div key={column.name}>
              <dt>{column.name}</dt>
              <dd>{contentOf(column, row)}</dd>
            </div>
          ))}
        </dl>
      )}
      {(actions.length > 0 || onOpen) && (
        <div className="rx-card-actions">
          {actions.map((action, n) => (
            <div key={n}>{action}</div>
          ))}
          {onOpen && (
            <Button kind="quiet" size="small" label={`${houseWords.open} ${at + 1}`} onClick={() => onOpen(row)}>
              {houseWords.open}
            </Button>
          )}
        </div>
      )}
    </li>
  )
}

function contentOf<T>(column: ColumnProps<T> | undefined, row: T): ReactNode {
  const content = column?.show(row)
  return isNothing(content) ? houseWords.none : content
}
