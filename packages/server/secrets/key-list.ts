import { createSecretKey, randomBytes } from 'node:crypto'
import type pg from 'pg'
import { type SealKey, type Suite, sealKey } from './suites.ts'
import type { HospitalKeys, MarkKey } from './texts.ts'
import { fingerprint, type KeptKey, type KeyName, openKey, wrapKey } from './wrap.ts'

type Listed = KeptKey & { usable_in: number; retired: boolean }
/** Somebody on whom the database is asked: a pool or a connection. */
export type Asked = { query<R extends pg.QueryResultRow>(text: string, values: unknown[]): Promise<{ rows: R[] }> }

/** The keys of a hospital are of this suite where nobody chose one. */
const FIRST_SUITE: Suite = 'aes'

/** Reads a hospital's keys, and makes its first ones where it has none. */
export async function readKeys(db: Asked, master: Buffer, hospitalId: number): Promise<HospitalKeys> {
  const rows = await list(db, master, hospitalId)
  if (rows.some((r) => r.purpose === 'seal')) return ringOf(rows, master, hospitalId) // it is made last: without it somebody is just making them
  await makeFirstKeys(db, master, hospitalId, FIRST_SUITE)
  const made = await list(db, master, hospitalId)
  return made.length > 0 || hospitalId === 0 ? ringOf(made, master, hospitalId) : readKeys(db, master, 0) // of a hospital that is gone
}

/** The first keys of a hospital, one for each purpose; false where it has some. */
export async function makeFirstKeys(db: Asked, master: Buffer, hospitalId: number, suite: Suite): Promise<boolean> {
  let isMine = true
  for (const purpose of ['anchor', 'index', 'seal'] as const)
    isMine = (await addKey(db, master, { hospitalId, purpose, number: 1 }, { suite, seconds: 0 })) && isMine
  return isMine
}

/** The suite of what belongs to all hospitals of a database: 国密 as soon as one of them has chosen it. */
export async function suiteOfAll(db: Asked): Promise<Suite> {
  const { rows } = await db.query<{ sm: boolean }>('select house.has_sm() as sm', [])
  return rows[0]?.sm ? 'sm' : 'aes'
}

/** Makes a new random key and keeps it wrapped; false where somebody else was quicker. */
export async function addKey(
  db: Asked,
  master: Buffer,
  name: KeyName,
  { suite, seconds }: { suite: Suite; seconds: number },
): Promise<boolean> {
  const { hospitalId, purpose, number } = name
  const wrapped = wrapKey(master, suite, name, randomBytes(32))
  const said = [hospitalId, purpose, number, suite, fingerprint(master), wrapped, seconds]
  const { rows } = await db.query<{ added: boolean }>('select house.add_key($1, $2, $3, $4, $5, $6, $7) as added', said)
  return rows[0]?.added ?? false
}

async function list(db: Asked, master: Buffer, hospitalId: number): Promise<Listed[]> {
  const { rows } = await db.query<Listed>('select * from house.list_keys($1, $2)', [hospitalId, fingerprint(master)])
  return rows
}

function ringOf(rows: readonly Listed[], master: Buffer, hospitalId: number): HospitalKeys {
  const seals = new Map<number, SealKey>()
  const marks: Record<'index' | 'anchor', MarkKey[]> = { index: [], anchor: [] }
  let current: SealKey | undefined
  let coming: HospitalKeys['coming'] = null
  for (const row of rows) {
    if (row.retired) continue
    const { purpose, number, suite, usable_in: usableIn } = row
    const bytes = openKey(master, hospitalId, row)
    if (purpose !== 'seal') {
      marks[purpose].push({ number, suite, key: createSecretKey(bytes) })
      continue
    }
    const key = sealKey(number, suite, bytes)
    seals.set(number, key)
    if (usableIn <= 0) current = key
    else coming = { key, at: performance.now() + usableIn * 1000 }
  }
  if (!current || marks.index.length === 0) throw new Error(`hospital ${hospitalId} has no keys`)
  return { seals, current, coming, indexes: marks.index, anchors: marks.anchor }
}
