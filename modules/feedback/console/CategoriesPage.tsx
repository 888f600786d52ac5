import { useRead, useWrite } from '@renxin/client'
import { newId } from '@renxin/kernel'
import {
  Button,
  CheckField,
  Column,
  Drawer,
  Form,
  houseWords,
  KeyHint,
  NumberField,
  notify,
  Page,
  Panel,
  StatusTag,
  Table,
  TextField,
} from '@renxin/ui'
import { useState } from 'react'
import { type Category, feedbackApi } from '../contract.ts'
import { words } from '../words.ts'
import { categoryKeys } from './parts.tsx'

export function CategoriesPage() {
  const categories = useRead(feedbackApi.categories, { withInactive: true })
  const [edited, setEdited] = useState<Omit<Category, 'key'>>()
  const rows = categories.data?.rows ?? []
  const inUse = rows.filter((c) => c.isActive)
  const close = () => setEdited(undefined)
  const blank = () => ({ id: newId(), name: '', position: (rows.at(-1)?.position ?? -1) + 1, isActive: true })
  return (
    <Page
      title={words.categories}
      actions={
        <Button kind="primary" icon="add" onClick={() => setEdited(blank())}>
          {words.newCategory}
        </Button>
      }
    >
      <Panel flush>
        <Table of={categories} label={words.categories} onOpen={(c: Category) => setEdited(c)} opened={edited?.id}>
          <Column
            name={words.keyOf}
            width={80}
            show={(c: Category) => {
              const key = categoryKeys[inUse.findIndex((other) => other.id === c.id)]
              return key && <KeyHint keys={key} />
            }}
          />
          <Column name={words.categoryName} show={(c: Category) => c.name} />
          <Column
            name={words.statusTitle}
            width={120}
            show={(c: Category) => (
              <StatusTag tone={c.isActive ? 'success' : 'plain'}>{c.isActive ? words.inUse : words.retired}</StatusTag>
            )}
          />
        </Table>
      </Panel>
      {edited && (
        <Drawer title={rows.some((c) => c.id === edited.id) ? words.editCategory : words.newCategory} onClose={close}>
          <CategoryForm category={edited} onDone={close} />
        </Drawer>
      )}
    </Page>
  )
}

function CategoryForm({ category, onDone }: { category: Omit<Category, 'key'>; onDone: () => void }) {
  const [draft, setDraft] = useState(category)
  const [isTried, setTried] = useState(false)
  const save = useWrite(feedbackApi.saveCategory, {
    onSuccess: ({ name }) => {
      notify(name)
      onDone()
    },
  })
  const submit = () => {
    setTried(true)
    if (draft.name.trim() !== '') save.send(draft)
  }
  return (
    <Form onSubmit={submit} write={save} verb={words.save}>
      <TextField
        label={words.categoryName}
        required
        value={draft.name}
        onChange={(name) => setDraft({ ...draft, name })}
        maxLength={40}
        error={isTried && draft.name.trim() === '' ? houseWords.pleaseFill : undefined}
      />
      <NumberField
        label={words.position}
        value={draft.position}
        min={0}
        max={999}
        onChange={(position) => setDraft({ ...draft, position: position ?? 0 })}
      />
      <CheckField label={words.inUse} value={draft.isActive} onChange={(isActive) => setDraft({ ...draft, isActive })} />
    </Form>
  )
}
