import { applyRecords, type RecordFacts } from '@renxin/encounters'
import { type Element, elementsOf, isElement, type Resource, spanOf, targetIn, textOf } from '@renxin/fhir'
import type { Context } from '@renxin/server'
import { findReports, itemsOf, type Reports } from './facts-observation.ts'
import { spokenCode } from './facts-patient.ts'
import { bookingStatus, documentStatus, fileIn, orderKind, orderStatus, reportKind, reportStatus, spokenName } from './facts-records.ts'
import { type Known, personOf } from './facts-team.ts'
import { knownIn, targetsIn } from './references-known.ts'
import type { Setting } from './setting.ts'
import { nameOf } from './store.ts'
import { visitsOf } from './tell-encounters.ts'
import type { Objects, Told } from './told.ts'

const TYPES = new Set([
  'DiagnosticReport',
  'Observation',
  'DocumentReference',
  'Procedure',
  'MedicationRequest',
  'ServiceRequest',
  'Appointment',
])

type Said = {
  name: Told['name']
  resource: Resource
  base: { source: string; number: string; sourceAt: Date; patientId: string; visitNumber?: string }
}

/** Reports, results, documents, orders, procedures and appointments. */
export async function tellRecords(ctx: Context, setting: Setting, told: readonly Told[], objects: Objects): Promise<void> {
  const records = told.filter((t) => TYPES.has(t.name.type) && t.patientId)
  if (records.length === 0) return
  const resources = records.map((r) => r.resource)
  const known = await knownIn(ctx, resources, objects, setting.base)
  const visits = await visitsOf(ctx, targetsIn(resources, ['Encounter'], setting.base), told, objects)
  const reports = await findReports(ctx, told)
  const facts = records.flatMap(({ name, resource, patientId, sourceAt }): RecordFacts[] => {
    const base = { source: `FHIR ${name.type}`, number: name.id, sourceAt, patientId: patientId ?? '' }
    if (!resource) return withdrawn(base, name.type)
    const encounter =
      targetIn(resource.encounter) ?? targetIn(elementsOf(isElement(resource.context) ? resource.context.encounter : undefined)[0])
    const visit = encounter && visits.get(nameOf(encounter))
    return factsOf({ name, resource, base: { ...base, ...(visit ? { visitNumber: visit.number } : {}) } }, setting, known, reports)
  })
  if (facts.length > 0) await applyRecords(ctx, [...facts, ...reports.takenBack])
}

/** A resource that was deleted takes its record back. */
function withdrawn(base: Said['base'], type: string): RecordFacts[] {
  const status = 'cancelled' as const
  switch (type) {
    case 'DiagnosticReport':
    case 'Observation':
      return [{ ...base, is: 'report', kind: 'other', status }]
    case 'DocumentReference':
      return [{ ...base, is: 'document', status }]
    case 'Procedure':
      return [{ ...base, is: 'procedure', status }]
    case 'Appointment':
      return [{ ...base, is: 'booking', status }]
    default:
      return [{ ...base, is: 'order', kind: 'other', status }]
  }
}

const clean = (text: string | undefined, most = 2000) => text?.trim().slice(0, most) || undefined

function factsOf(said: Said, setting: Setting, known: Known, reports: Reports): RecordFacts[] {
  const { name, resource, base } = said
  const at = (value: unknown) => spanOf(value, setting.dayStart)?.low
  const code = codeOf(resource.code)
  const person = (reference: unknown) => personOf(reference, known) ?? undefined
  switch (name.type) {
    case 'DiagnosticReport':
      return [
        {
          ...base,
          is: 'report',
          kind: reportKind(resource),
          status: reportStatus(resource),
          title: clean(spokenName(resource.code), 200),
          code,
          observedAt:
            at(resource.effectiveDateTime) ?? at(isElement(resource.effectivePeriod) ? resource.effectivePeriod.start : undefined),
          reportedAt: at(resource.issued),
          author: person(elementsOf(resource.resultsInterpreter)[0]) ?? person(elementsOf(resource.performer)[0]),
          conclusion: clean(textOf(resource.conclusion), 10_000),
          items: elementsOf(resource.result).flatMap((reference) => {
            const target = targetIn(reference)
            const observation = target && reports.observations.get(nameOf(target))
            return observation ? itemsOf(observation, setting) : []
          }),
          ...(fileIn(elementsOf(resource.presentedForm), name.id) ? { file: fileIn(elementsOf(resource.presentedForm), name.id) } : {}),
        },
      ]
    case 'Observation': {
      const items = itemsOf(resource, setting)
      if (items.length === 0 || reports.reported.has(nameOf(name))) return []
      return [
        {
          ...base,
          is: 'report',
          kind: reportKind(resource),
          status: reportStatus(resource),
          title: clean(spokenName(resource.code), 200),
          code,
          observedAt: items[0]?.observedAt,
          reportedAt: at(resource.issued),
          author: person(elementsOf(resource.performer)[0]),
          items,
        },
      ]
    }
    case 'DocumentReference':
      return [documentOf(said, at, person)]
    case 'Procedure':
      return [
        {
          ...base,
          is: 'procedure',
          status: resource.status === 'not-done' || resource.status === 'entered-in-error' ? 'cancelled' : 'current',
          code,
          name: clean(spokenName(resource.code), 200),
          performedAt:
            at(resource.performedDateTime) ?? at(isElement(resource.performedPeriod) ? resource.performedPeriod.start : undefined),
          doctor: person(elementsOf(resource.performer)[0]?.actor),
        },
      ]
    case 'Appointment':
      return [bookingOf(said, at, known)]
    default:
      return [orderOf(said, at, person)]
  }
}

