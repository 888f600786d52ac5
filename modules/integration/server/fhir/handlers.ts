import {
  capabilityStatement,
  checkResource,
  checkValues,
  definitions,
  FhirProblem,
  invalid,
  isElement,
  type Resource,
  readJson,
  summaryOf,
} from '@renxin/fhir'
import type { ExchangeReply } from '@renxin/kernel'
import { type Context, serve } from '@renxin/server'
import { fhirApi } from '../../fhir-contract.ts'
import type { Write, Written } from './begin.ts'
import { doBundle } from './bundles.ts'
import { everything } from './everything.ts'
import { history, readVersion } from './history.ts'
import { knownRooms } from './known-rooms.ts'
import { leaveTrace, readOne } from './read.ts'
import { search } from './search.ts'
import { type Asking, answer, permitType, type Setting, settingOf, spoken } from './setting.ts'
import { giveToken, smartConfiguration } from './smart.ts'
import { nameOf } from './store.ts'
import { writeAll } from './write.ts'

type OfType = Asking & { type: string }
type OfOne = OfType & { id: string }

export const fhirRoutes = serve(fhirApi, {
  fhirSmart: async (ctx, input) => smartConfiguration(ctx, input),
  fhirToken: giveToken,
  fhirCapabilities: spoken(async (ctx, input) => answer(200, capabilities(ctx, input))),
  fhirBundle: spoken(async (ctx, input) => {
    const body = bodyOf(input)
    if (isElement(body)) checkValues(body)
    return answer(200, await doBundle(ctx, settingOf(ctx, input), body, input.headers.prefer ?? ''))
  }),
  fhirSearch: spoken(async (ctx, input) => answer(200, await search(ctx, settingOf(ctx, input), known(input.type), input.query))),
  fhirSearchByPost: spoken(async (ctx, input) => answer(200, await search(ctx, settingOf(ctx, input), known(input.type), input.query))),
  fhirRead: spoken(read),
  fhirReadVersion: spoken(async (ctx, input) => {
    const resource = await readVersion(ctx, settingOf(ctx, input), { type: known(input.type), id: input.id }, input.version)
    return answer(200, resource, versionHeaders(resource))
  }),
  fhirHistory: spoken(async (ctx, input) =>
    answer(200, await history(ctx, settingOf(ctx, input), { type: known(input.type), id: input.id }, input.query)),
  ),
  fhirHistoryOfType: spoken(async (ctx, input) =>
    answer(200, await history(ctx, settingOf(ctx, input), { type: known(input.type) }, input.query)),
  ),
  fhirEverything: spoken(async (ctx, input) => {
    if (input.type !== 'Patient') throw new FhirProblem(404, 'not-supported', `${input.type.slice(0, 60)}/$everything`)
    return answer(200, await everything(ctx, settingOf(ctx, input), input.id, input.query))
  }),
  fhirCreate: spoken((ctx, input) => {
    const ifNoneExist = input.headers['if-none-exist']?.replace(/^\?/, '')
    return writeOne(ctx, input, { method: 'POST', resource: resourceIn(input), search: ifNoneExist })
  }),
  fhirUpdate: spoken((ctx, input) => writeOne(ctx, input, { method: 'PUT', id: input.id, resource: resourceIn(input, input.id) })),
  fhirUpdateWhere: spoken((ctx, input) => writeOne(ctx, input, { method: 'PUT', resource: resourceIn(input), search: searchIn(input) })),
  fhirPatch: spoken((ctx, input) => writeOne(ctx, input, { method: 'PATCH', id: input.id, patch: patchIn(input) })),
  fhirPatchWhere: spoken((ctx, input) => writeOne(ctx, input, { method: 'PATCH', patch: patchIn(input), search: searchIn(input) })),
  fhirDelete: spoken((ctx, input) => writeOne(ctx, input, { method: 'DELETE', id: input.id })),
  fhirDeleteWhere: spoken((ctx, input) => writeOne(ctx, input, { method: 'DELETE', search: searchIn(input) })),
})

function known(type: string): string {
  if (!definitions.has(type)) throw new FhirProblem(404, 'not-supported', `the resource type ${type.slice(0, 60)} is not taken`)
  return type
}

async function read(ctx: Context, input: OfOne): Promise<ExchangeReply> {
  const name = { type: known(input.type), id: input.id }
  permitType(ctx, 'read', name.type)
  const { isSummary, elements } = shownAs(input)
  const shown = await readOne(ctx, settingOf(ctx, input), name)
  const headers = versionHeaders(shown.resource)
  if (headers.etag && input.headers['if-none-match'] === headers.etag) return answer(304, null, headers)
  await leaveTrace(ctx, 'fhirRead', [shown], nameOf(name))
  return answer(200, summaryOf(shown.resource, elements, isSummary), headers)
}

