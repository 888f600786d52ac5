import { call, oneOf, useGo, useList, useMe, useRead, useUrlState, useWrite } from '@renxin/client'
import { UnitSelect } from '@renxin/staff/console'
import {
  AskText,
  Button,
  Choice,
  Column,
  DateRangeField,
  Drawer,
  Empty,
  formatAge,
  formatMoment,
  houseWords,
  notify,
  Page,
  Panel,
  Row,
  SelectField,
  Stack,
  Table,
  Toolbar,
  undoBar,
} from '@renxin/ui'
import { useState } from 'react'
import { followupsApi, programmesApi, reviewStates, type TaskRow } from '../contract.ts'
import { words } from '../words.ts'
import { Assign } from './Assign.tsx'
import { BulkAssign, BulkProgress } from './bulk/Bulk.tsx'
import { outcomeWord, Priority, TaskStatus } from './phrases.tsx'
import { ReviewPanel, ReviewTag } from './reviews/ReviewPanel.tsx'
import { Attempts, StayShort } from './TaskFacts.tsx'
import { useTask } from './use-task.ts'
import { When } from './when.tsx'

const shows = ['open', 'today', 'tomorrow', 'overdue', 'unclaimed', 'done', 'cancelled'] as const
type Show = (typeof shows)[number]
const isToGive = (show: Show): show is 'open' | 'overdue' | 'unclaimed' => show === 'open' || show === 'overdue' || show === 'unclaimed'
const reviews = ['none', ...reviewStates] as const

/** All tasks, for those who give them out and look after them. */
export function BoardPage() {
  const { may, user } = useMe()
  const [filters, setFilters] = useUrlState({
    show: 'open',
    department: '',
    programme: '',
    from: '',
    to: '',
    review: '',
    assignee: '',
    open: '',
  })
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [isGivingOut, setGivingOut] = useState(false)
  const show = oneOf(shows, filters.show) ?? 'open'
  const review = oneOf(reviews, filters.review)
  const days = filters.from && filters.to ? ([filters.from, filters.to] as const) : null
  const shown = {
    ...(filters.department && { departmentId: filters.department }),
    ...(filters.programme && { programmeId: filters.programme }),
    ...(days && { from: days[0], to: days[1] }),
    ...(filters.assignee === 'me' && { assigneeId: user.id }),
  }
  const list = useList(
    followupsApi.board,
    {
      show,
      ...shown,
      ...(show === 'done' && review && { review }),
    },
    { keep: true },
  )
  const programmes = useRead(programmesApi.programmeNames, {})
  const change = (part: Partial<typeof filters>) => {
    setChosen(new Set())
    setFilters({ ...part, open: '' })
  }
  const isClosed = show === 'done' || show === 'cancelled'
  const mayChoose = !isClosed && (may('followups.assign') || may('followups.work'))
  return (
    <Page title={words.boardTitle}>
      <Toolbar label={words.boardTitle}>
        <Choice
          label={words.status}
          hideLabel
          value={show}
          onChange={(value) => change({ show: value })}
          options={shows.map((value) => ({ value, label: words.show[value] }))}
        />
        <UnitSelect
          label={words.department}
          hideLabel
          kinds={['department']}
          value={filters.department || null}
          onChange={(id) => change({ department: id ?? '' })}
        />
        <SelectField
          label={words.programme}
          hideLabel
          placeholder={words.programme}
          value={filters.programme || null}
          onChange={(id) => change({ programme: id ?? '' })}
          options={(programmes.data?.rows ?? []).map((p) => ({ value: p.id, label: p.name }))}
        />
        {show === 'done' && (
          <SelectField
            label={words.reviews.filter}
            hideLabel
            placeholder={words.reviews.filter}
            value={review ?? null}
            onChange={(value) => change({ review: value ?? '' })}
            options={reviews.map((value) => ({ value, label: words.reviews.filters[value] }))}
          />
        )}
        <DateRangeField
          label={words.period}
          hideLabel
          value={days}
          onChange={(value) => change({ from: value?.[0] ?? '', to: value?.[1] ?? '' })}
        />
        {filters.assignee === 'me' && (
          <Button kind="quiet" icon="close" onClick={() => change({ assignee: '' })}>
            {words.standing.onlyMine}
          </Button>
        )}
        {isToGive(show) && may('followups.assign') && <Button onClick={() => setGivingOut(true)}>{words.bulk.byFilter}</Button>}
      </Toolbar>
      {may('followups.assign') && <BulkProgress />}
      <Panel flush>
        <Table
          of={list}
          label={words.boardTitle}
          memory="followups.board"
          opened={filters.open}
          onOpen={(t: TaskRow) => setFilters({ open: t.id })}
          empty={words.emptyBoard}
          emptyAction={
            <Button onClick={() => change({ show: 'open', department: '', programme: '', from: '', to: '', review: '', assignee: '' })}>
              {words.clearFilters}
            </Button>
          }
          {...(mayChoose && {
            selection: {
              chosen,
              onChange: setChosen,
              actions: <Actions rows={list.rows.filter((r) => chosen.has(r.id))} onDone={() => setChosen(new Set())} />,
            },
          })}
        >
          <Column
            name={words.patient}
            show={(t: TaskRow) => (
              <Row gap={4}>
                <strong>{t.patientName}</strong>
                <small>{[houseWords.sex[t.sex], t.birthOn && formatAge(t.birthOn)].filter(Boolean).join(' · ')}</small>
                <Priority task={t} />
              </Row>
            )}
          />
          <Column name={words.department} show={(t: TaskRow) => t.wardName ?? t.departmentName} width={160} />
          <Column name={words.programme} show={(t: TaskRow) => t.programmeName} width={170} />
          <Column name={words.step} show={(t: TaskRow) => t.stepName} width={120} hidden />
          <Column
            name={isClosed ? words.closedAt : words.dueBy}
            show={(t: TaskRow) => formatMoment(isClosed ? t.closedAt : t.dueBy)}
            width={150}
          />
          <Column name={words.nextAt} show={(t: TaskRow) => formatMoment(t.nextAt)} width={150} hidden />
          <Column name={words.assignee} show={(t: TaskRow) => t.assigneeName ?? words.nobody} width={100} />
          <Column name={words.tries} show={(t: TaskRow) => t.tries} align="end" width={70} />
          <Column name={words.lastOutcome} show={(t: TaskRow) => outcomeWord(t.lastOutcome)} width={100} />
          <Column name={words.status} show={(t: TaskRow) => <TaskStatus task={t} />} width={110} />
          {show === 'done' && <Column name={words.reviews.title} show={(t: TaskRow) => <ReviewTag review={t.review} />} width={120} />}
        </Table>
      </Panel>
      {isGivingOut && isToGive(show) && <BulkAssign filter={{ show, ...shown }} onClose={() => setGivingOut(false)} />}
      {filters.open && <OpenTask id={filters.open} onClose={() => setFilters({ open: '' })} />}
    </Page>
  )
}

