const names: Record<string, string> = { ' ': 'Space', Escape: 'Esc', Up: 'ArrowUp', Down: 'ArrowDown' }

/** What was pressed, as it is written in bindings: `Ctrl+Enter`, `Shift+F2`, `J`, `?`. Cmd counts as Ctrl. */
export function comboOf(event: KeyboardEvent): string {
  const key = names[event.key] ?? (event.key.length === 1 ? event.key.toUpperCase() : event.key)
  const parts = []
  if (event.ctrlKey || event.metaKey) parts.push('Ctrl')
  if (event.altKey) parts.push('Alt')
  // A sign such as ? is typed with Shift on some keyboards and without on others.
  if (event.shiftKey && (key.length > 1 || /[A-Z0-9]/.test(key))) parts.push('Shift')
  return [...parts, key].join('+')
}

/** An input method is still composing: Enter chooses a character and must do nothing else. 229 is what older engines send. */
export const isComposing = (event: KeyboardEvent): boolean => event.isComposing || event.keyCode === 229

/** Without Ctrl, Alt or a function key: must not be taken from somebody who types. */
export const isSingleKey = (combo: string): boolean => !/^(Ctrl|Alt)\+|^(Shift\+)?F\d+$|^Esc$/.test(combo)

const typed = new Set(['text', 'search', 'tel', 'url', 'email', 'password', 'number', 'date', 'datetime-local', 'month', 'time', 'week'])

export function isTextField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target instanceof HTMLInputElement) return typed.has(target.type)
  return (
    target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable || target.role === 'combobox'
  )
}

const pressable = 'button, a[href], summary, [role="tab"], [role="option"], [role="menuitem"], [role="switch"]'
const moving = 'input[type="radio"], select, [role="tab"], [role="option"], [role="menuitem"], [role="slider"]'

/** The element under the focus has its own use for this key. */
export function belongsToTarget(combo: string, target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false
  if (combo === 'Enter') return target.closest(pressable) !== null
  if (combo === 'Space') return target.closest(`${pressable}, input`) !== null
  return combo.startsWith('Arrow') && target.closest(moving) !== null
}
