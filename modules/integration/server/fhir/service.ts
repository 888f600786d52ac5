import type { EncounterViews } from '@renxin/encounters'
import { describePatients, findPatientIds } from '@renxin/patients'
import { auditMany, type Context, serve } from '@renxin/server'
import type { StaffViews } from '@renxin/staff'
import { fhirApi, fhirErrors } from '../../fhir-contract.ts'
import { momentsOf, type Parameters, reader } from './parameters.ts'
import { classCodes, type EncounterRow, encounterResource, patientResource, searchSet, statusCodes } from './resources.ts'

const BASE = '/fhir/R4'
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export const fhirRoutes = serve(fhirApi, {
  fhirCapabilities: async (ctx) => capabilities(ctx),
  fhirReadPatient: readPatient,
  fhirSearchPatients: searchPatients,
  fhirReadEncounter: readEncounter,
  fhirSearchEncounters: searchEncounters,
})

async function readPatient(ctx: Context, { id }: { id: string }) {
  const [patient] = ID.test(id) ? await describePatients(ctx, [id]) : []
  if (!patient) throw fhirErrors.fhirNotFound({ resource: `Patient/${id}` })
  await shown(ctx, 'fhirReadPatient', [id])
  return patientResource(patient)
}

const GENDERS = ['male', 'female', 'unknown', 'other'] as const

async function searchPatients(ctx: Context, parameters: Parameters) {
  const ask = reader(parameters)
  const limit = ask.count()
  const born = ask.dates('birthdate')
  const gender = ask.one('gender')
  const sex = GENDERS.find((g) => g === gender)
  if (gender && !sex) throw fhirErrors.fhirParameter({ parameter: 'gender', because: 'code' })
  const ids = idsOf(ask.list('_id'))
  const query = {
    ...(ids ? { ids } : {}),
    identifier: ask.token('identifier'),
    phone: ask.one('phone') ?? ask.one('telecom'),
    name: ask.one('name') ?? ask.one('family') ?? ask.one('given'),
    ...(sex ? { sex } : {}),
    bornFrom: born.from,
    bornUntil: born.until,
    after: afterOf(ask.one('_after')),
  }
  ask.done()
  const found = await findPatientIds(ctx, { ...query, limit: limit + 1 })
  const page = found.slice(0, limit)
  const patients = await describePatients(ctx, page)
  await shown(ctx, 'fhirSearchPatients', page)
  return searchSet(
    BASE,
    address('Patient', parameters),
    patients.map(patientResource),
    hasMore(found, limit) ? nextOf('Patient', parameters, page.at(-1)) : null,
  )
}

async function readEncounter(ctx: Context, { id }: { id: string }) {
  const encounter = ID.test(id) ? await encounters(ctx).where('e.id', '=', id).executeTakeFirst() : undefined
  if (!encounter) throw fhirErrors.fhirNotFound({ resource: `Encounter/${id}` })
  await shown(ctx, 'fhirReadEncounter', [encounter.patientId])
  return encounterResource(encounter)
}

async function searchEncounters(ctx: Context, parameters: Parameters) {
  const ask = reader(parameters)
  const limit = ask.count()
  const { from, before } = momentsOf(ctx.clock, ask.dates('date'))
  const ids = idsOf(ask.list('_id'))
  const patient = ask.reference('patient', 'Patient') ?? ask.reference('subject', 'Patient')
  const number = ask.token('identifier')
  const statuses = ask.list('status')
  const classes = ask.token('class')
  const after = afterOf(ask.one('_after'))
  ask.done()
  let query = encounters(ctx)
    .orderBy('e.id')
    .limit(limit + 1)
  if (ids) query = query.where('e.id', 'in', ids.length > 0 ? ids : [NOBODY])
  if (patient) query = query.where('e.patientId', '=', ID.test(patient) ? patient : NOBODY)
  if (number) query = query.where('e.number', '=', number.value)
  if (statuses) query = query.where('e.status', 'in', known(statusCodes, statuses, 'status'))
  if (classes) query = query.where('e.class', 'in', known(classCodes, [classes.value], 'class'))
  if (from) query = query.where((q) => q.or([q('e.dischargedAt', 'is', null), q('e.dischargedAt', '>=', from)]))
  if (before) query = query.where('e.admittedAt', '<', before)
  if (after) query = query.where('e.id', '>', after)
  const found = await query.execute()
  const page = found.slice(0, limit)
  await shown(ctx, 'fhirSearchEncounters', [...new Set(page.map((e) => e.patientId))])
  return searchSet(
    BASE,
    address('Encounter', parameters),
    page.map(encounterResource),
    hasMore(found, limit) ? nextOf('Encounter', parameters, page.at(-1)?.id) : null,
  )
}