type Doing = 'assign' | 'postpone' | 'cancel'

/** What can be done with the chosen ones; each button says how many. */
function Actions({ rows, onDone }: { rows: readonly TaskRow[]; onDone: () => void }) {
  const { may } = useMe()
  const [doing, setDoing] = useState<Doing>()
  const ids = rows.map((r) => r.id)
  const n = ids.length
  const done = (text: string) => {
    setDoing(undefined)
    notify(text)
    onDone()
  }
  const claim = useWrite(followupsApi.claim, {
    onSuccess: ({ rows: got, refused }) => {
      done(words.claimed({ n: got.length }))
      if (refused.length > 0) notify(words.takenByOthers({ n: refused.length }), { tone: 'warning' })
    },
  })
  const postpone = useWrite(followupsApi.postpone, {
    onSuccess: ({ rows: moved }, { until }) => {
      setDoing(undefined)
      onDone()
      undoBar(
        words.postponed({ n: moved.length, when: formatMoment(until) }),
        () => void call(followupsApi.undoPostpone, { until, tasks: moved }),
      )
    },
  })
  const cancel = useWrite(followupsApi.cancel, { onSuccess: ({ rows: ended }) => done(words.cancelled({ n: ended.length })) })
  const urge = useWrite(followupsApi.prioritise, { onSuccess: ({ rows: urged }) => done(words.prioritised({ n: urged.length })) })
  return (
    <>
      {may('followups.work') && (
        <Button busy={claim.isSending} onClick={() => claim.send({ ids })}>
          {words.claimMany({ n })}
        </Button>
      )}
      {may('followups.work') && <Button onClick={() => setDoing('postpone')}>{words.postponeVerb({ n })}</Button>}
      {may('followups.assign') && (
        <Button busy={urge.isSending} onClick={() => urge.send({ ids, priority: 1 })}>
          {words.prioritise}
        </Button>
      )}
      {may('followups.assign') && <Button onClick={() => setDoing('cancel')}>{words.cancelVerb({ n })}</Button>}
      {may('followups.assign') && (
        <Button kind="primary" onClick={() => setDoing('assign')}>
          {words.assignVerb({ n })}
        </Button>
      )}
      {doing === 'assign' && (
        <Assign rows={rows} onDone={(count) => done(words.assigned({ n: count }))} onClose={() => setDoing(undefined)} />
      )}
      {doing === 'postpone' && (
        <When
          kind="postpone"
          title={words.postponeTitle}
          label={words.postponeUntil}
          verb={words.postponeVerb({ n })}
          dueBy={rows.map((r) => r.dueBy).toSorted()[0]}
          busy={postpone.isSending}
          error={words.of(postpone.error)}
          onChoose={(until) => postpone.send({ ids, until })}
          onClose={() => setDoing(undefined)}
        />
      )}
      {doing === 'cancel' && (
        <AskText
          question={words.cancelTitle({ n })}
          verb={words.cancelVerb({ n })}
          maxLength={500}
          busy={cancel.isSending}
          error={words.of(cancel.error)}
          onAnswer={(note) => cancel.send({ ids, note })}
          onCancel={() => setDoing(undefined)}
        />
      )}
    </>
  )
}

/** What was done about one task, over the list. */
function OpenTask({ id, onClose }: { id: string; onClose: () => void }) {
  const go = useGo()
  const { may } = useMe()
  const task = useTask(id)
  const title = task.data ? `${task.data.patientName} · ${task.data.programmeName}` : words.task
  const isOpen = task.data?.status === 'todo' || task.data?.status === 'inProgress'
  return (
    <Drawer
      title={title}
      onClose={onClose}
      footer={
        may('followups.work') &&
        isOpen && (
          <Button kind="primary" onClick={() => go('followups.task', { id })}>
            {houseWords.open}
          </Button>
        )
      }
    >
      {task.data ? (
        <Stack>
          <Row>
            <TaskStatus task={task.data} />
            <Priority task={task.data} />
            <span className="rx-note">{words.triesOf({ n: task.data.tries, most: task.data.triesAllowed })}</span>
          </Row>
          <StayShort task={task.data} />
          <Attempts attempts={task.data.attempts} handovers={task.data.handovers} />
          {task.data.attempts.length === 0 && <Empty>{words.noAttempts}</Empty>}
          {task.data.status === 'done' && <ReviewPanel id={id} />}
        </Stack>
      ) : (
        <Table of={{ ...task, data: undefined }}>{null}</Table>
      )}
    </Drawer>
  )
}
