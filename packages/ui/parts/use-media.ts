import { useCallback, useSyncExternalStore } from 'react'

/** Whether a media query holds, and again when that changes. */
export function useMedia(media: string): boolean {
  const watch = useCallback(
    (changed: () => void) => {
      const query = matchMedia(media)
      query.addEventListener('change', changed)
      return () => query.removeEventListener('change', changed)
    },
    [media],
  )
  return useSyncExternalStore(watch, () => matchMedia(media).matches)
}

/** The window is no wider than a phone, or enlarged until it is. */
export const useNarrow = (): boolean => useMedia('(max-width: 640px)')
