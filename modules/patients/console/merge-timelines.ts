import type { TimelineEntry } from '../contract.ts'

/** One module's part of a time line, as far as it has been read. */
export type Source = {
  module: string
  rows: readonly TimelineEntry[]
  hasMore: boolean
  isLoading: boolean
  isLoadingMore: boolean
  error: Error | null
  more: () => Promise<unknown>
}

type Merged = { entries: { module: string; entry: TimelineEntry }[]; hasMore: boolean; next: Source[] }

/**
 * All parts in one, newest first. An entry older than the last one read of a part that goes on is kept back: something of that part may belong before it.
 * `next` are the parts that must be read on for the line to grow.
 */
export function mergeTimelines(sources: readonly Source[]): Merged {
  const time = (entry: TimelineEntry) => Date.parse(entry.at)
  const endOf = (s: Source) => {
    const last = s.rows.at(-1)
    return s.hasMore && last ? time(last) : Number.NEGATIVE_INFINITY
  }
  const horizon = Math.max(Number.NEGATIVE_INFINITY, ...sources.map(endOf))
  const entries = sources
    .flatMap((s) => s.rows.map((entry) => ({ module: s.module, entry })))
    .filter(({ entry }) => time(entry) >= horizon)
    .sort((a, b) => time(b.entry) - time(a.entry) || (a.entry.id < b.entry.id ? 1 : -1))
  const going = sources.filter((s) => s.hasMore)
  return { entries, hasMore: going.length > 0, next: going.filter((s) => endOf(s) === horizon) }
}
