import { base64Of, download, useMe, useRead, useWrite } from '@renxin/client'
import { newId, Refusal } from '@renxin/kernel'
import { Button, Confirm, ErrorNote, FileButton, formatMoment, Loaded, Row, Stack } from '@renxin/ui'
import { useState } from 'react'
import { type About, type AttachedFile, filesApi, MAX_FILE_BYTES } from '../contract.ts'
import { words } from '../words.ts'

type Props = {
  about: About
  /** Whether files may be added here; the server decides again. */
  mayAttach?: boolean
}

const MEGABYTE = 1024 * 1024

/** The files of something, with a way to add some. */
export function Attachments({ about, mayAttach = true }: Props) {
  const { may } = useMe()
  const files = useRead(filesApi.list, about)
  const [removing, setRemoving] = useState<AttachedFile>()
  const [error, setError] = useState<unknown>()
  const remove = useWrite(filesApi.remove, { onSuccess: () => setRemoving(undefined) })
  const canAttach = mayAttach && may('files.attach')
  return (
    <Stack gap={8}>
      <Loaded of={files} lines={1}>
        {({ rows }) =>
          rows.length === 0 ? (
            <span className="rx-note">{words.none}</span>
          ) : (
            <ul style={{ listStyle: 'none', margin: 0, padding: 0 }} aria-label={words.title}>
              {rows.map((file) => (
                <li key={file.id}>
                  <Row>
                    <Button
                      kind="link"
                      icon="file"
                      label={words.download({ name: file.name })}
                      onClick={() => void download(filesApi.download, { id: file.id }, file.name).catch(setError)}
                    >
                      {file.name}
                    </Button>
                    <span className="rx-note">
                      {sizeText(file.sizeBytes)} · {words.by({ name: file.attachedByName, at: formatMoment(file.attachedAt) })}
                    </span>
                    {file.isOwn && canAttach && (
                      <Button kind="quiet" size="small" label={`${words.remove} ${file.name}`} onClick={() => setRemoving(file)}>
                        {words.remove}
                      </Button>
                    )}
                  </Row>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      {canAttach && <Upload about={about} />}
      <ErrorNote error={error} text={words.of(error)} />
      {removing && (
        <Confirm
          title={words.removeTitle({ name: removing.name })}
          verb={words.remove}
          danger
          busy={remove.isSending}
          error={remove.error}
          onConfirm={() => remove.send({ id: removing.id })}
          onCancel={() => setRemoving(undefined)}
        >
          {words.removeText}
        </Confirm>
      )}
    </Stack>
  )
}

const sizeText = (bytes: number) =>
  bytes < MEGABYTE ? words.kilobytes({ n: Math.max(1, Math.round(bytes / 1024)) }) : words.megabytes({ n: (bytes / MEGABYTE).toFixed(1) })

function Upload({ about }: { about: About }) {
  const [refused, setRefused] = useState<Refusal>()
  const attach = useWrite(filesApi.attach)
  const send = async (file: File) => {
    attach.reset()
    setRefused(undefined)
    attach.send({ id: newId(), aboutKind: about.kind, aboutId: about.id, name: file.name, base64: await base64Of(file) })
  }
  const error = refused ?? attach.error
  return (
    <div>
      <FileButton
        label={words.attach}
        icon="paperclip"
        accept=".pdf,.png,.jpg,.jpeg,.docx,.xlsx,.txt"
        mostMegabytes={MAX_FILE_BYTES / MEGABYTE}
        busy={attach.isSending}
        onFile={(file) => void send(file)}
        onTooLarge={(size) => setRefused(new Refusal('files.tooLarge', 'invalid', size))}
      >
        <span className="rx-hint">{words.hint}</span>
      </FileButton>
      <ErrorNote error={error} text={words.of(error)} />
    </div>
  )
}
