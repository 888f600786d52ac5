import { base64Of, useGo, useWrite } from '@renxin/client'
import { newId, Refusal } from '@renxin/kernel'
import { Choice, Dialog, ErrorNote, FileButton, Stack } from '@renxin/ui'
import { useState } from 'react'
import { ImportKind, importsApi } from '../../imports-contract.ts'
import { words } from '../../words.ts'

const w = words.imports
const MOST_MEGABYTES = 20

/** The first step: what the table holds, and which file. Everything after it is kept on the server. */
export function NewImport({ kind: asked = 'patients', onClose }: { kind?: ImportKind | undefined; onClose: () => void }) {
  const go = useGo()
  const [kind, setKind] = useState<ImportKind>(asked)
  const [refused, setRefused] = useState<Refusal>()
  const upload = useWrite(importsApi.upload, { onSuccess: (made) => go('integration.import', { id: made.id }) })
  const send = async (file: File) => {
    upload.reset()
    setRefused(undefined)
    upload.send({ id: newId(), kind, name: file.name, base64: await base64Of(file) })
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
          <FileButton
            label={w.chooseFile}
            kind="primary"
            icon="file"
            accept=".xlsx,.xlsm,.xls,.csv,.txt,.tsv"
            mostMegabytes={MOST_MEGABYTES}
            busy={upload.isSending}
            onFile={(file) => void send(file)}
            onTooLarge={(size) => setRefused(new Refusal('integration.fileTooLarge', 'invalid', size))}
          >
            {upload.isSending && <span className="rx-note">{w.reading}</span>}
          </FileButton>
          <p className="rx-hint">{w.fileHint}</p>
        </div>
        <ErrorNote error={error} text={words.of(error)} />
      </Stack>
    </Dialog>
  )
}
