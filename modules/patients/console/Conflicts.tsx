import { GoLink, useMe, useWrite } from '@renxin/client'
import { Banner, Button, notify, Row } from '@renxin/ui'
import { useState } from 'react'
import { duplicatesApi, type PatientFile } from '../contract.ts'
import { words } from '../words.ts'
import { MergePair } from './MergePair.tsx'

/** Other files that may be of the same person: look, compare and merge, or say that they are two. */
export function Conflicts({ file }: { file: PatientFile }) {
  const [comparing, setComparing] = useState<string>()
  const { may } = useMe()
  const dismiss = useWrite(duplicatesApi.dismissDuplicate, { onSuccess: () => notify(words.merging.dismissed) })
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
                  <Button
                    size="small"
                    onClick={() => dismiss.send({ patientId: file.id, otherId: conflict.otherId })}
                    busy={dismiss.isSending}
                  >
                    {words.notSame}
                  </Button>
                  <Button size="small" onClick={() => setComparing(conflict.otherId)}>
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
      {comparing && <MergePair patientId={file.id} otherId={comparing} onClose={() => setComparing(undefined)} />}
    </>
  )
}
