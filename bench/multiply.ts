import { readKeys } from '@renxin/server'
import type pg from 'pg'
import { layCrowd, nthName } from './crowd.ts'
import { analyzeTables, buildIndexes, dropIndexes } from './indexes.ts'

/**
 * Rows are copied over inside one hospital, each copy a person of its own: new ids, numbers, telephones and names, another day of birth; the same units and days.
 * A copy's ids differ from the original's in eight digits, so they lie in time beside it, as those of a hospital's other patients would.
 */
const OF_PEOPLE = ['patients.search_keys', 'patients.contacts', 'patients.identifiers', 'patients.patients', 'patients.care_units']

/**
 * What happened to them. It is copied as long as there are `MOST_BUSY` patients: a hospital with files of ten millions had a tenth of them in the last half year,
 * and the others are known by their files alone.
 */
const OF_WORK = [
  'surveys.answers',
  'encounters.facts',
  'encounters.encounters',
  'encounters.stays',
  'encounters.levels',
  'encounters.diagnoses',
  'followups.tasks',
  'followups.call_days',
  'followups.attempts',
  'followups.enrolments',
  'surveys.responses',
  'analytics.contacts',
  'analytics.stays',
  'patients.standings',
  'patients.contact_log',
  'patients.diagnosed',
  'patients.segment_members',
]
const TABLES = [...OF_PEOPLE, ...OF_WORK]

export type Log = (line: string) => void

export const ORIGINALS = 10_000
const MOST_BUSY = 1_000_000

/** Cells hold sums, to which each copy of the rows adds once more what the originals counted. */
const cells = {
  'analytics.stay_days': { key: ['day', 'department_id', 'ward_id'], sums: ['discharged', 'alive', 'covered'] },
  'analytics.contact_days': { key: ['day', 'department_id', 'ward_id', 'outcome'], sums: ['tasks'] },
  'analytics.answer_months': {
    key: ['month', 'department_id', 'ward_id'],
    sums: ['satisfied', 'no_opinion', 'dissatisfied', 'not_applicable', 'promoters', 'passives', 'detractors'],
  },
}

const ids = new Set(['id', 'patient_id', 'said_patient_id', 'encounter_id', 'task_id', 'response_id', 'contact_id', 'merged_into'])
const COPY = 'c0b1' // beside the copy's number in its ids, so that none of them is an original's
const idOf = (column: string) => `overlay(${column}::text placing lpad(to_hex(k), 4, '0') || '${COPY}' from 25 for 8)::uuid`
const blind = (column: string) => `substr(sha256(${column} || int4send(k)), 1, 16)`
/** After the first sign, so that the beginning of a number meets no more people than in any hospital of the size. */
const numberOf = (column: string) => `overlay(${column} placing lpad(k::text, 4, '0') from 2 for 0)`
const numberOfContact = `'19' || lpad((k * 100000 + p.nth)::text, 9, '0')`

/** How a column of copy `k` comes from the original's row `p`; what is not named here is the same. */
function copyOf(table: string, column: string): string {
  const own = `p.${column}`
  if (ids.has(column)) return idOf(own)
  switch (`${table}.${column}`) {
    case 'patients.patients.medical_record_number':
    case 'encounters.encounters.number':
      return numberOf(own)
    case 'patients.identifiers.value':
      return `case when p.type in ('NNCHN', 'NI', 'PPN') then encode(${blind(`decode(p.value, 'hex')`)}, 'hex') else ${numberOf(own)} end`
    case 'patients.patients.name':
      return 'n.name'
    case 'patients.patients.name_pinyin':
      return 'n.pinyin'
    case 'patients.patients.name_initials':
      return 'n.initials'
    case 'patients.patients.birth_on':
      return `p.birth_on - k * 37 % 731`
    case 'patients.patients.identity_card_index':
      return blind(own)
    case 'patients.patients.bed':
      return 'null' // one bed, one patient
    case 'patients.patients.is_uncompared':
      return 'false'
    case 'patients.contacts.phone_index':
      return phoneIndex(numberOfContact)
    case 'patients.contacts.phone_last4':
      return 'f.index'
    default:
      return own
  }
}

/** The blind index of a number as the product makes it (HMAC-SHA256, RFC 2104), for the pads in `bench.pads`. */
const phoneIndex = (number: string) =>
  `substr(sha256(h.outer_pad || sha256(h.inner_pad || convert_to('patients.phone:' || ${number}, 'UTF8'))), 1, 16)`

export const phoneOfCopy = (copy: number, nth: number): string => `19${String(copy * 100_000 + nth).padStart(9, '0')}`

/** Copy 0 is the original itself. */
export const numberOfCopy = (number: string, copy: number): string =>
  copy === 0 ? number : `${number.slice(0, 1)}${String(copy).padStart(4, '0')}${number.slice(1)}`

/** Puts the hospital's own rows aside, to be copied from as often as is wanted, and what the copies take instead. */
export async function keepOriginals(db: pg.ClientBase, masterKey: Buffer, names?: number): Promise<void> {
  await db.query('create schema bench')
  for (const table of [...TABLES, ...Object.keys(cells)]) {
    const nth = ['patients.patients', 'patients.contacts'].includes(table) ? ', row_number() over (order by id)::int as nth' : ''
    await db.query(`create table bench.${nameOf(table)} as select *${nth} from ${table}`)
  }
  await db.query('create index on bench.patients_search_keys (kind, key)')
  await db.query('create table bench.pads (inner_pad bytea, outer_pad bytea)')
  await db.query('insert into bench.pads values ($1, $2)', await padsOf(db, masterKey))
  await layCrowd(db, masterKey, names)
}

