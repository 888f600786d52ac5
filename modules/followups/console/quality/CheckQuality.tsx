import { useRead, useWrite } from '@renxin/client'
import { newId } from '@renxin/kernel'
import { QuestionnaireForm } from '@renxin/surveys/console'
import { type Answers, checkAnswers, type Problem, readForm } from '@renxin/surveys/contract'
import { Button, Dialog, formatDay, Loaded, notify, Stack } from '@renxin/ui'
import { useRef, useState } from 'react'
import { qualityApi } from '../../contract.ts'
import { words } from '../../words.ts'
import { copyOf } from '../content/use-content.ts'

const w = words.quality
type Props = { taskId: string; onClose: () => void }

/** How a call was led, item by item, by whoever heard it. */
export function CheckQuality({ taskId, onClose }: Props) {
  const form = useRead(qualityApi.qualityForm, {})
  return (
    <Dialog title={form.data?.title ?? w.check} size={640} onClose={onClose}>
      <Loaded of={form} lines={6}>
        {({ versionId, definition }) => <Form taskId={taskId} versionId={versionId} definition={definition} onClose={onClose} />}
      </Loaded>
    </Dialog>
  )
}

function Form({ taskId, versionId, definition, onClose }: Props & { versionId: string; definition: unknown }) {
  const checkId = useRef(newId()) // one check, however often the key is pressed
  const [answers, setAnswers] = useState<Answers>({})
  const [problems, setProblems] = useState<Problem[]>()
  const check = useWrite(qualityApi.checkQuality, {
    onSuccess: ({ points, most }) => {
      notify(w.saved({ points, most }))
      onClose()
    },
  })
  const send = () => {
    const wrong = checkAnswers(readForm(definition), answers)
    setProblems(wrong)
    if (wrong.length === 0) check.send({ id: taskId, checkId: checkId.current, versionId, answers: copyOf(answers) })
  }
  return (
    <Stack>
      <QuestionnaireForm definition={definition} answers={answers} onChange={setAnswers} {...(problems && { problems })} />
      {check.error && (
        <span className="rx-field-error" role="alert">
          {words.of(check.error)}
        </span>
      )}
      <Button kind="primary" busy={check.isSending} onClick={send}>
        {w.save}
      </Button>
    </Stack>
  )
}

/** What was found of a call already. */
export function ChecksOfTask({ id }: { id: string }) {
  const list = useRead(qualityApi.qualityOfTask, { id })
  return (
    <>
      {(list.data?.rows ?? []).map((k) => (
        <p key={k.id}>
          {w.title} {w.score({ points: k.points, most: k.most })}
          <span className="rx-note"> {[k.checkedByName, formatDay(k.checkedOn), k.remarks].filter(Boolean).join(' · ')}</span>
        </p>
      ))}
    </>
  )
}
