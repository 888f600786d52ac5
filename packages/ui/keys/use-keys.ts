import { createContext, useContext, useEffect, useId, useRef } from 'react'
import { belongsToTarget, comboOf, isComposing, isSingleKey, isTextField } from './combo.ts'
import { keySettings, mayBind } from './settings.ts'

type Run = (event: KeyboardEvent) => void
/** With a name, the key stands in the help of the page (`?`). */
export type Binding = Run | { name: string; run: Run }
export type Bindings = { readonly [combo: string]: Binding | false | undefined }

type Registered = { layer: string | undefined; everywhere: boolean; read: () => Bindings }

const registered: Registered[] = []
const layers: string[] = []

/** Which layer (page, drawer, dialog) a component stands in. */
export const LayerContext = createContext<string | undefined>(undefined)

/** A drawer or dialog that lies above: while it is there, keys of what is below are silent. Gives its id for `LayerContext`. */
export function useLayer(): string {
  const id = useId()
  useEffect(() => {
    layers.push(id)
    return () => {
      layers.splice(layers.indexOf(id), 1)
    }
  }, [id])
  return id
}

const runOf = (binding: Binding): Run => (typeof binding === 'function' ? binding : binding.run)
const repeats = new Set(['J', 'K', 'ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'])

function handle(event: KeyboardEvent): void {
  if (event.defaultPrevented || isComposing(event)) return
  const { singleKeys, changed } = keySettings()
  const combo = comboOf(event)
  const isSingle = isSingleKey(combo)
  if (isTextField(event.target) && (isSingle || combo === 'Ctrl+Z')) return
  if (belongsToTarget(combo, event.target)) return
  if (isSingle && !singleKeys && combo.length === 1) return
  const top = layers.at(-1)
  for (const { layer, everywhere, read } of registered.toReversed()) {
    if (layer !== top && !everywhere) continue
    for (const [key, binding] of Object.entries(read())) {
      if (!binding || (changed[key] ?? key) !== combo) continue
      event.preventDefault() // also when held down: what follows must not reach the browser either
      if (!event.repeat || repeats.has(combo)) runOf(binding)(event)
      return
    }
  }
}

/**
 * Keys while the component is there: `useKeys({ 'Ctrl+Enter': { name: words.finish, run: finish }, J: next })`.
 * Nothing runs while an input method composes; single keys are silent in text fields; only the top layer listens,
 * unless `everywhere` is said. A held key runs once, except for moving.
 */
export function useKeys(bindings: Bindings, options: { enabled?: boolean; everywhere?: boolean } = {}): void {
  const { enabled = true, everywhere = false } = options
  const layer = useContext(LayerContext)
  const latest = useRef(bindings)
  useEffect(() => {
    latest.current = bindings
  })
  useEffect(() => {
    if (!enabled) return
    for (const key of Object.keys(latest.current)) if (!mayBind(key)) throw new Error(`${key} belongs to input methods or browsers`)
    const mine: Registered = { layer, everywhere, read: () => latest.current }
    if (registered.push(mine) === 1) window.addEventListener('keydown', handle)
    return () => {
      registered.splice(registered.indexOf(mine), 1)
      if (registered.length === 0) window.removeEventListener('keydown', handle)
    }
  }, [enabled, everywhere, layer])
}

/** A key that works at this moment: as the page has it, and as this person presses it. */
export type NamedKey = { key: string; pressed: string; name: string }

/** The named keys that work at this moment, for the help of the page. */
export function namedKeys(): NamedKey[] {
  const { changed } = keySettings()
  const top = layers.at(-1)
  const found = new Map<string, string>()
  for (const { layer, everywhere, read } of registered.toReversed()) {
    if (layer !== top && !everywhere) continue
    for (const [key, binding] of Object.entries(read())) {
      if (binding && typeof binding !== 'function' && !found.has(key)) found.set(key, binding.name)
    }
  }
  return [...found].map(([key, name]) => ({ key, name, pressed: changed[key] ?? key }))
}
