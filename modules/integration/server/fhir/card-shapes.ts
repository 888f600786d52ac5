export const V2_TYPES = 'http://terminology.hl7.org/CodeSystem/v2-0203'

/** The pieces of which resources are made from rows. */
export const numbered = (value: string | null, type?: string) =>
  value ? { identifier: [{ ...(type ? { type: { coding: [{ system: V2_TYPES, code: type }] } } : {}), value }] } : {}
export const at = (field: string, moment: Date | null) => (moment ? { [field]: moment.toISOString() } : {})
export const concept = (code: string | null, name: string | null) => ({
  ...(code ? { coding: [{ code, ...(name ? { display: name } : {}) }] } : {}),
  ...(name || !code ? { text: name ?? '?' } : {}),
})

export type Of = { id: string; patientId: string; encounterId: string | null }
export const about = ({ patientId, encounterId }: Of) => ({
  subject: { reference: `Patient/${patientId}` },
  ...(encounterId ? { encounter: { reference: `Encounter/${encounterId}` } } : {}),
})
