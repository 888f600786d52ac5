import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import type pg from 'pg'
import { locks } from './locks.ts'
import { StartRefused } from './postgres/errors.ts'

type Source = { name: string; migrations: URL }
type Migration = { name: string; text: string; hash: string }

const HOUSE: Source = { name: 'house', migrations: new URL('./migrations/', import.meta.url) }

/** The migrations of all modules in the order of their dates. */
export async function findMigrations(modules: readonly Source[]): Promise<Migration[]> {
  const found: Migration[] = []
  for (const { name, migrations } of [HOUSE, ...modules]) {
    const files = (await readdir(migrations).catch(() => [])).filter((f) => f.endsWith('.sql'))
    for (const file of files) {
      const text = await readFile(new URL(file, migrations), 'utf8')
      found.push({ name: `${file.slice(0, -4)}@${name}`, text, hash: createHash('sha256').update(text).digest('hex') })
    }
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** Brings the schema up to date, as its owner; several servers may start at once. Answers the names of what was applied. */
export async function migrate(owner: pg.Pool, modules: readonly Source[]): Promise<string[]> {
  const migrations = await findMigrations(modules)
  const client = await owner.connect()
  const applied: string[] = []
  try {
    await client.query(`select pg_advisory_lock(${locks.migrate})`)
    await client.query(
      'create table if not exists public.renxin_migrations (name text primary key, hash text not null, applied_at timestamptz not null default now())',
    )
    const known = new Map((await client.query('select name, hash from public.renxin_migrations')).rows.map((r) => [r.name, r.hash]))
    for (const { name, text, hash } of migrations) {
      const before = known.get(name)
      if (before === hash) continue
      if (before) throw new Error(`the migration ${name} was changed after it had been applied; write a new one instead`)
      await client.query('begin')
      try {
        await client.query(text)
        await client.query('insert into public.renxin_migrations (name, hash) values ($1, $2)', [name, hash])
        await client.query('commit')
      } catch (error) {
        await client.query('rollback')
        throw new Error(`the migration ${name} failed: ${error instanceof Error ? error.message : error}`, { cause: error })
      }
      applied.push(name)
    }
    return applied
  } finally {
    await client.query(`select pg_advisory_unlock(${locks.migrate})`).catch(() => {})
    client.release()
  }
}

/** Refuses an application role that could look over the walls: one that owns things, is a superuser, bypasses row security or may become another. */
export async function checkAppRole(app: pg.Pool): Promise<void> {
  const { rows } = await app.query(`
    select r.rolname, r.rolsuper, r.rolbypassrls, r.rolcreaterole,
           exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
                   where c.relowner = r.oid and n.nspname not like 'pg\\_%') as owns,
           exists (select from pg_auth_members m where m.member = r.oid) as becomes
    from pg_roles r where r.rolname = current_user`)
  const role = rows[0]
  const why = [
    role.rolsuper && 'is a superuser',
    role.rolbypassrls && 'bypasses row-level security',
    role.rolcreaterole && 'may create roles',
    role.owns && 'owns tables',
    role.becomes && 'may become another role',
  ].filter(Boolean)
  if (role.rolname !== 'renxin_app') why.push('is not called renxin_app, to whom the tables are opened')
  if (why.length > 0)
    throw new StartRefused(
      `DATABASE_URL connects as ${role.rolname}, which ${why.join(' and ')}. Use a role renxin_app that owns nothing and may become nobody else.`,
    )
}