const nameOf = (table: string) => table.replace('.', '_')

/** Makes copies `from` to `to` (1 is the first) with no index in the way: they are built at the end. Two connections of the superuser, since what is a copy needs no foreign key checked again. */
export async function multiply(
  open: () => Promise<pg.Client>,
  { from, to, names, log }: { from: number; to: number; names?: number; log: Log },
): Promise<void> {
  const clients = await Promise.all([open(), open()])
  const [one] = clients
  for (const client of clients)
    await client.query(`set session_replication_role = replica; set work_mem = '256MB'; set max_parallel_workers_per_gather = 0`)
  const busyTo = Math.min(to, MOST_BUSY / ORIGINALS - 1)
  const tables = from <= busyTo ? TABLES : OF_PEOPLE
  await dropIndexes(one, tables)

  const work: string[] = []
  for (const table of tables) {
    const last = OF_PEOPLE.includes(table) ? to : busyTo
    const columns = await columnsOf(one, table)
    for (let k = from; k <= last; k += AT_ONCE) work.push(statementOf(table, columns, k, Math.min(last, k + AT_ONCE - 1), names))
  }
  await timed(log, `rows of copies ${from} to ${to}`, () => inTurn(clients, work))
  if (from <= busyTo) {
    for (const [table, { key, sums }] of Object.entries(cells)) {
      const added = sums.map((c) => `${c} = t.${c} + o.${c} * ${busyTo - from + 1}`).join(', ')
      await one.query(
        `update ${table} t set ${added} from bench.${nameOf(table)} o where ${key.map((c) => `t.${c} = o.${c}`).join(' and ')}`,
      )
    }
  }
  await rebuild(clients, { tables, counted: [...tables, ...Object.keys(cells)], log })
  await Promise.all(clients.map((client) => client.end()))
}

/** Builds the indexes of these tables again, and counts what is in them and in others. */
export async function rebuild(
  clients: readonly pg.Client[],
  { tables, counted = tables, log }: { tables: readonly string[]; counted?: readonly string[]; log: Log },
): Promise<void> {
  const [one] = clients
  if (!one) return
  const indexes = await buildIndexes(one, tables)
  await timed(log, 'indexes', () => inTurn(clients, indexes))
  await timed(log, 'vacuum analyze', () => inTurn(clients, analyzeTables(counted)))
}

export async function timed(log: Log, what: string, work: () => Promise<unknown>): Promise<void> {
  const began = performance.now()
  await work()
  log(`${what}: ${((performance.now() - began) / 1000).toFixed(0)} s`)
}

/** So many copies in one statement. */
const AT_ONCE = 50

async function inTurn(clients: readonly pg.Client[], work: string[]): Promise<void> {
  await Promise.all(
    clients.map(async (client) => {
      for (let next = work.shift(); next; next = work.shift()) await client.query(next)
    }),
  )
}

async function columnsOf(db: pg.ClientBase, table: string): Promise<string[]> {
  const { rows } = await db.query<{ name: string }>(
    `select attname as name from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = '' and attidentity = ''
     order by attnum`,
    [table],
  )
  return rows.map((r) => r.name)
}

/** In the order of the originals, which is that of their time. */
function statementOf(table: string, columns: readonly string[], from: number, to: number, names?: number): string {
  const copies = `generate_series(${from}, ${to}) as copy (k)`
  const head = `insert into ${table} (${columns.join(', ')})`
  if (table === 'patients.search_keys')
    return `insert into patients.search_keys (hospital_id, key, kind, patient_id, position) ${keysOf(copies, names)}`
  const beside =
    table === 'patients.patients'
      ? `join bench.names n on n.nth = ${nthName(names)}`
      : table === 'patients.contacts'
        ? `join bench.four f on f.four = right(${numberOfContact}, 4) cross join bench.pads h`
        : ''
  return `${head} select ${columns.map((c) => copyOf(table, c)).join(', ')} from bench.${nameOf(table)} p cross join ${copies} ${beside}`
}

/** The names by their own keys, the record numbers by the originals'. Nobody else lies in an original's bed, and no former name is a copy's. */
const keysOf = (copies: string, names?: number) => `
  select c.hospital_id, k.key, k.kind, c.id, k.position
    from (select p.hospital_id, ${idOf('p.id')} as id, ${nthName(names)} as nth from bench.patients_patients p cross join ${copies} offset 0) c
    join bench.names n on n.nth = c.nth cross join unnest(n.keys, n.kinds, n.positions) as k (key, kind, position)
  union all
  select p.hospital_id, ${numberOf('p.key')}, p.kind, ${idOf('p.patient_id')}, p.position
    from bench.patients_search_keys p cross join ${copies} where p.kind = 'number'`

async function padsOf(db: pg.ClientBase, masterKey: Buffer): Promise<[Buffer, Buffer]> {
  const { indexes } = await readKeys(db, masterKey, 1)
  const [index] = indexes
  if (!index || indexes.length > 1 || index.suite !== 'aes') throw new Error('the hospital of the bench finds by one HMAC-SHA-256')
  const key = Buffer.concat([index.key.export(), Buffer.alloc(32)])
  return [Buffer.from(key.map((byte) => byte ^ 0x36)), Buffer.from(key.map((byte) => byte ^ 0x5c))]
}
