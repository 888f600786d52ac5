import { openText, readKeys } from '@renxin/server'
import type pg from 'pg'
import { numberOfCopy, phoneOfCopy } from './multiply.ts'

export type Kind = 'phone' | 'name' | 'pinyin' | 'initials' | 'number'
export type Terms = Record<Kind, string[]>

const TERMS = 200
const HITS = 10

/** What people type: parts of the originals' names that meet half a page of people even at the smallest size, and whole telephones and all but the last digit of record numbers, of all copies alike. */
export async function termsFor(db: pg.ClientBase, masterKey: Buffer, copies: number): Promise<Terms> {
  return {
    phone: copies > 0 ? await phonesOfCopies(db, copies) : await ownPhones(db, masterKey),
    name: await parts(db, 'name', 'left(key, 2)', 'length(key) between 2 and 3'),
    pinyin: await parts(db, 'pinyin', 'left(key, greatest(4, length(key) - 1))', 'length(key) >= 5'),
    initials: await parts(db, 'initials', 'key', 'length(key) >= 2'),
    number: await numberBeginnings(db, copies),
  }
}

async function parts(db: pg.ClientBase, kind: string, part: string, which: string): Promise<string[]> {
  const { rows } = await db.query<{ term: string }>(
    `with term as (select distinct ${part} as term from bench.patients_search_keys where kind = $1 and ${which})
     select term from term
     where (select count(distinct k.patient_id) from bench.patients_search_keys k
            where k.kind = $1 and k.key >= term collate "C" and k.key < term || U&'\\+10FFFF' collate "C") >= ${HITS}
     order by md5(term) limit ${TERMS}`,
    [kind],
  )
  return rows.map((r) => r.term)
}

async function ownPhones(db: pg.ClientBase, masterKey: Buffer): Promise<string[]> {
  const { rows } = await db.query<{ phone: Buffer }>('select phone from bench.patients_contacts order by md5(id::text) limit $1', [TERMS])
  const keyed = { keys: await readKeys(db, masterKey, 1) }
  return rows.map((r) => openText(keyed, r.phone))
}

async function phonesOfCopies(db: pg.ClientBase, copies: number): Promise<string[]> {
  const { rows } = await db.query<{ n: number }>('select max(nth) as n from bench.patients_contacts')
  const contacts = rows[0]?.n ?? 1
  return Array.from({ length: TERMS }, (_, i) => phoneOfCopy(1 + ((i * 7919) % copies), 1 + ((i * 104_729) % contacts)))
}

/** Ten people each: all but the last digit of a record number. */
async function numberBeginnings(db: pg.ClientBase, copies: number): Promise<string[]> {
  const { rows } = await db.query<{ number: string }>(
    'select medical_record_number as number from bench.patients_patients order by md5(id::text) limit $1',
    [TERMS],
  )
  return rows.map(({ number }, i) => numberOfCopy(number, copies > 0 ? 1 + ((i * 7919) % copies) : 0).slice(0, -1))
}
