import { useRead, useWrite } from '@renxin/client'
import { newId } from '@renxin/kernel'
import {
  Button, CheckField, Column, Drawer, Form, houseWords, NumberField, notify, Page, Panel, Row, SelectField, StatusTag, Table, Tag, TextArea, TextField,
} from '@renxin/ui' // biome-ignore format: a list
import { useState } from 'react'
import { type FieldDefinition, FieldKind, FieldObject, fieldsApi } from '../contract.ts'
import { words } from '../words.ts'

const t = words.fields

/** The hospital's own fields. */
export function FieldsPage() {
  const fields = useRead(fieldsApi.fields, {})
  const [edited, setEdited] = useState<FieldDefinition>()
  const rows = fields.data?.rows ?? []
  const blank = (): FieldDefinition => ({
    id: newId(),
    object: 'patient',
    key: '',
    label: '',
    kind: 'text',
    options: [],
    isRequired: false,
    pattern: null,
    least: null,
    most: null,
    position: rows.length,
    isActive: true,
    isSearchable: false,
    isInList: false,
    isSensitive: false,
    riskOption: null,
  })
  const close = () => setEdited(undefined)
  return (
    <Page
      title={t.title}
      note={t.note}
      actions={
        <Button kind="primary" icon="add" onClick={() => setEdited(blank())}>
          {t.newField}
        </Button>
      }
    >
      <Panel flush>
        <Table of={fields} label={t.title} empty={t.none} onOpen={(f: FieldDefinition) => setEdited(f)} opened={edited?.id}>
          <Column name={t.label} show={(f: FieldDefinition) => f.label} />
          <Column name={t.key} show={(f: FieldDefinition) => <code>{f.key}</code>} />
          <Column name={t.objectTitle} width={100} show={(f: FieldDefinition) => t.object[f.object]} />
          <Column name={t.kindTitle} width={100} show={(f: FieldDefinition) => t.kind[f.kind]} />
          <Column name={t.marks} show={(f: FieldDefinition) => <Marks field={f} />} />
        </Table>
      </Panel>
      {edited && (
        <Drawer title={rows.some((f) => f.id === edited.id) ? t.editField : t.newField} onClose={close}>
          <FieldForm field={edited} onDone={close} />
        </Drawer>
      )}
    </Page>
  )
}

function Marks({ field }: { field: FieldDefinition }) {
  const marks = [field.isRequired && t.isRequired, field.isSearchable && t.isSearchable, field.isInList && t.isInList].filter(
    (m) => m !== false,
  )
  return (
    <Row gap={4}>
      <StatusTag tone={field.isActive ? 'success' : 'plain'}>{field.isActive ? t.isActive : t.retired}</StatusTag>
      {marks.map((mark) => (
        <Tag key={mark}>{mark}</Tag>
      ))}
    </Row>
  )
}

function FieldForm({ field, onDone }: { field: FieldDefinition; onDone: () => void }) {
  const [draft, setDraft] = useState(field)
  const [options, setOptions] = useState(field.options.join('\n'))
  const [isTried, setTried] = useState(false)
  const save = useWrite(fieldsApi.saveField, {
    onSuccess: ({ label }) => {
      notify(label)
      onDone()
    },
  })
  const change = (part: Partial<FieldDefinition>) => setDraft({ ...draft, ...part })
  const hasOptions = draft.kind === 'choice' || draft.kind === 'multiple'
  const hasRange = draft.kind === 'number' || draft.kind === 'date'
  const mayBeSensitive = draft.kind === 'text' && draft.object === 'patient'
  const listed = options.split('\n').flatMap((o) => o.trim() || [])
  const isKey = /^[A-Za-z][A-Za-z0-9_]{0,39}$/.test(draft.key)
  const submit = () => {
    setTried(true)
    if (draft.label.trim() === '' || !isKey) return
    save.send({
      ...draft,
      options: hasOptions ? listed : [],
      pattern: draft.kind === 'text' ? draft.pattern || null : null,
      least: hasRange ? draft.least || null : null,
      most: hasRange ? draft.most || null : null,
      isSensitive: mayBeSensitive && draft.isSensitive,
      riskOption: draft.kind === 'choice' ? draft.riskOption : null,
    })
  }
  return (
    <Form onSubmit={submit} write={save} verb={houseWords.save}>
      <TextField
        label={t.label}
        required
        maxLength={40}
        value={draft.label}
        onChange={(label) => change({ label })}
        error={isTried && draft.label.trim() === '' ? houseWords.pleaseFill : undefined}
      />
      <TextField
        label={t.key}
        required
        maxLength={40}
        hint={t.keyHint}
        value={draft.key}
        onChange={(key) => change({ key: key.trim() })}
        error={isTried && !isKey ? t.keyHint : undefined}
      />
      <SelectField<FieldObject>
        label={t.objectTitle}
        required
        value={draft.object}
        onChange={(object) => change({ object: object ?? 'patient' })}
        options={FieldObject.options.map((o) => ({ value: o, label: t.object[o] }))}
      />
      <SelectField<FieldKind>
        label={t.kindTitle}
        required
        value={draft.kind}
        onChange={(kind) => change({ kind: kind ?? 'text' })}
        options={FieldKind.options.map((k) => ({ value: k, label: t.kind[k] }))}
      />
      {hasOptions && <TextArea label={t.options} required rows={5} hint={t.optionsHint} value={options} onChange={setOptions} />}
      {draft.kind === 'choice' && (
        <SelectField
          label={t.riskOption}
          value={draft.riskOption}
          onChange={(riskOption) => change({ riskOption })}
          options={listed.map((o) => ({ value: o, label: o }))}
        />
      )}
      {draft.kind === 'text' && (
        <TextField
          label={t.pattern}
          maxLength={100}
          hint={t.patternHint}
          value={draft.pattern ?? ''}
          onChange={(pattern) => change({ pattern })}
        />
      )}
      {hasRange && <TextField label={t.least} maxLength={20} value={draft.least ?? ''} onChange={(least) => change({ least })} />}
      {hasRange && <TextField label={t.most} maxLength={20} value={draft.most ?? ''} onChange={(most) => change({ most })} />}
      <NumberField
        label={t.position}
        min={0}
        max={999}
        value={draft.position}
        onChange={(position) => change({ position: position ?? 0 })}
      />
      <CheckField label={t.isRequired} value={draft.isRequired} onChange={(isRequired) => change({ isRequired })} />
      {draft.kind !== 'number' && draft.kind !== 'date' && (
        <CheckField label={t.isSearchable} value={draft.isSearchable} onChange={(isSearchable) => change({ isSearchable })} />
      )}
      <CheckField label={t.isInList} value={draft.isInList} onChange={(isInList) => change({ isInList })} />
      {mayBeSensitive && <CheckField label={t.isSensitive} value={draft.isSensitive} onChange={(isSensitive) => change({ isSensitive })} />}
      <CheckField label={t.isActive} value={draft.isActive} onChange={(isActive) => change({ isActive })} />
    </Form>
  )
}
