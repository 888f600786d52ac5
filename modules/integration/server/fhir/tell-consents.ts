import { elementsOf, entryOf, isElement, type Resource, textOf } from '@renxin/fhir'
import { refuse } from '@renxin/patients'
import type { Context } from '@renxin/server'
import type { Told } from './told.ts'

/** Our own words for the channels by which somebody may not be contacted. */
export const CHANNELS = 'urn:renxin:contact-channel'
const channels = new Set(['call', 'message', 'inPerson', 'all'])
/** HL7 v3 ActReason codes of what a contact may be for. */
export const purposes: Readonly<Record<string, string>> = { HMARKT: 'marketing', HRESCH: 'research' }

/** A Consent that denies a channel or a purpose of contact is a refusal; one that permits it takes the refusal back. */
export async function tellConsents(ctx: Context, told: readonly Told[]): Promise<void> {
  for (const { name, resource, patientId } of told) {
    if (name.type !== 'Consent' || !resource || !patientId) continue
    for (const one of refusalsIn(resource)) await refuse(ctx, { patientId, ...one })
  }
}

/** Which contacts a Consent denies or permits. */
export function refusalsIn({ status, provision }: Resource): { kind: 'channel' | 'purpose'; value: string; refused: boolean }[] {
  if (status !== 'active' || !isElement(provision) || (provision.type !== 'deny' && provision.type !== 'permit')) return []
  const refused = provision.type === 'deny'
  const codes = elementsOf(provision.code).flatMap((c) => elementsOf(c.coding))
  return [
    ...codes.flatMap((c) =>
      c.system === CHANNELS && channels.has(textOf(c.code) ?? '')
        ? [{ kind: 'channel' as const, value: textOf(c.code) ?? '', refused }]
        : [],
    ),
    ...elementsOf(provision.purpose).flatMap((c) => {
      const value = entryOf(purposes, c.code)
      return value ? [{ kind: 'purpose' as const, value, refused }] : []
    }),
  ]
}
