import { oneOf, useGo, useList, useMe, useRead, useUrlState } from '@renxin/client'
import { PatientTimeline } from '@renxin/patients/console'
import { Button, Drawer, Empty, formatPercent, Page, useMedia } from '@renxin/ui'
import { useEffect, useState } from 'react'
import { followupsApi, queueLists } from '../contract.ts'
import { words } from '../words.ts'
import { FlagsWaiting } from './flags/Waiting.tsx'
import { useClock } from './phrases.tsx'
import { Queue } from './Queue.tsx'
import { ShortCalls } from './ShortCalls.tsx'
import { useTask } from './use-task.ts'
import { Workspace } from './Workspace.tsx'
import './work.css'

/** The nurse's morning: the queue, the patient at hand, and what happened to him before. */
export function TodayPage() {
  const [place, setPlace] = useUrlState({ list: 'today', task: '', minutes: '' })
  const list = oneOf(queueLists, place.list) ?? 'today'
  const queue = useList(followupsApi.queue, { list, limit: 50 }, { keep: true })
  const minutes = Math.min(120, Math.max(0, Math.trunc(Number(place.minutes)) || 0))
  const now = useClock().now()
  const isAlone = useIsAlone()
  const first = queue.rows.find((r) => new Date(r.nextAt) <= now) ?? queue.rows[0]
  useEffect(() => {
    // Once somebody is shown he stays, whoever comes to the top of the queue meanwhile.
    if (!isAlone && !place.task && first && !queue.isFetching) setPlace({ task: first.id })
  }, [isAlone, place.task, first, queue.isFetching, setPlace])
  return (
    <Page title={words.todayTitle} full>
      <FlagsWaiting />
      <Bench
        taskId={place.task}
        onNext={(id) => setPlace({ task: id ?? '' })}
        queue={
          minutes > 0 ? (
            <ShortCalls
              minutes={minutes}
              onMinutes={(n) => setPlace({ minutes: n ? String(n) : '' })}
              openId={place.task}
              onOpen={(id) => setPlace({ task: id })}
            />
          ) : (
            <Queue
              list={list}
              onList={(key) => setPlace({ list: key, task: '' })}
              openId={place.task}
              onOpen={(id) => setPlace({ task: id })}
              onShort={() => setPlace({ minutes: '10' })}
              empty={<NothingLeft />}
            />
          )
        }
      />
    </Page>
  )
}

/**
 * The workbench round one task; the time line is a third column where there is room, else a drawer. On a phone the queue gives way to the task that is taken from
 * it, and comes back where there is no next one.
 */
export function Bench({ taskId, onNext, queue }: { taskId: string; onNext: (id: string | null) => void; queue?: React.ReactNode }) {
  const isWide = useMedia('(min-width: 1440px)')
  const isAlone = useIsAlone()
  const [isShown, setShown] = useState(false)
  const task = useTask(taskId)
  const patientId = task.data?.id === taskId ? task.data.patientId : undefined
  const columns = [...(queue && !isAlone ? ['300px'] : []), 'minmax(0, 1fr)', ...(isWide ? ['320px'] : [])]
  return (
    <div className="followups-work" style={{ gridTemplateColumns: columns.join(' ') }}>
      {!(isAlone && taskId) && queue}
      {taskId && (
        <Workspace
          taskId={taskId}
          onNext={onNext}
          tools={
            <>
              {isAlone && queue && (
                <Button kind="quiet" size="small" icon="previous" onClick={() => onNext(null)}>
                  {words.backToQueue}
                </Button>
              )}
              {!isWide && (
                <Button kind="quiet" size="small" icon="clock" onClick={() => setShown(true)}>
                  {words.showTimeline}
                </Button>
              )}
            </>
          }
        />
      )}
      {!taskId && !isAlone && (
        <section className="followups-column" aria-label={words.task}>
          <Empty>{words.pickOne}</Empty>
        </section>
      )}
      {isWide && (
        <aside className="followups-column" aria-label={words.timeline}>
          <div className="followups-scroll">{patientId && <PatientTimeline key={patientId} patientId={patientId} />}</div>
        </aside>
      )}
      {!isWide && isShown && patientId && (
        <Drawer title={words.timeline} size={420} onClose={() => setShown(false)}>
          <PatientTimeline patientId={patientId} />
        </Drawer>
      )}
    </div>
  )
}

/** Where two columns have no room beside each other. */
const useIsAlone = () => useMedia('(max-width: 900px)')

/** The queue is empty: done, or never planned. */
function NothingLeft() {
  const go = useGo()
  const { may } = useMe()
  const counts = useRead(followupsApi.counts, {}, { keep: true })
  if (!counts.data) return null
  const { hasProgrammes, doneToday, triedToday, reachedToday } = counts.data
  if (!hasProgrammes) {
    return (
      <Empty action={may('followups.programmes') && <Button onClick={() => go('followups.programmes')}>{words.fromTemplate}</Button>}>
        {words.noProgrammes}
      </Empty>
    )
  }
  return (
    <Empty
      action={may('followups.read') && <Button onClick={() => go('followups.board', {}, { show: 'tomorrow' })}>{words.seeTomorrow}</Button>}
    >
      {triedToday > 0 ? words.doneForToday({ done: doneToday, rate: formatPercent(reachedToday / triedToday) }) : words.doneQuiet}
    </Empty>
  )
}
