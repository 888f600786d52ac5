import { z } from 'zod'
import {
  type About,
  type Answer,
  answerText,
  type ComplaintResult,
  type Content,
  type Earlier,
  type FlagChange,
  type FollowupResult,
} from './contents.ts'

/** Under which the other side knows a repetition of ours. */
export const OUR_IDS = 'urn:renxin:write-back'

const Telecom = z.looseObject({ system: z.string().optional(), value: z.string().optional(), use: z.string().optional() })
export type Telecom = z.infer<typeof Telecom>

/**
 * What goes to a FHIR server, as it is kept. `create` is conditional on our id, so that a repetition makes nothing twice; `update` is conditional on
 * what it says the state of, or on what it replaces; `telecom` reads the patient, puts the numbers right and writes the version that was read.
 */
export const FhirRequest = z.discriminatedUnion('do', [
  z.object({ do: z.literal('create'), type: z.string(), identifier: z.string(), resource: z.looseObject({ resourceType: z.string() }) }),
  z.object({ do: z.literal('update'), type: z.string(), identifier: z.string(), resource: z.looseObject({ resourceType: z.string() }) }),
  z.object({
    do: z.literal('telecom'),
    /** The patient's identifier as a search parameter. */
    patient: z.string(),
    /** Of whom, where it is not the patient. */
    contact: z.object({ relation: z.string(), name: z.string().nullable() }).nullable(),
    telecom: z.array(Telecom),
    retired: z.array(z.string()),
  }),
])
export type FhirRequest = z.infer<typeof FhirRequest>

type Resource = { resourceType: string; [field: string]: unknown }
type As = 'response' | 'observation' | 'communication'

export function fhirRequest(
  controlId: string,
  about: About,
  content: Content,
  { followupsAs, identifierSystem, earlier }: { followupsAs: string; identifierSystem: string; earlier: Earlier | null },
): FhirRequest {
  const mrn = about.medicalRecordNumber ?? ''
  const subject = {
    type: 'Patient',
    identifier: { ...(identifierSystem && { system: identifierSystem }), value: mrn },
    display: about.name,
  }
  const identifier = { system: OUR_IDS, value: controlId }
  const create = (resource: Resource): FhirRequest => ({
    do: 'create',
    type: resource.resourceType,
    identifier: `${OUR_IDS}|${controlId}`,
    resource,
  })
  switch (content.kind) {
    case 'followup':
      return followupRequest(content, { subject, identifier: controlId, about, as: asOf(followupsAs) }, earlier)
    case 'complaint':
      return create(complaint(content, { subject, identifier, about }))
    case 'phone':
      return {
        do: 'telecom',
        patient: identifierSystem ? `${identifierSystem}|${mrn}` : mrn,
        contact: content.relation === 'self' ? null : { relation: content.relation, name: content.contactName },
        telecom: content.numbers.map((n) => ({ system: 'phone', value: n.number, ...(n.isMobile && { use: 'mobile' }) })),
        retired: content.retired,
      }
    case 'flag':
      return flag(content, { subject, about })
  }
}

/** What replaces an earlier word is written over it: one resource for each follow-up, under the id of the first. */
function followupRequest(
  content: FollowupResult,
  of: Omit<Setting, 'identifier'> & { identifier: string; as: As },
  earlier: Earlier | null,
): FhirRequest {
  const value = earlier?.firstId ?? of.identifier
  const resource = followup(content, { ...of, identifier: { system: OUR_IDS, value }, isAgain: earlier !== null })
  return { do: earlier ? 'update' : 'create', type: resource.resourceType, identifier: `${OUR_IDS}|${value}`, resource }
}

const asOf = (text: string): As => (text === 'observation' || text === 'communication' ? text : 'response')

type Setting = { subject: object; identifier: object; about: About }

const encounterOf = ({ visit }: About) => (visit ? { encounter: { type: 'Encounter', identifier: { value: visit.number } } } : {})

