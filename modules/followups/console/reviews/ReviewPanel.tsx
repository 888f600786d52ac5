import { useMe, useRead, useWrite } from '@renxin/client'
import { newId } from '@renxin/kernel'
import { AnswerVersions } from '@renxin/surveys/console'
import { AskText, Button, Dialog, ErrorNote, Loaded, notify, Panel, Row, Stack, StatusTag, Timeline } from '@renxin/ui'
import { useRef, useState } from 'react'
import { type Review, type ReviewState, reviewsApi } from '../../contract.ts'
import { words } from '../../words.ts'
import { CheckQuality, ChecksOfTask } from '../quality/CheckQuality.tsx'
import { CorrectAnswers } from './CorrectAnswers.tsx'

const w = words.reviews

export function ReviewTag({ review }: { review: ReviewState | null }) {
  if (review === null) return null
  return <StatusTag tone={review === 'accepted' ? 'success' : review === 'returned' ? 'warning' : 'info'}>{w.states[review]}</StatusTag>
}

/** Of a task that is done: what was answered, how it was found, and what whoever supervises can do about it. */
export function ReviewPanel({ id }: { id: string }) {
  const review = useRead(reviewsApi.review, { id })
  return <Loaded of={review}>{(r) => <One key={r.id} review={r} />}</Loaded>
}

function One({ review }: { review: Review }) {
  const { may } = useMe()
  const [isReturning, setReturning] = useState(false)
  const [isChecking, setChecking] = useState(false)
  const [correcting, setCorrecting] = useState<Review['answers'][number]>()
  const accept = useWrite(reviewsApi.acceptTask, { onSuccess: () => notify(w.accepted) })
  const giveBack = useWrite(reviewsApi.returnTask, {
    onSuccess: () => {
      setReturning(false)
      notify(w.givenBack)
    },
  })
  return (
    <Stack>
      {may('encounters.read') && review.answers.map((a) => <AnswerVersions key={a.responseId} id={a.responseId} title={a.title} />)}
      <Panel title={w.title}>
        <Stack>
          <Row>
            <ReviewTag review={review.review} />
            {review.review !== 'accepted' && review.mayReview && (
              <Button size="small" busy={accept.isSending} onClick={() => accept.send({ id: review.id })}>
                {w.accept}
              </Button>
            )}
            {review.review !== 'returned' && review.mayReview && (
              <Button size="small" onClick={() => setReturning(true)}>
                {w.giveBack}
              </Button>
            )}
            {review.mayReview && (
              <Button size="small" onClick={() => setChecking(true)}>
                {words.quality.check}
              </Button>
            )}
            {may('followups.supervise') &&
              may('encounters.read') &&
              review.answers.map((a) => (
                <Button key={a.responseId} size="small" onClick={() => setCorrecting(a)}>
                  {review.answers.length > 1 ? w.correctTitle({ title: a.title }) : w.correct}
                </Button>
              ))}
          </Row>
          {review.mayReview && <ChecksOfTask id={review.id} />}
          <ErrorNote error={accept.error} text={words.of(accept.error)} />
          {review.steps.length === 0 ? (
            <p className="rx-note">{w.none}</p>
          ) : (
            <Timeline
              items={review.steps.map((s) => ({
                id: s.id,
                at: s.at,
                kind: w.steps[s.kind],
                title: s.byName,
                text: s.note || null,
                tone: s.kind === 'accepted' ? 'good' : 'plain',
              }))}
            />
          )}
        </Stack>
      </Panel>
      {isReturning && (
        <AskText
          question={w.giveBackTitle({ name: review.ownerName ?? '' })}
          verb={w.giveBack}
          maxLength={1000}
          busy={giveBack.isSending}
          error={words.of(giveBack.error)}
          onAnswer={(reason) => giveBack.send({ id: review.id, reason })}
          onCancel={() => setReturning(false)}
        />
      )}
      {isChecking && <CheckQuality taskId={review.id} onClose={() => setChecking(false)} />}
      {correcting && <Correcting taskId={review.id} answers={correcting} onClose={() => setCorrecting(undefined)} />}
    </Stack>
  )
}

type CorrectingProps = { taskId: string; answers: Review['answers'][number]; onClose: () => void }

function Correcting({ taskId, answers: { responseId: formerId, title }, onClose }: CorrectingProps) {
  const responseId = useRef(newId()) // one correction, however often the key is pressed
  const correct = useWrite(reviewsApi.correctTask, {
    onSuccess: () => {
      notify(w.correctedNow)
      onClose()
    },
  })
  return (
    <Dialog title={w.correctTitle({ title })} onClose={onClose}>
      <CorrectAnswers
        responseId={formerId}
        noteLabel={w.why}
        verb={w.saveCorrection}
        busy={correct.isSending}
        error={words.of(correct.error)}
        onSend={(answers, reason) => answers && correct.send({ id: taskId, formerId, responseId: responseId.current, answers, reason })}
      />
    </Dialog>
  )
}
