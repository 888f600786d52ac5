import { contract, get } from '@renxin/kernel'
import { FieldDefinition, type FieldObject } from '@renxin/patients/contract'
import { z } from 'zod'

/** The name by which a mapping puts something to a field that the hospital defined itself: `own:patient:living`. */
export type OwnName = `own:${FieldObject}:${string}`
export const ownName = ({ object, key }: Pick<FieldDefinition, 'object' | 'key'>): OwnName => `own:${object}:${key}`
export const isOwnName = (name: string): name is OwnName => /^own:(?:patient|inpatient|outpatient):[A-Za-z]\w{0,39}$/.test(name)
export const LONGEST_NAME = 60 // with its object before it

/** One of the hospital's own fields, as the pages of mappings offer it. */
export const OwnFieldName = z
  .object({ name: z.custom<OwnName>((said) => typeof said === 'string' && isOwnName(said)), label: z.string() })
  .extend(FieldDefinition.pick({ object: true, kind: true, options: true }).shape)
export type OwnFieldName = z.infer<typeof OwnFieldName>

export const ownFieldsApi = contract('integration', {
  /** What the hospital asks of its patients, stays and visits beyond what every hospital does. */
  ownFields: get('/own-fields', { may: 'integration.read', reply: z.object({ rows: z.array(OwnFieldName) }) }),
})
