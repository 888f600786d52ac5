import { formatDay, formatFull } from '@renxin/ui'
import { type Item, say, type Value } from '../../contract.ts'
import { words } from '../../words.ts'

/** An answer as somebody reads it. */
export function labelOf(item: Item, value: Value, language: string): string {
  if (typeof value === 'object') return value.other
  const option = item.options.find((o) => o.key === value)
  if (option) return say(option.label, language)
  if (typeof value === 'boolean') return value ? words.form.yes : words.form.no
  if (item.kind === 'dateTime' && typeof value === 'string') return value.length > 10 ? formatFull(value) : formatDay(value)
  return item.unit ? `${value} ${item.unit.label}` : String(value)
}
