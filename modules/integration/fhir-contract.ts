import { contract, defineErrors, get } from '@renxin/kernel'
import { z } from 'zod'

const FHIR = 'application/fhir+json; charset=utf-8'
const resource = z.looseObject({ resourceType: z.string() })
/** Search parameters as they come; which are known, and what they may hold, is decided where they are read. */
const parameters = z.record(z.string(), z.union([z.string(), z.array(z.string())]))

const read = (address: string) =>
  get(address, { may: 'fhir.read', address, type: FHIR, input: z.object({ id: z.string() }), reply: resource })
const search = (address: string) => get(address, { may: 'fhir.read', address, type: FHIR, input: parameters, reply: resource })

/** FHIR R4 REST: the addresses are the standard's. Who was shown is audited by the handlers, resource by resource. */
export const fhirApi = contract('integration', {
  fhirCapabilities: get('/fhir/R4/metadata', { may: 'anyone', address: '/fhir/R4/metadata', type: FHIR, reply: resource }),
  fhirReadPatient: read('/fhir/R4/Patient/:id'),
  fhirSearchPatients: search('/fhir/R4/Patient'),
  fhirReadEncounter: read('/fhir/R4/Encounter/:id'),
  fhirSearchEncounters: search('/fhir/R4/Encounter'),
})

export const fhirErrors = defineErrors('integration', { fhirNotFound: 'not_found', fhirParameter: 'invalid' })
