import type { Input } from '@renxin/kernel'
import { applyExtras, changeFields, readFields } from '@renxin/patients'
import type { FieldObject } from '@renxin/patients/contract'
import type { Context } from '@renxin/server'
import type { EncounterClass, encountersApi } from '../contract.ts'
import type { EncounterFacts } from './facts.ts'
import { getEncounter } from './service.ts'

type Api = typeof encountersApi

/** Whose fields stand on an encounter: a stay has those of in-patients, any visit those of out-patients. */
const objectOf = (kind: EncounterClass): FieldObject => (kind === 'inpatient' || kind === 'daySurgery' ? 'inpatient' : 'outpatient')

/** What stands in the hospital's own fields of a stay or visit. */
export async function fieldsOfEncounter(ctx: Context, { id }: Input<Api['fields']>) {
  const encounter = await getEncounter(ctx, id)
  const object = objectOf(encounter.class)
  return { patientId: encounter.patientId, object, values: await readFields(ctx, object, id) }
}

export async function setFieldsOfEncounter(ctx: Context, { id, values }: Input<Api['setFields']>) {
  const { patientId, class: kind } = await getEncounter(ctx, id)
  await changeFields(ctx, { object: objectOf(kind), objectId: id, patientId }, values)
  return { patientId }
}

/** Takes what sources said of the hospital's own fields. A statement may come before one knows whether it is a stay: it is kept for either. */
export async function tellFields(
  ctx: Context,
  facts: readonly EncounterFacts[],
  encounterIds: readonly string[],
  by: { origin?: string | undefined } = {},
): Promise<void> {
  const extras = facts.flatMap(({ extra, sourceAt }, at) => (extra ? [{ objectId: encounterIds[at] ?? '', saidAt: sourceAt, extra }] : []))
  await applyExtras(ctx, ['inpatient', 'outpatient'], extras, by)
}
