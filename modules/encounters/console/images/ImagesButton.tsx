import { useWrite } from '@renxin/client'
import type { Reply } from '@renxin/kernel'
import { Button, ErrorNote, formatTime, Row } from '@renxin/ui'
import { useState } from 'react'
import { imagesApi } from '../../images-contract.ts'
import { words } from '../../words.ts'

/** Asks the archive for the study; the link that comes back holds for some minutes. A browser that opens no window by itself has the link to press. */
export function ImagesButton({ reportId }: { reportId: string }) {
  const [found, setFound] = useState<Reply<typeof imagesApi.viewImages>>()
  const find = useWrite(imagesApi.viewImages, {
    onSuccess: (reply) => {
      setFound(reply)
      window.open(reply.url, '_blank', 'noopener,noreferrer')
    },
  })
  return (
    <div>
      <Row>
        <Button icon="eye" busy={find.isSending} onClick={() => find.send({ id: reportId })}>
          {words.records.images}
        </Button>
        {found && (
          <a href={found.url} target="_blank" rel="noreferrer noopener">
            {words.records.openImages({ until: formatTime(found.expiresAt) })}
          </a>
        )}
      </Row>
      <ErrorNote error={find.error} text={words.of(find.error)} />
    </div>
  )
}
