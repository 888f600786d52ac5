import { elementsOf, isElement, type Resource, spanOf } from '@renxin/fhir'
import { type Context, sql } from '@renxin/server'
import { aliasesOf } from './aliases.ts'
import { type Settled, spanned } from './conditions.ts'
import { houseStatus } from './facts-encounter.ts'
import { participations, roles } from './facts-team.ts'
import { objectsOf } from './references-known.ts'
import type { Room } from './rooms.ts'
import { UUID } from './setting.ts'
import { db } from './tables.ts'

const V2_TYPES = 'http://terminology.hl7.org/CodeSystem/v2-0203'
const ACT_CODE = 'http://terminology.hl7.org/CodeSystem/v3-ActCode'
const PARTICIPATION = 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType'
const PROVIDER_ROLE = 'http://terminology.hl7.org/CodeSystem/v2-0443'
const DISPOSITION = 'urn:oid:2.16.156.10011.2.3.1.265'
const classCodes = { inpatient: 'IMP', outpatient: 'AMB', emergency: 'EMER', daySurgery: 'SS', checkUp: 'AMB' } as const
const statusCodes = { planned: 'planned', inProgress: 'in-progress', discharged: 'finished', cancelled: 'cancelled' } as const

export const encounterRoom: Room = {
  find: findIds,
  describe: async (ctx, _, ids) => new Map((await rowsOf(ctx, ids)).map((row) => [row.id, encounterResource(row)])),
  patientOf: async (ctx, ids) => new Map((await rowsOf(ctx, ids)).map((row) => [row.id, row.patientId])),
  overlay: async (ctx, kept) => {
    const rows = new Map((await rowsOf(ctx, [...new Set(kept.map((k) => k.objectId))])).map((row) => [row.id, row]))
    return kept.map(({ objectId, resource }) => {
      const row = rows.get(objectId)
      return row ? asKnownToday(resource, row) : resource
    })
  },
}

async function findIds(
  ctx: Context,
  clauses: readonly Settled[],
  { after, limit }: { after: string | undefined; limit: number },
): Promise<string[]> {
  let query = db(ctx).selectFrom('encounters.cards as e').select('e.id').orderBy('e.id').limit(limit)
  if (after) query = query.where('e.id', '>', after)
  for (const clause of clauses) {
    const condition = await conditionOf(ctx, clause)
    if (!condition) return []
    query = query.where(condition)
  }
  return (await query.execute()).map((row) => row.id)
}

const oneOf = (column: string, values: readonly string[], type: 'uuid' | 'text') =>
  sql<boolean>`${sql.ref(column)} = any(${[...values]}::${sql.raw(type)}[])`

