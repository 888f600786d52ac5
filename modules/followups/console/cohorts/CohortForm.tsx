import { useGo, useRead, useUnsaved, useWrite } from '@renxin/client'
import { Button, Confirm, ErrorNote, Form, houseWords, notify, Panel, Row, Stack, TextArea, TextField } from '@renxin/ui'
import { useState } from 'react'
import { CohortBody, type CohortVisit, cohortsApi } from '../../contract.ts'
import { words } from '../../words.ts'
import { useSettled } from '../use-settled.ts'
import { CohortCount } from './CohortCount.tsx'
import { codesIn, FilterFields } from './FilterFields.tsx'
import { VisitList } from './VisitFields.tsx'

const t = words.cohorts

type CohortFormProps = { id: string; revision: number; body: CohortBody; onSaved?: () => void }

/** A study as it is written: what it is, whom it takes with their count, and when they are asked. */
export function CohortForm({ id, revision, body: given, onSaved }: CohortFormProps) {
  const [body, setBody] = useState<CohortBody>(given)
  const [diagnoses, setDiagnoses] = useState(given.filter.diagnoses.join(', '))
  const [operations, setOperations] = useState(given.filter.operations.join(', '))
  const [isChanged, setChanged] = useState(revision === 0)
  const [isTried, setTried] = useState(false)
  const leave = useUnsaved(isChanged && revision > 0)
  const set = (part: Partial<CohortBody>) => {
    setBody({ ...body, ...part })
    setChanged(true)
  }
  const whole = { ...body, filter: { ...body.filter, diagnoses: codesIn(diagnoses), operations: codesIn(operations) } }
  const parsed = CohortBody.safeParse(whole)
  const wrong = (...path: (string | number)[]) =>
    isTried && parsed.error?.issues.some((i) => path.every((p, n) => i.path[n] === p)) ? houseWords.errors.invalid : undefined
  const save = useWrite(cohortsApi.saveCohort, {
    onSuccess: () => {
      setChanged(false)
      notify(t.saved)
      onSaved?.()
    },
  })
  const submit = () => {
    setTried(true)
    if (parsed.success) save.send({ id, revision, body: parsed.data })
  }
  const typed = (keep: (text: string) => void) => (text: string) => {
    keep(text)
    setChanged(true)
  }
  const what = useSettled(JSON.stringify(whole.filter))
  return (
    <Form onSubmit={submit} verb={t.save} keys disabled={save.isSending}>
      <Stack>
        {leave}
        <CohortCount what={what} />
        <Panel title={t.about}>
          <Stack gap={12}>
            <Row gap={16}>
              <TextField
                label={t.name}
                required
                value={body.name}
                onChange={(name) => set({ name })}
                maxLength={60}
                error={wrong('name')}
              />
              <TextField
                label={t.lead}
                required
                value={body.leadName}
                onChange={(leadName) => set({ leadName })}
                maxLength={60}
                error={wrong('leadName')}
              />
              <TextField
                label={t.ethicsNumber}
                placeholder={t.ethicsHint}
                value={body.ethicsNumber ?? ''}
                onChange={(number) => set({ ethicsNumber: number || null })}
                maxLength={100}
              />
            </Row>
            <TextArea label={t.purpose} value={body.purpose} onChange={(purpose) => set({ purpose })} rows={2} maxLength={2000} />
          </Stack>
        </Panel>
        <Panel title={t.whom} note={t.firstOnly}>
          <FilterFields
            filter={body.filter}
            onChange={(part) => set({ filter: { ...body.filter, ...part } })}
            diagnoses={diagnoses}
            onDiagnoses={typed(setDiagnoses)}
            operations={operations}
            onOperations={typed(setOperations)}
            wrong={(...path) => wrong('filter', ...path)}
          />
        </Panel>
        <Panel title={t.visits} note={t.visitsHint}>
          <VisitList
            visits={body.visits}
            onChange={(visits: CohortVisit[]) => set({ visits })}
            wrong={(...path) => wrong('visits', ...path)}
          />
        </Panel>
        <ErrorNote error={save.error} text={words.of(save.error)} />
        {revision > 0 && <Ends id={id} revision={revision} body={given} isChanged={isChanged} />}
      </Stack>
    </Form>
  )
}

/** What ends a draft: it is frozen as it was saved, or deleted. */
function Ends({ id, revision, body, isChanged }: { id: string; revision: number; body: CohortBody; isChanged: boolean }) {
  const go = useGo()
  const [asked, setAsked] = useState<'freeze' | 'discard'>()
  const count = useRead(cohortsApi.cohortPreview, { what: JSON.stringify(body.filter) }, { enabled: asked === 'freeze' })
  const members = count.data?.members ?? 0
  const freeze = useWrite(cohortsApi.freezeCohort, { onSuccess: (frozen) => notify(t.frozen({ n: frozen.members ?? 0 })) })
  const discard = useWrite(cohortsApi.discardCohort, {
    onSuccess: () => {
      notify(t.discarded)
      go('followups.cohorts')
    },
  })
  return (
    <Row gap={8}>
      <Button kind="primary" disabled={isChanged} onClick={() => setAsked('freeze')}>
        {t.freeze}
      </Button>
      <Button kind="quiet" icon="trash" onClick={() => setAsked('discard')}>
        {t.discard}
      </Button>
      {asked === 'freeze' && (
        <Confirm
          title={t.freezeTitle({ name: body.name })}
          verb={t.freeze}
          busy={freeze.isSending || count.isFetching}
          error={freeze.error ?? count.error}
          onConfirm={() => freeze.send({ id, revision, members })}
          onCancel={() => setAsked(undefined)}
        >
          {t.freezeText({ n: members })}
          {body.visits.length === 0 && ` ${t.freezeNoVisits}`}
        </Confirm>
      )}
      {asked === 'discard' && (
        <Confirm
          title={t.discard}
          verb={t.discard}
          danger
          busy={discard.isSending}
          error={discard.error}
          onConfirm={() => discard.send({ id })}
          onCancel={() => setAsked(undefined)}
        >
          {t.discardText}
        </Confirm>
      )}
    </Row>
  )
}
