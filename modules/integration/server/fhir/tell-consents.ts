import { elementsOf, entryOf, isElement, textOf } from '@renxin/fhir'
import { refuse } from '@renxin/patients'
import type { Context } from '@renxin/server'
import type { Told } from './told.ts'

/** Our own words for the channels by which somebody may not be contacted. */
export const CHANNELS = 'urn:renxin:contact-channel'
const channels = new Set(['call', 'message', 'inPerson', 'all'])
/** HL7 v3 ActReason codes of what a contact may be for. */
const purposes: Readonly<Record<string, string>> = { HMARKT: 'marketing', HRESCH: 'research' }

/** A Consent that denies a channel or a purpose of contact is a refusal; one that permits it takes the refusal back. */
export async function tellConsents(ctx: Context, told: readonly Told[]): Promise<void> {
  for (const { name, resource, patientId } of told) {
    if (name.type !== 'Consent' || !resource || !patientId || resource.status !== 'active' || !isElement(resource.provision)) continue
    const { provision } = resource
    if (provision.type !== 'deny' && provision.type !== 'permit') continue
    const codes = elementsOf(provision.code).flatMap((c) => elementsOf(c.coding))
    const said = [
      ...codes.flatMap((c) =>
        c.system === CHANNELS && channels.has(textOf(c.code) ?? '') ? [{ kind: 'channel' as const, value: textOf(c.code) ?? '' }] : [],
      ),
      ...elementsOf(provision.purpose).flatMap((c) => {
        const value = entryOf(purposes, c.code)
        return value ? [{ kind: 'purpose' as const, value }] : []
      }),
    ]
    for (const one of said) await refuse(ctx, { patientId, ...one, refused: provision.type === 'deny' })
  }
}
