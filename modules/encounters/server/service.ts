import type { Input, Page } from '@renxin/kernel'
import { showName } from '@renxin/patients'
import type { TimelineEntry } from '@renxin/patients/contract'
import { type Context, paged, sql, visibleTo } from '@renxin/server'
import { type EncounterCard, type EncounterFile, encounterErrors, type encountersApi } from '../contract.ts'
import { db } from './tables.ts'

type Api = typeof encountersApi

export async function listEncounters(ctx: Context, input: Input<Api['list']>): Promise<Page<ReturnType<typeof cardOf>>> {
  const { class: kind, status, departmentId, wardId, from, to, ...cursor } = input
  let query = cards(ctx).where('e.class', '=', kind).where('e.status', '=', status)
  if (departmentId) query = query.where('e.departmentId', '=', departmentId)
  if (wardId) query = query.where('e.wardId', '=', wardId)
  if (from) query = query.where('e.statusAt', '>=', ctx.clock.at(from))
  if (to) query = query.where('e.statusAt', '<=', new Date(ctx.clock.at(to, '23:59:59').getTime() + 999))
  return shown(ctx, await paged(query, cursor, ['e.statusAt', 'e.id'], 'desc'))
}

export async function listOfPatient(ctx: Context, { patientId, ...cursor }: Input<Api['ofPatient']>) {
  const query = cards(ctx).innerJoin('encounters.encounters as own', 'own.id', 'e.id').where('e.patientId', '=', patientId)
  return shown(ctx, await paged(query.where('own.patientId', '=', patientId), cursor, ['own.openedAt', 'own.id'], 'desc'))
}

/** Who lies in a ward now, by bed. */
export async function listBeds(ctx: Context, { wardId }: Input<Api['beds']>) {
  const rows = await cards(ctx)
    .where('e.wardId', '=', wardId)
    .where('e.class', '=', 'inpatient')
    .where('e.status', '=', 'inProgress')
    .limit(500)
    .execute()
  const byBed = new Intl.Collator('zh', { numeric: true }) // 2床 before 12床
  const beds = rows.map((row) => cardOf(ctx, row))
  return { rows: beds.sort((a, b) => byBed.compare(a.bed ?? '\uffff', b.bed ?? '\uffff')) }
}

export async function getEncounter(ctx: Context, id: string): Promise<Awaited<ReturnType<typeof fileOf>>> {
  const row = await cards(ctx).where('e.id', '=', id).executeTakeFirst()
  if (!row) throw encounterErrors.notFound({ id })
  return fileOf(ctx, row)
}

async function fileOf(ctx: Context, row: CardRow) {
  const [summary, stays, levels, diagnoses] = [
    await db(ctx).selectFrom('encounters.encounters').where('id', '=', row.id).select('summary').executeTakeFirst(),
    await db(ctx)
      .selectFrom('encounters.stays as s')
      .leftJoin('staff.unitCards as d', 'd.id', 's.departmentId')
      .leftJoin('staff.unitCards as w', 'w.id', 's.wardId')
      .where('s.encounterId', '=', row.id)
      .orderBy('s.position')
      .select(['s.departmentId', 'd.name as departmentName', 's.wardId', 'w.name as wardName', 's.room', 's.bed', 's.fromAt', 's.toAt'])
      .execute(),
    await db(ctx)
      .selectFrom('encounters.levels')
      .where('encounterId', '=', row.id)
      .orderBy('position')
      .select(['kind', 'value', 'fromAt'])
      .execute(),
    await db(ctx)
      .selectFrom('encounters.diagnoses')
      .where('encounterId', '=', row.id)
      .orderBy('isCurrent', 'desc')
      .orderBy('type')
      .orderBy('rank')
      .select(['code', 'name', 'system', 'type', 'rank', 'isCurrent'])
      .execute(),
  ]
  return {
    ...cardOf(ctx, row),
    summary: summary?.summary ?? null,
    stays: stays.map((s) => ({
      ...s,
      department: named(s.departmentId, s.departmentName),
      ward: named(s.wardId, s.wardName),
      fromAt: s.fromAt.toISOString(),
      toAt: s.toAt?.toISOString() ?? null,
    })),
    levels: levels.map((l) => ({ ...l, fromAt: l.fromAt.toISOString() })),
    diagnoses,
  } satisfies EncounterFile
}

