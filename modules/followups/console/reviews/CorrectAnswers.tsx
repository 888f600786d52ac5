import { useRead } from '@renxin/client'
import { QuestionnaireForm } from '@renxin/surveys/console'
import {
  type Answers,
  checkAnswers,
  filledValues,
  type Problem,
  type Response,
  readForm,
  surveysApi,
  withFilled,
} from '@renxin/surveys/contract'
import { Button, Loaded, Stack, TextArea } from '@renxin/ui'
import { useState } from 'react'
import { copyOf } from '../content/use-content.ts'

export type Given = ReturnType<typeof copyOf>
type CorrectAnswersProps = {
  responseId: string
  noteLabel: string
  verb: string
  /** Whether it may be sent with the answers as they are. */
  mayStand?: boolean
  busy: boolean
  error: string | undefined
  /** `answers` is null where nothing was changed. */
  onSend: (answers: Given | null, note: string) => void
}

/** The answers that stand, to be put right, with a word why. */
export function CorrectAnswers(props: CorrectAnswersProps) {
  const response = useRead(surveysApi.response, { id: props.responseId })
  return (
    <Loaded of={response} lines={6}>
      {(r) => <Form key={r.id} response={r} {...props} />}
    </Loaded>
  )
}

function Form({ response, noteLabel, verb, mayStand = false, busy, error, onSend }: CorrectAnswersProps & { response: Response }) {
  const [answers, setAnswers] = useState<Answers>(response.answers)
  const [note, setNote] = useState('')
  const [problems, setProblems] = useState<Problem[]>()
  const isChanged = JSON.stringify(answers) !== JSON.stringify(response.answers)
  const send = () => {
    const wrong = checkAnswers(
      readForm(response.definition),
      withFilled(readForm(response.definition), answers, filledValues(response.filled)),
    )
    setProblems(wrong)
    if (wrong.length === 0) onSend(isChanged ? copyOf(answers) : null, note.trim())
  }
  return (
    <Stack>
      <QuestionnaireForm
        definition={response.definition}
        answers={answers}
        onChange={setAnswers}
        filled={response.filled}
        {...(problems && { problems })}
      />
      <TextArea label={noteLabel} value={note} onChange={setNote} rows={2} maxLength={1000} />
      {error && (
        <span className="rx-field-error" role="alert">
          {error}
        </span>
      )}
      <Button kind="primary" busy={busy} disabled={note.trim() === '' || (!isChanged && !mayStand)} onClick={send}>
        {verb}
      </Button>
    </Stack>
  )
}
