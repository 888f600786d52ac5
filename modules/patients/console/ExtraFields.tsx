import { useMe, useRead, useWrite } from '@renxin/client'
import {
  AskText, Button, DateField, Description, Dialog, Form, formatDay, houseWords, MultiSelectField, NumberField, Panel, Row, SelectField, TextField,
} from '@renxin/ui' // biome-ignore format: a list
import { useState } from 'react'
import { type FieldContent, type FieldDefinition, type FieldObject, type FieldValue, fieldsApi } from '../contract.ts'
import { words } from '../words.ts'

const t = words.fields

type Changes = Record<string, FieldContent>
type OwnFieldsProps = {
  object: FieldObject
  values: readonly FieldValue[]
  /** Saves what was changed; without it they are only read. */
  onSave?: ((changes: Changes) => Promise<unknown>) | undefined
  onReveal?: ((fieldId: string) => void) | undefined
}

/** The hospital's own fields of a record, where it has any: what stands in them, who said so, and a form. */
export function OwnFields({ object, values, onSave, onReveal }: OwnFieldsProps) {
  const all = useRead(fieldsApi.fields, {})
  const [isEditing, setEditing] = useState(false)
  const fields = (all.data?.rows ?? []).filter((f) => f.object === object && f.isActive)
  if (fields.length === 0) return null
  const byField = new Map(values.map((v) => [v.fieldId, v]))
  return (
    <Panel
      title={t.ofPatient}
      actions={
        onSave && (
          <Button size="small" icon="edit" onClick={() => setEditing(true)}>
            {t.edit}
          </Button>
        )
      }
    >
      <Description
        items={fields.map((field) => {
          const value = byField.get(field.id)
          return { label: field.label, value: value && <Shown field={field} value={value} onReveal={onReveal} /> }
        })}
      />
      {isEditing && onSave && <FieldsDialog fields={fields} values={byField} onSave={onSave} onClose={() => setEditing(false)} />}
    </Panel>
  )
}

/** A content as a page shows it. */
export const contentText = (value: FieldContent): string =>
  value === null ? houseWords.none : Array.isArray(value) ? value.join('、') || houseWords.none : String(value)

function Shown({
  field,
  value,
  onReveal,
}: {
  field: FieldDefinition
  value: FieldValue
  onReveal?: ((fieldId: string) => void) | undefined
}) {
  const title = t.saidBy({ source: words.source[value.source], at: formatDay(value.saidAt) })
  if (!value.isHidden) return <span title={title}>{contentText(value.value)}</span>
  return (
    <Row gap={4}>
      <span title={title}>{t.hidden}</span>
      {onReveal && (
        <Button kind="link" size="small" onClick={() => onReveal(field.id)}>
          {t.reveal}
        </Button>
      )}
    </Row>
  )
}

type DialogProps = {
  fields: readonly FieldDefinition[]
  values: ReadonlyMap<string, FieldValue>
  onSave: (changes: Changes) => Promise<unknown>
  onClose: () => void
}

function FieldsDialog({ fields, values, onSave, onClose }: DialogProps) {
  const [changes, setChanges] = useState<Changes>({})
  const [error, setError] = useState<unknown>(null)
  const [isSending, setSending] = useState(false)
  const save = async () => {
    setSending(true)
    try {
      await onSave(changes)
      onClose()
    } catch (problem) {
      setError(problem)
      setSending(false)
    }
  }
  return (
    <Dialog title={t.ofPatient} onClose={onClose}>
      <Form onSubmit={save} write={{ error, isSending }} verb={houseWords.save} onCancel={onClose}>
        {fields.map((field) => (
          <OwnField
            key={field.id}
            field={field}
            value={changes[field.id] ?? (Object.hasOwn(changes, field.id) ? null : (values.get(field.id)?.value ?? null))}
            onChange={(value) => setChanges((before) => ({ ...before, [field.id]: value }))}
          />
        ))}
      </Form>
    </Dialog>
  )
}

/** One of the hospital's own fields, to be filled in or asked for. */
export function OwnField({
  field,
  value,
  onChange,
}: {
  field: FieldDefinition
  value: FieldContent
  onChange: (value: FieldContent) => void
}) {
  const about = { label: field.label, required: field.isRequired }
  const options = field.options.map((o) => ({ value: o, label: o }))
  switch (field.kind) {
    case 'text':
      return <TextField {...about} maxLength={500} value={typeof value === 'string' ? value : ''} onChange={(v) => onChange(v || null)} />
    case 'number':
      return <NumberField {...about} digits={4} value={typeof value === 'number' ? value : null} onChange={onChange} />
    case 'date':
      return <DateField {...about} value={typeof value === 'string' ? value : null} onChange={onChange} />
    case 'choice':
      return <SelectField {...about} options={options} value={typeof value === 'string' ? value : null} onChange={onChange} />
    case 'multiple':
      return <MultiSelectField {...about} options={options} value={Array.isArray(value) ? value : []} onChange={onChange} />
  }
}

/** Those of a patient, on the file. */
export function FieldsOfPatient({ patientId }: { patientId: string }) {
  const { may } = useMe()
  const read = useRead(fieldsApi.fieldValues, { patientId })
  const [revealing, setRevealing] = useState<string>()
  const [shown, setShown] = useState<string | null>()
  const save = useWrite(fieldsApi.setFields)
  const reveal = useWrite(fieldsApi.revealField, { onSuccess: ({ value }) => setShown(value) })
  const close = () => {
    setRevealing(undefined)
    setShown(undefined)
  }
  return (
    <>
      <OwnFields
        object="patient"
        values={read.data?.values ?? []}
        onSave={may('patients.edit') ? (values) => save.sendAsync({ patientId, values }) : undefined}
        onReveal={may('patients.unmask') ? setRevealing : undefined}
      />
      {revealing && shown === undefined && (
        <AskText
          question={words.revealReason}
          hint={words.revealHint}
          verb={t.reveal}
          maxLength={200}
          busy={reveal.isSending}
          error={words.of(reveal.error)}
          onAnswer={(reason) => reveal.send({ patientId, fieldId: revealing, reason })}
          onCancel={close}
        />
      )}
      {revealing && shown !== undefined && (
        <Dialog title={houseWords.viewRecorded} onClose={close}>
          {shown ?? houseWords.none}
        </Dialog>
      )}
    </>
  )
}
