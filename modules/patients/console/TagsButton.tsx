import { useRead, useWrite } from '@renxin/client'
import { newId } from '@renxin/kernel'
import { Button, CheckField, Choice, Dialog, ErrorNote, Loaded, Row, Stack, TextField } from '@renxin/ui'
import { useState } from 'react'
import { type PatientFile, patientsApi, type Tag } from '../contract.ts'
import { words } from '../words.ts'

/** The tags a person bears, and new ones. */
export function TagsButton({ file }: { file: PatientFile }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button icon="tag" onClick={() => setOpen(true)}>
        {words.editTags}
      </Button>
      {isOpen && (
        <Dialog title={words.editTags} onClose={() => setOpen(false)}>
          <Tags file={file} />
        </Dialog>
      )}
    </>
  )
}

const tones = ['plain', 'care', 'warning'] as const

function Tags({ file }: { file: PatientFile }) {
  const tags = useRead(patientsApi.tags, {})
  const tag = useWrite(patientsApi.tag)
  const [name, setName] = useState('')
  const [tone, setTone] = useState<Tag['tone']>('plain')
  const save = useWrite(patientsApi.saveTag, {
    onSuccess: ({ id }) => {
      setName('')
      tag.send({ patientId: file.id, tagId: id, isOn: true })
    },
  })
  const error = tag.error ?? save.error
  return (
    <Stack gap={12}>
      <Loaded of={tags}>
        {({ tags: all }) => (
          <Stack gap={4}>
            {all.length === 0 && <span className="rx-note">{words.noTags}</span>}
            {all
              .filter((t) => t.isActive)
              .map((t) => (
                <CheckField
                  key={t.id}
                  label={t.name}
                  value={file.tags.some((own) => own.id === t.id)}
                  disabled={tag.isSending}
                  onChange={(isOn) => tag.send({ patientId: file.id, tagId: t.id, isOn })}
                />
              ))}
          </Stack>
        )}
      </Loaded>
      <Row gap={12}>
        <TextField label={words.newTag} value={name} onChange={setName} maxLength={20} />
        <Choice<Tag['tone']>
          label={words.tagTone}
          value={tone}
          onChange={(t) => setTone(t ?? 'plain')}
          options={tones.map((t) => ({ value: t, label: words.tone[t] }))}
        />
        <Button
          disabled={name.trim() === ''}
          busy={save.isSending}
          onClick={() => save.send({ id: newId(), name: name.trim(), tone, isActive: true })}
        >
          {words.addTag}
        </Button>
      </Row>
      <ErrorNote error={error} text={words.of(error)} />
    </Stack>
  )
}
