import { useSyncExternalStore } from 'react'

const phone = () => matchMedia('(max-width: 640px)')

function watch(onChange: () => void): () => void {
  const query = phone()
  query.addEventListener('change', onChange)
  return () => query.removeEventListener('change', onChange)
}

/** The window is no wider than a phone, or enlarged until it is. */
export const useNarrow = (): boolean => useSyncExternalStore(watch, () => phone().matches)
