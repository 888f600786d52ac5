import { OUTBOX } from './events.ts'

type Hear = (modules: readonly string[]) => void

/** Tells open pages which modules changed, after the commit. */
export type Live = {
  /** What this process changed: told here, and carried to the other processes where there is a line to them. */
  announce(hospitalId: number, modules: readonly string[]): void
  /** What another process changed. */
  hear(hospitalId: number, modules: readonly string[]): void
  subscribe(hospitalId: number, hear: Hear): () => void
  carry: ((hospitalId: number, modules: readonly string[]) => void) | undefined
}

export function makeLive(): Live {
  const ears = new Map<number, Set<Hear>>()
  const live: Live = {
    carry: undefined,
    announce(hospitalId, modules) {
      const shown = modules.filter((m) => m !== OUTBOX)
      if (shown.length === 0) return
      live.hear(hospitalId, shown)
      live.carry?.(hospitalId, shown)
    },
    hear(hospitalId, modules) {
      for (const hear of ears.get(hospitalId) ?? []) hear(modules)
    },
    subscribe(hospitalId, hear) {
      const here = ears.get(hospitalId) ?? new Set()
      ears.set(hospitalId, here.add(hear))
      return () => here.delete(hear)
    },
  }
  return live
}
