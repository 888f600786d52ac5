import { GoLink, useMe, useRead, useWrite } from '@renxin/client'
import {
  Banner,
  Button,
  Choice,
  Description,
  Drawer,
  ErrorNote,
  formatMoment,
  houseWords,
  Loaded,
  notify,
  Panel,
  Row,
  Stack,
  TextArea,
  Timeline,
} from '@renxin/ui'
import { useState } from 'react'
import { type Flag, flagOutcomes, flagsApi } from '../../contract.ts'
import { words } from '../../words.ts'
import { GiveFlag } from './GiveFlag.tsx'
import { Due, Severity, State } from './phrases.tsx'

const w = words.flags

/** One red flag: what was answered, what was said, what is to be done, and what came of it. */
export function OpenFlag({ id, onClose }: { id: string; onClose: () => void }) {
  const flag = useRead(flagsApi.flag, { id })
  return (
    <Drawer title={flag.data?.title ?? w.flag} onClose={onClose}>
      <Loaded of={flag}>{(f) => <One key={f.id} flag={f} />}</Loaded>
    </Drawer>
  )
}

function One({ flag }: { flag: Flag }) {
  const { may } = useMe()
  const [isGiving, setGiving] = useState(false)
  const take = useWrite(flagsApi.takeFlag, { onSuccess: () => notify(w.taken) })
  const isOpen = flag.status === 'open'
  return (
    <Stack>
      <Row>
        <Severity flag={flag} />
        <State flag={flag} />
      </Row>
      <Description
        items={[
          { label: words.patient, value: flag.patientName },
          { label: words.department, value: flag.departmentName },
          { label: w.dueAt, value: <Due flag={flag} /> },
          { label: w.doctor, value: flag.doctorName ?? w.nobody },
          { label: w.raisedAt, value: formatMoment(flag.raisedAt) },
          { label: w.raisedBy, value: flag.raisedByName },
        ]}
      />
      <Row>
        {may('patients.read') && (
          <GoLink to="patients.file" params={{ id: flag.patientId }}>
            {w.openFile}
          </GoLink>
        )}
        {flag.taskId && may('followups.read') && (
          <GoLink to="followups.task" params={{ id: flag.taskId }}>
            {w.openTask}
          </GoLink>
        )}
        {may('encounters.read') && (
          <GoLink to="surveys.response" params={{ id: flag.responseId }}>
            {w.openAnswers}
          </GoLink>
        )}
        {flag.nowResponseId && may('encounters.read') && (
          <GoLink to="surveys.response" params={{ id: flag.nowResponseId }}>
            {w.openCorrected}
          </GoLink>
        )}
      </Row>
      <Panel title={w.because}>
        {flag.because.length === 0 && <p>{w.gone}</p>}
        <Description
          columns={1}
          items={flag.because.map((b) => ({
            label: b.question,
            value: b.answers.map((a) => (typeof a === 'boolean' ? (a ? houseWords.yes : houseWords.no) : a)).join('、'),
          }))}
        />
      </Panel>
      <Panel title={flag.isTold ? w.told : w.tell}>
        {!flag.isTold && isOpen && <Banner tone="warning">{w.notTold}</Banner>}
        <p>{flag.tell}</p>
      </Panel>
      {isOpen && (
        <Row>
          {flag.doctorId === null && may('followups.closeFlags') && (
            <Button busy={take.isSending} onClick={() => take.send({ id: flag.id })}>
              {w.take}
            </Button>
          )}
          {may('followups.giveFlags') && <Button onClick={() => setGiving(true)}>{w.give}</Button>}
        </Row>
      )}
      <ErrorNote error={take.error} text={words.of(take.error)} />
      {flag.mayClose && <Close flag={flag} />}
      {!isOpen && flag.note && (
        <Panel title={w.note}>
          <p>{flag.note}</p>
        </Panel>
      )}
      <Panel title={w.history}>
        <Timeline
          items={flag.steps.map((s) => ({
            id: s.id,
            at: s.at,
            kind: s.toName ? w.stepTo({ kind: w.steps[s.kind], name: s.toName }) : w.steps[s.kind],
            title: s.byName,
            text: s.note || null,
            tone: s.kind === 'closed' ? 'good' : s.kind === 'passed' ? 'warning' : 'plain',
          }))}
        />
      </Panel>
      {isGiving && <GiveFlag flag={flag} onClose={() => setGiving(false)} />}
    </Stack>
  )
}

function Close({ flag }: { flag: Flag }) {
  const [outcome, setOutcome] = useState<(typeof flagOutcomes)[number]>()
  const [note, setNote] = useState('')
  const [isAttempted, setAttempted] = useState(false)
  const close = useWrite(flagsApi.closeFlag, { onSuccess: () => notify(w.closed) })
  const isReady = outcome !== undefined && note.trim() !== ''
  const send = () => {
    setAttempted(true)
    if (outcome !== undefined && isReady) close.send({ id: flag.id, outcome, note })
  }
  return (
    <Panel title={w.close}>
      <Stack gap={12}>
        <Choice
          label={w.outcome}
          required
          value={outcome}
          onChange={setOutcome}
          options={flagOutcomes.map((value) => ({ value, label: w.outcomes[value] }))}
        />
        <TextArea label={w.note} required rows={3} maxLength={2000} placeholder={w.notePlaceholder} value={note} onChange={setNote} />
        {isAttempted && !isReady && (
          <span className="rx-field-error" role="alert">
            {w.noteNeeded}
          </span>
        )}
        <ErrorNote error={close.error} text={words.of(close.error)} />
        <div className="rx-layer-foot">
          <Button kind="primary" busy={close.isSending} onClick={send}>
            {w.close}
          </Button>
        </div>
      </Stack>
    </Panel>
  )
}