/** A clause as a condition on the rows; undefined where they cannot tell. */
async function conditionOf(ctx: Context, clause: Settled) {
  const isId = (id: string) => UUID.test(id)
  if (clause.is === 'ids') return oneOf('e.id', clause.ids.filter(isId), 'uuid')
  if (clause.is === 'references') {
    if (clause.parameter === 'practitioner') return hasPartOf(ctx, clause.values)
    if (clause.parameter !== 'patient' && clause.parameter !== 'subject') return undefined
    const ids = clause.values.flatMap((v) => (v.startsWith('Patient/') ? [v.slice(8)] : []))
    return oneOf('e.patientId', (await aliasesOf(ctx, ids)).objectIds, 'uuid')
  }
  if (clause.is !== 'values' || clause.modifier) return undefined
  const codes = clause.values.flatMap((w) => (w.kind === 'token' && w.code ? [w.code] : []))
  switch (clause.parameter.name) {
    case '_id':
      return oneOf('e.id', codes.filter(isId), 'uuid')
    case 'identifier':
      return oneOf('e.number', codes, 'text')
    case 'status':
      return oneOf('e.status', ours(statusCodes, codes), 'text')
    case 'class':
      return oneOf('e.class', ours(classCodes, codes), 'text')
    case 'patient':
    case 'subject': {
      const ids = clause.values.flatMap((w) => (w.kind === 'reference' ? [w.value.replace(/^Patient\//, '')] : []))
      return oneOf('e.patientId', (await aliasesOf(ctx, ids)).objectIds, 'uuid')
    }
    case 'practitioner':
      return hasPartOf(ctx, clause.values.flatMap((w) => (w.kind === 'reference' ? [w.value] : []))) // biome-ignore format: one thought
    case 'date': {
      const end = sql`coalesce(e.discharged_at, 'infinity'::timestamptz)`
      const spans = clause.values.flatMap((w) => (w.kind === 'date' ? [spanned(sql`e.admitted_at`, end, w)] : []))
      return sql<boolean>`(${sql.join(spans, sql` or `)})`
    }
    default:
      return undefined
  }
}

/** One of these has a part in it: as the attending doctor, the nurse, or one of the team. */
async function hasPartOf(ctx: Context, references: readonly string[]) {
  const targets = references.map((r) => ({ type: 'Practitioner', id: r.replace(/^Practitioner\//, '') }))
  const people = [...(await objectsOf(ctx, targets, new Map())).values()]
  const is = (column: string) => oneOf(column, people, 'uuid')
  return sql<boolean>`e.id in (
    select a.id from encounters.cards a where ${is('a.attendingId')} union all select n.id from encounters.cards n where ${is('n.nurseId')}
    union all select t.encounter_id from encounters.team_cards t where ${is('t.personId')})`
}

const ours = (codes: Readonly<Record<string, string>>, said: readonly string[]) =>
  Object.keys(codes).filter((name) => said.includes(codes[name] ?? ''))

const rowsOf = (ctx: Context, ids: readonly string[]) =>
  db(ctx)
    .selectFrom('encounters.cards as e')
    .leftJoin('staff.unitCards as d', 'd.id', 'e.departmentId')
    .leftJoin('staff.unitCards as w', 'w.id', 'e.wardId')
    .leftJoin('staff.personCards as a', 'a.id', 'e.attendingId')
    .leftJoin('staff.personCards as n', 'n.id', 'e.nurseId')
    .where('e.id', '=', sql<string>`any(${[...ids]}::uuid[])`)
    .select(['e.id', 'e.patientId', 'e.number', 'e.class', 'e.status', 'e.admittedAt', 'e.dischargedAt', 'e.disposition'])
    .select(['e.lengthOfStayDays', 'e.bed', 'e.mainDiagnosisCode', 'e.mainDiagnosisName'])
    .select([
      'd.name as departmentName',
      'w.name as wardName',
      'e.attendingId',
      'a.name as attendingName',
      'e.nurseId',
      'n.name as nurseName',
    ])
    .select(teamOfRow)
    .orderBy('e.id')
    .execute()

/** All who have a part in it beside the two, in their order. */
const teamOfRow = sql<{ role: string; id: string; name: string }[]>`coalesce((
  select jsonb_agg(jsonb_build_object('role', t.role, 'id', p.id, 'name', p.name) order by t.position)
    from encounters.team_cards t join staff.person_cards p on p.id = t.person_id where t.encounter_id = e.id), '[]')`.as('team')

type Row = Awaited<ReturnType<typeof rowsOf>>[number]

const periodOf = (e: Row) => ({
  ...(e.admittedAt ? { start: e.admittedAt.toISOString() } : {}),
  ...(e.dischargedAt ? { end: e.dischargedAt.toISOString() } : {}),
})

const dispositionOf = (e: Row) => ({ dischargeDisposition: { coding: [{ system: DISPOSITION, code: e.disposition }] } })

/** The attending doctor, the nurse, then the others by their roles; each person once in each. */
function participantsOf(e: Row) {
  const part = (type: object, id: string | null, name: string | null) =>
    id && name ? [{ type: [type], individual: { reference: `Practitioner/${id}`, display: name } }] : []
  const others = e.team.filter((t) => !(t.id === e.nurseId && /护/.test(t.role)) && !(t.id === e.attendingId && t.role === 'AT'))
  return [
    ...part(roleType('AT'), e.attendingId, e.attendingName),
    ...part({ text: '责任护士' }, e.nurseId, e.nurseName),
    ...others.flatMap((t) => part(roleType(t.role), t.id, t.name)),
  ]
}

function roleType(role: string) {
  const [code] = Object.entries(participations).find(([, r]) => r === role) ?? []
  if (code) return { coding: [{ system: PARTICIPATION, code }] }
  return roles.includes(role) ? { coding: [{ system: PROVIDER_ROLE, code: role }] } : { text: role }
}

function encounterResource(e: Row): Resource {
  const period = periodOf(e)
  const participants = participantsOf(e)
  return {
    resourceType: 'Encounter',
    id: e.id,
    identifier: [{ type: { coding: [{ system: V2_TYPES, code: 'VN' }] }, value: e.number }],
    status: statusCodes[e.status],
    class: { system: ACT_CODE, code: classCodes[e.class] },
    subject: { reference: `Patient/${e.patientId}` },
    ...(participants.length > 0 ? { participant: participants } : {}),
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
    ...(e.disposition ? { hospitalization: dispositionOf(e) } : {}),
    ...(e.wardName ? { location: [{ location: { display: [e.wardName, e.bed].filter(Boolean).join(' ') } }] } : {}),
    ...(e.departmentName ? { serviceProvider: { display: e.departmentName } } : {}),
  }
}

/** What was sent, with what others have said since: admitted, discharged, cancelled, and when. */
function asKnownToday(resource: Resource, row: Row): Resource {
  if (houseStatus(resource) === row.status) return resource
  const period = isElement(resource.period) ? resource.period : {}
  const start = spanOf(period.start, (day) => new Date(`${day}T00:00:00Z`))
  const hospitalization = elementsOf(resource.hospitalization)[0]
  return {
    ...resource,
    status: statusCodes[row.status],
    period: { ...period, ...(start ? {} : periodOf(row)), ...(row.dischargedAt ? { end: row.dischargedAt.toISOString() } : {}) },
    ...(row.disposition ? { hospitalization: { ...hospitalization, ...dispositionOf(row) } } : {}),
  }
}
