import { useRead, useUrlState } from '@renxin/client'
import { Button, ErrorNote, FindBox, Row, Stack } from '@renxin/ui'
import { useState } from 'react'
import { type PatientCard, trailApi } from '../contract.ts'
import { words } from '../words.ts'
import { sexAndAge } from './PatientCard.tsx'

/** On the audit page: whom the auditor asks about. The address of the page keeps the id, never a name. */
export function OfTrail({ patientId = '' }: { patientId?: string }) {
  const [, setUrl] = useUrlState({ patient: '' })
  return patientId === '' ? (
    <Find onPick={(id) => setUrl({ patient: id })} />
  ) : (
    <Asked id={patientId} onAll={() => setUrl({ patient: '' })} />
  )
}

function Asked({ id, onAll }: { id: string; onAll: () => void }) {
  const t = words.trail
  const patient = useRead(trailApi.oneOfTrail, { id })
  return (
    <Row>
      {patient.data && (
        <strong>
          {t.asked({ name: [patient.data.name, sexAndAge(patient.data), patient.data.medicalRecordNumber].filter(Boolean).join(' · ') })}
        </strong>
      )}
      <Button icon="close" onClick={onAll}>
        {t.all}
      </Button>
      <ErrorNote error={patient.error} text={words.of(patient.error)} />
    </Row>
  )
}

function Find({ onPick }: { onPick: (id: string) => void }) {
  const t = words.trail
  const [q, setQ] = useState('')
  const answer = useRead(trailApi.ofTrail, { q }, { enabled: q.length >= 2 })
  const found = q.length >= 2 ? (answer.data?.rows ?? []) : []
  const note = answer.data?.more ? t.more : answer.data && found.length === 0 && q.length >= 2 ? t.nobody({ text: q }) : undefined
  return (
    <Stack>
      <FindBox<PatientCard>
        label={t.find}
        placeholder={t.placeholder}
        wait={() => 700}
        onSearch={setQ}
        found={found}
        keyOf={(p) => p.id}
        show={(p) => [p.name, sexAndAge(p), p.medicalRecordNumber].filter(Boolean).join(' · ')}
        onPick={(p) => onPick(p.id)}
        note={note}
      />
      <ErrorNote error={answer.error} text={words.of(answer.error)} />
    </Stack>
  )
}
