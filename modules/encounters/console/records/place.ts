/** Whose records: all of a patient's, or those of one visit. */
export type Place = { patientId: string; encounterId?: string }
