import { useMe, useWrite } from '@renxin/client'
import { AskText, Button, formatMoment, notify, Row } from '@renxin/ui'
import { useState } from 'react'
import { type PatientFile, patientsApi } from '../contract.ts'
import { words } from '../words.ts'

type Merged = PatientFile['mergedFrom'][number]
const t = words.merging

/** The files that are one with this one, each of which can be taken out again. */
export function MergedFrom({ file }: { file: PatientFile }) {
  const { may } = useMe()
  const [parting, setParting] = useState<Merged>()
  const part = useWrite(patientsApi.part, {
    onSuccess: () => {
      setParting(undefined)
      notify(t.parted)
    },
  })
  const nameOf = (m: Merged) => m.name || words.unnamed
  return (
    <>
      {file.mergedFrom.map((m) => (
        <Row key={m.mergeId} gap={8}>
          <span>{[nameOf(m), m.medicalRecordNumber ?? t.noNumber, formatMoment(m.mergedAt), m.reason].filter(Boolean).join(' · ')}</span>
          {may('patients.edit') && (
            <Button size="small" onClick={() => setParting(m)}>
              {t.part}
            </Button>
          )}
        </Row>
      ))}
      {parting && (
        <AskText
          question={t.partTitle({ name: nameOf(parting) })}
          hint={t.partHint}
          verb={t.part}
          maxLength={200}
          busy={part.isSending}
          error={words.of(part.error)}
          onAnswer={(reason) => part.send({ mergeId: parting.mergeId, reason })}
          onCancel={() => setParting(undefined)}
        />
      )}
    </>
  )
}
