import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { fillDemo } from '@renxin/seed'
import { inHospital, migrate, openPool, sql } from '@renxin/server'
import { openHouse } from '@renxin/server/testing'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { calendarOf, modules } from './modules.ts'
import { wallFaults } from './wall-faults.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 }) // a hospital is filled, on a machine that may be busy

const house = await openHouse(modules, { calendarOf })
const owner = openPool(house.urls.ownerUrl, { max: 1 })
const folder = await mkdtemp(join(tmpdir(), 'renxin-migrations-'))
let demo: number

beforeAll(async () => {
  demo = await house.addHospital('仁心演示医院')
  await inHospital(house.house, demo, async (ctx) => {
    for (const module of modules) await module.prepare?.(ctx)
  })
  await fillDemo(house.house, demo, { patients: 200 })
})
afterAll(async () => {
  await owner.end()
  await rm(folder, { recursive: true })
})

const ofNobody = {
  'public.renxin_migrations': 'what was done to the schema',
  'house.hospitals': 'the hospitals themselves; a session sees its own row, and the owner’s functions list the names',
  'house.settings': 'facts about the installation; the application may only read them',
  'house.processes': 'the processes that run on this database; reached by functions alone',
  'house.keys': 'the keys of the hospitals, which are read before there is a transaction; reached by functions alone',
  'house.wrapped_keys': 'the same keys, wrapped under the master key; reached by functions alone',
  'house.leader': 'which of them does what is done once; reached by functions alone',
  'integration.addresses': 'which sender belongs to which hospital; reached by functions alone',
  'integration.unclaimed': 'messages of senders that belong to no hospital yet; reached by functions alone',
  'integration.readers': 'which role of the database reads for which hospital; reached by functions alone',
  'integration.published': 'what a hospital’s system reads under its own role; reached by functions alone',
}
const tables = async () =>
  (
    await house.ownerSql(`select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and c.relforcerowsecurity order by 1`)
  ).map((r) => String(r.name))

test('every table stands behind the wall, and the application can take none of it down', async () => {
  expect((await tables()).length).toBeGreaterThan(60)
  expect(await wallFaults(house.ownerSql, ofNobody)).toEqual([])
})

test('a table, a view or a function that lets others look over the wall is caught', async () => {
  await house.ownerSql(`
    create schema planted;
    create table planted.open (id int primary key);
    create table planted.half (hospital_id int not null default house.hospital(), id int not null, of int references planted.open, primary key (id, hospital_id));
    alter table planted.half enable row level security;
    create policy hospital on planted.half using (true);
    grant select, truncate on planted.half to renxin_app;
    create table planted.guarded (hospital_id int not null default house.hospital(), id int not null, name text, primary key (hospital_id, id));
    call house.guard('planted.guarded');
    create index by_name on planted.guarded (name);
    create view planted.peep as select * from planted.guarded;
    create function planted.all_of_them() returns setof planted.guarded language sql security definer as 'select * from planted.guarded'`)

  const faults = await wallFaults(house.ownerSql, ofNobody)

  await house.ownerSql('drop schema planted cascade')
  expect(faults).toEqual([
    'planted.half: row-level security is not forced',
    'planted.half: its policies are [["*",true,"true",null]]',
    'planted.half: its primary key leads with id',
    'planted.half: the application has TRUNCATE',
    'planted.open: row-level security is off',
    'planted.open: row-level security is not forced',
    'planted.open: its policies are null',
    'planted.open: its primary key leads with id',
    'planted.half half_of_fkey: the foreign key does not lead with the hospital',
    'planted.by_name: the index does not lead with the hospital',
    'planted.peep: the view asks with its owner’s eyes',
    'planted.all_of_them(): runs as its owner without a fixed search path',
  ])
})