function shownAs({ query }: Asking): { isSummary: boolean; elements: string[] } {
  let [isSummary, elements] = [false, [] as string[]]
  for (const [name, value] of query) {
    if (name === '_summary') isSummary = value === 'true'
    else if (name === '_elements') elements = value.split(',').filter((e) => /^[a-z]\w{0,60}$/i.test(e))
    else if (name !== '_format' && name !== '_pretty') throw invalid(`parameter: ${name.slice(0, 60)}; because: unknown`)
  }
  return { isSummary, elements }
}

function versionHeaders(resource: Resource): Record<string, string> {
  const meta = isElement(resource.meta) ? resource.meta : {}
  if (typeof meta.versionId !== 'string' || typeof meta.lastUpdated !== 'string') return {}
  return { etag: `W/"${meta.versionId}"`, 'last-modified': new Date(meta.lastUpdated).toUTCString() }
}

function bodyOf({ body }: Asking): unknown {
  if (body.trim() === '') throw new FhirProblem(400, 'structure', 'there is no body')
  try {
    return readJson(body.replace(/^\uFEFF/, ''))
  } catch {
    throw new FhirProblem(400, 'structure', 'the body is no JSON')
  }
}

function resourceIn(input: OfType, id?: string): Resource {
  const resource = checkResource(bodyOf(input), known(input.type))
  if (id !== undefined && resource.id !== id)
    throw new FhirProblem(
      400,
      'invariant',
      `the address says ${input.type}/${id.slice(0, 64)}, the resource says ${resource.id ?? 'no id'}`,
    )
  return resource
}

function patchIn(input: Asking): unknown {
  if (!/json-patch\+json/.test(input.headers['content-type'] ?? ''))
    throw new FhirProblem(415, 'not-supported', 'a patch is application/json-patch+json')
  return bodyOf(input)
}

function searchIn({ query }: Asking): string {
  if (query.length === 0) throw new FhirProblem(400, 'invalid', 'without an id there must be a condition')
  return new URLSearchParams(query).toString()
}

type Part = Pick<Write, 'method'> & Partial<Write>

async function writeOne(ctx: Context, input: OfType, part: Part): Promise<ExchangeReply> {
  const setting = settingOf(ctx, input)
  const write: Write = {
    position: 0,
    type: known(input.type),
    id: undefined,
    resource: undefined,
    patch: undefined,
    fullUrl: undefined,
    ifMatch: input.headers['if-match'],
    ifNoneMatch: input.headers['if-none-match'],
    search: undefined,
    ...part,
  }
  const written = (await writeAll(ctx, setting, [write])).get(0)
  if (!written) throw new Error('one write was asked for and none was done')
  return writtenReply(ctx, setting, written, input.headers.prefer ?? '')
}

async function writtenReply(
  ctx: Context,
  setting: Setting,
  { status, name, version, changedAt, resource }: Written,
  prefer: string,
): Promise<ExchangeReply> {
  if (status === 204 || !name || !resource) return answer(204, null, version > 0 ? { etag: `W/"${version}"` } : {})
  const headers = {
    etag: `W/"${version}"`,
    'last-modified': changedAt.toUTCString(),
    location: `${setting.base}/${nameOf(name)}/_history/${version}`,
  }
  if (/return=minimal/.test(prefer)) return answer(status, null, headers)
  const { resource: shown } = await readOne(ctx, setting, name)
  return answer(status, shown, headers)
}

const BY_PATIENT =
  'What came otherwise than by FHIR is found by its patient, its encounter or its id, with any further parameters beside them.'
const notes = {
  ...Object.fromEntries(Object.keys(knownRooms).map((type) => [type, BY_PATIENT])),
  RelatedPerson: `${BY_PATIENT} It is found by phone and telecom alone, too.`,
  AllergyIntolerance: `${BY_PATIENT} clinicalStatus is that of the latest word, whoever said it; the resource is otherwise as it was sent.`,
  Flag: 'A caution in the head of the patient’s file while it is active; category: incompatibility, payer or other. What was dealt with here is read as inactive.',
  PractitionerRole:
    'As what somebody works (code: doctor, nurse) and in which departments (organization) and wards (location). Of whom none was sent, one is read by the id of the Practitioner.',
}

const capabilities = (ctx: Context, input: Asking) => {
  const { base } = settingOf(ctx, input)
  return capabilityStatement({ date: ctx.clock.today(), software: 'Renxin', base, notes })
}
