import { useRead, useWrite } from '@renxin/client'
import { newId } from '@renxin/kernel'
import {
  Button, CheckField, Column, Drawer, Form, formatCount, houseWords, NumberField, notify, Page, Panel, StatusTag, Table, TextArea, TextField,
} from '@renxin/ui' // biome-ignore format: a list
import { useState } from 'react'
import { type CountedClass, type IdentityClass, identityApi, type UnlistedClass } from '../contract.ts'
import { words } from '../words.ts'

const t = words.identity

const filesText = ({ files, isMore }: { files: number; isMore: boolean }) => (isMore ? `${formatCount(files)}+` : formatCount(files))

/** The hospital's own list of identity classes, by which words systems call them, and what stands in files beside it. */
export function IdentityClassesPage() {
  const classes = useRead(identityApi.identityClasses, {})
  const unlisted = useRead(identityApi.unlistedClasses, {})
  const [edited, setEdited] = useState<IdentityClass>()
  const rows = classes.data?.rows ?? []
  const blank = (name: string): IdentityClass => ({ id: newId(), name, synonyms: [], position: rows.length, isActive: true })
  const close = () => setEdited(undefined)
  return (
    <Page
      title={t.title}
      note={t.note}
      actions={
        <Button kind="primary" icon="add" onClick={() => setEdited(blank(''))}>
          {t.newClass}
        </Button>
      }
    >
      <Panel flush>
        <Table of={classes} label={t.title} empty={t.none} onOpen={(k: CountedClass) => setEdited(k)} opened={edited?.id}>
          <Column name={t.name} width={160} show={(k: CountedClass) => k.name} />
          <Column name={t.synonyms} show={(k: CountedClass) => k.synonyms.join(t.comma) || houseWords.none} />
          <Column
            name={t.state}
            width={110}
            show={(k: CountedClass) => (
              <StatusTag tone={k.isActive ? 'success' : 'plain'}>{k.isActive ? words.fields.isActive : words.fields.retired}</StatusTag>
            )}
          />
          <Column name={t.files} width={110} align="end" show={(k: CountedClass) => filesText(k)} />
        </Table>
      </Panel>
      {unlisted.data && unlisted.data.rows.length > 0 && (
        <Panel title={t.unlistedTitle} flush>
          <Table of={unlisted} label={t.unlistedTitle} empty={t.none} rowKey={(u: UnlistedClass) => u.name}>
            <Column name={t.word} show={(u: UnlistedClass) => u.name} />
            <Column name={t.files} width={110} align="end" show={(u: UnlistedClass) => filesText(u)} />
            <Column
              width={140}
              show={(u: UnlistedClass) => (
                <Button size="small" onClick={() => setEdited(blank(u.name))}>
                  {t.enlist}
                </Button>
              )}
            />
          </Table>
        </Panel>
      )}
      {edited && (
        <Drawer title={rows.some((k) => k.id === edited.id) ? t.editClass : t.newClass} onClose={close}>
          <ClassForm key={edited.id} edited={edited} onDone={close} />
        </Drawer>
      )}
    </Page>
  )
}

function ClassForm({ edited, onDone }: { edited: IdentityClass; onDone: () => void }) {
  const [name, setName] = useState(edited.name)
  const [synonyms, setSynonyms] = useState(edited.synonyms.join('\n'))
  const [position, setPosition] = useState(edited.position)
  const [isActive, setActive] = useState(edited.isActive)
  const [isTried, setTried] = useState(false)
  const save = useWrite(identityApi.saveIdentityClass, {
    onSuccess: (saved) => {
      notify(t.saved({ name: saved.name }))
      onDone()
    },
  })
  const said = synonyms.split('\n').flatMap((w) => w.trim() || [])
  const isTooLong = said.length > 100 || said.some((w) => w.length > 60)
  const submit = () => {
    setTried(true)
    if (name.trim() === '' || isTooLong) return
    save.send({ id: edited.id, name: name.trim(), synonyms: said, position, isActive })
  }
  return (
    <Form onSubmit={submit} write={save} verb={houseWords.save}>
      <TextField
        label={t.name}
        required
        maxLength={60}
        hint={t.nameHint}
        value={name}
        onChange={setName}
        error={isTried && name.trim() === '' ? houseWords.pleaseFill : undefined}
      />
      <TextArea
        label={t.synonyms}
        rows={5}
        hint={t.synonymsHint}
        value={synonyms}
        onChange={setSynonyms}
        error={isTooLong ? t.synonymsLong : undefined}
      />
      <NumberField label={t.position} min={0} max={999} value={position} onChange={(n) => setPosition(n ?? 0)} />
      <CheckField label={words.fields.isActive} value={isActive} onChange={setActive} />
    </Form>
  )
}
