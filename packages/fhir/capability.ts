import { definitions } from './definitions.ts'
import type { Resource } from './json.ts'

/** `notes`: what must be known of a type, by its name. */
export type Offer = { date: string; software: string; base: string; notes?: Readonly<Record<string, string>> }

const code = (c: string) => ({ code: c })

/** What this server can do, drawn from the very tables by which it does it. */
export function capabilityStatement({ date, software, base, notes = {} }: Offer): Resource {
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date,
    kind: 'instance',
    software: { name: software },
    implementation: { description: `${software}, hospital CRM`, url: base },
    fhirVersion: '4.0.1',
    format: ['application/fhir+json', 'json'],
    patchFormat: ['application/json-patch+json'],
    rest: [
      {
        mode: 'server',
        security: {
          service: [
            {
              coding: [{ system: 'http://terminology.hl7.org/CodeSystem/restful-security-service', code: 'SMART-on-FHIR' }],
              text: 'SMART backend services, or a bearer API key',
            },
          ],
          description:
            'A bearer API key with fhir.read or fhir.write, or a token of SMART backend services. Phones and identity numbers are whole with patients.unmask beside it, else masked.',
        },
        resource: [...definitions.values()].map(({ type, parameters }) => ({
          type,
          ...(notes[type] ? { documentation: notes[type] } : {}),
          interaction: ['read', 'vread', 'update', 'patch', 'delete', 'history-instance', 'history-type', 'create', 'search-type'].map(
            code,
          ),
          versioning: 'versioned-update',
          readHistory: true,
          updateCreate: true,
          conditionalCreate: true,
          conditionalRead: 'not-supported',
          conditionalUpdate: true,
          conditionalDelete: 'single',
          referencePolicy: ['literal', 'local'],
          searchInclude: [...parameters.values()].filter((p) => p.type === 'reference').map((p) => `${type}:${p.name}`),
          searchRevInclude: [...definitions.values()].flatMap((other) =>
            [...other.parameters.values()]
              .filter((p) => p.type === 'reference' && p.targets.includes(type))
              .map((p) => `${other.type}:${p.name}`),
          ),
          searchParam: [...parameters.values()].map((p) => ({ name: p.name, type: p.type })),
          ...(type === 'Patient'
            ? { operation: [{ name: 'everything', definition: 'http://hl7.org/fhir/OperationDefinition/Patient-everything' }] }
            : {}),
        })),
        interaction: [code('transaction'), code('batch')],
      },
    ],
  }
}
