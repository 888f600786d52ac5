import { GoLink, useList, useUrlState, useWrite } from '@renxin/client'
import { AskText, Button, Column, Confirm, formatMoment, notify, Page, Panel, Row, Table, Tabs, Tag } from '@renxin/ui'
import { useState } from 'react'
import { words } from '../words.ts'
import { type Correction, CorrectionStatus, writeBackApi } from '../write-back-contract.ts'

type Asking = { verb: 'confirm' | 'decline'; of: Correction }

/** Phones that were put right here: a person looks at each before it goes to the hospital's systems. */
export function CorrectionsPage() {
  const [state, setState] = useUrlState({ status: '' })
  const status = CorrectionStatus.catch('open').parse(state.status)
  const list = useList(writeBackApi.corrections, { status }, { keep: true })
  const [asking, setAsking] = useState<Asking>()
  const isOpen = status === 'open'
  return (
    <Page title={words.correctionsTitle}>
      <Tabs
        label={words.correctionsTitle}
        value={status}
        onChange={(next) => setState({ status: next })}
        tabs={CorrectionStatus.options.map((key) => ({ key, label: words.correctionsTabs[key] }))}
      />
      <Panel flush>
        <Table of={list} label={words.correctionsTitle} memory="integration.corrections" empty={words.emptyCorrections}>
          <Column name={words.patient} show={(c: Correction) => <PatientLink of={c} />} width={150} />
          <Column name={words.recordNumber} show={(c: Correction) => c.medicalRecordNumber} width={130} />
          <Column name={words.ofWhom} show={whoOf} width={130} />
          <Column name={words.known} show={(c: Correction) => c.known} width={150} />
          <Column name={words.correctionNumber} show={(c: Correction) => <Proposed of={c} />} width={210} />
          <Column name={words.heardBy} show={(c: Correction) => c.heardBy} width={110} />
          <Column name={words.heardAt} show={(c: Correction) => formatMoment(c.heardAt)} width={130} />
          {isOpen ? (
            <Column show={(c: Correction) => <Actions onAsk={(verb) => setAsking({ verb, of: c })} />} width={190} />
          ) : (
            <Column name={words.decidedBy} show={decidedOf} cut />
          )}
        </Table>
      </Panel>
      {asking && <Deciding asking={asking} onClose={() => setAsking(undefined)} />}
    </Page>
  )
}

const whoOf = (c: Correction) => [words.relation[c.relation], c.contactName].filter(Boolean).join(' ')
const decidedOf = (c: Correction) => [c.decidedBy, c.decidedAt && formatMoment(c.decidedAt), c.reason].filter(Boolean).join(' · ')

const PatientLink = ({ of: c }: { of: Correction }) => (
  <GoLink to="patients.file" params={{ id: c.patientId }}>
    {c.patientName}
  </GoLink>
)

function Proposed({ of: c }: { of: Correction }) {
  return (
    <Row gap={8}>
      {c.number}
      <Tag tone={c.change === 'added' ? 'info' : 'warning'}>{words.correctionChange[c.change]}</Tag>
    </Row>
  )
}

function Actions({ onAsk }: { onAsk: (verb: Asking['verb']) => void }) {
  return (
    <Row gap={8}>
      <Button size="small" kind="primary" onClick={() => onAsk('confirm')}>
        {words.confirmCorrection}
      </Button>
      <Button size="small" onClick={() => onAsk('decline')}>
        {words.decline}
      </Button>
    </Row>
  )
}

function Deciding({ asking: { verb, of: c }, onClose }: { asking: Asking; onClose: () => void }) {
  const done = (sentence: string) => {
    notify(sentence)
    onClose()
  }
  const confirm = useWrite(writeBackApi.confirmCorrection, { onSuccess: () => done(words.confirmed) })
  const decline = useWrite(writeBackApi.declineCorrection, { onSuccess: () => done(words.declined) })
  if (verb === 'decline')
    return (
      <AskText
        question={words.declineQuestion}
        verb={words.decline}
        maxLength={200}
        busy={decline.isSending}
        error={words.of(decline.error)}
        onAnswer={(reason) => decline.send({ id: c.id, reason })}
        onCancel={onClose}
      />
    )
  return (
    <Confirm
      title={words.confirmTitle({ number: c.number })}
      verb={words.confirmCorrection}
      busy={confirm.isSending}
      error={confirm.error}
      onConfirm={() => confirm.send({ id: c.id })}
      onCancel={onClose}
    >
      <p>{words.confirmText({ patient: c.patientName, heardBy: c.heardBy, at: formatMoment(c.heardAt) })}</p>
    </Confirm>
  )
}
