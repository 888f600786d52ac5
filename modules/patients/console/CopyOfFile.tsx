import { useWrite } from '@renxin/client'
import { Button, ErrorNote, Row, Stack } from '@renxin/ui'
import { useEffect, useRef, useState } from 'react'
import { rightsApi } from '../contract.ts'
import { words } from '../words.ts'
import { type Copy, copyPage } from './copy-page.ts'

const t = words.rights

/** Makes the copy, each time anew; it is read here, printed, or given as a file. */
export function CopyOfFile({ id }: { id: string }) {
  const [made, setMade] = useState<Copy | null>(null)
  const copy = useWrite(rightsApi.takeCopy, { onSuccess: setMade })
  return (
    <Stack gap={8}>
      <span className="rx-note">{t.copyWhy}</span>
      <ErrorNote error={copy.error} />
      {made ? (
        <Made copy={made} />
      ) : (
        <Row>
          <Button kind="primary" busy={copy.isSending} onClick={() => copy.send({ id })}>
            {t.makeCopy}
          </Button>
        </Row>
      )}
    </Stack>
  )
}

function Made({ copy }: { copy: Copy }) {
  const frame = useRef<HTMLIFrameElement>(null)
  const [address, setAddress] = useState('')
  useEffect(() => {
    const made = addressOf('text/html;charset=utf-8', copyPage(copy))
    setAddress(made)
    return () => URL.revokeObjectURL(made)
  }, [copy])
  return (
    <>
      <Row>
        <Button kind="primary" onClick={() => frame.current?.contentWindow?.print()}>
          {t.print}
        </Button>
        <Button icon="download" onClick={() => save(`${t.copyTitle}.html`, 'text/html;charset=utf-8', copyPage(copy))}>
          {t.downloadHtml}
        </Button>
        <Button icon="download" onClick={() => save(`${t.copyTitle}.json`, 'application/json', JSON.stringify(copy, null, 2))}>
          {t.downloadJson}
        </Button>
      </Row>
      {address && (
        <iframe ref={frame} title={t.copyTitle} src={address} style={{ width: '100%', height: 480, border: '1px solid #c9cdd4' }} />
      )}
    </>
  )
}

const addressOf = (type: string, text: string): string => URL.createObjectURL(new Blob([text], { type }))

function save(name: string, type: string, text: string): void {
  const link = document.createElement('a')
  link.href = addressOf(type, text)
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
}
