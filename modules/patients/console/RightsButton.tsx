import { useGo, useMe, useWrite } from '@renxin/client'
import { newId } from '@renxin/kernel'
import { Button, Choice, Dialog, ErrorNote, Row, Stack, TextArea, TextField } from '@renxin/ui'
import { useState } from 'react'
import { askers, proofs, RequestKind, type RightsRequest, rightsApi } from '../contract.ts'
import { words } from '../words.ts'
import { CorrectionFields, type Wanted } from './CorrectionFields.tsx'

const t = words.rights

/** Takes in what this patient asks by law. */
export function RightsButton({ patientId }: { patientId: string }) {
  const { may } = useMe()
  const [isOpen, setOpen] = useState(false)
  if (!may('patients.rights')) return null
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t.title}</Button>
      {isOpen && (
        <Dialog title={t.record} size={560} onClose={() => setOpen(false)}>
          <RecordRight patientId={patientId} />
        </Dialog>
      )}
    </>
  )
}

function RecordRight({ patientId }: { patientId: string }) {
  const go = useGo()
  const [id] = useState(newId)
  const [kind, setKind] = useState<RightsRequest['kind']>('copy')
  const [asker, setAsker] = useState<RightsRequest['asker']>('patient')
  const [askerName, setAskerName] = useState('')
  const [proof, setProof] = useState<RightsRequest['proof']>('identityCard')
  const [details, setDetails] = useState('')
  const [items, setItems] = useState<Wanted[]>([])
  const toList = (open = '') => go('patients.rights', {}, { patient: patientId, open })
  const record = useWrite(rightsApi.recordRight, { onSuccess: (made) => toList(made.id) })
  return (
    <Stack gap={12}>
      <Choice
        label={t.kindTitle}
        value={kind}
        onChange={setKind}
        options={RequestKind.options.map((k) => ({ value: k, label: t.kind[k] }))}
      />
      <Choice label={t.askerTitle} value={asker} onChange={setAsker} options={askers.map((a) => ({ value: a, label: t.asker[a] }))} />
      {asker !== 'patient' && <TextField label={t.askerName} value={askerName} onChange={setAskerName} maxLength={60} required />}
      <Choice label={t.proofTitle} value={proof} onChange={setProof} options={proofs.map((p) => ({ value: p, label: t.proof[p] }))} />
      {kind === 'correction' && <CorrectionFields items={items} onChange={setItems} />}
      <TextArea label={t.details} hint={t.detailsHint} value={details} onChange={setDetails} maxLength={2000} />
      <ErrorNote error={record.error} />
      <Row>
        <Button onClick={() => toList()}>{t.ofPatient}</Button>
        <Button
          kind="primary"
          busy={record.isSending}
          onClick={() =>
            record.send({
              id,
              patientId,
              kind,
              asker,
              askerName: askerName || null,
              proof,
              details: details || null,
              items: items.filter((i) => i.value.trim()),
            })
          }
        >
          {t.record}
        </Button>
      </Row>
    </Stack>
  )
}
