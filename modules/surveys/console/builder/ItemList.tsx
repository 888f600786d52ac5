import { Button, Empty, Menu, Row } from '@renxin/ui'
import { type KeyboardEvent, useRef } from 'react'
import type { Definition } from '../../contract.ts'
import { words } from '../../words.ts'
import { addItem, freshLinkId, isSamePath, itemAt, listItems, moveIn, moveItem, moveOut, type Path, textOf } from './change-definition.ts'
import { kindOf, kinds, newItem } from './kinds.ts'

const w = words.builder

type ItemListProps = {
  definition: Definition
  selected: Path | undefined
  onSelect: (path: Path) => void
  onChange: (next: Definition) => void
  onRemove: (path: Path) => void
}

/** The questions in their order and nesting: choose, add, move, delete, by mouse or by keyboard. */
export function ItemList({ definition, selected, onSelect, onChange, onRemove }: ItemListProps) {
  const list = useRef<HTMLDivElement>(null)
  const items = listItems(definition)
  const at = items.findIndex(({ path }) => isSamePath(path, selected))

  const take = (moved: { definition: Definition; path: Path } | undefined) => {
    if (!moved) return
    onChange(moved.definition)
    onSelect(moved.path)
    focusSoon(moved.path)
  }
  const focusSoon = (path: Path) =>
    requestAnimationFrame(() => list.current?.querySelector<HTMLElement>(`[data-path="${path.join('.')}"]`)?.focus())
  const go = (by: number) => {
    const next = items[at + by]
    if (!next) return
    onSelect(next.path)
    focusSoon(next.path)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const path = selected
    const acts: Record<string, () => void> = {
      ArrowDown: () => (event.altKey ? path && take(moveItem(definition, path, 1)) : go(1)),
      ArrowUp: () => (event.altKey ? path && take(moveItem(definition, path, -1)) : go(-1)),
      Delete: () => {
        if (!path) return
        const next = items[at + 1] ?? items[at - 1]
        onRemove(path)
        if (next) focusSoon(next.path)
      },
    }
    const act = acts[event.key]
    if (!act) return
    event.preventDefault()
    act()
  }

  return (
    <>
      <Row gap={4}>
        <Menu
          label={w.addItem}
          items={kinds.map((kind) => ({
            key: kind,
            label: w.kinds[kind],
            onClick: () =>
              take(
                addItem(
                  definition,
                  selected && itemAt(definition, selected) ? selected : undefined,
                  newItem(freshLinkId(definition), kind),
                ),
              ),
          }))}
        >
          {w.addItem}
        </Menu>
        <Button size="small" kind="quiet" disabled={!selected} onClick={() => selected && take(moveItem(definition, selected, -1))}>
          {w.moveUp}
        </Button>
        <Button size="small" kind="quiet" disabled={!selected} onClick={() => selected && take(moveItem(definition, selected, 1))}>
          {w.moveDown}
        </Button>
        <Button
          size="small"
          kind="quiet"
          disabled={!selected || !moveIn(definition, selected)}
          onClick={() => selected && take(moveIn(definition, selected))}
        >
          {w.moveIn}
        </Button>
        <Button
          size="small"
          kind="quiet"
          disabled={!selected || !moveOut(definition, selected)}
          onClick={() => selected && take(moveOut(definition, selected))}
        >
          {w.moveOut}
        </Button>
        <Button size="small" kind="quiet" disabled={!selected} onClick={() => selected && onRemove(selected)}>
          {w.remove}
        </Button>
      </Row>
      {items.length === 0 ? (
        <Empty>{w.noItems}</Empty>
      ) : (
        <>
          <div ref={list} role="listbox" aria-label={w.structure} tabIndex={-1} onKeyDown={onKeyDown} style={{ marginTop: 8 }}>
            {items.map(({ path, item }, place) => {
              const isSelected = place === at
              const kind = kindOf(item)
              return (
                <div
                  key={path.join('.')}
                  data-path={path.join('.')}
                  role="option"
                  aria-selected={isSelected}
                  tabIndex={isSelected || (at < 0 && place === 0) ? 0 : -1}
                  onClick={() => onSelect(path)}
                  onKeyDown={undefined}
                  onFocus={() => isSelected || onSelect(path)}
                  style={{
                    padding: '6px 8px',
                    paddingLeft: 8 + 16 * (path.length - 1),
                    borderRadius: 'var(--rx-radius)',
                    cursor: 'pointer',
                    background: isSelected ? 'var(--rx-primary-tint)' : undefined,
                    overflowWrap: 'anywhere',
                  }}
                >
                  <div style={{ fontWeight: kind === 'group' ? 600 : 400 }}>{textOf(item.text) || w.noText}</div>
                  <div className="rx-note">{w.kinds[kind]}</div>
                </div>
              )
            })}
          </div>
          <p className="rx-hint">{w.listKeys}</p>
        </>
      )}
    </>
  )
}
