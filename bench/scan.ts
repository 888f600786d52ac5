import type pg from 'pg'

export type Figures = { discharged: number; reached: number; satisfied: number; promoters: number }

/** The dashboard's figures by ward and month from the rows themselves, as a report without cells would read them. */
export async function scanRows(app: pg.Pool, { from, to }: { from: string; to: string }): Promise<Figures> {
  const client = await app.connect()
  const one = async (text: string) => (await client.query(text, [from, to])).rows[0]
  try {
    await client.query(`begin; select set_config('house.hospital', '1', true)`)
    const stays = await one(`
      select sum(n)::int as discharged from (
        select date_trunc('month', e.discharged_on) as month, e.ward_id, count(*) as n,
               count(*) filter (where t.reached_on <= e.discharged_on + 7) as covered
          from encounters.cards e
          left join (select encounter_id, min(closed_on) as reached_on from followups.task_rows where trigger = 'discharged' and reached group by 1) t
            on t.encounter_id = e.id
         where e.discharged_on between $1 and $2 and e.status = 'discharged' and e.class in ('inpatient', 'daySurgery')
         group by 1, 2) x`)
    const contacts = await one(`
      select sum(n) filter (where outcome in ('reached', 'relativeAnswered'))::int as reached from (
        select ward_id, outcome, count(*) as n from followups.task_rows
         where status = 'done' and channel = 'phone' and closed_on between $1 and $2 group by 1, 2) x`)
    const answers = await one(`
      select sum(satisfied)::int as satisfied, sum(promoters)::int as promoters from (
        select month, ward_id, count(*) filter (where measure = 'satisfaction' and verdict = 'satisfied') as satisfied,
               count(*) filter (where measure = 'nps' and verdict = 'promoter') as promoters
          from surveys.answer_rows where measure in ('satisfaction', 'nps') and nth = 0 and month between $1 and $2 group by 1, 2) x`)
    return { ...stays, ...contacts, ...answers }
  } finally {
    await client.query('commit')
    client.release()
  }
}
