/** The walls between hospitals, as the catalogue of the database shows them: each query answers a row for every breach. */

/** Tables that no hospital owns, each with the reason. */
export type OfNobody = Readonly<Record<string, string>>

type Ask = (text: string, params?: unknown[]) => Promise<Record<string, unknown>[]>

const OURS = `n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and n.nspname not like 'pg\\_%'`
const POLICY = '(hospital_id = ( SELECT house.hospital() AS hospital))'

/** A restrictive policy can only hide more. The one that there is hides patients for their privacy, and with them who is their family. */
const VEIL =
  /^\["veil","r",true,"\(\(current_setting\('house\.veil'::text, true\) IS DISTINCT FROM 'on'::text\) OR \(*(?:(?:NOT \(EXISTS \(.*patients\.privacy v.*OR )?house\.shows_patient|kind <> 'family'::text\) OR patients\.shows_person)\(/

const TABLES = `
  select format('%I.%I', n.nspname, c.relname) as name, c.relrowsecurity as enabled, c.relforcerowsecurity as forced, pg_get_userbyid(c.relowner) as owner,
    (select jsonb_agg(jsonb_build_array(p.polcmd, p.polroles = '{0}', pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)))
       from pg_policy p where p.polrelid = c.oid and p.polpermissive) as policies,
    (select jsonb_agg(jsonb_build_array(p.polname, p.polcmd, p.polroles = array['renxin_app'::regrole::oid], pg_get_expr(p.polqual, p.polrelid)))
       from pg_policy p where p.polrelid = c.oid and not p.polpermissive) as narrowed,
    (select a.attname from pg_index i join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0] where i.indrelid = c.oid and i.indisprimary) as leads,
    (select array_agg(priv order by priv) from unnest(array['TRUNCATE', 'TRIGGER', 'REFERENCES', 'MAINTAIN']) priv
       where has_table_privilege('renxin_app', c.oid, priv)) as too_much
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p') and ${OURS} order by 1`

const FOREIGN_KEYS = `
  select format('%s %s', k.conrelid::regclass, k.conname) as name
  from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
  where k.contype = 'f' and ${OURS} and (select attname from pg_attribute where attrelid = k.conrelid and attnum = k.conkey[1]) <> 'hospital_id'`

const INDEXES = `
  select format('%I.%I', n.nspname, x.relname) as name
  from pg_index i join pg_class x on x.oid = i.indexrelid join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
  where ${OURS} and c.relrowsecurity and c.relforcerowsecurity and not exists (
    select from pg_attribute a where a.attrelid = c.oid and a.attnum = i.indkey[0] and a.attname = 'hospital_id')`

const VIEWS = `
  select format('%I.%I', n.nspname, c.relname) as name, c.relkind = 'm' as stored
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('v', 'm') and ${OURS} and not coalesce('security_invoker=true' = any (c.reloptions), false)`

const FUNCTIONS = `
  select p.oid::regprocedure::text as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
  where p.prosecdef and ${OURS} and not coalesce(exists (select from unnest(p.proconfig) s where s like 'search_path=pg_catalog%'), false)`

const POWERS = `
  select what from pg_roles r, lateral (
    select 'is a superuser' as what where r.rolsuper union all
    select 'passes row security' where r.rolbypassrls union all
    select 'makes roles' where r.rolcreaterole union all
    select 'makes databases' where r.rolcreatedb union all
    select format('owns %s', c.oid::regclass) from pg_class c where c.relowner = r.oid union all
    select format('may become %s', m.roleid::regrole) from pg_auth_members m where m.member = r.oid union all
    select format('creates in %s', n.nspname) from pg_namespace n where ${OURS} and has_schema_privilege(r.oid, n.oid, 'CREATE') union all
    select 'makes schemas' where has_database_privilege(r.oid, current_database(), 'CREATE')
  ) p where r.rolname = 'renxin_app'`

type Table = {
  name: string
  enabled: boolean
  forced: boolean
  owner: string
  policies: unknown
  narrowed: unknown[] | null
  leads: string | null
  too_much: string[] | null
}

/** Every breach in the walls of this database, asked as its owner. */
export async function wallFaults(ask: Ask, ofNobody: OfNobody): Promise<string[]> {
  const tables = (await ask(TABLES)) as Table[] // the columns of the query above
  const names = new Set(tables.map((t) => t.name))
  const one = async (query: string, say: (row: Record<string, unknown>) => string) => (await ask(query)).map(say)
  return [
    ...tables.flatMap((t) => (ofNobody[t.name] ? rightsOf(t) : [...faultsOfTable(t), ...rightsOf(t)])),
    ...Object.keys(ofNobody)
      .filter((name) => !names.has(name))
      .map((name) => `${name} is excepted and is not there`),
    ...(await one(FOREIGN_KEYS, (k) => `${k.name}: the foreign key does not lead with the hospital`)),
    ...(await one(INDEXES, (x) => `${x.name}: the index does not lead with the hospital`)),
    ...(await one(VIEWS, (v) => `${v.name}: ${v.stored ? 'a stored view knows no walls' : 'the view asks with its owner’s eyes'}`)),
    ...(await one(FUNCTIONS, (f) => `${f.name}: runs as its owner without a fixed search path`)),
    ...(await one(POWERS, (p) => `the application ${p.what}`)),
  ]
}

function faultsOfTable({ name, enabled, forced, policies, narrowed, leads }: Table): string[] {
  const wanted = JSON.stringify([['*', true, POLICY, POLICY]])
  return [
    ...(enabled ? [] : [`${name}: row-level security is off`]),
    ...(forced ? [] : [`${name}: row-level security is not forced`]),
    ...(JSON.stringify(policies) === wanted ? [] : [`${name}: its policies are ${JSON.stringify(policies)}`]),
    ...(narrowed ?? []).map((n) => JSON.stringify(n)).flatMap((n) => (VEIL.test(n) ? [] : [`${name}: it is narrowed by ${n}`])),
    ...(leads === 'hospital_id' ? [] : [`${name}: its primary key leads with ${leads ?? 'nothing'}`]),
  ]
}

const rightsOf = ({ name, owner, too_much }: Table) => [
  ...(owner === 'renxin_owner' ? [] : [`${name}: owned by ${owner}`]),
  ...(too_much ? [`${name}: the application has ${too_much.join(', ')}`] : []),
]
