import { useMe, useWrite } from '@renxin/client'
import { AskText, Button, Description, Form, formatMoment, houseWords, notify, Row, Stack, StatusTag, TextArea } from '@renxin/ui'
import { useState } from 'react'
import { type Complaint, feedbackApi } from '../contract.ts'
import { words } from '../words.ts'

type Answer = Complaint['answers'][number]

/** What each unit that was asked answered, or the form for it. */
export function Answers({ complaint }: { complaint: Complaint }) {
  const { may } = useMe()
  const [returned, setReturned] = useState<Answer>()
  const [instead, setInstead] = useState<string>() // the officer writes down what a unit said by phone
  const sendBack = useWrite(feedbackApi.sendBack, { onSuccess: () => setReturned(undefined) })
  const maySendBack = may('feedback.handle') && (complaint.status === 'assigned' || complaint.status === 'answered')
  return (
    <Stack gap={12}>
      {complaint.answers.map((a) => (
        <section key={a.unit.id} aria-label={a.unit.name}>
          <Row>
            <strong>{a.unit.name}</strong>
            {a.answeredAt ? (
              <span className="rx-note">
                {a.answeredByName} {formatMoment(a.answeredAt)}
              </span>
            ) : (
              <StatusTag tone="info">{words.waiting}</StatusTag>
            )}
            {a.mayAnswer && !a.answeredAt && may('feedback.handle') && instead !== a.unit.id && (
              <Button size="small" kind="quiet" label={`${words.answerInstead} ${a.unit.name}`} onClick={() => setInstead(a.unit.id)}>
                {words.answerInstead}
              </Button>
            )}
            {a.answeredAt && maySendBack && (
              <Button size="small" kind="quiet" icon="reply" label={`${words.sendBack} ${a.unit.name}`} onClick={() => setReturned(a)}>
                {words.sendBack}
              </Button>
            )}
          </Row>
          {a.returnReason && <p className="rx-note">{words.sentBackBecause({ reason: a.returnReason })}</p>}
          {a.answeredAt && (
            <Description
              columns={1}
              items={[
                { label: words.cause, value: a.cause },
                { label: words.measure, value: a.measure },
              ]}
            />
          )}
          {a.mayAnswer && !a.answeredAt && (!may('feedback.handle') || instead === a.unit.id) && (
            <AnswerForm complaintId={complaint.id} unitId={a.unit.id} />
          )}
        </section>
      ))}
      {returned && (
        <AskText
          question={words.sendBackQuestion({ unit: returned.unit.name })}
          hint={words.sendBackHint}
          verb={words.sendBack}
          busy={sendBack.isSending}
          error={words.of(sendBack.error)}
          onAnswer={(reason) => sendBack.send({ id: complaint.id, unitId: returned.unit.id, reason })}
          onCancel={() => {
            sendBack.reset()
            setReturned(undefined)
          }}
        />
      )}
    </Stack>
  )
}

function AnswerForm({ complaintId, unitId }: { complaintId: string; unitId: string }) {
  const [cause, setCause] = useState('')
  const [measure, setMeasure] = useState('')
  const [isTried, setTried] = useState(false)
  const answer = useWrite(feedbackApi.answer, { onSuccess: () => notify(words.answered) })
  const missing = (text: string) => (isTried && text.trim() === '' ? houseWords.pleaseFill : undefined)
  const submit = () => {
    setTried(true)
    if (cause.trim() !== '' && measure.trim() !== '') answer.send({ id: complaintId, unitId, cause, measure })
  }
  return (
    <Form onSubmit={submit} write={answer} verb={words.submitAnswer} keys>
      <TextArea label={words.cause} required value={cause} onChange={setCause} maxLength={4000} error={missing(cause)} />
      <TextArea label={words.measure} required value={measure} onChange={setMeasure} maxLength={4000} error={missing(measure)} />
    </Form>
  )
}