type At = (value: unknown) => Date | undefined
type Person = (reference: unknown) => { number: string | null; name: string | null } | undefined

const codeOf = (concept: unknown) => (isElement(concept) ? clean(textOf(elementsOf(concept.coding)[0]?.code), 100) : undefined)

function documentOf({ resource, base, name }: Said, at: At, person: Person): RecordFacts {
  const attachments = elementsOf(resource.content).flatMap((c) => (isElement(c.attachment) ? [c.attachment] : []))
  const text = attachments.find((a) => textOf(a.contentType)?.startsWith('text/plain') && typeof a.data === 'string')
  const file = fileIn(attachments, name.id)
  const replaced = elementsOf(resource.relatesTo).find((r) => r.code === 'replaces')
  return {
    ...base,
    is: 'document',
    status: documentStatus(resource),
    code: codeOf(resource.type),
    title: clean(textOf(resource.description) ?? spokenName(resource.type) ?? textOf(attachments[0]?.title), 200),
    writtenAt: at(resource.date),
    author: person(elementsOf(resource.author)[0]),
    ...(text && typeof text.data === 'string'
      ? { text: Buffer.from(text.data, 'base64').toString('utf8').replaceAll('\0', '').slice(0, 100_000) }
      : {}),
    ...(file ? { file } : {}),
    ...(targetIn(replaced?.target) ? { replaces: targetIn(replaced?.target)?.id } : {}),
  }
}

function bookingOf({ resource, base }: Said, at: At, known: Known): RecordFacts {
  const actors = elementsOf(resource.participant).map((p) => p.actor)
  const ofType = (...types: string[]) => actors.find((a) => types.includes(targetIn(a)?.type ?? ''))
  const plain = actors.filter((a): a is Element => isElement(a) && !targetIn(a) && textOf(a.display) !== undefined)
  const place = ofType('Location')
  const unit = targetIn(place)
  return {
    ...base,
    is: 'booking',
    status: bookingStatus(resource),
    name: clean(elementsOf(resource.serviceType).map(spokenCode)[0] ?? textOf(resource.description) ?? textOf(plain[0]?.display), 200),
    reason: clean(elementsOf(resource.reasonCode).map(spokenCode)[0], 200),
    startsAt: at(resource.start),
    endsAt: at(resource.end),
    place: clean((unit && known.unit(unit)?.name) ?? (isElement(place) ? textOf(place.display) : undefined), 200),
    doctor: personOf(ofType('Practitioner', 'PractitionerRole'), known),
  }
}

function orderOf({ resource, base, name }: Said, at: At, person: Person): RecordFacts {
  const medication = resource.medicationCodeableConcept ?? resource.code
  const dosage = elementsOf(resource.dosageInstruction).flatMap((d) => textOf(d.text) ?? [])
  const period = isElement(resource.occurrencePeriod) ? resource.occurrencePeriod : {}
  const reference = isElement(resource.medicationReference) ? textOf(resource.medicationReference.display) : undefined
  return {
    ...base,
    is: 'order',
    kind: name.type === 'MedicationRequest' ? 'medication' : orderKind(resource),
    status: orderStatus(resource),
    name: clean(spokenName(medication) ?? reference, 200),
    code: codeOf(medication),
    orderedAt: at(resource.authoredOn),
    endsAt: at(period.end),
    author: person(resource.requester),
    instruction: clean(dosage.join('；'), 500),
  }
}
