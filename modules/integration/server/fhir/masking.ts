import { type Element, elementsOf, FhirProblem, isElement, listOf, type Resource, textOf } from '@renxin/fhir'
import { maskIdentityCard, maskPhone } from '@renxin/patients'
import { type Context, can } from '@renxin/server'
import { RELIGION } from './facts-patient.ts'

const PERSONS = new Set(['Patient', 'RelatedPerson', 'Person'])
const DOCUMENTS = new Set(['NNCHN', 'NI', 'PPN', 'SS', 'SB', 'DL'])
const RESIDENT_CARD = /2\.16\.156\.10011\.1\.3$/
const MASKED = /\*{3,}/

/** The resource as this reader may see it: without `patients.unmask` phones and identity numbers are masked, the street and the religion are left out. */
export function maskedFor(ctx: Context, resource: Resource): Resource {
  if (can(ctx, 'patients.unmask')) return resource
  const contained = listOf(resource.contained).map((inner) => (isPerson(inner) ? maskPerson(inner) : inner))
  const whole = contained.length > 0 ? { ...resource, contained } : resource
  return PERSONS.has(resource.resourceType) ? maskPerson(whole) : whole
}

const isPerson = (value: unknown): value is Resource =>
  isElement(value) && typeof value.resourceType === 'string' && PERSONS.has(value.resourceType)

function maskPerson({ text: _, ...resource }: Resource): Resource {
  const shown: Resource = { ...resource, resourceType: resource.resourceType }
  if (Array.isArray(resource.identifier)) shown.identifier = resource.identifier.map(maskIdentifier)
  if (Array.isArray(resource.telecom)) shown.telecom = resource.telecom.map(maskTelecom)
  if (Array.isArray(resource.address)) shown.address = resource.address.map(maskAddress)
  if (Array.isArray(resource.contact)) shown.contact = resource.contact.map(maskContact)
  if (Array.isArray(resource.extension)) shown.extension = resource.extension.filter((e) => !isElement(e) || e.url !== RELIGION)
  return shown
}

function maskIdentifier(identifier: unknown): unknown {
  if (!isElement(identifier) || typeof identifier.value !== 'string') return identifier
  const types = isElement(identifier.type) ? elementsOf(identifier.type.coding).map((c) => textOf(c.code) ?? '') : []
  const isDocument = types.some((t) => DOCUMENTS.has(t)) || RESIDENT_CARD.test(textOf(identifier.system) ?? '')
  return isDocument || /^\d{17}[\dXx]$/.test(identifier.value) ? { ...identifier, value: maskIdentityCard(identifier.value) } : identifier
}

const maskTelecom = (telecom: unknown): unknown =>
  isElement(telecom) && typeof telecom.value === 'string' ? { ...telecom, value: maskPhone(telecom.value) } : telecom

function maskAddress(address: unknown): unknown {
  if (!isElement(address)) return address
  const { line: _, text: __, ...rest } = address
  return rest
}

function maskContact(contact: unknown): unknown {
  if (!isElement(contact)) return contact
  const shown: Element = { ...contact }
  if (Array.isArray(contact.telecom)) shown.telecom = contact.telecom.map(maskTelecom)
  if (isElement(contact.address)) shown.address = maskAddress(contact.address)
  return shown
}

/** A masked number that comes back would take the place of the whole one. */
export function refuseMasked(resource: Resource): void {
  if (!PERSONS.has(resource.resourceType)) return
  const numbers = [
    ...elementsOf(resource.telecom),
    ...elementsOf(resource.identifier),
    ...elementsOf(resource.contact).flatMap((c) => elementsOf(c.telecom)),
  ]
  if (numbers.some((n) => typeof n.value === 'string' && MASKED.test(n.value)))
    throw new FhirProblem(422, 'business-rule', 'a masked number cannot be written; read with patients.unmask, or leave it out')
}
