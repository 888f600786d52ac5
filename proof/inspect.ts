import { setTimeout as pause } from 'node:timers/promises'
import { openPool } from '@renxin/server'
import { connectOnly, withDatabase } from '@renxin/server/postgres'
import { expect } from 'vitest'
import { breachesIn, type Rows } from './invariants.ts'
import { EVENTS, type Sent } from './senders.ts'

/** A data folder with a running product, or the address of a database of its own. */
type Place = string | { appUrl: string; superUrl: string }

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

/**
 * Waits until all that was begun has come to its end, a minute at most, whoever was killed meanwhile; then nothing breaks what must always hold. Asked as a
 * role that sees over the walls, of all hospitals.
 */
export async function expectSound(place: Place): Promise<void> {
  const urls = typeof place === 'string' ? await connectOnly({ dataDir: place }) : place
  const pool = openPool(withDatabase(urls?.superUrl ?? '', 'renxin'), { max: 1 })
  const rows: Rows = async (text) => (await pool.query(text)).rows
  const left = `select (select count(*) from house.events where pending)::int + (select count(*) from house.unsealed_audit)::int as n`
  try {
    await settle(async () => (await rows(left))[0]?.n, 'things were begun and not ended')
    const breaches = await breachesIn(rows)
    if (breaches.length > 0) throw new Error(`what must always hold does not:\n${breaches.join('\n')}`)
  } finally {
    await pool.end()
  }
}

/** Until none is left, a minute at most. The long runs come here too, outside of vitest, whose own way of waiting is not to be had there. */
async function settle(left: () => Promise<unknown>, says: string): Promise<void> {
  for (const until = performance.now() + 60_000; ; await pause(200)) {
    const n = await left()
    if (n === 0) return
    if (performance.now() > until) throw new Error(`after a minute ${n} ${says}`)
  }
}

/** What the database says of stays that were sent to their end: the inbox, what it led to, the outbox and the audit trail. */
export async function inspectInbound(place: Place, sent: readonly Sent[], stays: number): Promise<void> {
  await askDatabase(place, async (rows) => {
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

    await settle(() => one('(select count(*)::int from house.events where pending)'), 'events are pending')
    const failed = await rows('select listener, attempts, error from house.deliveries')
    if (failed.length > 0)
      throw new Error(`listeners failed:\n${failed.map((d) => `${d.listener}, ${d.attempts} times: ${d.error}`).join('\n')}`)
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
    await expectSound(place) // the audit trail among the rest
    expect(await one('(select count(*)::int from house.audit_blocks)')).toBeGreaterThan(0)
  })
}
