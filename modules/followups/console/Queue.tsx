import { useList, useMe, useRead, useWrite } from '@renxin/client'
import {
  Banner,
  Button,
  Choice,
  Empty,
  ErrorNote,
  formatAge,
  formatMoment,
  formatTime,
  houseWords,
  notify,
  Skeleton,
  Tabs,
  Tag,
  useKeys,
} from '@renxin/ui'

import { type ReactNode, useEffect, useRef, useState } from 'react'
import { countCap, followupsApi, type QueueList, queueLists, type TaskRow } from '../contract.ts'
import { words } from '../words.ts'
import { useClock } from './phrases.tsx'

const amounts = [5, 10, 20] as const

type QueueProps = {
  list: QueueList
  onList: (list: QueueList) => void
  openId: string
  onOpen: (id: string) => void
  onShort: () => void
  empty: ReactNode
}

/** Whom to follow up, the most urgent on top. J and K move. */
export function Queue({ list, onList, openId, onOpen, onShort, empty }: QueueProps) {
  const { user } = useMe()
  const queue = useList(followupsApi.queue, { list, limit: 50 }, { keep: true, everySeconds: 60 })
  const counts = useRead(followupsApi.counts, {}, { keep: true, everySeconds: 60 })
  const { rows } = queue
  const take = useWrite(followupsApi.claimNext, {
    onSuccess: ({ rows: taken }) => notify(taken.length > 0 ? words.claimed({ n: taken.length }) : words.nothingToClaim),
  })
  const [amount, setAmount] = useState<number>(amounts[0])
  const body = useRef<HTMLUListElement>(null)
  const at = rows.findIndex((r) => r.id === openId)
  const move = (by: number) => {
    const next = rows[Math.min(rows.length - 1, Math.max(0, at + by))]
    if (next) onOpen(next.id)
    if (at + by >= rows.length - 1) queue.more()
  }
  useKeys({
    J: { name: words.moveNext, run: () => move(1) },
    K: { name: words.movePrevious, run: () => move(-1) },
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
  })
  useEffect(() => {
    body.current?.querySelector(`[data-task="${CSS.escape(openId)}"]`)?.scrollIntoView({ block: 'nearest' })
  }, [openId])

  const badge = (n: number | undefined) => (n === undefined ? undefined : Math.min(n, countCap))
  const lists = counts.data?.lists
  return (
    <nav className="followups-column followups-queue" aria-label={words.queueLabel}>
      <Tabs
        label={words.queueLabel}
        value={list}
        onChange={onList}
        tabs={queueLists.map((key) => ({ key, label: words.lists[key], badge: badge(lists?.[key]) }))}
      />
      <DueCallBacks count={counts.data?.dueCallBacks ?? 0} openId={openId} onOpen={onOpen} />
      {rows.length === 0 && queue.isLoading && <Skeleton lines={8} />}
      <ErrorNote error={queue.error} text={words.of(queue.error)} onRetry={queue.reload} />
      {rows.length === 0 && !queue.isLoading && !queue.error && (
        <div className="followups-list">{list === 'today' ? empty : <Empty>{emptyOf[list]()}</Empty>}</div>
      )}
      {rows.length > 0 && (
        <ul ref={body} className="followups-list">
          {rows.map((row) => (
            <li key={row.id}>
              <QueueRow row={row} isMine={row.assigneeId === user.id} isOpen={row.id === openId} onOpen={() => onOpen(row.id)} />
            </li>
          ))}
          {queue.hasMore && (
            <li>
              <Button kind="quiet" block busy={queue.isLoadingMore} onClick={() => queue.more()}>
                {houseWords.loadMore}
              </Button>
            </li>
          )}
        </ul>
      )}
      <div className="followups-queue-foot">
        <Button block kind="quiet" icon="clock" onClick={onShort}>
          {words.short.open}
        </Button>
      </div>
      {(lists?.unclaimed ?? 0) > 0 && (
        <div className="followups-queue-foot">
          <Button icon="inbox" busy={take.isSending} onClick={() => take.send({ count: amount })}>
            {words.claimNext({ n: amount })}
          </Button>
          <Choice
            label={words.work.howMany}
            hideLabel
            value={amount}
            onChange={setAmount}
            options={amounts.map((value) => ({ value, label: value }))}
          />
        </div>
      )}
    </nav>
  )
}

const emptyOf = {
  overdue: () => words.emptyOverdue,
  callBacks: () => words.emptyCallBacks,
  mine: () => words.emptyMine,
  unclaimed: () => words.emptyUnclaimed,
}

function QueueRow({ row, isMine, isOpen, onOpen }: { row: TaskRow; isMine: boolean; isOpen: boolean; onOpen: () => void }) {
  const isLater = new Date(row.nextAt) > useClock().now()
  return (
    <button type="button" className="followups-row" data-task={row.id} aria-current={isOpen} onClick={onOpen}>
      <span>
        <strong>{row.patientName}</strong> {houseWords.sex[row.sex]} {row.birthOn && formatAge(row.birthOn)}
      </span>
      <span>{mark(row, isLater)}</span>
      <small>
        {[row.departmentName, row.channel === 'bedside' ? row.bed : null].filter(Boolean).join(' · ')} {row.stepName}
      </small>
      <small>{isMine ? words.lists.mine : (row.assigneeName ?? words.nobody)}</small>
      {row.riskReasons.length > 0 && (
        <small className="followups-why" title={words.risk.why}>
          {row.riskReasons.map((r) => words.priorityReason[r]).join('、')}
        </small>
      )}
    </button>
  )
}

/** The one thing that matters most about when. */
function mark(row: TaskRow, isLater: boolean) {
  if (row.review === 'returned') return <Tag tone="warning">{words.reviews.tag}</Tag>
  if (row.isOverdue) return <Tag tone="danger">{houseWords.status.overdue}</Tag>
  if (row.callBackAt) return <Tag tone="info">{`${words.lists.callBacks} ${formatTime(row.callBackAt)}`}</Tag>
  if (row.priority === 1) return <Tag tone="warm">{words.urgent}</Tag>
  if (isLater || row.tries > 0) return <Tag>{formatTime(row.nextAt)}</Tag>
  return <small title={words.dueBy}>{formatMoment(row.dueBy)}</small>
}

/** A promise whose minute has come stands above everything. */
function DueCallBacks({ count, openId, onOpen }: { count: number; openId: string; onOpen: (id: string) => void }) {
  const due = useList(followupsApi.queue, { list: 'callBacks', limit: 5 }, { enabled: count > 0 })
  const first = due.rows[0]
  if (count === 0 || !first || first.id === openId) return null
  return (
    <Banner
      tone="info"
      icon="phone"
      actions={
        <Button size="small" onClick={() => onOpen(first.id)}>
          {words.openCallBack}
        </Button>
      }
    >
      {words.callBackDue({ name: first.patientName })} {formatTime(first.callBackAt)}
    </Banner>
  )
}