const NOBODY = '00000000-0000-0000-0000-000000000000'

/** Our words for the standard's codes; a code that the standard does not have is refused. */
function known<K extends string>(codes: Readonly<Record<K, string>>, said: readonly string[], parameter: string): K[] {
  const names = Object.keys(codes) as K[] // the keys of a record that is written out in full
  const found = names.filter((name) => said.includes(codes[name]))
  if (found.length === 0) throw fhirErrors.fhirParameter({ parameter, because: 'code' })
  return found
}

const encounters = (ctx: Context) =>
  ctx.db
    .$extendTables<EncounterViews & StaffViews>()
    .selectFrom('encounters.cards as e')
    .leftJoin('staff.unitCards as d', 'd.id', 'e.departmentId')
    .leftJoin('staff.unitCards as w', 'w.id', 'e.wardId')
    .leftJoin('staff.personCards as a', 'a.id', 'e.attendingId')
    .select([
      'e.id',
      'e.patientId',
      'e.number',
      'e.class',
      'e.status',
      'e.admittedAt',
      'e.dischargedAt',
      'e.disposition',
      'e.lengthOfStayDays',
    ])
    .select([
      'e.departmentId',
      'd.name as departmentName',
      'e.wardId',
      'w.name as wardName',
      'e.bed',
      'e.attendingId',
      'a.name as attendingName',
    ])
    .select(['e.mainDiagnosisCode', 'e.mainDiagnosisName'])
    .$castTo<EncounterRow>()

const idsOf = (said: string[] | undefined) => said?.filter((id) => ID.test(id))

function afterOf(said: string | undefined): string | undefined {
  if (said && !ID.test(said)) throw fhirErrors.fhirParameter({ parameter: '_after', because: 'id' })
  return said
}

const shown = (ctx: Context, route: string, patientIds: readonly string[]) =>
  auditMany(
    ctx,
    patientIds.map((patientId) => ({ action: `integration.${route}`, patientId })),
  )

function address(type: string, parameters: Parameters): string {
  const query = new URLSearchParams(Object.entries(parameters).flatMap(([name, value]) => [value].flat().map((v) => [name, v])))
  return query.size > 0 ? `${BASE}/${type}?${query}` : `${BASE}/${type}`
}

/** Who asks for none (`_count=0`) wants no further page either. */
const hasMore = (found: readonly unknown[], limit: number) => limit > 0 && found.length > limit

const nextOf = (type: string, parameters: Parameters, last: string | undefined) => address(type, { ...parameters, _after: last ?? '' })

/** What this server can do, and no more. */
function capabilities(ctx: Context) {
  const parameter = (name: string, type: string) => ({ name, type })
  const offers = (type: string, searchParam: object[]) => ({
    type,
    interaction: [{ code: 'read' }, { code: 'search-type' }],
    versioning: 'no-version',
    searchParam: [parameter('_id', 'token'), ...searchParam],
  })
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: ctx.clock.today(),
    kind: 'instance',
    software: { name: 'Renxin' },
    implementation: { description: 'Renxin, hospital CRM' },
    fhirVersion: '4.0.1',
    format: ['application/fhir+json'],
    rest: [
      {
        mode: 'server',
        security: {
          description:
            'A bearer API key with the scope fhir.read. Phones and identity numbers are whole with patients.unmask beside it, else masked.',
        },
        resource: [
          offers('Patient', [
            parameter('identifier', 'token'),
            parameter('name', 'string'),
            parameter('family', 'string'),
            parameter('given', 'string'),
            parameter('phone', 'token'),
            parameter('telecom', 'token'),
            parameter('birthdate', 'date'),
            parameter('gender', 'token'),
          ]),
          offers('Encounter', [
            parameter('patient', 'reference'),
            parameter('subject', 'reference'),
            parameter('identifier', 'token'),
            parameter('status', 'token'),
            parameter('class', 'token'),
            parameter('date', 'date'),
          ]),
        ],
      },
    ],
  }
}
