import { openPool } from '@renxin/server'
import { connectOnly } from '@renxin/server/postgres'
import { expect } from 'vitest'
import { EVENTS, type Sent } from './senders.ts'

export type Row = Record<string, unknown>
export type Rows = (text: string) => Promise<Row[]>

/** A data folder with a running product, or the address of a database of its own. */
type Place = string | { appUrl: string }

/** Asks the database of a running product, as the application's role in its first hospital. */
export async function askDatabase<T>(place: Place, ask: (rows: Rows) => Promise<T>): Promise<T> {
  const urls = typeof place === 'string' ? await connectOnly({ dataDir: place }) : place
  const pool = openPool(urls?.appUrl ?? '', { max: 1 })
  const rows: Rows = async (text) => {
    const client = await pool.connect()
    try {
      await client.query(`begin; select set_config('house.hospital', '1', true)`)
      return (await client.query(text)).rows
    } finally {
      await client.query('commit').finally(() => client.release())
    }
  }
  try {
    return await ask(rows)
  } finally {
    await pool.end()
  }
}

/** Blocks of the audit trail whose hash is not that of the block before and of their rows, or whose rows are not as many as they were. */
export const BROKEN_BLOCKS = `
  with bodies as (
    select b.number, count(*) as rows, string_agg(house.audit_text(a), E'\\n' order by a.id) as body
    from house.audit_blocks b join house.audit a on a.id = any (b.ids) group by b.number
  ), chain as (
    select b.number, b.rows, b.previous_hash, b.hash, lag(b.hash, 1, '\\x') over (order by b.number) as before, lag(b.number, 1, 0) over (order by b.number) as last
    from house.audit_blocks b
  )
  select c.number, c.rows, t.rows as found from chain c left join bodies t on t.number = c.number
  where c.number <> c.last + 1 or c.previous_hash <> c.before or t.rows is distinct from c.rows
     or c.hash is distinct from sha256(c.before || convert_to(t.body, 'UTF8'))`

/** What the database says of stays that were sent to their end: the inbox, what it led to, the outbox and the audit trail. */
export const inspectInbound = (place: Place, sent: readonly Sent[], stays: number): Promise<void> =>
  askDatabase(place, async (rows) => {
    const one = async (text: string) => (await rows(`select ${text} as it`))[0]?.it
    expect(await one(`current_setting('fsync')`)).toBe('on')
    expect(sent).toHaveLength(stays * EVENTS.length)

    const kept = await rows(
      `select control_id, count(*)::int as times, min(status) as status from integration.messages group by control_id order by control_id`,
    )
    expect(kept).toEqual(
      sent
        .map((m) => ({ control_id: m.controlId, times: 1, status: 'applied' }))
        .toSorted((a, b) => (a.control_id < b.control_id ? -1 : 1)),
    )

    const settled = { timeout: 60_000, interval: 200 }
    await expect.poll(() => one('(select count(*)::int from house.events where pending)'), settled).toBe(0)
    expect(await rows('select listener, error from house.deliveries')).toEqual([])
    expect(await one('(select count(*)::int from patients.cards)')).toBe(stays)
    expect(
      await rows('select status, count(*)::int as n, count(distinct number)::int as numbers from encounters.cards group by status'),
    ).toEqual([{ status: 'discharged', n: stays, numbers: stays }])
    expect(
      await rows(`select name, count(*)::int as n, count(distinct payload ->> 'encounterId')::int as stays from house.events
      where name in ('encounters.admitted', 'encounters.discharged') group by name order by name`),
    ).toEqual(['encounters.admitted', 'encounters.discharged'].map((name) => ({ name, n: stays, stays })))
    const tasks = await rows(`select p.key, count(*)::int as n, count(distinct t.encounter_id)::int as stays
      from followups.tasks t join followups.programmes p on p.id = t.programme_id group by p.key order by p.key`)
    expect(tasks.filter((t) => t.n !== t.stays)).toEqual([])
    expect(tasks).toEqual(expect.arrayContaining(['centre72h', 'department7d'].map((key) => ({ key, n: stays, stays }))))

    expect(
      await rows(
        `select count(*)::int as n, count(distinct object_id)::int as messages from house.audit where action = 'integration.applied'`,
      ),
    ).toEqual([{ n: sent.length, messages: sent.length }])
    await expect.poll(() => one('(select count(*)::int from house.unsealed_audit)'), settled).toBe(0)
    expect(await rows(BROKEN_BLOCKS)).toEqual([])
    expect(await one('(select count(*)::int from house.audit_blocks)')).toBeGreaterThan(0)
  })
