import { listFields } from '@renxin/patients'
import type { FieldDefinition, FieldObject } from '@renxin/patients/contract'
import { type Context, serve } from '@renxin/server'
import type { Target } from '../columns-contract.ts'
import { isOwnName, type OwnName, ownFieldsApi, ownName } from '../own-fields-contract.ts'

/** A field that the hospital defined itself, under the name by which a mapping puts something to it. */
export type OwnField = { name: OwnName; definition: FieldDefinition }

const everywhere: readonly FieldObject[] = ['patient', 'inpatient', 'outpatient']
const objectsOf: Partial<Record<Target, readonly FieldObject[]>> = { patients: ['patient'], encounters: everywhere }

/** Whether the rows of a table can say it. */
export const isFieldOf = (target: Target, { definition }: OwnField): boolean => objectsOf[target]?.includes(definition.object) ?? false

/** The hospital's own fields; of a table only those that its rows can say. */
export async function ownFieldsOf(ctx: Context, target?: Target): Promise<OwnField[]> {
  const objects = target === undefined ? everywhere : objectsOf[target]
  if (!objects) return []
  const fields = (await listFields(ctx, objects)).filter((f) => f.isActive)
  return fields.map((definition) => ({ name: ownName(definition), definition }))
}

/** The same where one of these mappings names any; most do not, and then nothing is asked. */
export const ownFieldsNamed = async (ctx: Context, mappings: readonly object[]): Promise<OwnField[]> =>
  mappings.some((m) => Object.keys(m).some(isOwnName)) ? ownFieldsOf(ctx) : []

/** What is said of the hospital's own fields, by their keys: of the person, and of the stay or visit. */
export type OwnSaid = { person: Record<string, unknown>; visit: Record<string, unknown> }

/** Facts with what is said of the hospital's own fields beside them. */
export function withOwn<F extends { person?: object; visit?: object }>(facts: F, { person, visit }: OwnSaid): F {
  const extraOf = (extra: object) => (Object.keys(extra).length > 0 ? { extra } : {})
  return {
    ...facts,
    ...(facts.person && { person: { ...facts.person, ...extraOf(person) } }),
    ...(facts.visit && { visit: { ...facts.visit, ...extraOf(visit) } }),
  }
}

export const ownFieldRoutes = serve(ownFieldsApi, {
  ownFields: async (ctx) => ({
    rows: (await ownFieldsOf(ctx)).map(({ name, definition: { object, label, kind, options } }) => ({
      name,
      label,
      object,
      kind,
      options,
    })),
  }),
})
