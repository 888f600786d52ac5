import type { ReactNode } from 'react'
import { ErrorNote } from './ErrorNote.tsx'
import type { LoadedLike } from './loaded.ts'
import { Skeleton } from './Skeleton.tsx'

type LoadedProps<T> = { of: LoadedLike<T>; lines?: number; children: (data: T) => ReactNode }

/** Something read from the server: its shape while it comes, the reason if it does not, and then itself. */
export function Loaded<T>({ of, lines, children }: LoadedProps<T>) {
  if (of.data !== undefined) return children(of.data)
  if (of.error) return <ErrorNote error={of.error} onRetry={of.reload} />
  return <Skeleton lines={lines ?? 4} />
}
