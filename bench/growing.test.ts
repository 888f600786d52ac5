import { keysOfName, readName } from '@renxin/patients'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { grow } from './growing.ts'
import { phoneOfCopy } from './multiply.ts'
import { dropFolder, freshFolder, masterKeyOf, type Product, poolsOf, runCommand, signIn, startProduct } from './product.ts'

const PEOPLE = 200
const COPIES = 4
const quiet = () => undefined

let dataDir: string
let product: Product
let pools: Awaited<ReturnType<typeof poolsOf>>
let db: Awaited<ReturnType<typeof pools.openSuper>>
let cookie: string

beforeAll(async () => {
  dataDir = await freshFolder('growing-test')
  product = await startProduct(dataDir)
  await runCommand(dataDir, ['demo', 'fill', '--patients', String(PEOPLE)])
  await product.stop()
  const masterKey = await masterKeyOf(dataDir)
  await grow(dataDir, masterKey, { from: 1, to: 1, names: 1000, log: quiet })
  await grow(dataDir, masterKey, { from: 2, to: COPIES, names: 1000, log: quiet }) // it goes on where it stood
  product = await startProduct(dataDir)
  pools = await poolsOf(dataDir)
  db = await pools.openSuper()
  cookie = await signIn(product.url, 'nurse', 'renxin-demo')
}, 300_000)

afterAll(async () => {
  await db?.end()
  await pools?.app.end()
  await pools?.owner.end()
  await product?.stop()
  await dropFolder(dataDir)
})

const ask = async (path: string) => (await fetch(`${product.url}/api/${path}`, { headers: { cookie } })).json()
const found = async (q: string): Promise<string[]> =>
  (await ask(`patients/search?limit=50&q=${encodeURIComponent(q)}`)).rows.map((r: { id: string }) => r.id)
const anyCopy = `select p.id, p.name, p.medical_record_number as number from patients.patients p where p.id::text like '%-0003c0b1%' and length(p.name) = 3 order by id limit 1`

test('a hospital grown to five times its people holds five times their work', async () => {
  const of = async (table: string) => (await db.query(`select count(*)::int as n from ${table}`)).rows[0].n
  for (const table of ['patients.patients', 'encounters.encounters', 'followups.tasks', 'surveys.responses', 'surveys.answers'])
    expect([table, await of(table)]).toEqual([table, (COPIES + 1) * (await of(`bench.${table.replace('.', '_')}`))])
})

test('a copy is found by its telephone, its name, its initials and the beginning of its record number, and its file opens', async () => {
  const [one] = (await db.query(anyCopy)).rows
  const { rows: contacts } = await db.query(
    `select row_number() over (order by id)::int as nth, overlay(patient_id::text placing '0003c0b1' from 25 for 8) as id from bench.patients_contacts`,
  )
  const { nth, id: whose } = contacts[7]
  const { initials } = readName(one.name)

  expect(await found(phoneOfCopy(3, nth))).toContain(whose)
  expect(await found(one.name)).toContain(one.id)
  expect(await found(one.name.slice(1))).toContain(one.id)
  expect(await found(`${initials} ${one.number}`)).toContain(one.id)
  expect(await found(one.number.slice(0, -1))).toContain(one.id)
  expect((await ask(`patients/patients/${one.id}`)).id).toBe(one.id)
})

test('every copy stands under the keys that the product would make of its name', async () => {
  const { rows } = await db.query(
    `select p.name, p.name_pinyin, p.name_initials, (select array_agg(kind || ' ' || key order by kind || ' ' || key) from patients.search_keys k
        where k.patient_id = p.id and kind in ('name', 'pinyin', 'initials')) as keys from patients.patients p where p.id::text like '%-000_c0b1%'`,
  )
  const { rows: originals } = await db.query('select 1 from bench.patients_patients')
  expect(rows).toHaveLength(COPIES * originals.length)
  for (const row of rows) {
    const { whole, initials } = readName(row.name)
    const keys = keysOfName(row.name).map((k) => `${k.kind} ${k.key}`)
    expect([row.name_pinyin, row.name_initials, row.keys.sort()]).toEqual([whole, initials, keys.sort()])
  }
})

test('no name is everybody’s, and no two copies share a telephone', async () => {
  const { rows } = await db.query(`
    select (select max(n) from (select count(*)::int as n from patients.patients group by name) x) as most,
           (select count(*)::int from patients.contacts where id::text like '%-000_c0b1%') as contacts,
           (select count(distinct phone_index)::int from patients.contacts where id::text like '%-000_c0b1%') as phones`)
  expect(rows[0].most).toBeLessThan(((COPIES + 1) * PEOPLE) / 50)
  expect(rows[0].phones).toBe(rows[0].contacts)
})

test('every index is whole again, and every reference leads somewhere', async () => {
  const { rows: broken } = await db.query('select indexrelid::regclass from pg_index where not (indisready and indisvalid)')
  expect(broken).toEqual([])

  const { rows: keys } = await db.query<{ name: string; child: string; parent: string; ours: string[]; theirs: string[] }>(`
    select conname as name, conrelid::regclass::text as child, confrelid::regclass::text as parent,
           array(select quote_ident(attname) from unnest(conkey) with ordinality u (n, i) join pg_attribute on attrelid = conrelid and attnum = n order by i) as ours,
           array(select quote_ident(attname) from unnest(confkey) with ordinality u (n, i) join pg_attribute on attrelid = confrelid and attnum = n order by i) as theirs
      from pg_constraint where contype = 'f'`)
  expect(keys.length).toBeGreaterThan(50)
  for (const { name, child, parent, ours, theirs } of keys) {
    const { rows } = await db.query(
      `select count(*)::int as n from ${child} c where ${ours.map((o) => `c.${o} is not null`).join(' and ')}
         and not exists (select from ${parent} p where ${ours.map((o, i) => `p.${theirs[i]} = c.${o}`).join(' and ')})`,
    )
    expect([child, name, rows[0].n]).toEqual([child, name, 0])
  }
})

test('another hospital sees none of them', async () => {
  const client = await pools.app.connect()
  try {
    await client.query(`begin; select set_config('house.hospital', '999', true)`)
    expect((await client.query('select count(*)::int as n from patients.patients')).rows[0].n).toBe(0)
    await client.query('rollback')
  } finally {
    client.release()
  }
})
