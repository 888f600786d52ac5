import { useGo, useWrite } from '@renxin/client'
import { Button, Confirm } from '@renxin/ui'
import { useState } from 'react'
import { importsApi } from '../../imports-contract.ts'
import { words } from '../../words.ts'

const w = words.imports

/** Lets an import go that nothing was done of. */
export function Discard({ id }: { id: string }) {
  const go = useGo()
  const [isAsking, setAsking] = useState(false)
  const discard = useWrite(importsApi.discard, { onSuccess: () => go('integration.imports') })
  return (
    <>
      <Button kind="quiet" onClick={() => setAsking(true)}>
        {w.discard}
      </Button>
      {isAsking && (
        <Confirm
          title={w.discardTitle}
          verb={w.discard}
          danger
          busy={discard.isSending}
          error={discard.error}
          onConfirm={() => discard.send({ id })}
          onCancel={() => setAsking(false)}
        >
          {w.discardText}
        </Confirm>
      )}
    </>
  )
}
