import { type Context, type Found, sql, type Visit } from '@renxin/server'
import type { DiagnosisType } from '../../contract.ts'
import { words } from '../../words.ts'
import { db } from '../tables.ts'
import { askedOf, byVisit, found, visitRows } from './asked.ts'

/** What stands of the visit itself. */
export async function readVisits(ctx: Context, visits: readonly Visit[], paths: readonly string[]): Promise<Found[][]> {
  const asked = askedOf(paths, 'encounter.')
  if (asked.length === 0) return []
  const rows = await cardsOf(ctx, visits)
  const byId = new Map(rows.map((r) => [r.id, r]))
  return visits.map(({ encounterId }) => {
    const card = byId.get(encounterId ?? '')
    if (!card) return []
    const from = { at: card.saidAt, of: `${numberWord(card.class)} ${card.number}`, system: null }
    return asked.flatMap(({ path, source }) => found(path, contents[source]?.(card), from))
  })
}

const cardsOf = (ctx: Context, visits: readonly Visit[]) =>
  db(ctx)
    .selectFrom('encounters.cards as c')
    .leftJoin('encounters.lastSaid as s', 's.encounterId', 'c.id')
    .leftJoin('staff.unitCards as d', 'd.id', 'c.departmentId')
    .leftJoin('staff.unitCards as w', 'w.id', 'c.wardId')
    .leftJoin('staff.personCards as a', 'a.id', 'c.attendingId')
    .leftJoin('staff.personCards as n', 'n.id', 'c.nurseId')
    .where('c.id', '=', sql<string>`any(${visits.flatMap((v) => v.encounterId ?? [])}::uuid[])`)
    .selectAll('c')
    .select(['s.saidAt', 'd.name as departmentName', 'w.name as wardName', 'a.name as attendingName', 'n.name as nurseName'])
    .execute()

type Card = Awaited<ReturnType<typeof cardsOf>>[number]
type Content = string | number | null | undefined

const contents: Readonly<Record<string, (card: Card) => Content>> = {
  'encounter.class': (c) => words.class[c.class],
  'encounter.department': (c) => c.departmentName,
  'encounter.ward': (c) => c.wardName,
  'encounter.bed': (c) => c.bed,
  'encounter.admittedAt': (c) => c.admittedAt?.toISOString(),
  'encounter.dischargedAt': (c) => c.dischargedAt?.toISOString(),
  'encounter.lengthOfStayDays': (c) => c.lengthOfStayDays,
  'encounter.attending': (c) => c.attendingName,
  'encounter.nurse': (c) => c.nurseName,
  'encounter.nursingLevel': (c) => c.nursingLevel,
  'encounter.condition': (c) => c.condition,
  'encounter.course': (c) =>
    [
      c.everCritical && words.ever.critical,
      c.everSerious && words.ever.serious,
      c.everSpecialNursing && words.ever.special,
      c.everLevelOne && words.ever.levelOne,
    ]
      .filter(Boolean)
      .join('、'),
  'encounter.disposition': (c) => c.disposition && words.disposition[c.disposition],
  'encounter.identityClass': (c) => c.identityClass,
  'encounter.payer': (c) => c.payer,
  'encounter.priorDischargeOn': (c) => c.priorDischargeOn,
}

const numberWord = (kind: Card['class']): string => (kind === 'inpatient' || kind === 'daySurgery' ? words.number : words.class[kind])

type Diagnosed = { at: number; type: DiagnosisType; code: string | null; name: string; saidAt: Date | null }

/** The diagnoses of the visit as they stand: the most definite kind that was said. */
export async function readDiagnoses(ctx: Context, visits: readonly Visit[], paths: readonly string[]): Promise<Found[][]> {
  const asked = askedOf(paths, 'diagnosis.')
  if (asked.length === 0) return []
  const { rows } = await sql<Diagnosed>`
    select v.at::int, d.type, d.code, d.name, s.said_at
      from ${visitRows(visits)}
      join encounters.diagnosis_cards d on d.encounter_id = v.encounter_id
      left join encounters.last_said s on s.encounter_id = v.encounter_id
     order by v.at, d.rank, d.name`.execute(ctx.db)
  const grouped = [...Map.groupBy(rows, (r) => r.at)].map(([at, all]) => ({ at, all }))
  return byVisit(visits, grouped, ({ all }) => {
    const [main] = all
    if (!main) return []
    const from = { at: main.saidAt, of: words.diagnosisType[main.type], system: null }
    const content: Readonly<Record<string, Content>> = {
      'diagnosis.main': main.name,
      'diagnosis.mainCode': main.code,
      'diagnosis.all': all.map((d) => d.name).join('、'),
    }
    return asked.flatMap(({ path, source }) => found(path, content[source], from))
  })
}
