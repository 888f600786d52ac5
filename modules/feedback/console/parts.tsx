import { formatDay, StatusTag, Tag, type Tone } from '@renxin/ui'
import type { ComplaintRow, ComplaintStatus, Opinion, OpinionKind } from '../contract.ts'
import { words } from '../words.ts'

/** The keys that record the first eleven categories, in their order. */
export const categoryKeys: readonly string[] = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0', '-']

const kindTones: Record<OpinionKind, Tone> = { praise: 'warm', complaint: 'danger', suggestion: 'info', remark: 'plain' }

export const KindTag = ({ kind }: { kind: OpinionKind }) => (
  <StatusTag tone={kind === 'complaint' ? 'warning' : kindTones[kind]}>{words.kind[kind]}</StatusTag>
)

const statusTones: Record<ComplaintStatus, Tone> = {
  accepted: 'info',
  assigned: 'info',
  answered: 'primary',
  verified: 'primary',
  closed: 'success',
  reopened: 'warning',
  withdrawn: 'plain',
}

export const CaseStatus = ({ status }: { status: ComplaintStatus }) => (
  <StatusTag tone={statusTones[status]}>{words.status[status]}</StatusTag>
)

const urgencyTones = { calm: 'plain', halfway: 'info', dueSoon: 'warning', overdue: 'danger' } as const satisfies Record<string, Tone>

type Due = Pick<ComplaintRow, 'status' | 'answerBy' | 'daysLeft' | 'urgency' | 'isAnnounced'>

export function daysText({ daysLeft }: Pick<Due, 'daysLeft'>): string {
  if (daysLeft < 0) return words.daysLate({ n: -daysLeft })
  return daysLeft === 0 ? words.lastDay : words.daysLeft({ n: daysLeft })
}

/** How much time is left, in words; which day that is, on hover. */
export function Deadline(due: Due) {
  if (due.status === 'closed' || due.status === 'withdrawn') return <CaseStatus status={due.status} />
  const day = `${words.answerBy} ${formatDay(due.answerBy)}`
  return (
    <StatusTag tone={urgencyTones[due.urgency]} title={due.isAnnounced ? day : `${day} · ${words.notAnnounced}`}>
      {daysText(due)}
      {!due.isAnnounced && ' *'}
    </StatusTag>
  )
}

/** Who did something; the system has a word of its own. */
export const actorText = (name: string): string => (name === 'system' ? words.bySystem : name)

export const namesOf = (list: readonly { name: string }[]): string => list.map((u) => u.name).join('、')

type Shown = Pick<Opinion, 'isImportant' | 'grade'>

export function Marks({ isImportant, grade }: Shown) {
  return (
    <>
      {isImportant && (
        <Tag tone="care" icon="star">
          {words.important}
        </Tag>
      )}
      {grade && <Tag tone={grade === 'serious' ? 'warning' : 'plain'}>{words.grade[grade]}</Tag>}
    </>
  )
}
