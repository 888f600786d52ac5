import type { Input, Page } from '@renxin/kernel'
import { type Context, paged, sql, visibleTo } from '@renxin/server'
import type { CheckUp, CheckUpItem, recordsApi } from '../../records-contract.ts'
import { db } from '../tables.ts'
import type { StoredItem } from './kinds.ts'
import { shownTo, withNames } from './list-records.ts'
import { lineOf } from './reports.ts'
import { markOf } from './results-table.ts'
import { analyteOf } from './rules.ts'

type Visit = { id: string; number: string; openedAt: Date; departmentId: string | null; summary: string | null; visitNumber: string }
type Found = {
  encounterId: string
  reportId: string
  kind: string
  title: string | null
  conclusion: string | null
  at: Date
  items: readonly StoredItem[]
}

/** The check-ups of a patient, newest first, each with what was abnormal and what the one before it had found of the same. */
export async function listCheckUps(ctx: Context, input: Input<typeof recordsApi.checkUps>): Promise<Page<CheckUp>> {
  const { patientId, encounterId, ...cursor } = input
  const { rows, next } = await paged(
    encounterId ? checkUps(ctx, patientId).where('e.id', '=', encounterId) : checkUps(ctx, patientId),
    cursor,
    ['e.openedAt', 'e.id'],
    'desc',
  )
  const reports = await reportsOf(ctx, patientId)
  const documents = await documentsOf(ctx, patientId)
  const visits = await withNames(
    ctx,
    rows.map((r) => ({ ...r, visitNumber: r.number })),
  )
  return { rows: visits.map((visit) => checkUpOf(patientId, visit, reports, documents.get(visit.id) ?? null)), next }
}

function checkUpOf(
  patientId: string,
  visit: Visit & { department: CheckUp['department'] },
  reports: readonly Found[],
  documented: string | null,
): CheckUp {
  const mine = reports.filter((r) => r.encounterId === visit.id)
  const earlier = measured(reports.filter((r) => r.encounterId !== visit.id && r.at < visit.openedAt))
  const items = mine.flatMap((r) => r.items.map((item): CheckUpItem => itemOf(r, item, earlier.get(analyteOf(item)))))
  return {
    id: visit.id,
    patientId,
    number: visit.number,
    at: visit.openedAt.toISOString(),
    department: visit.department,
    conclusion: visit.summary ?? documented,
    findings: mine.flatMap(({ reportId, title, conclusion, kind }) =>
      kind !== 'laboratory' && conclusion ? [{ reportId, title, conclusion }] : [],
    ),
    items: items.length,
    abnormal: items.filter((i) => i.mark !== null),
  }
}

const itemOf = (report: Found, item: StoredItem, before: CheckUpItem['before'] | undefined): CheckUpItem => ({
  ...lineOf(item),
  reportId: report.reportId,
  group: report.title,
  before: before ?? null,
})

/** The latest value of each analyte; reports come newest first. */
function measured(reports: readonly Found[]): Map<string, CheckUpItem['before']> {
  const latest = new Map<string, CheckUpItem['before']>()
  for (const report of reports)
    for (const item of report.items) {
      const analyte = analyteOf(item)
      if (!latest.has(analyte))
        latest.set(analyte, { value: item.value, mark: markOf(item.flag), at: item.observedAt ?? report.at.toISOString() })
    }
  return latest
}

const checkUps = (ctx: Context, patientId: string) =>
  db(ctx)
    .selectFrom('encounters.encounters as e')
    .where('e.patientId', '=', patientId)
    .where('e.class', '=', 'checkUp')
    .where('e.mergedInto', 'is', null)
    .where('e.status', '<>', 'cancelled')
    .where(
      visibleTo(ctx.actor, {
        department: 'e.departmentId',
        ward: 'e.wardId',
        ownPerson: ['e.attendingId', 'e.nurseId'],
        patient: 'e.patientId',
      }),
    )
    .select(['e.id', 'e.number', 'e.openedAt', 'e.departmentId', 'e.summary'])

/** Every number that leads to a check-up of this patient. */
const numbersOfCheckUps = (patientId: string) => sql`
  select e.number, coalesce(e.merged_into, e.id) as encounter_id from encounters.encounters e
   where e.patient_id = ${patientId}::uuid and e.class = 'checkUp'
  union select f.number, f.encounter_id from encounters.former_numbers f
    join encounters.encounters e on e.id = f.encounter_id where e.patient_id = ${patientId}::uuid and e.class = 'checkUp'`

/** A check-up a year for a working life, with some twenty reports each, is what is looked through. */
const LOOK_BACK = 1000

async function reportsOf(ctx: Context, patientId: string): Promise<Found[]> {
  const { rows } = await sql<Found>`
    select n.encounter_id, r.id as report_id, r.kind, r.title, r.conclusion, r.happened_at as at, r.items
      from (${numbersOfCheckUps(patientId)}) n
      join encounters.reports r on r.visit_number = n.number
     where ${await shownTo(ctx, { patientId })} and r.status <> 'cancelled'
     order by r.happened_at desc, r.id desc limit ${sql.lit(LOOK_BACK)}`.execute(ctx.db)
  return rows.map((r) => ({ ...r, items: r.items.filter((i) => i.status !== 'withdrawn') }))
}

/** What the written report of each check-up says, the latest where there are several. */
async function documentsOf(ctx: Context, patientId: string): Promise<Map<string, string>> {
  const { rows } = await sql<{ encounterId: string; text: string }>`
    select distinct on (n.encounter_id) n.encounter_id, r.text
      from (${numbersOfCheckUps(patientId)}) n
      join encounters.documents r on r.visit_number = n.number
     where ${await shownTo(ctx, { patientId })} and r.status <> 'cancelled' and r.text is not null
     order by n.encounter_id, r.happened_at desc`.execute(ctx.db)
  return new Map(rows.map((r) => [r.encounterId, r.text]))
}
