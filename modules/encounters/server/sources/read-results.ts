import { type Context, type Found, type Named, sql, type Visit } from '@renxin/server'
import { recordsZh } from '../../words-records.ts'
import { markOf } from '../records/results-table.ts'
import { askedOf, byVisit, found, visitRows } from './asked.ts'

type Measured = {
  at: number
  analyte: string
  isOfVisit: boolean
  value: string | null
  amount: number | null
  unit: string | null
  flag: string | null
  observedAt: Date
  title: string | null
  source: string
}

/** The latest result of each analyte that is asked for: of the visit, and of any visit. */
export async function readResults(ctx: Context, visits: readonly Visit[], paths: readonly string[]): Promise<Found[][]> {
  const asked = askedOf(paths, 'laboratory.')
  if (asked.length === 0) return []
  const { rows } = await resultsAsked(visits, asked.flatMap((a) => a.choice ?? [])).execute(ctx.db) // biome-ignore format: one thought
  const grouped = [...Map.groupBy(rows, (r) => r.at)].map(([at, all]) => ({ at, all }))
  return byVisit(visits, grouped, ({ all }) =>
    asked.flatMap(({ path, source, choice }) => {
      const ofAnalyte = all.filter((r) => r.analyte === choice)
      const result = source.startsWith('laboratory.visit') ? ofAnalyte.find((r) => r.isOfVisit) : latest(ofAnalyte)
      if (!result) return []
      const isAmount = source.endsWith('Amount')
      const of = isAmount && result.unit ? `${result.title ?? ''}（${result.unit}）` : result.title
      return found(path, isAmount ? result.amount : sayResult(result), { at: result.observedAt, of, system: result.source })
    }),
  )
}

export const resultsAsked = (visits: readonly Visit[], analytes: readonly string[]) => sql<Measured>`
    select distinct on (v.at, analyte, is_of_visit) v.at::int, coalesce(nullif(i.code, ''), i.name) as analyte,
           r.encounter_id is not distinct from v.encounter_id and v.encounter_id is not null as is_of_visit,
           i.value, i.amount, i.unit, i.flag, i.observed_at, r.title, r.source
      from ${visitRows(visits)}
      join encounters.report_cards r on r.patient_id = v.patient_id
      join encounters.report_item_cards i on i.report_id = r.id
     where r.kind = 'laboratory' and r.status in ('preliminary', 'final', 'corrected') and i.value is not null
       and coalesce(nullif(i.code, ''), i.name) = any(${[...analytes]}::text[])
     order by v.at, analyte, is_of_visit, i.observed_at desc, r.id desc`

const latest = (all: readonly Measured[]): Measured | undefined =>
  all.toSorted((a, b) => b.observedAt.getTime() - a.observedAt.getTime())[0]

/** `152 g/L（↑ 偏高）`: the value as the laboratory wrote it, and how it stands to its limits. */
function sayResult({ value, unit, flag }: Measured): string {
  const mark = markOf(flag)
  return `${[value, unit].filter(Boolean).join(' ')}${mark ? `（${recordsZh.mark[mark]}）` : ''}`
}

/** So many of the reports that arrived last are looked through for what the laboratory measures: ids are in the order of arrival. */
const LOOK_BACK = 2000

/** What the laboratory measures, by the reports that arrived last; the most frequent first. */
export async function findAnalytes(ctx: Context): Promise<{ value: string; title: Named }[]> {
  const { rows } = await analytesAsked().execute(ctx.db)
  return rows.map(({ analyte, name, unit }) => {
    const title = [analyte === name ? name : `${name} ${analyte}`, unit && `（${unit}）`].filter(Boolean).join('')
    return { value: analyte, title: [title, title] }
  })
}

export const analytesAsked = () => sql<{ analyte: string; name: string; unit: string | null }>`
    select coalesce(nullif(i.code, ''), i.name) as analyte, max(i.name) as name, max(i.unit) as unit
      from (select id, kind from encounters.report_cards order by id desc limit ${sql.lit(LOOK_BACK)}) r
      join encounters.report_item_cards i on i.report_id = r.id
     where r.kind = 'laboratory' and i.name is not null
     group by 1 order by count(*) desc, 1 limit 1000`
