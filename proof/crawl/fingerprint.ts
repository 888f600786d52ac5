import { type Context, sql } from '@renxin/server'

type Sql = (text: string) => Promise<{ rows: unknown[] }>

/** What writes of its own accord, whatever was asked. */
const ofItself = /^house\.|^access\.|^analytics\.|^integration\.(door_|runs)|search_keys/

/** Of each table a word for what stands in the rows that name certain ids. */
export type Fingerprint = ReadonlyMap<string, string>

/** A way to read what stands in all rows that name one of these ids, so that a change of any of them shows, and where. */
export async function fingerprintOf(
  ownerSql: (text: string) => Promise<{ name?: string }[]>,
  inside: <T>(work: (ctx: Context) => Promise<T>) => Promise<T>,
  ids: readonly string[],
): Promise<(ask: Sql) => Promise<Fingerprint>> {
  const tables =
    await ownerSql(`select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and c.relforcerowsecurity order by 1`)
  const names = tables.flatMap(({ name }) => (name && !ofItself.test(name) ? [name] : []))
  const mentions = `like any(array[${ids.map((id) => `'%${id}%'`).join(', ')}])`
  const counts = names
    .map((name) => `select '${name}' as name, count(*)::int as n from ${name} t where t::text ${mentions}`)
    .join(' union all ')
  const filled = await inside(async (ctx) =>
    (await sql.raw<{ name: string; n: number }>(counts).execute(ctx.db)).rows.filter((r) => r.n > 0),
  )
  if (filled.length < 20) throw new Error(`only ${filled.length} tables hold something of the other department`)
  const parts = names.map(
    (name) => `select '${name}' as name, md5(string_agg(t::text, '|' order by t::text)) as word from ${name} t where t::text ${mentions}`,
  )
  const text = parts.join(' union all ')
  return async (ask) => {
    await ask(`select set_config('house.veil', '', true)`) // whoever is asked in whose name sees what changes behind the veil too
    return new Map(((await ask(text)).rows as { name: string; word: string | null }[]).map((r) => [r.name, r.word ?? ''])) // as it is asked
  }
}

/** The tables in which something changed. */
export const changedIn = (before: Fingerprint, after: Fingerprint): string[] =>
  [...after].flatMap(([name, word]) => (before.get(name) === word ? [] : [name]))
