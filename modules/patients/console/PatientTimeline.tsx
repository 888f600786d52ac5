import { type Console, GoLink, mayAny, useConsoles, useList, useMe } from '@renxin/client'
import { Empty, ErrorNote, Skeleton, Timeline } from '@renxin/ui'
import { useCallback, useEffect, useMemo, useState } from 'react'
import type { patientsApi, TimelineEntry } from '../contract.ts'
import { words } from '../words.ts'
import { mergeTimelines, type Source } from './merge-timelines.ts'

/** Every module that tells something of a patient, as far as one may see it. */
export function useTimelines(): Console[] {
  const { may } = useMe()
  return useConsoles().filter((c) => c.timeline && mayAny(may, c.timeline.may))
}

/** Everything that happened to a patient, newest first, told by all modules together. */
export function PatientTimeline({ patientId }: { patientId: string }) {
  const consoles = useTimelines()
  const [sources, setSources] = useState<Readonly<Record<string, Source>>>({})
  const hear = useCallback((module: string, source: Source) => setSources((before) => ({ ...before, [module]: source })), [])
  const all = useMemo(() => consoles.flatMap((c) => sources[c.module] ?? []), [consoles, sources])
  const { entries, hasMore, next } = mergeTimelines(all)
  const isLoading = all.length < consoles.length || all.some((s) => s.isLoading)
  return (
    <>
      {consoles.map((c) => (
        <Told key={`${c.module}${patientId}`} console={c} patientId={patientId} onTold={hear} />
      ))}
      {all.map((s) => s.error !== null && <ErrorNote key={s.module} error={s.error} />)}
      {entries.length === 0 && isLoading ? (
        <Skeleton lines={6} />
      ) : entries.length === 0 ? (
        <Empty>{words.timelineEmpty}</Empty>
      ) : (
        <Timeline
          items={entries.map(({ entry, module }) =>
            itemOf(
              entry,
              consoles.find((c) => c.module === module),
            ),
          )}
          hasMore={hasMore}
          isLoadingMore={all.some((s) => s.isLoadingMore)}
          onMore={() => Promise.all(next.map((s) => s.more()))}
        />
      )}
    </>
  )
}

/** Reads one module's part and says it upwards; draws nothing. */
function Told({
  console: told,
  patientId,
  onTold,
}: {
  console: Console
  patientId: string
  onTold: (module: string, source: Source) => void
}) {
  // Every `timeline` route has the shape of this one, by the contract's `timelineInput` and `TimelineEntry`.
  const list = useList(told.timeline as typeof patientsApi.timeline, { patientId, limit: 20 })
  const { rows, hasMore, isLoading, isLoadingMore, error, more } = list
  useEffect(() => {
    onTold(told.module, { module: told.module, rows, hasMore, isLoading, isLoadingMore, error, more })
    // `more` is another function each time it is drawn, with the same meaning.
  }, [told.module, rows, hasMore, isLoading, isLoadingMore, error, onTold])
  return null
}

function itemOf(entry: TimelineEntry, told: Console | undefined) {
  const kind = told?.timelineWords?.(entry.kind) ?? entry.kind
  return {
    id: `${told?.module}:${entry.id}`,
    at: entry.at,
    kind,
    title: entry.link ? (
      <GoLink to={entry.link.page} params={entry.link.params}>
        {entry.title || kind}
      </GoLink>
    ) : (
      entry.title
    ),
    text: entry.text,
    ...(entry.tone ? { tone: entry.tone } : {}),
  }
}
