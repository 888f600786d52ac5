import type pg from 'pg'
import { oneTransaction } from '../database.ts'
import { fingerprint, type KeptKey, openKey, wrapKey } from './wrap.ts'

/**
 * Wraps every key under another master key too, as the owner of the database: from now on both open. Answers how many. Doing it again changes nothing; a third
 * master key is refused until the second has taken over.
 */
export async function wrapUnder(owner: pg.Pool, master: Buffer, next: Buffer): Promise<number> {
  const [print, nextPrint] = [fingerprint(master), fingerprint(next)]
  return oneTransaction(owner, async (client) => {
    await client.query('lock table house.keys in share row exclusive mode') // no key is made meanwhile
    const others = await client.query('select from house.wrapped_keys where master <> all ($1) limit 1', [[print, nextPrint]])
    if (others.rows.length > 0) throw new Error('a change of the master key is under way; finish it first')
    const { rows } = await client.query<KeptKey & { hospital_id: number }>(
      `select k.hospital_id, k.purpose, k.number, k.suite, k.is_drawn, w.wrapped from house.keys k
         left join house.wrapped_keys w on w.hospital_id = k.hospital_id and w.purpose = k.purpose and w.number = k.number and w.master = $1
        where k.retired_at is null`,
      [print],
    )
    for (const row of rows) {
      const { hospital_id: hospitalId, purpose, number, suite } = row
      const name = { hospitalId, purpose, number }
      const bytes = openKey(master, hospitalId, row)
      for (const [by, as] of [
        [master, print],
        [next, nextPrint],
      ] as const)
        await client.query('insert into house.wrapped_keys values ($1, $2, $3, $4, $5) on conflict do nothing', [
          hospitalId,
          purpose,
          number,
          as,
          wrapKey(by, suite, name, bytes),
        ])
    }
    await client.query('update house.keys set is_drawn = false where is_drawn')
    await client.query(
      `insert into house.settings (name, value) values ('nextKey', $1) on conflict (name) do update set value = excluded.value`,
      [nextPrint],
    )
    return rows.length
  })
}

/**
 * Takes the master key of before away from every key; the one that is left is the one. Refused, with the reason, where a process still works with another or where
 * it would not open everything.
 */
export function finishMaster(owner: pg.Pool, master: Buffer): Promise<'done' | 'notUnderWay' | 'stillUsed' | 'notWrapped'> {
  const print = fingerprint(master)
  return oneTransaction(owner, async (client) => {
    await client.query('lock table house.keys in share row exclusive mode')
    const { rows } = await client.query<{ value: string }>(`select value from house.settings where name = 'nextKey'`)
    if (rows[0]?.value !== print) return 'notUnderWay'
    const others = await client.query(
      `select from house.process_list() p where p.seconds_silent < 120 and p.facts ->> 'master' is distinct from $1 limit 1`,
      [print],
    )
    if (others.rows.length > 0) return 'stillUsed'
    const without = await client.query(
      `select from house.keys k where k.retired_at is null and not exists (select from house.wrapped_keys w
         where w.hospital_id = k.hospital_id and w.purpose = k.purpose and w.number = k.number and w.master = $1) limit 1`,
      [print],
    )
    if (without.rows.length > 0) return 'notWrapped'
    await client.query('delete from house.wrapped_keys where master <> $1', [print])
    await client.query(`update house.settings set value = $1 where name = 'key'`, [print])
    await client.query(`delete from house.settings where name = 'nextKey'`)
    return 'done'
  })
}
