/** What is written back, in no language yet: HL7, FHIR and the table each say it in their own. */

export type About = {
  patientId: string
  medicalRecordNumber: string | null
  name: string
  sex: 'male' | 'female' | 'unknown' | 'other'
  birthOn: string | null
  /** The stay or visit that it is about. */
  visit: { number: string; class: string; ward: string | null; bed: string | null } | null
}

export type Answer = { linkId: string; question: string; code: string | null; text: string | null; number: number | null }

export type FollowupResult = {
  kind: 'followup'
  taskId: string
  programme: string
  outcome: string
  at: Date
  by: string
  answers: Answer[]
}

/** By which messages a destination was told of the same follow-up before: what is told now replaces the last of them. */
export type Earlier = { firstId: string; lastId: string }

export type ComplaintResult = {
  kind: 'complaint'
  complaintId: string
  number: string
  receivedAt: Date
  at: Date
  subject: string
  resolution: string
}

/** A number as the person said it, confirmed. `numbers` are all that hold now for this relation, the best first; `retired` holds no longer. */
export type PhoneCorrection = {
  kind: 'phone'
  relation: string
  contactName: string | null
  numbers: { number: string; isMobile: boolean }[]
  retired: string[]
  at: Date
  by: string
}

/** Something that a person carries now, or carries no longer. */
export type FlagChange = { kind: 'flag'; code: string; name: string; isOn: boolean; at: Date }

export type Content = FollowupResult | ComplaintResult | PhoneCorrection | FlagChange

/** Who sends, to whom, under which id. */
export type Head = {
  controlId: string
  from: string
  application: string
  facility: string
  charset: 'utf-8' | 'gb18030'
  sentAt: Date
  zone: string
}

export const answerText = (a: Answer): string => (a.number === null ? (a.text ?? a.code ?? '') : String(a.number))
