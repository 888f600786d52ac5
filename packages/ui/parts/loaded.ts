/** What a component needs of something read from the server; `useRead` gives it. */
export type LoadedLike<T> = { data?: T | undefined; error: unknown; isLoading: boolean; isFetching?: boolean; reload?: () => unknown }

/** What a table needs of a list read page by page; `useList` gives it. */
export type ListedLike<T> = {
  rows: readonly T[]
  error: unknown
  isLoading: boolean
  isFetching?: boolean
  hasMore: boolean
  isLoadingMore?: boolean
  total?: number | undefined
  more: () => unknown
  reload?: () => unknown
}

export type Rows<T> = ListedLike<T> | LoadedLike<readonly T[]> | LoadedLike<{ rows: readonly T[]; total?: number }> | readonly T[]

const isArray = <T>(value: unknown): value is readonly T[] => Array.isArray(value)

/** One shape for everything a table may be given. */
export function asList<T>(of: Rows<T>): ListedLike<T> {
  if (isArray<T>(of)) return { rows: of, error: undefined, isLoading: false, hasMore: false, more: () => {} }
  if ('rows' in of) return of
  const { data } = of
  const rows = data === undefined ? [] : isArray<T>(data) ? data : data.rows
  const total = data === undefined || isArray<T>(data) ? undefined : data.total
  return { ...of, rows, total, hasMore: false, more: () => {} }
}
