import { houseWords, Row, StatusTag, Tag, type Tone } from '@renxin/ui'
import type { FollowupStatus, PatientState, Standing } from '../contract.ts'
import { words } from '../words.ts'

const stateTones: Record<PatientState, Tone> = {
  visiting: 'info',
  inHospital: 'primary',
  booked: 'info',
  discharged: 'success',
  visited: 'plain',
  known: 'plain',
}

/** Visiting, in hospital, discharged. */
export function StateTag({ standing: { state } }: { standing: Standing }) {
  return <StatusTag tone={stateTones[state]}>{words.standing.state[state]}</StatusTag>
}

/** The stay in progress, or the last visit: `住院 心血管内科 2026-09-01`. */
export const careText = ({ class: kind, department, ward, seenOn }: Standing): string =>
  kind ? [words.standing.class[kind], ward ?? department, seenOn].filter(Boolean).join(' ') : houseWords.none

const followupTones: Record<FollowupStatus, Tone> = {
  reached: 'success',
  relative: 'success',
  callBack: 'info',
  unreached: 'warning',
  refused: 'warning',
  ended: 'plain',
}

/** How the last follow-up ended and when, and whether one is overdue. */
export function FollowupText({ standing: { followup } }: { standing: Standing }) {
  const { status, on, isOverdue } = followup
  if (!status && !isOverdue) return houseWords.none
  return (
    <Row gap={4}>
      {status && <Tag tone={followupTones[status]}>{words.standing.followup[status]}</Tag>}
      {on}
      {isOverdue && <StatusTag tone="danger">{words.standing.isOverdue}</StatusTag>}
    </Row>
  )
}
