import type { EncounterEvent, EncounterFacts, SaidDiagnosis } from '@renxin/encounters'
import type { Disposition, EncounterClass, EncounterStatus, NursingLevel } from '@renxin/encounters/contract'
import { displayIn, type Element, elementsOf, entryOf, isElement, type Resource, spanOf, targetIn, textOf } from '@renxin/fhir'
import { LONGEST_NUMBER, spokenCode } from './facts-patient.ts'
import { type Known, peopleOf } from './facts-team.ts'
import type { Setting } from './setting.ts'

const classes: Readonly<Record<string, EncounterClass>> = {
  IMP: 'inpatient',
  ACUTE: 'inpatient',
  NONAC: 'inpatient',
  OBSENC: 'emergency',
  AMB: 'outpatient',
  VR: 'outpatient',
  HH: 'outpatient',
  FLD: 'outpatient',
  PRENC: 'outpatient',
  EMER: 'emergency',
  SS: 'daySurgery',
}

const statuses: Readonly<Record<string, EncounterStatus>> = {
  planned: 'planned',
  arrived: 'inProgress',
  triaged: 'inProgress',
  'in-progress': 'inProgress',
  onleave: 'inProgress',
  finished: 'discharged',
  cancelled: 'cancelled',
  'entered-in-error': 'cancelled',
}

/** The product's word for the status of an Encounter; undefined where it says none. */
export const houseStatus = (resource: Resource): EncounterStatus | undefined => entryOf(statuses, resource.status)

/** The number of the visit: the one that is called so, else the first, else the id under which it was sent. */
export function visitNumber(resource: Resource): string {
  const numbers = elementsOf(resource.identifier).filter((i) => textOf(i.value)?.trim() && i.use !== 'old')
  const typed = numbers.find((i) => isElement(i.type) && elementsOf(i.type.coding).some((c) => c.code === 'VN'))
  return (textOf((typed ?? numbers[0])?.value)?.trim() ?? `FHIR-${textOf(resource.id) ?? ''}`).slice(0, LONGEST_NUMBER)
}

type Telling = { patientId: string; sourceAt: Date; setting: Setting; known: Known; before: Resource | undefined }

/** What an Encounter says: one statement, or the arrival and the departure of one that is over. `before` is its version until now. */
export function encounterFacts(resource: Resource, { patientId, sourceAt, setting, known, before }: Telling): EncounterFacts[] {
  const { dayStart } = setting
  const period = isElement(resource.period) ? resource.period : {}
  const start = spanOf(period.start, dayStart)?.low
  const end = spanOf(period.end, dayStart)?.low
  const visitClass = classOf(resource)
  const isStay = visitClass === 'inpatient' || visitClass === 'daySurgery'
  const status = houseStatus(resource)
  const arrival: EncounterEvent = isStay ? 'admit' : 'register'
  const base = {
    number: visitNumber(resource),
    patientId,
    sourceAt,
    ...(visitClass ? { class: visitClass } : {}),
    ...peopleOf(resource, { sourceAt, setting, known, before }),
    ...placesOf(resource, known),
    ...(nursingOf(resource.priority) ? { nursingLevel: nursingOf(resource.priority) } : {}),
    ...(start ? { admittedAt: start } : {}),
    ...(reasonsOf(resource).length > 0 ? { diagnoses: reasonsOf(resource) } : {}),
  }
  if (status === 'cancelled') return [{ ...base, event: 'cancelAdmit' }]
  if (status === 'inProgress') return [{ ...base, event: arrival, ...(start ? { occurredAt: start } : {}) }]
  if (status !== 'discharged') return [{ ...base, event: 'update', ...(status === 'planned' ? { admittedAt: undefined } : {}) }]
  const leftAt = end ?? start
  const disposition = dispositionOf(resource)
  return [
    { ...base, event: arrival, ...(start ? { occurredAt: start } : {}) },
    {
      ...base,
      event: 'discharge',
      ...(leftAt ? { occurredAt: leftAt, dischargedAt: leftAt } : {}),
      ...(disposition ? { disposition } : {}),
    },
  ]
}

