import { Popover } from 'antd'
import { useState } from 'react'
import { Choice, MultiChoice } from '../forms/choices.tsx'
import { IconButton } from '../parts/Button.tsx'
import { Stack } from '../parts/Toolbar.tsx'
import { houseWords } from '../words.ts'

export type TableLook = { density: 'dense' | 'normal' | 'roomy'; hidden: readonly string[] }
type Named = { name?: string; hidden?: boolean }

const keyOf = (memory: string) => `renxin.table.${memory}`

function remembered(memory: string): TableLook | undefined {
  try {
    return JSON.parse(localStorage.getItem(keyOf(memory)) ?? 'null') ?? undefined
  } catch {
    return undefined
  }
}

/** Row height and hidden columns of one table, kept in this browser. */
export function useTableLook(memory: string | undefined, columns: readonly Named[]): [TableLook, (look: TableLook) => void] {
  const [look, setLook] = useState<TableLook>(
    () => (memory && remembered(memory)) || { density: 'normal', hidden: columns.flatMap((c) => (c.hidden && c.name ? [c.name] : [])) },
  )
  const change = (next: TableLook) => {
    setLook(next)
    try {
      if (memory) localStorage.setItem(keyOf(memory), JSON.stringify(next))
    } catch {} // it then lasts until the page is closed
  }
  return [look, change]
}

type TableSettingsProps = { columns: readonly Named[]; look: TableLook; onChange: (look: TableLook) => void }

export function TableSettings({ columns, look, onChange }: TableSettingsProps) {
  const [isOpen, setOpen] = useState(false)
  const names = columns.flatMap((c) => (c.name ? [c.name] : []))
  return (
    <Popover
      open={isOpen}
      onOpenChange={setOpen}
      trigger="click"
      placement="topRight"
      content={
        <Stack gap={12}>
          <Choice
            label={houseWords.density}
            value={look.density}
            options={[
              { value: 'dense', label: houseWords.dense },
              { value: 'normal', label: houseWords.normal },
              { value: 'roomy', label: houseWords.roomy },
            ]}
            onChange={(density) => onChange({ ...look, density })}
          />
          <MultiChoice
            label={houseWords.columns}
            stacked
            value={names.filter((n) => !look.hidden.includes(n))}
            options={names.map((n) => ({ value: n, label: n }))}
            onChange={(shown) => onChange({ ...look, hidden: names.filter((n) => !shown.includes(n)) })}
          />
        </Stack>
      }
    >
      <span>
        <IconButton icon="settings" label={houseWords.columns} size={16} expanded={isOpen} />
      </span>
    </Popover>
  )
}
