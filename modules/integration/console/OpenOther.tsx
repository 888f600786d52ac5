import { useRead, useWrite } from '@renxin/client'
import { Button, notify, Row } from '@renxin/ui'
import { screenLinkApi } from '../screen-link-contract.ts'
import { words } from '../words.ts'

/** From a patient's file to the same patient in another system, by an address that is signed for this moment. */
export function OpenOther({ patientId = '' }: { patientId?: string }) {
  const links = useRead(screenLinkApi.linksOut, {})
  const make = useWrite(screenLinkApi.makeLink, {
    onSuccess: ({ address }) => void window.open(address, '_blank', 'noopener,noreferrer'),
    onError: (problem) => notify(words.of(problem) ?? '', { tone: 'danger' }),
  })
  const rows = links.data?.rows ?? []
  if (rows.length === 0) return links.data ? <p>{words.links.noOthers}</p> : null
  return (
    <Row gap={8}>
      {rows.map((l) => (
        <Button key={l.id} size="small" icon="link" busy={make.isSending} onClick={() => make.send({ id: l.id, patientId })}>
          {words.links.openOther({ name: l.name })}
        </Button>
      ))}
    </Row>
  )
}
