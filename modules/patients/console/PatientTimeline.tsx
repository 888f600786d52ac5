import { type Console, GoLink, mayAny, useConsoles, useList, useMe } from '@renxin/client'
import { addDays } from '@renxin/kernel'
import { Choice, Empty, ErrorNote, formatDay, MultiSelectField, Row, Skeleton, Timeline, today } from '@renxin/ui'
import { useCallback, useEffect, useMemo, useState } from 'react'
import type { patientsApi, TimelineEntry } from '../contract.ts'
import { words } from '../words.ts'
import { mergeTimelines, type Source } from './merge-timelines.ts'

/** Every module that tells something of a patient, as far as one may see it. */
export function useTimelines(): Console[] {
  const { may } = useMe()
  return useConsoles().filter((c) => c.timeline && mayAny(may, c.timeline.may))
}

const periods = { all: null, month: 30, quarter: 90, year: 365 } as const
type Period = keyof typeof periods

/** Everything that happened to a patient, newest first, told by all modules together; filtered by kind and period where there is room for it. */
export function PatientTimeline({ patientId, hasFilters = false }: { patientId: string; hasFilters?: boolean }) {
  const consoles = useTimelines()
  const [sources, setSources] = useState<Readonly<Record<string, Source>>>({})
  const [kinds, setKinds] = useState<readonly string[]>([])
  const [period, setPeriod] = useState<Period>('all')
  const hear = useCallback((module: string, source: Source) => setSources((before) => ({ ...before, [module]: source })), [])
  const all = useMemo(() => consoles.flatMap((c) => sources[c.module] ?? []), [consoles, sources])
  const merged = mergeTimelines(all)
  const entries = merged.entries.map(({ entry, module }) => ({ entry, told: consoles.find((c) => c.module === module) }))
  const days = periods[period]
  const from = days === null ? null : addDays(today(), -days)
  const shown = entries.filter(
    ({ entry, told }) => (from === null || formatDay(entry.at) >= from) && (kinds.length === 0 || kinds.includes(kindOf(entry, told))),
  )
  const oldest = entries.at(-1)
  const hasMore = merged.hasMore && (from === null || !oldest || formatDay(oldest.entry.at) >= from)
  const isLoading = all.length < consoles.length || all.some((s) => s.isLoading)
  const more = () => Promise.all(merged.next.map((s) => s.more()))
  return (
    <>
      {consoles.map((c) => (
        <Told key={`${c.module}${patientId}`} console={c} patientId={patientId} onTold={hear} />
      ))}
      {hasFilters && entries.length > 0 && (
        <div style={{ marginBottom: 16 }}>
          <Row gap={16}>
            <Choice
              label={t.timelinePeriod}
              value={period}
              onChange={setPeriod}
              options={(Object.keys(periods) as Period[]).map((p) => ({ value: p, label: t.period[p] }))} // the keys of the object above
            />
            <div style={{ minWidth: 240 }}>
              <MultiSelectField
                label={t.timelineKinds}
                value={kinds}
                onChange={setKinds}
                options={[...new Set(entries.map(({ entry, told }) => kindOf(entry, told)))].map((k) => ({ value: k, label: k }))}
              />
            </div>
          </Row>
        </div>
      )}
      {all.map((s) => s.error !== null && <ErrorNote key={s.module} error={s.error} />)}
      {entries.length === 0 && isLoading ? (
        <Skeleton lines={6} />
      ) : entries.length === 0 ? (
        <Empty>{words.timelineEmpty}</Empty>
      ) : (
        <>
          {shown.length === 0 && <Empty>{t.nothingInPeriod}</Empty>}
          <Timeline
            items={shown.map(({ entry, told }) => itemOf(entry, told))}
            hasMore={hasMore}
            isLoadingMore={all.some((s) => s.isLoadingMore)}
            onMore={more}
          />
        </>
      )}
    </>
  )
}

const t = words.overview
const kindOf = (entry: TimelineEntry, told: Console | undefined): string => told?.timelineWords?.(entry.kind) ?? entry.kind

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
  const kind = kindOf(entry, told)
  const icon = told?.timelineIcon?.(entry.kind)
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
    ...(icon ? { icon } : {}),
  }
}