export async function listTimeline(ctx: Context, { patientId, ...cursor }: Input<Api['timeline']>): Promise<Page<TimelineEntry>> {
  const moments = db(ctx)
    .selectFrom('encounters.encounters as e')
    .leftJoin('staff.unitCards as d', 'd.id', 'e.departmentId')
    .leftJoin('staff.unitCards as w', 'w.id', 'e.wardId')
    .where('e.patientId', '=', patientId)
    .where(visible(ctx))
    .select(['e.id', 'e.class', 'e.status', 'e.disposition', 'e.mainDiagnosisName', 'd.name as department', 'w.name as ward'])
  const opened = moments.select([sql<string>`'opened'`.as('moment'), 'e.openedAt as at'])
  const ended = moments
    .where('e.status', '=', 'discharged')
    .where('e.class', '<>', 'outpatient')
    .select([sql<string>`'ended'`.as('moment'), 'e.statusAt as at'])
  const all = db(ctx).selectFrom(opened.unionAll(ended).as('t')).selectAll()
  const { rows, next } = await paged(all, cursor, ['t.at', 't.id', 't.moment'], 'desc')
  return {
    rows: rows.map((r) => ({
      id: `${r.id}.${r.moment}`,
      at: r.at.toISOString(),
      patientId,
      kind: r.status === 'cancelled' ? 'cancelled' : r.moment === 'ended' ? (r.disposition === '5' ? 'died' : 'discharged') : r.class,
      title: [r.department, r.ward].filter((unit) => unit).join(' · '),
      text: r.mainDiagnosisName,
      link: { page: 'encounters.list', params: {} },
      tone: r.disposition === '5' ? ('bad' as const) : ('plain' as const),
    })),
    next,
  }
}

const visible = (ctx: Context) =>
  visibleTo(ctx.actor, { department: 'e.departmentId', ward: 'e.wardId', ownPerson: ['e.attendingId', 'e.nurseId'] })

const cards = (ctx: Context) =>
  db(ctx)
    .selectFrom('encounters.cards as e')
    .innerJoin('patients.cards as p', 'p.id', 'e.patientId')
    .leftJoin('staff.unitCards as d', 'd.id', 'e.departmentId')
    .leftJoin('staff.unitCards as w', 'w.id', 'e.wardId')
    .leftJoin('staff.personCards as a', 'a.id', 'e.attendingId')
    .leftJoin('staff.personCards as n', 'n.id', 'e.nurseId')
    .where(visible(ctx))
    .selectAll('e')
    .select([
      'p.name as patientName', 'p.sex', 'p.birthOn', 'p.medicalRecordNumber',
      'd.name as departmentName', 'w.name as wardName', 'a.name as attendingName', 'n.name as nurseName',
    ]) // biome-ignore format: by table

type CardRow = Awaited<ReturnType<ReturnType<typeof cards>['execute']>>[number]

const shown = (ctx: Context, { rows, next }: Page<CardRow>) => ({ rows: rows.map((row) => cardOf(ctx, row)), next })

const cardOf = (ctx: Context, row: CardRow) =>
  ({
    ...row,
    patientName: showName(ctx, row.patientName),
    department: named(row.departmentId, row.departmentName),
    ward: named(row.wardId, row.wardName),
    attending: named(row.attendingId, row.attendingName),
    nurse: named(row.nurseId, row.nurseName),
    admittedAt: row.admittedAt?.toISOString() ?? null,
    dischargedAt: row.dischargedAt?.toISOString() ?? null,
  }) satisfies EncounterCard

const named = (id: string | null, name: string | null) => (id ? { id, name: name ?? '' } : null)
