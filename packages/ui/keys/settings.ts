import { useSyncExternalStore } from 'react'

/** What a person changed about the keys, kept in this browser: other keys for some actions, and single keys switched off. */
export type KeySettings = { singleKeys: boolean; changed: Readonly<Record<string, string>> }

const memory = 'renxin.keys'
const plain: KeySettings = { singleKeys: true, changed: {} }

function remembered(): KeySettings {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(memory) ?? 'null')
    return typeof kept === 'object' && kept !== null ? { ...plain, ...kept } : plain
  } catch {
    return plain
  }
}

let present: KeySettings | undefined
const listeners = new Set<() => void>()

export const keySettings = (): KeySettings => {
  present ??= remembered()
  return present
}

export function setKeySettings(next: Partial<KeySettings>): void {
  present = { ...keySettings(), ...next }
  try {
    localStorage.setItem(memory, JSON.stringify(present))
  } catch {} // then it lasts until the page is closed
  for (const told of listeners) told()
}

const listen = (told: () => void) => {
  listeners.add(told)
  return () => listeners.delete(told)
}
export const useKeySettings = (): KeySettings => useSyncExternalStore(listen, keySettings, keySettings)

/** Taken by input methods, chat tools and browsers: never bound. */
export const mayBind = (combo: string): boolean =>
  !/^Alt\+[ADEF1-9]$|^Ctrl\+[1-9]$|^Ctrl\+Alt\+[AWZ]$|^Ctrl\+Space$|^F(1|3|5|6|7|11|12)$|^(Shift\+)?Tab$/.test(combo)