function classOf(resource: Resource): EncounterClass | undefined {
  const words = elementsOf(resource.type).map((t) => spokenCode(t) ?? '')
  if (words.some((w) => /体检|健康检查/.test(w))) return 'checkUp'
  return isElement(resource.class) ? entryOf(classes, resource.class.code) : undefined
}

/** The department that answers for it, and the last place where the patient lay: `心血管内科一病区 12床` is a ward and a bed. */
function placesOf(resource: Resource, known: Known): Partial<EncounterFacts> {
  const provider = targetIn(resource.serviceProvider)
  const department = provider ? known.unit(provider) : undefined
  const name = displayIn(resource.serviceProvider)?.trim().slice(0, 100)
  const said: Partial<EncounterFacts> = department
    ? { departmentCode: department.code, departmentName: department.name }
    : !provider && name && name !== known.hospitalName
      ? { departmentName: name }
      : {}
  const places = elementsOf(resource.location)
  const place = places.findLast((p) => p.status === 'active') ?? places.at(-1)
  return place ? { ...said, ...wardOf(place, known) } : said
}

function wardOf(place: Element, known: Known): Partial<EncounterFacts> {
  const target = targetIn(place.location)
  const unit = target ? known.unit(target) : undefined
  if (unit) return unit.kind === 'ward' ? { wardCode: unit.code, wardName: unit.name } : {}
  const text = displayIn(place.location)?.trim()
  if (!text || target) return {} // a place that nobody told us of: the Location itself will say what it is
  const [, ward = text, bed] = /^(.+?)\s+(\S+?)\s*床?$/.exec(text) ?? []
  return { wardName: ward.slice(0, 100), ...(bed ? { bed: bed.slice(0, 20) } : {}) }
}

const LEVELS: readonly [RegExp, NursingLevel][] = [
  [/特级|特护/, '特级'],
  [/一级|Ⅰ级/, '一级'],
  [/二级|Ⅱ级/, '二级'],
  [/三级|Ⅲ级/, '三级'],
]

function nursingOf(priority: unknown): NursingLevel | undefined {
  const words = spokenCode(priority) ?? ''
  return LEVELS.find(([word]) => word.test(words))?.[1]
}

const dispositions: Readonly<Record<string, Disposition>> = {
  home: '1',
  '01': '1', // of the American table NUBC, as Synthea has it
  '02': '2',
  '07': '4',
  '20': '5',
  'other-hcf': '2',
  hosp: '2',
  long: '3',
  rehab: '2',
  aadvice: '4',
  exp: '5',
  oth: '9',
}

function dispositionOf(resource: Resource): Disposition | undefined {
  const hospitalization = isElement(resource.hospitalization) ? resource.hospitalization : {}
  const concept = isElement(hospitalization.dischargeDisposition) ? hospitalization.dischargeDisposition : {}
  for (const coding of elementsOf(concept.coding)) {
    const code = textOf(coding.code) ?? ''
    if (/^[123459]$/.test(code)) return code as Disposition // the national table's own codes
    const known = entryOf(dispositions, code)
    if (known) return known
  }
  return undefined
}

function reasonsOf(resource: Resource): SaidDiagnosis[] {
  return elementsOf(resource.reasonCode).flatMap((concept, at) => diagnosisOf(concept, 'admission', at + 1) ?? [])
}

export function diagnosisOf(concept: unknown, type: SaidDiagnosis['type'], rank: number): SaidDiagnosis | undefined {
  if (!isElement(concept)) return undefined
  const [coding] = elementsOf(concept.coding)
  const name = textOf(coding?.display) ?? textOf(concept.text) ?? textOf(coding?.code)
  if (!name?.trim()) return undefined
  return {
    code: textOf(coding?.code)?.slice(0, 100) ?? null,
    name: name.trim().slice(0, 200),
    system: textOf(coding?.system)?.slice(0, 200) ?? null,
    type,
    rank,
  }
}
