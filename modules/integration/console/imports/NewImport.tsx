import { useGo, useWrite } from '@renxin/client'
import { newId, Refusal } from '@renxin/kernel'
import { Button, Choice, Dialog, ErrorNote, Row, Stack } from '@renxin/ui'
import { useId, useRef, useState } from 'react'
import { ImportKind, importsApi } from '../../imports-contract.ts'
import { words } from '../../words.ts'

const w = words.imports
const MEGABYTE = 1024 * 1024
const MOST_MEGABYTES = 20

/** The first step: what the table holds, and which file. Everything after it is kept on the server. */
export function NewImport({ onClose }: { onClose: () => void }) {
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const go = useGo()
  const [kind, setKind] = useState<ImportKind>('patients')
  const [refused, setRefused] = useState<Refusal>()
  const upload = useWrite(importsApi.upload, { onSuccess: (made) => go('integration.import', { id: made.id }) })
  const send = async (file: File) => {
    upload.reset()
    // Said here too, so that nobody waits for 50 MB to be sent and refused.
    const isTooLarge = file.size > MOST_MEGABYTES * MEGABYTE
    const details = { megabytes: Math.ceil(file.size / MEGABYTE), limit: MOST_MEGABYTES }
    setRefused(isTooLarge ? new Refusal('integration.fileTooLarge', 'invalid', details) : undefined)
    if (!isTooLarge) upload.send({ id: newId(), kind, name: file.name, base64: await base64Of(file) })
  }
  const error = refused ?? upload.error
  return (
    <Dialog title={w.newImport} onClose={onClose} size={560}>
      <Stack gap={16}>
        <Choice
          label={w.chooseKind}
          value={kind}
          onChange={setKind}
          options={ImportKind.options.map((value) => ({ value, label: w.kinds[value] }))}
        />
        <div>
          <label className="rx-hidden" htmlFor={id}>
            {w.chooseFile}
          </label>
          <input
            ref={input}
            id={id}
            type="file"
            className="rx-hidden"
            tabIndex={-1}
            accept=".xlsx,.xlsm,.xls,.csv,.txt,.tsv"
            onChange={(event) => {
              const file = event.target.files?.[0]
              event.target.value = '' // the same file may be chosen again after a refusal
              if (file) void send(file)
            }}
          />
          <Row>
            <Button kind="primary" icon="file" busy={upload.isSending} onClick={() => input.current?.click()}>
              {w.chooseFile}
            </Button>
            {upload.isSending && <span className="rx-note">{w.reading}</span>}
          </Row>
          <p className="rx-hint">{w.fileHint}</p>
        </div>
        <ErrorNote error={error} text={words.of(error)} />
      </Stack>
    </Dialog>
  )
}

function base64Of(file: File): Promise<string> {
  return new Promise((done, failed) => {
    const reader = new FileReader()
    reader.onload = () => done(String(reader.result).replace(/^data:[^,]*,/, ''))
    reader.onerror = () => failed(reader.error)
    reader.readAsDataURL(file)
  })
}