function followup(content: FollowupResult, { subject, identifier, about, as, isAgain }: Setting & { as: As; isAgain: boolean }): Resource {
  const at = content.at.toISOString()
  const title = { coding: [{ system: 'urn:renxin:code', code: 'FOLLOWUP' }], text: content.programme }
  const by = content.by ? { display: content.by } : undefined
  switch (as) {
    case 'response':
      return {
        resourceType: 'QuestionnaireResponse',
        identifier,
        status: isAgain ? 'amended' : 'completed',
        subject,
        ...encounterOf(about),
        authored: at,
        ...(by && { author: by }),
        item: [
          { linkId: 'OUTCOME', text: '联系结果', answer: [{ valueString: content.outcome }] },
          ...grouped(content.answers).map(([linkId, answers]) => ({ linkId, text: answers[0]?.question, answer: answers.map(answerOf) })),
        ],
      }
    case 'observation':
      return {
        resourceType: 'Observation',
        identifier: [identifier],
        status: isAgain ? 'corrected' : 'final',
        code: title,
        subject,
        ...encounterOf(about),
        effectiveDateTime: at,
        ...(by && { performer: [by] }),
        valueString: content.outcome,
        component: content.answers.map((a) => ({
          code: { coding: [{ system: 'urn:renxin:question', code: a.linkId }], text: a.question },
          ...(a.number === null ? { valueString: answerText(a) } : { valueQuantity: { value: a.number } }),
        })),
      }
    case 'communication':
      return {
        resourceType: 'Communication',
        identifier: [identifier],
        status: 'completed',
        category: [title],
        subject,
        ...encounterOf(about),
        sent: at,
        ...(by && { recipient: [by] }),
        sender: subject,
        payload: [
          { contentString: `联系结果：${content.outcome}` },
          ...content.answers.map((a) => ({ contentString: `${a.question}：${answerText(a)}` })),
        ],
      }
  }
}

/** Several choices of one question are several answers of one item. */
function grouped(answers: readonly Answer[]): [string, Answer[]][] {
  const by = new Map<string, Answer[]>()
  for (const a of answers) by.set(a.linkId, [...(by.get(a.linkId) ?? []), a])
  return [...by]
}

const answerOf = (a: Answer) =>
  a.number !== null
    ? { valueDecimal: a.number }
    : a.code !== null
      ? { valueCoding: { code: a.code, ...(a.text && { display: a.text }) } }
      : { valueString: a.text ?? '' }

const complaint = (c: ComplaintResult, { subject, identifier, about }: Setting): Resource => ({
  resourceType: 'Communication',
  identifier: [identifier, { system: 'urn:renxin:complaint', value: c.number }],
  status: 'completed',
  category: [{ coding: [{ system: 'urn:renxin:code', code: 'COMPLAINT' }], text: '投诉处理结果' }],
  subject,
  ...encounterOf(about),
  received: c.receivedAt.toISOString(),
  sent: c.at.toISOString(),
  payload: [{ contentString: `投诉内容：${c.subject}` }, { contentString: `处理结果：${c.resolution}` }],
})

/** The state of one flag of one person, told anew each time. */
function flag({ code, name, isOn, at }: FlagChange, { subject, about }: Omit<Setting, 'identifier'>): FhirRequest {
  const value = `${about.patientId}.${code}`
  const period = isOn ? { start: at.toISOString() } : { end: at.toISOString() }
  return {
    do: 'update',
    type: 'Flag',
    identifier: `urn:renxin:flag|${value}`,
    resource: {
      resourceType: 'Flag',
      identifier: [{ system: 'urn:renxin:flag', value }],
      status: isOn ? 'active' : 'inactive',
      code: { coding: [{ system: 'urn:renxin:code', code }], text: name },
      subject,
      period,
    },
  }
}

type PatientBody = { telecom?: unknown; contact?: unknown; [field: string]: unknown }

const telecoms = (value: unknown): Telecom[] => z.array(Telecom).catch([]).parse(value)
const Contacts = z.array(z.looseObject({ relationship: z.array(z.looseObject({ text: z.string().optional() })).optional() })).catch([])
const plain = (number: string | undefined) => (number ?? '').replace(/[^\d+]/g, '')

/** Pure: a patient of the other system with the numbers as they are now. What is no phone, and numbers that we do not know, stay. */
export function withTelecom(patient: PatientBody, { contact, telecom, retired }: Extract<FhirRequest, { do: 'telecom' }>): PatientBody {
  const gone = new Set([...retired, ...telecom.map((t) => t.value ?? '')].map(plain))
  const put = (before: unknown): Telecom[] => [
    ...telecom,
    ...telecoms(before).filter((t) => (t.system ?? 'phone') !== 'phone' || !gone.has(plain(t.value))),
  ]
  if (!contact) return { ...patient, telecom: put(patient.telecom) }
  const contacts = Contacts.parse(patient.contact)
  const at = contacts.findIndex((c) => c.relationship?.some((r) => r.text === contact.relation))
  const known = contacts[at] ?? {
    relationship: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0131', code: 'C' }], text: contact.relation }],
  }
  const changed = { ...known, ...(contact.name && { name: { text: contact.name } }), telecom: put(Reflect.get(known, 'telecom')) }
  return { ...patient, contact: at < 0 ? [...contacts, changed] : contacts.with(at, changed) }
}
