import type { PatientDescription } from '@renxin/patients'

type Resource = { resourceType: string; [field: string]: unknown }

const V2_TYPES = 'http://terminology.hl7.org/CodeSystem/v2-0203'
const ACT_CODE = 'http://terminology.hl7.org/CodeSystem/v3-ActCode'
const RELATION = 'http://terminology.hl7.org/CodeSystem/v2-0131'
const RESIDENT_CARD = 'urn:oid:2.16.156.10011.1.3'
const DISPOSITION = 'urn:oid:2.16.156.10011.2.3.1.265'

export function patientResource(p: PatientDescription): Resource {
  const own = p.phones.filter((c) => c.relation === 'self')
  const others = p.phones.filter((c) => c.relation !== 'self')
  return {
    resourceType: 'Patient',
    id: p.id,
    active: p.mergedInto === null,
    identifier: [
      ...p.identifiers.map((i) => ({ type: { coding: [{ system: V2_TYPES, code: i.type }] }, system: i.system, value: i.value })),
      ...(p.identityCard
        ? [{ type: { coding: [{ system: V2_TYPES, code: 'NNCHN' }] }, system: RESIDENT_CARD, value: p.identityCard }]
        : []),
    ],
    name: [{ use: 'official', text: p.name }],
    ...(own.length > 0 ? { telecom: own.map(telecom) } : {}),
    gender: p.sex,
    ...(p.birthOn ? { birthDate: p.birthOn } : {}),
    ...(p.deceasedAt ? { deceasedDateTime: p.deceasedAt.toISOString() } : {}),
    ...(p.district ? { address: [{ use: 'home', district: p.district, country: 'CN' }] } : {}),
    ...(others.length > 0
      ? {
          contact: others.map((c) => ({
            relationship: [{ coding: [{ system: RELATION, code: 'C' }], text: c.relation }],
            ...(c.name ? { name: { text: c.name } } : {}),
            telecom: [telecom(c)],
          })),
        }
      : {}),
    ...(p.mergedInto ? { link: [{ other: { reference: `Patient/${p.mergedInto}` }, type: 'replaced-by' }] } : {}),
  }
}

const telecom = (c: { number: string; kind: string }) => ({
  system: 'phone',
  value: c.number,
  ...(c.kind === 'mobile' ? { use: 'mobile' } : {}),
})

export type EncounterRow = {
  id: string
  patientId: string
  number: string
  class: 'inpatient' | 'outpatient' | 'emergency' | 'daySurgery' | 'checkUp'
  status: 'planned' | 'inProgress' | 'discharged' | 'cancelled'
  admittedAt: Date | null
  dischargedAt: Date | null
  disposition: string | null
  lengthOfStayDays: number | null
  departmentId: string | null
  departmentName: string | null
  wardId: string | null
  wardName: string | null
  bed: string | null
  attendingId: string | null
  attendingName: string | null
  mainDiagnosisCode: string | null
  mainDiagnosisName: string | null
}

export const classCodes = { inpatient: 'IMP', outpatient: 'AMB', emergency: 'EMER', daySurgery: 'SS', checkUp: 'AMB' } as const
export const statusCodes = { planned: 'planned', inProgress: 'in-progress', discharged: 'finished', cancelled: 'cancelled' } as const

export function encounterResource(e: EncounterRow): Resource {
  const period = {
    ...(e.admittedAt ? { start: e.admittedAt.toISOString() } : {}),
    ...(e.dischargedAt ? { end: e.dischargedAt.toISOString() } : {}),
  }
  return {
    resourceType: 'Encounter',
    id: e.id,
    identifier: [{ type: { coding: [{ system: V2_TYPES, code: 'VN' }] }, value: e.number }],
    status: statusCodes[e.status],
    class: { system: ACT_CODE, code: classCodes[e.class] },
    subject: { reference: `Patient/${e.patientId}` },
    ...(e.attendingName
      ? {
          participant: [
            {
              type: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType', code: 'ATND' }] }],
              individual: { display: e.attendingName },
            },
          ],
        }
      : {}),
    ...(Object.keys(period).length > 0 ? { period } : {}),
    ...(e.lengthOfStayDays !== null
      ? { length: { value: e.lengthOfStayDays, unit: 'd', system: 'http://unitsofmeasure.org', code: 'd' } }
      : {}),
    ...(e.mainDiagnosisName
      ? {
          reasonCode: [
            {
              ...(e.mainDiagnosisCode ? { coding: [{ code: e.mainDiagnosisCode, display: e.mainDiagnosisName }] } : {}),
              text: e.mainDiagnosisName,
            },
          ],
        }
      : {}),
    ...(e.disposition ? { hospitalization: { dischargeDisposition: { coding: [{ system: DISPOSITION, code: e.disposition }] } } } : {}),
    ...(e.wardName ? { location: [{ location: { display: [e.wardName, e.bed].filter(Boolean).join(' ') } }] } : {}),
    ...(e.departmentName ? { serviceProvider: { display: e.departmentName } } : {}),
  }
}

/** One page of a search (R4, 3.1.1.5). The total is left out: counting a million would take longer than the page. */
export const searchSet = (base: string, self: string, resources: Resource[], next: string | null): Resource => ({
  resourceType: 'Bundle',
  type: 'searchset',
  link: [{ relation: 'self', url: self }, ...(next ? [{ relation: 'next', url: next }] : [])],
  entry: resources.map((resource) => ({
    fullUrl: `${base}/${resource.resourceType}/${String(resource.id)}`,
    resource,
    search: { mode: 'match' },
  })),
})

/** What a refusal is called in FHIR: an OperationOutcome with an issue type of the standard. */
export const operationOutcome = (problem: {
  status: number
  code: string
  requestId: string
  details: Readonly<Record<string, unknown>>
}): Resource => ({
  resourceType: 'OperationOutcome',
  issue: [
    {
      severity: problem.status >= 500 ? 'fatal' : 'error',
      code: ISSUES[problem.status] ?? 'exception',
      details: { text: problem.code },
      diagnostics: [
        ...Object.entries(problem.details).map(([k, v]) => `${k}: ${typeof v === 'string' ? v : JSON.stringify(v)}`),
        `request ${problem.requestId}`,
      ].join('; '),
    },
  ],
})

const ISSUES: Record<number, string> = {
  400: 'invalid',
  401: 'login',
  403: 'forbidden',
  404: 'not-found',
  409: 'conflict',
  429: 'throttled',
  503: 'transient',
}
