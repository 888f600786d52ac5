import { GoLink, useMe, useWrite } from '@renxin/client'
import { AskText, Banner, Button, Row } from '@renxin/ui'
import { useState } from 'react'
import { type PatientFile, patientsApi } from '../contract.ts'
import { words } from '../words.ts'

type Conflict = PatientFile['conflicts'][number]

/** Other files that may be of the same person: look, merge, or say that they are two. */
export function Conflicts({ file }: { file: PatientFile }) {
  const [merging, setMerging] = useState<Conflict>()
  const { may } = useMe()
  const dismiss = useWrite(patientsApi.dismissConflict)
  const merge = useWrite(patientsApi.merge, { onSuccess: () => setMerging(undefined) })
  return (
    <>
      {file.conflicts.map((conflict) => (
        <Banner
          key={conflict.id}
          tone="info"
          actions={
            <Row>
              <GoLink to="patients.file" params={{ id: conflict.otherId }}>
                {words.lookAtOther}
              </GoLink>
              {may('patients.edit') && (
                <>
                  <Button size="small" onClick={() => dismiss.send({ conflictId: conflict.id })} busy={dismiss.isSending}>
                    {words.notSame}
                  </Button>
                  <Button size="small" onClick={() => setMerging(conflict)}>
                    {words.merge}
                  </Button>
                </>
              )}
            </Row>
          }
        >
          {words.duplicate({ name: conflict.otherName || words.unnamed })}
        </Banner>
      ))}
      {merging && (
        <AskText
          question={words.mergeTitle({ other: merging.otherName || words.unnamed })}
          hint={`${words.mergeText} ${words.mergeReason}:`}
          verb={words.merge}
          maxLength={200}
          busy={merge.isSending}
          error={words.of(merge.error)}
          onAnswer={(reason) => merge.send({ patientId: file.id, retiredId: merging.otherId, reason })}
          onCancel={() => setMerging(undefined)}
        />
      )}
    </>
  )
}
