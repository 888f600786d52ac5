import type { Input, Page } from '@renxin/kernel'
import { showName } from '@renxin/patients'
import { type Context, paged, sql, visibleTo } from '@renxin/server'
import { getUnit } from '@renxin/staff'
import { type EncounterCard, type EncounterFile, encounterErrors, type encountersApi } from '../contract.ts'
import { db } from './tables.ts'

type Api = typeof encountersApi

export async function listEncounters(ctx: Context, input: Input<Api['list']>): Promise<Page<EncounterCard>> {
  const { class: kind, status, leaving, departmentId, wardId, from, to, ...cursor } = input
  let query = cards(ctx).where('e.class', '=', kind).where('e.status', '=', status)
  if (status === 'cancelled') query = query.where('e.mergedInto', 'is', null)
  if (leaving) query = query.where('e.isLeaving', '=', true)
  if (departmentId) query = query.where('e.departmentId', '=', departmentId)
  if (wardId) query = query.where('e.wardId', '=', wardId)
  if (from) query = query.where('e.statusAt', '>=', ctx.clock.at(from))
  if (to) query = query.where('e.statusAt', '<=', new Date(ctx.clock.at(to, '23:59:59').getTime() + 999))
  const { rows, next } = await paged(query, cursor, ['e.statusAt', 'e.id'], 'desc')
  return { rows: await withNames(ctx, rows), next }
}

export async function listOfPatient(ctx: Context, { patientId, ...cursor }: Input<Api['ofPatient']>): Promise<Page<EncounterCard>> {
  const { rows, next } = await paged(
    cards(ctx).where('e.patientId', '=', patientId).where('e.mergedInto', 'is', null),
    cursor,
    ['e.openedAt', 'e.id'],
    'desc',
  )
  return { rows: await withNames(ctx, rows), next }
}

/** Who lies in a ward now, by bed. */
export async function listBeds(ctx: Context, { wardId }: Input<Api['beds']>): Promise<{ rows: EncounterCard[] }> {
  await getUnit(ctx, wardId)
  const query = cards(ctx).where('e.wardId', '=', wardId).where('e.class', '=', 'inpatient').where('e.status', '=', 'inProgress')
  const rows = await withNames(ctx, await query.limit(500).execute())
  const byBed = new Intl.Collator('zh', { numeric: true }) // 2床 before 12床
  return { rows: rows.sort((a, b) => byBed.compare(a.bed ?? '\uffff', b.bed ?? '\uffff')) }
}

export async function getEncounter(ctx: Context, id: string): Promise<EncounterFile> {
  const row = await cards(ctx).where('e.id', '=', id).executeTakeFirst()
  if (!row) throw encounterErrors.notFound({ id })
  const stays = await db(ctx).selectFrom('encounters.stays').where('encounterId', '=', id).orderBy('position').selectAll().execute()
  const levels = await db(ctx).selectFrom('encounters.levels').where('encounterId', '=', id).orderBy('position').selectAll().execute()
  const diagnoses = await db(ctx)
    .selectFrom('encounters.diagnoses')
    .where('encounterId', '=', id)
    .orderBy('isCurrent', 'desc')
    .orderBy('type')
    .orderBy('rank')
    .selectAll()
    .execute()
  const team = await db(ctx)
    .selectFrom('encounters.team as t')
    .innerJoin('staff.personCards as p', 'p.id', 't.personId')
    .where('t.encounterId', '=', id)
    .orderBy('t.position')
    .select(['t.role', 'p.id', 'p.name'])
    .execute()
  const units = await namesOfUnits(ctx, stays)
  const [card] = await withNames(ctx, [row])
  if (!card) throw encounterErrors.notFound({ id })
  return {
    ...card,
    summary: row.summary,
    stays: stays.map((s) => ({
      ...s,
      department: named(s.departmentId, units),
      ward: named(s.wardId, units),
      fromAt: s.fromAt.toISOString(),
      toAt: s.toAt?.toISOString() ?? null,
    })),
    levels: levels.map((l) => ({ ...l, fromAt: l.fromAt.toISOString() })),
    diagnoses,
    team: team.map(({ role, ...person }) => ({ role, person })),
    admitReason: row.admitReason,
    accident:
      row.accidentAt || row.accidentKind || row.accidentPlace
        ? { at: row.accidentAt?.toISOString() ?? null, kind: row.accidentKind, place: row.accidentPlace }
        : null,
  }
}

