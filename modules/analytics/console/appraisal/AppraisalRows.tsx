import { GoLink, useList } from '@renxin/client'
import {
  Choice,
  Column,
  Drawer,
  formatDay,
  formatDays,
  formatDuration,
  formatMoment,
  houseWords,
  Stack,
  StatusTag,
  Table,
  Tag,
} from '@renxin/ui'
import {
  type Appraisal,
  type AppraisalLevel,
  type AppraisalSpan,
  type AppraisalTime,
  type AppraisedRow,
  appraisalApi,
  appraisalParts,
  appraisalTimes,
  type EffortRow,
} from '../../contract.ts'
import { nameOfOutcome, nameOfReason, words } from '../../words.ts'
import { countedDays } from './show.ts'

const t = words.appraisal
const effortParts = ['tries', 'talks', 'measured'] as const
type EffortPart = (typeof effortParts)[number]
const isEffort = (part: string): part is EffortPart => effortParts.some((p) => p === part)
const isPart = (part: string): part is (typeof appraisalParts)[number] => appraisalParts.some((p) => p === part)
export const isListed = (part: string): boolean => isEffort(part) || isPart(part)

type Asked = { span: AppraisalSpan; month?: string; level?: AppraisalLevel; departmentId?: string }
/** Of which period, row of the table, or outcome. */
export type OfRow = {
  time?: AppraisalTime
  level?: string
  departmentId?: string
  wardId?: string
  nurseId?: string
  identityClass?: string
  outcome?: string
}
type Props = {
  part: string
  asked: Asked
  of: OfRow
  period: Appraisal['period'] | undefined
  onPart: (part: string) => void
  onTime: (time: AppraisalTime) => void
  onClose: () => void
}

/** The follow-ups, or the calls, behind a figure. */
export function AppraisalRows({ part, asked, of, period, onPart, onTime, onClose }: Props) {
  const { outcome, level, time = 'now', ...group } = of
  const filter = { ...asked, ...group, time, ...(isLevel(level) && { level }) }
  const parts = isEffort(part) ? effortParts : appraisalParts
  return (
    <Drawer title={`${t.title} · ${words.rows}`} size={1040} onClose={onClose}>
      <Stack gap={12}>
        <details>
          <summary>{words.definition}</summary>
          <p>{meaningOf(part)}</p>
        </details>
        {period && (
          <Choice
            label={t.spanLabel}
            hideLabel
            value={time}
            onChange={(value) => value && onTime(value)}
            options={appraisalTimes.map((value) => ({ value, label: `${t.times[value]} ${daysOf(period, value)}` }))}
          />
        )}
        <Choice
          label={words.filters}
          hideLabel
          value={part}
          onChange={(value) => value && onPart(value)}
          options={parts.map((value) => ({ value, label: isEffort(value) ? t.effortParts[value] : t.parts[value] }))}
        />
        {isEffort(part) ? (
          <Efforts filter={{ ...filter, part }} />
        ) : (
          <Tasks filter={{ ...filter, part: isPart(part) ? part : 'due', ...(outcome && { outcome }) }} />
        )}
      </Stack>
    </Drawer>
  )
}

function daysOf(period: Appraisal['period'], time: AppraisalTime): string {
  const { from, to } = countedDays(period, time)
  return formatDays(from, to)
}

const isLevel = (level: string | undefined): level is AppraisalLevel => level !== undefined && Object.hasOwn(t.levels, level)

function meaningOf(part: string): string {
  switch (part) {
    case 'done':
      return t.means.done
    case 'doneInTime':
      return t.means.inTime
    case 'reached':
    case 'notReached':
      return t.means.reached
    case 'reachedInTime':
      return t.means.band
    case 'stopped':
      return t.means.stopped
    case 'measured':
      return t.means.time
    default:
      return isEffort(part) ? t.means.work : t.means.due
  }
}

type Ask<R extends keyof typeof appraisalApi> = Parameters<typeof useList<(typeof appraisalApi)[R]>>[1]

function Tasks({ filter }: { filter: Ask<'appraised'> }) {
  const list = useList(appraisalApi.appraised, filter)
  return (
    <Table of={list} label={words.rows} empty={words.noRows}>
      <Column name={words.patient} show={(r: AppraisedRow) => <Patient {...r} />} />
      <Column name={words.ward} show={placeOf} />
      <Column
        name={words.programme}
        show={(r: AppraisedRow) => (
          <GoLink to="followups.task" params={{ id: r.id }}>
            {r.programmeName}
          </GoLink>
        )}
        width={150}
      />
      <Column name={t.nurse} show={(r: AppraisedRow) => r.nurseName ?? t.nobody} width={100} />
      <Column name={t.dueOn} show={(r: AppraisedRow) => formatDay(r.dueOn)} width={110} />
      <Column name={t.closedOn} show={(r: AppraisedRow) => formatDay(r.closedOn)} width={110} />
      <Column name={words.outcome} show={(r: AppraisedRow) => <Ended of={r} />} width={130} />
      <Column name={words.tries} align="end" show={(r: AppraisedRow) => r.tries} width={64} />
    </Table>
  )
}

function Ended({ of: { state, outcome, isInTime } }: { of: AppraisedRow }) {
  if (state === 'open') return <StatusTag tone="warning">{t.open}</StatusTag>
  if (state === 'stopped') return <Tag>{nameOfReason(outcome ?? '')}</Tag>
  return (
    <>
      {nameOfOutcome(outcome ?? '')} {isInTime && <Tag tone="success">{t.inTime}</Tag>}
    </>
  )
}

function Efforts({ filter }: { filter: Ask<'efforts'> }) {
  const list = useList(appraisalApi.efforts, filter)
  return (
    <Table of={list} label={words.rows} empty={words.noRows}>
      <Column name={words.patient} show={(r: EffortRow) => <Patient {...r} />} />
      <Column name={words.ward} show={placeOf} />
      <Column name={t.nurse} show={(r: EffortRow) => r.nurseName ?? words.unknownUnit} width={110} />
      <Column
        name={t.at}
        show={(r: EffortRow) => (
          <GoLink to="followups.task" params={{ id: r.taskId }}>
            {formatMoment(r.at)}
          </GoLink>
        )}
        width={140}
      />
      <Column name={words.outcome} show={(r: EffortRow) => nameOfOutcome(r.outcome)} width={110} />
      <Column name={t.length} align="end" show={(r: EffortRow) => formatDuration(r.seconds)} width={90} />
    </Table>
  )
}

const Patient = ({ patientId, patientName }: { patientId: string; patientName: string }) => (
  <GoLink to="patients.file" params={{ id: patientId }}>
    {patientName || houseWords.none}
  </GoLink>
)

const placeOf = (row: { wardName: string | null; departmentName: string | null }) => row.wardName ?? row.departmentName ?? words.unknownUnit
