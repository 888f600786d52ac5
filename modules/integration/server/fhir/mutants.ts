import { mutate, seeded } from '@renxin/fhir/testing'

type Resource = { resourceType: string; id?: string } & Record<string, unknown>
export type Request = { method: 'GET' | 'POST' | 'PUT' | 'PATCH'; url: string; body: string; type: string }

const JSON_TYPE = 'application/fhir+json'

const uuid = (chance: () => number) => 'xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx'.replaceAll('x', () => Math.floor(chance() * 16).toString(16))

/** Bodies as a hospital's systems send them, small enough to be spoilt in many places. */
export const wholesome = (chance: () => number = seeded(1)): Resource[] => {
  const [patient, visit] = [uuid(chance), uuid(chance)]
  const number = String(Math.floor(chance() * 1e6))
  const subject = { reference: `Patient/${patient}` }
  const encounter = { reference: `Encounter/${visit}` }
  const code = { coding: [{ system: 'http://loinc.org', code: '8310-5', display: '体温' }], text: '体温' }
  return [
    {
      resourceType: 'Patient',
      id: patient,
      identifier: [{ type: { coding: [{ code: 'MR' }] }, system: 'HIS', value: number }],
      name: [{ use: 'official', text: '周晓燕', family: '周', given: ['晓燕'] }],
      telecom: [{ system: 'phone', use: 'mobile', value: '13900000301', rank: 1 }],
      gender: 'female',
      birthDate: '1985-07-14',
      address: [{ use: 'home', state: '示范省', city: '示范市', district: '示范区', line: ['示范路1号'] }],
      contact: [{ relationship: [{ text: '配偶' }], name: { text: '吴磊' }, telecom: [{ system: 'phone', value: '13900000303' }] }],
      maritalStatus: { coding: [{ code: '20', display: '已婚' }] },
      deceasedDateTime: '2026-09-03T10:00:00+08:00',
    },
    {
      resourceType: 'Encounter',
      id: visit,
      identifier: [{ type: { coding: [{ code: 'VN' }] }, value: `V${number}` }],
      status: 'finished',
      class: { code: 'IMP' },
      subject,
      period: { start: '2026-08-01T09:00:00+08:00', end: '2026-08-08T10:30:00+08:00' },
      participant: [{ type: [{ coding: [{ code: 'ATND' }] }], individual: { display: '王志强' } }],
      location: [{ location: { display: '心血管内科一病区 12床' } }],
      hospitalization: { dischargeDisposition: { coding: [{ code: '1' }] } },
      serviceProvider: { display: '心血管内科' },
    },
    { resourceType: 'Condition', id: uuid(chance), subject, encounter, code: { coding: [{ code: 'I20.000', display: '不稳定型心绞痛' }] } },
    {
      resourceType: 'Observation',
      id: uuid(chance),
      status: 'final',
      code,
      subject,
      encounter,
      effectiveDateTime: '2026-08-02T08:00:00+08:00',
      valueQuantity: { value: 36.6, unit: '℃', system: 'http://unitsofmeasure.org', code: 'Cel' },
      referenceRange: [{ low: { value: 36 }, high: { value: 37.2 } }],
      interpretation: [{ coding: [{ code: 'N' }] }],
    },
    {
      resourceType: 'DiagnosticReport',
      id: uuid(chance),
      status: 'final',
      code,
      subject,
      encounter,
      issued: '2026-08-02T09:00:00+08:00',
      conclusion: '正常',
    },
    {
      resourceType: 'DocumentReference',
      id: uuid(chance),
      status: 'current',
      subject,
      date: '2026-08-08T10:00:00+08:00',
      content: [{ attachment: { contentType: 'text/plain', data: Buffer.from('出院小结').toString('base64'), title: '出院小结' } }],
    },
    { resourceType: 'Procedure', id: uuid(chance), status: 'completed', code, subject, encounter, performedDateTime: '2026-08-03' },
    {
      resourceType: 'MedicationRequest',
      id: uuid(chance),
      status: 'active',
      intent: 'order',
      medicationCodeableConcept: { text: '阿司匹林肠溶片' },
      subject,
      encounter,
      authoredOn: '2026-08-02',
      dosageInstruction: [{ text: '100mg 每日一次' }],
    },
    {
      resourceType: 'Coverage',
      id: uuid(chance),
      status: 'active',
      type: { text: '城镇职工医保' },
      beneficiary: subject,
      payor: [{ display: '医保局' }],
    },
    {
      resourceType: 'RelatedPerson',
      id: uuid(chance),
      patient: subject,
      name: [{ text: '吴磊' }],
      relationship: [{ text: '配偶' }],
      telecom: [{ system: 'phone', value: '13900000303' }],
    },
    { resourceType: 'AllergyIntolerance', id: uuid(chance), patient: subject, code: { text: '青霉素' }, criticality: 'high' },
    { resourceType: 'Practitioner', id: uuid(chance), identifier: [{ value: `D${number}` }], name: [{ text: '王志强' }] },
    { resourceType: 'Organization', id: uuid(chance), name: '心血管内科', type: [{ coding: [{ code: 'dept' }] }] },
    { resourceType: 'Location', id: uuid(chance), name: '心血管内科一病区', physicalType: { coding: [{ code: 'wa' }] } },
    {
      resourceType: 'Appointment',
      id: uuid(chance),
      status: 'booked',
      start: '2026-09-15T09:00:00+08:00',
      end: '2026-09-15T09:10:00+08:00',
      participant: [{ actor: subject, status: 'accepted' }],
    },
    {
      resourceType: 'QuestionnaireResponse',
      id: uuid(chance),
      status: 'completed',
      questionnaire: `Questionnaire/${uuid(chance)}`,
      subject,
      encounter,
      authored: '2026-09-01',
      item: [{ linkId: '1', answer: [{ valueInteger: 5 }] }],
    },
    {
      resourceType: 'Consent',
      id: uuid(chance),
      status: 'active',
      scope: { text: 'x' },
      category: [{ text: 'x' }],
      patient: subject,
      provision: { type: 'deny', purpose: [{ code: 'HMARKT' }] },
    },
    { resourceType: 'Task', id: uuid(chance), status: 'requested', intent: 'order', for: subject, code: { text: '电话随访' } },
    {
      resourceType: 'Subscription',
      id: uuid(chance),
      status: 'requested',
      reason: 'x',
      criteria: 'Encounter?status=finished',
      channel: { type: 'rest-hook', endpoint: 'https://hooks.hospital.example/fhir' },
    },
  ]
}

