import { useMe, useRead, useWrite } from '@renxin/client'
import { newId } from '@renxin/kernel'
import { Banner, Button, formatMoment, notify, Panel, Stack, TextArea } from '@renxin/ui'
import { useRef, useState } from 'react'
import { type Review, reviewsApi, type TaskRow } from '../../contract.ts'
import { words } from '../../words.ts'
import { CorrectAnswers, type Given } from './CorrectAnswers.tsx'

const w = words.reviews
type Props = { task: Pick<TaskRow, 'id' | 'status' | 'assigneeId' | 'review'>; onNext: (id: string | null) => void }

/** What was sent back, with the reason, and the way to hand it in again. */
export function Returned({ task, onNext }: Props) {
  const { user, may } = useMe()
  const review = useRead(reviewsApi.review, { id: task.id })
  const said = review.data?.steps.find((s) => s.kind === 'returned')
  if (!review.data || !said) return null
  const isMine = task.assigneeId === user.id && may('followups.work')
  return (
    <>
      <Banner tone="warning">
        {w.returnedBy({ name: said.byName, when: formatMoment(said.at), reason: said.note })}{' '}
        {isMine && (task.status === 'done' ? w.mend : w.doAgain)}
      </Banner>
      {isMine && task.status === 'done' && <Mend review={review.data} onNext={onNext} />}
    </>
  )
}

function Mend({ review, onNext }: { review: Review; onNext: Props['onNext'] }) {
  const [first] = review.answers
  const responseId = useRef(newId()) // one correction, however often the key is pressed
  const mend = useWrite(reviewsApi.mendTask, {
    onSuccess: ({ nextId }) => {
      notify(w.resubmitted)
      onNext(nextId)
    },
  })
  const send = (answers: Given | null, note: string) =>
    mend.send({
      id: review.id,
      note,
      response: first && answers ? { formerId: first.responseId, responseId: responseId.current, answers } : null,
    })
  return (
    <Panel title={first?.title ?? words.note}>
      {first ? (
        <CorrectAnswers
          responseId={first.responseId}
          noteLabel={w.mendNote}
          verb={w.resubmit}
          mayStand
          busy={mend.isSending}
          error={words.of(mend.error)}
          onSend={send}
        />
      ) : (
        <OnlyNote busy={mend.isSending} error={words.of(mend.error)} onSend={(note) => send(null, note)} />
      )}
    </Panel>
  )
}

function OnlyNote({ busy, error, onSend }: { busy: boolean; error: string | undefined; onSend: (note: string) => void }) {
  const [note, setNote] = useState('')
  return (
    <Stack>
      <TextArea label={w.mendNote} value={note} onChange={setNote} rows={2} maxLength={1000} error={error} />
      <Button kind="primary" busy={busy} disabled={note.trim() === ''} onClick={() => onSend(note.trim())}>
        {w.resubmit}
      </Button>
    </Stack>
  )
}