const visible = (ctx: Context) =>
  visibleTo(ctx.actor, {
    department: 'e.departmentId',
    ward: 'e.wardId',
    ownPerson: ['e.attendingId', 'e.nurseId'],
    patient: 'e.patientId',
  })

const cards = (ctx: Context) => db(ctx).selectFrom('encounters.encounters as e').where(visible(ctx)).selectAll('e')

type CardRow = Awaited<ReturnType<ReturnType<typeof cards>['execute']>>[number]
type Placed = { departmentId: string | null; wardId: string | null; nextWardId?: string | null }

/**
 * Names for one page of rows, looked up by their ids. Joined in the query of the page they would leave it to the planner's guess at
 * the sizes whether it reads the page or, patient by patient, the whole table.
 */
async function withNames(ctx: Context, rows: readonly CardRow[]): Promise<EncounterCard[]> {
  if (rows.length === 0) return []
  const patients = await db(ctx)
    .selectFrom('patients.cards')
    .where('id', '=', anyOf(rows.map((r) => r.patientId)))
    .select(['id', 'name', 'sex', 'birthOn', 'medicalRecordNumber'])
    .execute()
  const people = await db(ctx)
    .selectFrom('staff.personCards')
    .where('id', '=', anyOf(rows.flatMap((r) => [r.attendingId, r.nurseId])))
    .select(['id', 'name'])
    .execute()
  const units = await namesOfUnits(ctx, rows)
  const patientOf = new Map(patients.map((p) => [p.id, p]))
  const nameOf = new Map(people.map((p) => [p.id, p.name]))
  return rows.flatMap((row) => {
    const patient = patientOf.get(row.patientId)
    if (!patient) return []
    return {
      ...row,
      patientName: showName(ctx, patient.name),
      sex: patient.sex,
      birthOn: patient.birthOn,
      medicalRecordNumber: patient.medicalRecordNumber,
      department: named(row.departmentId, units),
      ward: named(row.wardId, units),
      attending: named(row.attendingId, nameOf),
      nurse: named(row.nurseId, nameOf),
      admittedAt: row.admittedAt?.toISOString() ?? null,
      onLeaveSince: row.onLeaveSince?.toISOString() ?? null,
      dischargedAt: row.dischargedAt?.toISOString() ?? null,
      expectedDischargeAt: row.expectedDischargeAt?.toISOString() ?? null,
      dischargePlannedSince: row.dischargePlannedSince?.toISOString() ?? null,
      transferPlannedSince: row.transferPlannedSince?.toISOString() ?? null,
      transferExpectedAt: row.transferExpectedAt?.toISOString() ?? null,
      nextWard: named(row.nextWardId, units),
    }
  })
}

async function namesOfUnits(ctx: Context, rows: readonly Placed[]): Promise<Map<string, string>> {
  const ids = rows.flatMap((r) => [r.departmentId, r.wardId, r.nextWardId ?? null])
  const units = await db(ctx).selectFrom('staff.unitCards').where('id', '=', anyOf(ids)).select(['id', 'name']).execute()
  return new Map(units.map((u) => [u.id, u.name]))
}

const anyOf = (ids: readonly (string | null)[]) => sql<string>`any(${[...new Set(ids.filter((id) => id !== null))]}::uuid[])`

const named = (id: string | null, names: ReadonlyMap<string, string>) => (id ? { id, name: names.get(id) ?? '' } : null)