const bundleOf = (resources: readonly Resource[], chance: () => number, type: 'transaction' | 'batch') => ({
  resourceType: 'Bundle',
  type,
  entry: resources.map((resource) => ({
    fullUrl: `urn:uuid:${uuid(chance)}`,
    resource,
    request:
      chance() < 0.5 ? { method: 'PUT', url: `${resource.resourceType}/${resource.id}` } : { method: 'POST', url: resource.resourceType },
  })),
})

const PATCHES = [
  [{ op: 'replace', path: '/gender', value: 'male' }],
  [{ op: 'add', path: '/name/-', value: { text: '周小燕' } }],
  [
    { op: 'remove', path: '/telecom/0' },
    { op: 'test', path: '/gender', value: 'female' },
  ],
  [{ op: 'move', from: '/name', path: '/contact/0/name' }],
  [{ op: 'copy', from: '/telecom/0', path: '/telecom/-' }],
]

const SEARCHES = [
  'Patient?name=周&birthdate=ge1985&_count=5&_sort=-birthdate',
  'Encounter?patient.identifier=HIS|1&date=2026-08&_include=Encounter:patient',
  'Observation?subject:Patient.name=周&value-quantity=gt36.5||Cel&code=http://loinc.org|8310-5',
  'Patient?_has:Observation:patient:code=8310-5&_revinclude=Condition:subject&_total=accurate',
  'Condition?code:not=I20&_lastUpdated=gt2026-01-01&_summary=true&_elements=code',
  'Appointment?status=booked,arrived&date=sa2026-09-01&actor=Patient/1',
]

/** One spoilt request of many: a resource, a Bundle of several, a patch or a search. The same seed gives the same. */
export function mutantRequest(seed: number, targets: readonly string[] = []): Request {
  const chance = seeded(seed)
  const resources = wholesome(chance)
  const pick = <T>(list: readonly T[], fallback: T): T => list[Math.floor(chance() * list.length)] ?? fallback
  const kind = chance()
  const one = pick(resources, { resourceType: 'Patient' })
  if (kind < 0.4) {
    const known = targets.filter((t) => t.startsWith(`${one.resourceType}/`))
    const name = chance() < 0.5 && known.length > 0 ? pick(known, '') : `${one.resourceType}/${one.id}`
    const body = { ...one, id: name.split('/')[1] }
    return { method: 'PUT', url: `/fhir/R4/${name}`, body: mutate(body, chance), type: JSON_TYPE }
  }
  if (kind < 0.55) return { method: 'POST', url: `/fhir/R4/${one.resourceType}`, body: mutate(one, chance), type: JSON_TYPE }
  if (kind < 0.8) {
    const some = resources.filter(() => chance() < 0.4)
    return {
      method: 'POST',
      url: '/fhir/R4',
      body: mutate(bundleOf(some, chance, chance() < 0.7 ? 'transaction' : 'batch'), chance),
      type: JSON_TYPE,
    }
  }
  if (kind < 0.9)
    return {
      method: 'PATCH',
      url: `/fhir/R4/${pick(targets, 'Patient/none')}`,
      body: mutate(pick(PATCHES, []), chance),
      type: 'application/json-patch+json',
    }
  return { method: 'GET', url: `/fhir/R4/${spoiltSearch(pick(SEARCHES, 'Patient'), chance)}`, body: '', type: JSON_TYPE }
}

const BITS = [
  'constructor',
  'valueOf:',
  '',
  '%',
  '%00',
  '%ff',
  '\u{1f600}',
  "'",
  '|',
  ',',
  '\\',
  '$',
  ':',
  '.',
  '&',
  '=',
  '?',
  '9'.repeat(400),
  'ge',
  '2026-02-31',
  '_has:',
  'x'.repeat(3000),
]

function spoiltSearch(search: string, chance: () => number): string {
  let text = search
  for (let i = 0; i < 1 + chance() * 3; i += 1) {
    const at = Math.floor(chance() * text.length)
    const bit = BITS[Math.floor(chance() * BITS.length)] ?? ''
    text = chance() < 0.3 ? text.slice(0, at) + text.slice(at + 1 + Math.floor(chance() * 5)) : text.slice(0, at) + bit + text.slice(at)
  }
  return text.replaceAll(' ', '%20').replace(/[^\x21-\x7e]/gu, (c) => (c.isWellFormed() ? encodeURIComponent(c) : ''))
}
