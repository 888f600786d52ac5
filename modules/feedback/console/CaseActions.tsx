import { useWrite } from '@renxin/client'
import { UnitsSelect } from '@renxin/staff/console'
import { AskText, Button, Choice, Dialog, ErrorNote, Form, houseWords, MomentField, notify, Row, Stack, TextArea } from '@renxin/ui'
import { useState } from 'react'
import { type Complaint, feedbackApi, type Outcome, ToldBy } from '../contract.ts'
import { words } from '../words.ts'

type Open = 'assign' | 'close' | 'reopen'

/** What the complaint officer can do with a case as it stands; the next step is the primary button. */
export function CaseActions({ complaint: c }: { complaint: Complaint }) {
  const [open, setOpen] = useState<Open>()
  const close = () => setOpen(undefined)
  const verify = useWrite(feedbackApi.verify, { onSuccess: () => notify(words.verified) })
  const reopen = useWrite(feedbackApi.reopen, { onSuccess: close })
  const isNew = c.status === 'accepted' || c.status === 'reopened'
  const isAsked = c.status === 'assigned' || c.status === 'answered'
  if (c.status === 'withdrawn') return null
  return (
    <Stack gap={8}>
      <Row>
        {isNew && (
          <Button kind="primary" icon="send" onClick={() => setOpen('assign')}>
            {words.assign}
          </Button>
        )}
        {isNew && <Button onClick={() => setOpen('close')}>{words.closeNow}</Button>}
        {c.status === 'answered' && (
          <Button kind="primary" icon="check" busy={verify.isSending} onClick={() => verify.send({ id: c.id })}>
            {words.verify}
          </Button>
        )}
        {isAsked && <Button onClick={() => setOpen('assign')}>{words.assignMore}</Button>}
        {c.status === 'verified' && (
          <Button kind="primary" icon="check" onClick={() => setOpen('close')}>
            {words.close}
          </Button>
        )}
        {c.status === 'closed' && (
          <Button icon="undo" onClick={() => setOpen('reopen')}>
            {words.reopen}
          </Button>
        )}
      </Row>
      <ErrorNote error={verify.error} text={words.of(verify.error)} />
      {open === 'assign' && (
        <Dialog title={isNew ? words.assign : words.assignMore} onClose={close}>
          <AssignForm complaint={c} onDone={close} />
        </Dialog>
      )}
      {open === 'close' && (
        <Dialog title={isNew ? words.closeNow : words.close} onClose={close} size={560}>
          <CloseForm complaint={c} onDone={close} />
        </Dialog>
      )}
      {open === 'reopen' && (
        <AskText
          question={words.reopenQuestion}
          hint={words.reopenHint}
          verb={words.reopen}
          busy={reopen.isSending}
          error={words.of(reopen.error)}
          onAnswer={(reason) => reopen.send({ id: c.id, reason })}
          onCancel={close}
        />
      )}
    </Stack>
  )
}

function AssignForm({ complaint: c, onDone }: { complaint: Complaint; onDone: () => void }) {
  const asked = c.status === 'reopened' ? [] : c.answers.map((a) => a.unit.id)
  const [unitIds, setUnitIds] = useState(() => c.units.map((u) => u.id).filter((id) => !asked.includes(id)))
  const [said, setSaid] = useState('')
  const [isTried, setTried] = useState(false)
  const assign = useWrite(feedbackApi.assign, {
    onSuccess: () => {
      notify(words.assigned)
      onDone()
    },
  })
  const submit = () => {
    setTried(true)
    if (unitIds.length > 0) assign.send({ id: c.id, unitIds, note: said.trim() || null })
  }
  return (
    <Form onSubmit={submit} write={assign} verb={words.assign} keys>
      <UnitsSelect
        label={words.asked}
        hint={words.assignHint}
        required
        value={unitIds}
        onChange={setUnitIds}
        error={isTried && unitIds.length === 0 ? words.mustChoose : undefined}
      />
      <TextArea label={words.note} value={said} onChange={setSaid} maxLength={1000} />
    </Form>
  )
}

function CloseForm({ complaint: c, onDone }: { complaint: Complaint; onDone: () => void }) {
  const outcomes: readonly Outcome[] = c.status === 'verified' ? ['resolved', 'notTaken'] : ['onTheSpot', 'notTaken']
  const [outcome, setOutcome] = useState<Outcome>(outcomes[0] ?? 'resolved')
  const [result, setResult] = useState('')
  const [toldBy, setToldBy] = useState<ToldBy>('phone')
  const [toldAt, setToldAt] = useState<string | null>(null)
  const [isTried, setTried] = useState(false)
  const close = useWrite(feedbackApi.close, {
    onSuccess: () => {
      notify(words.closed)
      onDone()
    },
  })
  const submit = () => {
    setTried(true)
    if (result.trim() !== '') close.send({ id: c.id, outcome, result, toldBy, ...(toldAt && { toldAt }) })
  }
  return (
    <Form onSubmit={submit} write={close} verb={words.close} keys>
      <Choice
        label={words.outcomeTitle}
        value={outcome}
        onChange={setOutcome}
        options={outcomes.map((o) => ({ value: o, label: words.outcome[o] }))}
      />
      <TextArea
        label={words.result}
        hint={words.resultHint}
        required
        value={result}
        onChange={setResult}
        maxLength={4000}
        error={isTried && result.trim() === '' ? houseWords.pleaseFill : undefined}
      />
      <Choice
        label={words.toldByTitle}
        value={toldBy}
        onChange={setToldBy}
        options={ToldBy.options.map((t) => ({ value: t, label: words.toldBy[t] }))}
      />
      <MomentField label={words.toldAt} value={toldAt} onChange={setToldAt} />
    </Form>
  )
}
