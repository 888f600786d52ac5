import { useMe, useRead } from '@renxin/client'
import { Attachments } from '@renxin/files/console'
import { Description, formatDay, formatFull, Loaded, Panel, Row, Stack, Tag, Timeline } from '@renxin/ui'
import { type Complaint, feedbackApi, type HistoryKind } from '../contract.ts'
import { words } from '../words.ts'
import { Answers } from './Answers.tsx'
import { CaseActions } from './CaseActions.tsx'
import { OpinionFacts } from './OpinionDetails.tsx'
import { actorText, CaseStatus, Deadline } from './parts.tsx'
import { Rectifications } from './Rectifications.tsx'

export function ComplaintDetails({ id }: { id: string }) {
  const { may } = useMe()
  const complaint = useRead(feedbackApi.complaint, { id })
  return (
    <Loaded of={complaint} lines={12}>
      {(c) => (
        <Stack>
          <Row>
            <strong>{c.number}</strong>
            <CaseStatus status={c.status} />
            {c.status !== 'closed' && c.status !== 'withdrawn' && <Deadline {...c} />}
            <span className="rx-note">
              {words.answerBy} {formatDay(c.answerBy)}
            </span>
            {!c.isAnnounced && <Tag tone="warning">{words.notAnnounced}</Tag>}
          </Row>
          <OpinionFacts opinion={c} />
          {c.status === 'closed' && <Result complaint={c} />}
          {may('feedback.handle') && <CaseActions key={c.status} complaint={c} />}
          {c.answers.length > 0 && (
            <Panel title={words.answers}>
              <Answers complaint={c} />
            </Panel>
          )}
          {(c.rectifications.length > 0 || may('feedback.handle')) && (
            <Panel title={words.rectifications}>
              <Rectifications complaint={c} />
            </Panel>
          )}
          {may('files.read') && (
            <Panel title={words.material}>
              <Attachments about={{ kind: 'feedback.complaint', id: c.id }} mayAttach={may('feedback.handle') || may('feedback.answer')} />
            </Panel>
          )}
          <Panel title={words.historyTitle}>
            <History complaint={c} />
          </Panel>
        </Stack>
      )}
    </Loaded>
  )
}

function Result({ complaint: c }: { complaint: Complaint }) {
  return (
    <Description
      items={[
        { label: words.outcomeTitle, value: c.outcome && words.outcome[c.outcome] },
        { label: words.toldByTitle, value: c.toldBy && `${words.toldBy[c.toldBy]} ${formatFull(c.toldAt)}` },
        { label: words.result, value: c.result, wide: true },
      ]}
    />
  )
}

const tones: Partial<Record<HistoryKind, 'good' | 'bad' | 'warning'>> = {
  closed: 'good',
  verified: 'good',
  rectificationVerified: 'good',
  overdue: 'bad',
  sentBack: 'warning',
  reopened: 'warning',
  remindedEve: 'warning',
}

function History({ complaint }: { complaint: Complaint }) {
  const items = complaint.history.toReversed().map((h) => ({
    id: h.id,
    at: h.at,
    title: [words.history[h.kind], h.kind === 'extended' ? formatDay(h.note) : h.unitName].filter((part) => part).join(' · '),
    text: [actorText(h.actorName), h.kind === 'extended' ? null : h.note].filter((part) => part).join('：'),
    tone: tones[h.kind] ?? ('plain' as const),
  }))
  return <Timeline items={items} />
}
