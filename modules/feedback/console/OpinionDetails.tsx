import { GoLink, useMe, useRead, useWrite } from '@renxin/client'
import { Button, Confirm, Description, formatFull, Loaded, notify, Row, Stack } from '@renxin/ui'
import { useState } from 'react'
import { feedbackApi, type Opinion } from '../contract.ts'
import { words } from '../words.ts'
import { AmendForm } from './AmendForm.tsx'
import { actorText, CaseStatus, KindTag, Marks, namesOf } from './parts.tsx'

export function OpinionDetails({ id, onGone }: { id: string; onGone: () => void }) {
  const opinion = useRead(feedbackApi.opinion, { id })
  return <Loaded of={opinion}>{(o) => <Shown opinion={o} onGone={onGone} />}</Loaded>
}

function Shown({ opinion, onGone }: { opinion: Opinion; onGone: () => void }) {
  const { may } = useMe()
  const [mode, setMode] = useState<'read' | 'amend' | 'withdraw'>('read')
  const withdraw = useWrite(feedbackApi.withdraw, {
    onSuccess: () => {
      notify(words.withdrawn)
      onGone()
    },
  })
  const isClosed = opinion.complaint?.status === 'closed'
  const mayChange = may('feedback.record') && (opinion.isOwn || may('feedback.handle')) && !opinion.withdrawnAt && !isClosed
  if (mode === 'amend') return <AmendForm opinion={opinion} onDone={() => setMode('read')} />
  return (
    <Stack>
      <OpinionFacts opinion={opinion} />
      {opinion.complaint && (
        <Row>
          <GoLink to="feedback.complaint" params={{ id: opinion.id }}>
            {words.openCase} {opinion.complaint.number}
          </GoLink>
          <CaseStatus status={opinion.complaint.status} />
        </Row>
      )}
      {mayChange && (
        <Row>
          <Button kind="primary" icon="edit" onClick={() => setMode('amend')}>
            {words.amend}
          </Button>
          <Button icon="undo" onClick={() => setMode('withdraw')}>
            {words.withdraw}
          </Button>
        </Row>
      )}
      {mode === 'withdraw' && (
        <Confirm
          title={words.withdrawTitle({ kind: words.kind[opinion.kind] })}
          verb={words.withdraw}
          busy={withdraw.isSending}
          error={withdraw.error}
          onConfirm={() => withdraw.send({ id: opinion.id })}
          onCancel={() => setMode('read')}
        >
          {words.withdrawText}
        </Confirm>
      )}
    </Stack>
  )
}

type Facts = Omit<Opinion, 'isOwn' | 'withdrawnAt' | 'complaint'> & { speakerPhone?: string | null }

/** What was said, by whom, about what. */
export function OpinionFacts({ opinion: o }: { opinion: Facts }) {
  return (
    <>
      <Row>
        <KindTag kind={o.kind} />
        {o.category && <span>{o.category}</span>}
        <Marks {...o} />
      </Row>
      <p style={{ whiteSpace: 'pre-wrap' }}>{o.text || <span className="rx-note">{words.noText}</span>}</p>
      <Description
        items={[
          {
            label: words.patient,
            value: o.patientId ? (
              <GoLink to="patients.file" params={{ id: o.patientId }}>
                {o.patientName ?? words.openPatient}
              </GoLink>
            ) : (
              words.noPatient
            ),
          },
          o.speakerName !== null && { label: words.speaker, value: o.speakerName },
          Boolean(o.speakerPhone) && { label: words.speakerPhone, value: o.speakerPhone },
          { label: words.units, value: namesOf(o.units) },
          { label: words.people, value: namesOf(o.people) },
          { label: words.sourceTitle, value: words.source[o.source] },
          { label: words.receivedAt, value: formatFull(o.receivedAt) },
          { label: words.recordedBy, value: actorText(o.recordedByName) },
        ]}
      />
    </>
  )
}
