import { keysOfName, readName } from '@renxin/patients'
import { drawName, makeRandom } from '@renxin/seed'
import { blindIndex, readKeys } from '@renxin/server'
import type pg from 'pg'

/** So many names are drawn as the demo hospital draws them; even ones are men's, odd ones women's. */
const NAMES = 300_000
const AT_ONCE = 20_000

type Named = { nth: number; name: string; pinyin: string; initials: string; keys: { key: string; kind: string; position: number }[] }

/** Lays ready what a copy takes beside its original's row: names with the product's own readings and keys, and the blind indexes of all last four digits. */
export async function layCrowd(db: pg.ClientBase, masterKey: Buffer, names = NAMES): Promise<void> {
  await db.query(`
    create table bench.names (nth int primary key, name text, pinyin text, initials text, keys text[], kinds text[], positions smallint[]);
    create table bench.four (four text primary key, index bytea)`)
  const draw = drawer(names)
  for (let from = 0; from < names; from += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, names - from) }, (_, i) => nameOf(from + i, draw(i % 2 ? 'female' : 'male')))
    await db.query(
      `insert into bench.names select n.nth, n.name, n.pinyin, n.initials,
              array(select k ->> 'key' from jsonb_array_elements(n.keys) k), array(select k ->> 'kind' from jsonb_array_elements(n.keys) k),
              array(select (k ->> 'position')::smallint from jsonb_array_elements(n.keys) k)
         from jsonb_to_recordset($1) as n (nth int, name text, pinyin text, initials text, keys jsonb)`,
      [JSON.stringify(some)],
    )
  }
  const keyed = { keys: await readKeys(db, masterKey, 1) }
  const fours = Array.from({ length: 10_000 }, (_, i) => String(i).padStart(4, '0'))
  await db.query('insert into bench.four select * from unnest($1::text[], $2::bytea[])', [
    fours,
    fours.map((four) => blindIndex(keyed, 'patients.lastFour', four)),
  ])
  await db.query('analyze bench.names, bench.four')
}

/** No name is commoner than the commonest of the country, which two in ten thousand bear. */
function drawer(names: number): (sex: 'male' | 'female') => string {
  const most = Math.max(1, names / 5000)
  const random = makeRandom(2026)
  const times = new Map<string, number>()
  return (sex) => {
    for (;;) {
      const name = drawName(random, sex)
      const before = times.get(name) ?? 0
      if (before >= most) continue
      times.set(name, before + 1)
      return name
    }
  }
}

/** The name of copy `k` of patient `p`, as a number in `bench.names`: the same names come again as often as in a city. */
export const nthName = (names = NAMES): string =>
  `(2 * ((hashint8(p.nth * 10000::bigint + k) & 2147483647) % ${names / 2}) + (p.sex = 'female')::int)`

function nameOf(nth: number, name: string): Named {
  const { whole, initials } = readName(name)
  return { nth, name, pinyin: whole, initials, keys: keysOfName(name) }
}
