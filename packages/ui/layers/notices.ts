import type { Tone } from '../tokens.ts'

export type Notice = { id: number; text: string; tone: Tone; undo?: (() => void) | undefined }

let notices: readonly Notice[] = []
let last = 0
const listeners = new Set<() => void>()
const timers = new Map<number, ReturnType<typeof setTimeout>>()

function change(next: readonly Notice[]) {
  notices = next
  for (const told of listeners) told()
}

export const presentNotices = (): readonly Notice[] => notices
export const onNotices = (told: () => void): (() => void) => {
  listeners.add(told)
  return () => listeners.delete(told)
}

export function dismiss(id: number): void {
  clearTimeout(timers.get(id))
  timers.delete(id)
  change(notices.filter((n) => n.id !== id))
}

function show(notice: Omit<Notice, 'id'>, seconds: number): () => void {
  last += 1
  const id = last
  change([...notices.slice(-2), { ...notice, id }])
  timers.set(
    id,
    setTimeout(() => dismiss(id), seconds * 1000),
  )
  return () => dismiss(id)
}

/** Says for some seconds what was done. Nothing that must be read to act. */
export const notify = (text: string, options: { tone?: Tone; seconds?: number } = {}): (() => void) =>
  show({ text, tone: options.tone ?? 'success' }, options.seconds ?? 5)

/** Says what was done and offers 撤销 for 10 seconds; Ctrl+Z does it too. */
export const undoBar = (text: string, undo: () => void, options: { seconds?: number } = {}): (() => void) =>
  show({ text, tone: 'plain', undo }, options.seconds ?? 10)
