import type { Input } from '@renxin/kernel'
import { audit, type Context } from '@renxin/server'
import { type FieldContent, type FieldDefinition, type FieldObject, type FieldValue, fieldErrors, type fieldsApi } from '../../contract.ts'
import { visibleId } from '../get-patient.ts'
import { listFields } from './definitions.ts'
import { readContent } from './rules.ts'
import { openField, type Said, valuesOf, writeValues } from './values.ts'

type Api = typeof fieldsApi

/** What stands in the hospital's own fields of one record. */
export async function readFields(ctx: Context, object: FieldObject, objectId: string): Promise<FieldValue[]> {
  const fields = (await listFields(ctx, [object])).filter((f) => f.isActive)
  return (await valuesOf(ctx, fields, [objectId])).get(objectId) ?? []
}

/**
 * Changes contents by hand, as of now: the hospital's system wins again when it says something later. What was there and what is there goes to the audit trail;
 * of a sensitive field only that it was changed.
 */
export async function changeFields(
  ctx: Context,
  about: { object: FieldObject; objectId: string; patientId: string },
  values: Readonly<Record<string, FieldContent>>,
): Promise<void> {
  const fields = new Map((await listFields(ctx, [about.object])).map((f) => [f.id, f]))
  const before = new Map(
    ((await valuesOf(ctx, [...fields.values()], [about.objectId])).get(about.objectId) ?? []).map((v) => [v.fieldId, v.value]),
  )
  const said = Object.entries(values).map(([id, value]): Said => {
    const field = fields.get(id)
    if (!field?.isActive) throw fieldErrors.fieldNotFound({ id })
    const read = readContent(field, value)
    if ('problem' in read) throw read.problem
    if (field.isRequired && read.contents.length === 0) throw fieldErrors.fieldIsRequired({ field: field.label })
    return { field, objectId: about.objectId, saidAt: ctx.clock.now(), source: 'manual', contents: read.contents }
  })
  await writeValues(ctx, said)
  const detail = said.map(({ field }) => changeOf(field, before.get(field.id) ?? null, values[field.id] ?? null))
  await audit(ctx, { action: 'patients.fieldsChanged', patientId: about.patientId, objectId: about.objectId, detail })
}

const changeOf = (field: FieldDefinition, before: FieldContent, after: FieldContent) =>
  field.isSensitive ? { key: field.key } : { key: field.key, before, after }

export async function fieldsOfPatient(ctx: Context, { patientId }: Input<Api['fieldValues']>) {
  const id = await visibleId(ctx, patientId)
  return { patientId: id, values: await readFields(ctx, 'patient', id) }
}

export async function setFieldsOfPatient(ctx: Context, { patientId, values }: Input<Api['setFields']>) {
  const id = await visibleId(ctx, patientId)
  await changeFields(ctx, { object: 'patient', objectId: id, patientId: id }, values)
  return { patientId: id }
}

export async function revealField(ctx: Context, { patientId, fieldId, reason }: Input<Api['revealField']>) {
  const id = await visibleId(ctx, patientId)
  if (!(await listFields(ctx, ['patient'])).some((f) => f.id === fieldId)) throw fieldErrors.fieldNotFound({ id: fieldId })
  await audit(ctx, { action: 'patients.fieldRevealed', patientId: id, objectId: fieldId, reason })
  return { patientId: id, value: await openField(ctx, id, fieldId) }
}