test('of a filled hospital another sees no row of any table, and without a hospital nobody sees any', async () => {
  const counts = (await tables()).map((t) => `select '${t}' as name, count(*)::int as n from ${t}`).join(' union all ')
  const ofDemo = await house.inside(async (ctx) => (await sql<{ name: string; n: number }>`${sql.raw(counts)}`.execute(ctx.db)).rows, demo)
  const filled = ofDemo.filter((t) => t.n > 0)

  const ofTheOther = await house.sql<{ name: string; n: number }>(counts)
  const ofNone = await house.house.pool.query<{ name: string; n: number }>(counts)

  expect(filled.length).toBeGreaterThan(40)
  expect(ofTheOther.filter((t) => t.n > 0)).toEqual([])
  expect(ofNone.rows.filter((t) => t.n > 0)).toEqual([])
})

test('the application writes into no other hospital, and alters nothing of the house', async () => {
  const theirs = `insert into staff.campuses (hospital_id, id, name) values (${demo}, gen_random_uuid(), '分院')`
  const refused = [
    'drop table patients.patients',
    'alter table patients.patients disable row level security',
    'alter table patients.patients no force row level security',
    'drop policy hospital on patients.patients',
    'truncate patients.patients',
    'create table public.mine (id int)',
    'set role renxin_owner',
    'update house.hospitals set is_demo = true',
    `insert into house.settings (name, value) values ('key', 'mine')`,
    `select house.found_first_hospital('又一家', '又一家', 'Asia/Shanghai', now())`,
    'select * from integration.unclaimed',
    'select * from integration.addresses',
  ]

  await expect(house.sql(theirs)).rejects.toThrow('violates row-level security policy')
  for (const statement of refused) {
    await expect(house.sql(statement), statement).rejects.toThrow(/must be owner|permission denied|there is a hospital already/)
  }
})

const planted = (name: string, text: string) => writeFile(join(folder, name), text)
const withPlanted = [...modules, { name: 'planted', migrations: pathToFileURL(`${folder}/`) }]

test('on a filled database the migrations are done, and a further one reaches the rows of every hospital and puts the wall up again', async () => {
  expect(await migrate(owner, modules)).toEqual([])

  await planted(
    '20991231-0900-initials.sql',
    `call house.unforce('patients.patients');
     alter table patients.patients add column first_letter text;
     update patients.patients set first_letter = left(name, 1);
     alter table patients.patients alter column first_letter set not null;
     call house.guard('patients.patients');`,
  )
  expect(await migrate(owner, withPlanted)).toEqual(['20991231-0900-initials@planted'])
  expect(await migrate(owner, withPlanted)).toEqual([])

  const [told] = await house.inside(
    async (ctx) =>
      (
        await sql<{
          n: number
          right: number
        }>`select count(*)::int as n, count(*) filter (where first_letter = left(name, 1))::int as right
        from patients.patients`.execute(ctx.db)
      ).rows,
    demo,
  )
  expect(told?.n).toBeGreaterThanOrEqual(200)
  expect(told?.right).toBe(told?.n)
  expect(await wallFaults(house.ownerSql, ofNobody)).toEqual([])
})

test('a migration that forgets the wall reaches no row, says so by failing, and leaves nothing behind', async () => {
  await planted(
    '20991231-1000-forgetful.sql',
    `alter table patients.patients add column shouted text;
     update patients.patients set shouted = upper(name);
     alter table patients.patients alter column shouted set not null;`,
  )

  await expect(migrate(owner, withPlanted)).rejects.toThrow(/forgetful@planted failed: column "shouted".*contains null values/)

  const left = await house.ownerSql(`select from information_schema.columns where table_name = 'patients' and column_name = 'shouted'`)
  expect(left).toEqual([])
})

test('a migration that was changed after it had been applied is refused', async () => {
  await rm(join(folder, '20991231-1000-forgetful.sql'))
  await planted('20991231-0900-initials.sql', 'select 1')

  await expect(migrate(owner, withPlanted)).rejects.toThrow('was changed after it had been applied')
})
