import { OUTBOX } from './events.ts'

type Hear = (modules: readonly string[]) => void

/** Tells open pages which modules changed, after the commit. */
export type Live = {
  announce(hospitalId: number, modules: readonly string[]): void
  subscribe(hospitalId: number, hear: Hear): () => void
}

export function makeLive(): Live {
  const ears = new Map<number, Set<Hear>>()
  return {
    announce(hospitalId, modules) {
      const shown = modules.filter((m) => m !== OUTBOX)
      if (shown.length > 0) for (const hear of ears.get(hospitalId) ?? []) hear(shown)
    },
    subscribe(hospitalId, hear) {
      const here = ears.get(hospitalId) ?? new Set()
      ears.set(hospitalId, here.add(hear))
      return () => here.delete(hear)
    },
  }
}
