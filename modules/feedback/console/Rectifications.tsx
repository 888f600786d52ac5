import { useMe, useWrite } from '@renxin/client'
import { Attachments } from '@renxin/files/console'
import { newId } from '@renxin/kernel'
import { PersonSelect, UnitSelect } from '@renxin/staff/console'
import {
  AskText,
  Button,
  DateField,
  Description,
  Dialog,
  ErrorNote,
  Form,
  formatDay,
  formatMoment,
  houseWords,
  Row,
  Stack,
  StatusTag,
  TextArea,
  today,
} from '@renxin/ui'
import { useState } from 'react'
import { type Complaint, feedbackApi, type Rectification } from '../contract.ts'
import { words } from '../words.ts'

/** What is to be mended because of a complaint, by whom and until when, with the evidence that it was. */
export function Rectifications({ complaint }: { complaint: Complaint }) {
  const { may } = useMe()
  const [isNew, setNew] = useState(false)
  return (
    <Stack gap={12}>
      {complaint.rectifications.length === 0 && <span className="rx-note">{words.noRectifications}</span>}
      {complaint.rectifications.map((r) => (
        <One key={r.id} complaintId={complaint.id} rectification={r} />
      ))}
      {may('feedback.handle') && complaint.status !== 'withdrawn' && (
        <Row>
          <Button icon="add" onClick={() => setNew(true)}>
            {words.addRectification}
          </Button>
        </Row>
      )}
      {isNew && (
        <Dialog title={words.addRectification} onClose={() => setNew(false)}>
          <NewRectification complaint={complaint} onDone={() => setNew(false)} />
        </Dialog>
      )}
    </Stack>
  )
}

function State({ rectification: r }: { rectification: Rectification }) {
  if (r.verifiedAt) return <StatusTag tone="success">{words.rectState.verified}</StatusTag>
  if (r.finishedAt) return <StatusTag tone="primary">{words.rectState.finished}</StatusTag>
  return r.isLate ? <StatusTag tone="danger">{words.rectState.late}</StatusTag> : <StatusTag tone="info">{words.rectState.open}</StatusTag>
}

function One({ complaintId, rectification: r }: { complaintId: string; rectification: Rectification }) {
  const { may } = useMe()
  const [isFinishing, setFinishing] = useState(false)
  const finish = useWrite(feedbackApi.finishRectification, { onSuccess: () => setFinishing(false) })
  const verify = useWrite(feedbackApi.verifyRectification)
  const ids = { id: complaintId, rectificationId: r.id }
  return (
    <section aria-label={r.measure}>
      <Row>
        <strong>{r.measure}</strong>
        <State rectification={r} />
        {r.mayFinish && (
          <Button size="small" onClick={() => setFinishing(true)}>
            {words.finish}
          </Button>
        )}
        {may('feedback.handle') && r.finishedAt && !r.verifiedAt && (
          <Button size="small" kind="primary" busy={verify.isSending} onClick={() => verify.send(ids)}>
            {words.accept}
          </Button>
        )}
      </Row>
      <ErrorNote error={verify.error} text={words.of(verify.error)} />
      <Description
        items={[
          { label: words.unit, value: r.unit.name },
          { label: words.responsible, value: r.responsible.name },
          { label: words.dueOn, value: formatDay(r.dueOn) },
          r.finishedAt !== null && { label: words.rectState.finished, value: `${r.finishedByName ?? ''} ${formatMoment(r.finishedAt)}` },
          r.finishNote !== null && { label: words.note, value: r.finishNote, wide: true },
          r.verifiedAt !== null && { label: words.rectState.verified, value: `${r.verifiedByName ?? ''} ${formatMoment(r.verifiedAt)}` },
        ]}
      />
      {may('files.read') && (
        <Attachments
          about={{ kind: 'feedback.rectification', id: r.id }}
          mayAttach={!r.verifiedAt && (r.mayFinish || may('feedback.handle'))}
        />
      )}
      {isFinishing && (
        <AskText
          question={words.finishQuestion}
          hint={words.finishHint}
          verb={words.finish}
          busy={finish.isSending}
          error={words.of(finish.error)}
          onAnswer={(note) => finish.send({ ...ids, note })}
          onCancel={() => setFinishing(false)}
        />
      )}
    </section>
  )
}

function NewRectification({ complaint, onDone }: { complaint: Complaint; onDone: () => void }) {
  const [rectificationId] = useState(() => newId())
  const [unitId, setUnitId] = useState<string | null>(complaint.answers[0]?.unit.id ?? complaint.units[0]?.id ?? null)
  const [measure, setMeasure] = useState(complaint.answers[0]?.measure ?? '')
  const [responsibleId, setResponsibleId] = useState<string | null>(null)
  const [dueOn, setDueOn] = useState<string | null>(null)
  const [isTried, setTried] = useState(false)
  const add = useWrite(feedbackApi.addRectification, { onSuccess: onDone })
  const submit = () => {
    setTried(true)
    if (unitId && responsibleId && dueOn && measure.trim() !== '')
      add.send({ id: complaint.id, rectificationId, unitId, responsibleId, dueOn, measure })
  }
  const missing = (value: string | null) => (isTried && !value ? words.mustChoose : undefined)
  return (
    <Form onSubmit={submit} write={add} verb={words.addRectification} keys>
      <TextArea
        label={words.rectMeasure}
        required
        value={measure}
        onChange={setMeasure}
        maxLength={4000}
        error={isTried && measure.trim() === '' ? houseWords.pleaseFill : undefined}
      />
      <UnitSelect label={words.unit} required value={unitId} onChange={setUnitId} error={missing(unitId)} />
      <PersonSelect label={words.responsible} required value={responsibleId} onChange={setResponsibleId} error={missing(responsibleId)} />
      <DateField label={words.dueOn} required value={dueOn} onChange={setDueOn} min={today()} error={missing(dueOn)} />
    </Form>
  )
}
