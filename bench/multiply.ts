import { hospitalKeys } from '@renxin/server'
import type pg from 'pg'

/**
 * Rows are copied `times` over inside one hospital, each copy a person of its own: new ids, numbers and telephones, the same names, units and days.
 * A copy's ids differ from the original's in eight digits, so they lie in time beside it, as those of a hospital's other patients would.
 */
const tables = [
  'patients.patients',
  'patients.identifiers',
  'patients.contacts',
  'patients.search_keys',
  'patients.care_units',
  'patients.standings',
  'patients.diagnosed',
  'encounters.encounters',
  'followups.enrolments',
  'followups.tasks',
  'followups.attempts',
  'surveys.responses',
  'surveys.answers',
  'analytics.stays',
  'analytics.contacts',
] as const

/** Cells hold sums, to which each copy of the rows adds once more what the originals counted. */
const cells = {
  'analytics.stay_days': { key: ['day', 'department_id', 'ward_id'], sums: ['discharged', 'alive', 'covered'] },
  'analytics.contact_days': { key: ['day', 'department_id', 'ward_id', 'outcome'], sums: ['tasks'] },
  'analytics.answer_months': {
    key: ['month', 'department_id', 'ward_id'],
    sums: ['satisfied', 'no_opinion', 'dissatisfied', 'not_applicable', 'promoters', 'passives', 'detractors'],
  },
}

const copied = new Set([
  'id',
  'patient_id',
  'said_patient_id',
  'encounter_id',
  'task_id',
  'response_id',
  'contact_id',
  'merged_into',
  'said_patient_id',
])
const blind = (column: string) => `substr(sha256(${column} || int4send(k)), 1, 16)`

/** Beside the copy's number in its ids, so that none of them is an original's. */
const COPY = 'c0b1'

/** How a column of copy `k` comes from the original's; what is not named here is the same. */
function copyOf(table: string, column: string): string {
  if (copied.has(column)) return `overlay(${column}::text placing lpad(to_hex(k), 4, '0') || '${COPY}' from 25 for 8)::uuid`
  switch (`${table}.${column}`) {
    case 'patients.patients.medical_record_number':
    case 'encounters.encounters.number':
      return `${column} || '-' || k`
    case 'patients.identifiers.value':
      return `case when type in ('NNCHN', 'NI', 'PPN') then encode(${blind(`decode(value, 'hex')`)}, 'hex') else value || '-' || k end`
    case 'patients.search_keys.key':
      return `case when kind = 'number' then key || '-' || k else key end`
    case 'patients.patients.identity_card_index':
      return blind(column)
    case 'patients.contacts.phone_index':
      return phoneIndex(`'19' || lpad((k * 100000 + nth)::text, 9, '0')`)
    default:
      return column
  }
}

/** The blind index of a number as the product makes it (HMAC-SHA256, RFC 2104), for the pads in `$1` and `$2`. */
const phoneIndex = (number: string) => `substr(sha256($2 || sha256($1 || convert_to('patients.phone:' || ${number}, 'UTF8'))), 1, 16)`

export const phoneOfCopy = (copy: number, nth: number): string => `19${String(copy * 100_000 + nth).padStart(9, '0')}`

/** Puts the hospital's own rows aside, to be copied from as often as is wanted. */
export async function keepOriginals(db: pg.ClientBase): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  await db.query('create schema bench')
  for (const table of [...tables, ...Object.keys(cells)]) {
    const nth = table === 'patients.contacts' ? ', row_number() over ()::int as nth' : ''
    const { rowCount } = await db.query(`create table bench.${nameOf(table)} as select *${nth} from ${table}`)
    counts[table] = rowCount ?? 0
  }
  await db.query('create index on bench.patients_search_keys (kind, key)')
  return counts
}

const nameOf = (table: string) => table.replace('.', '_')

/** Makes copies `from` to `to` (1 is the first), as `workers` connections of the superuser, since what is a copy needs no foreign key checked again. */
export async function multiply(open: () => Promise<pg.Client>, masterKey: Buffer, from: number, to: number, workers = 2): Promise<void> {
  const pads = padsOf(masterKey)
  const clients = await Promise.all(Array.from({ length: workers }, open))
  for (const client of clients) await client.query(`set session_replication_role = replica; set synchronous_commit = off`)
  const [one] = clients
  if (!one) return
  const statements = new Map<string, string>()
  for (const table of tables) statements.set(table, await statementOf(one, table))

  const work = Array.from({ length: to - from + 1 }, (_, i) => from + i).flatMap((k) => tables.map((table) => ({ k, table })))
  await Promise.all(
    clients.map(async (client) => {
      for (let next = work.shift(); next; next = work.shift()) {
        const values: Buffer[] = next.table === 'patients.contacts' ? pads : []
        await client.query(`${statements.get(next.table)}`.replaceAll('$k', String(next.k)), values)
      }
    }),
  )
  for (const [table, { key, sums }] of Object.entries(cells)) {
    const added = sums.map((c) => `${c} = t.${c} + o.${c} * ${to - from + 1}`).join(', ')
    await one.query(`update ${table} t set ${added} from bench.${nameOf(table)} o where ${key.map((c) => `t.${c} = o.${c}`).join(' and ')}`)
  }
  await Promise.all(clients.map((client) => client.end()))
}

async function statementOf(db: pg.ClientBase, table: string): Promise<string> {
  const { rows } = await db.query<{ name: string }>(
    `select attname as name from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = '' and attidentity = ''
     order by attnum`,
    [table],
  )
  const columns = rows.map((r) => r.name)
  return `insert into ${table} (${columns.join(', ')}) select ${columns.map((c) => copyOf(table, c)).join(', ')}
          from bench.${nameOf(table)}, (values ($k)) as copy (k)`
}

function padsOf(masterKey: Buffer): [Buffer, Buffer] {
  const key = Buffer.concat([hospitalKeys(masterKey, 1).index.export(), Buffer.alloc(32)])
  return [Buffer.from(key.map((byte) => byte ^ 0x36)), Buffer.from(key.map((byte) => byte ^ 0x5c))]
}
