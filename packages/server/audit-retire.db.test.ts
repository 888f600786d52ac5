import { appendFile, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { openTrails, type Trail } from './audit-trail.fixture.ts'
import { archiveAudit, openPool, readAnchors, retireAudit } from './index.ts'

const { house, aTrail, asOwner, anchor, verify, more } = await openTrails()
const owner = openPool(house.urls.ownerUrl, { max: 1 })
afterAll(() => owner.end())
const retire = (t: Trail, before: Date) =>
  house.inside((ctx) => retireAudit(owner, { keys: ctx.keys, hospital: { id: t.hospital } }, before, t.folder, house.now()), t.hospital)
/** Three blocks of four rows in one file, one block of four in another, and four rows in the database. */
async function anOldTrail() {
  const t = await aTrail()
  house.advance({ days: 1 })
  const first = house.now()
  await anchor(t)
  await archiveAudit(owner, t.hospital, first, t.folder)
  await more(t)
  house.advance({ days: 1 })
  await archiveAudit(owner, t.hospital, house.now(), t.folder)
  await more(t)
  await anchor(t)
  return { ...t, first }
}
const filesOf = async ({ folder }: Trail) => (await readdir(folder)).filter((name) => name.endsWith('.gz')).length

test('whole files go, a signed line says from where to where, and the chain is verified over the gap, before and after more is written', async () => {
  const t = await anOldTrail()
  expect(await retire(t, new Date(0))).toEqual({ rows: 0, files: 0, range: null })

  expect(await retire(t, t.first)).toMatchObject({ rows: 12, files: 1, range: { from: 1, to: 3, rows: 12 } })

  expect(await filesOf(t)).toBe(1)
  expect(await verify(t)).toMatchObject({ faults: [], blocks: 5, rows: 4, archived: 4, retired: 12 })
  expect((await house.inside((ctx) => readAnchors(ctx, t.folder), t.hospital)).ranges).toMatchObject([{ from: 1, to: 3, rows: 12 }])
  expect(await retire(t, t.first)).toEqual({ rows: 0, files: 0, range: null })
  await more(t)
  expect(await anchor(t)).toBe('anchored')
  expect(await retire(t, house.now())).toMatchObject({ rows: 4, range: { from: 4, to: 4 } })
  expect(await verify(t)).toMatchObject({ faults: [], blocks: 6, archived: 0, retired: 16 })
})

test('rows that are said to be deleted without a signed line are named, and so is a line that somebody made or changed', async () => {
  const t = await anOldTrail()
  await asOwner(t.hospital, `update house.audit_blocks set archive = 'retired', ids = '{}', digests = null where number = 2`)
  expect((await verify(t)).faults).toEqual([{ block: 2, rowId: null, kind: 'retiredUnsigned' }])

  const other = await anOldTrail()
  await retire(other, other.first)
  const path = join(other.folder, `hospital-${other.hospital}.jsonl`)
  const text = await readFile(path, 'utf8')
  await writeFile(path, text.replace('"to":3', '"to":4'))
  expect((await verify(other)).faults.map((f) => f.kind)).toContain('anchorChanged')
  await writeFile(path, text)
  await asOwner(other.hospital, `update house.audit_blocks set hash = sha256(hash) where number = 3`)
  expect((await verify(other)).faults.map((f) => f.kind)).toContain('rewritten')
})

test('a file that was tampered with is not deleted: it is the evidence', async () => {
  const t = await anOldTrail()
  const [name = ''] = (await readdir(t.folder)).filter((n) => n.includes('blocks-1-'))
  const path = join(t.folder, name)
  const bytes = gunzipSync(await readFile(path))
  await rm(path)
  await writeFile(path, gzipSync(String(bytes).replace('"1-2"', '"1-9"')))

  await expect(retire(t, t.first)).rejects.toThrow('block 2')

  expect(await filesOf(t)).toBe(2)
  await rm(path)
  await expect(retire(t, t.first)).rejects.toThrow('block 1') // one that is gone without a signed line is not covered up
})

test('nothing is deleted where the trail does not fit its anchors', async () => {
  const t = await anOldTrail()
  await appendFile(join(t.folder, `hospital-${t.hospital}.jsonl`), 'rubbish\n')

  await expect(retire(t, t.first)).rejects.toThrow('anchors')

  expect(await filesOf(t)).toBe(2)
})

test('broken off after the files were deleted, it is verified all the same and ends when done again; so with a database from an older backup', async () => {
  const t = await anOldTrail()
  const names = await asOwner<{ number: number; archive: string; ids: string[] }>(
    t.hospital,
    'select number, archive, ids from house.audit_blocks where number <= 3',
  )
  await retire(t, t.first)
  for (const b of names)
    await asOwner(t.hospital, 'update house.audit_blocks set archive = $2, ids = $3 where number = $1', [b.number, b.archive, b.ids])

  expect(await verify(t)).toMatchObject({ faults: [], retired: 12 })
  expect(await retire(t, t.first)).toMatchObject({ rows: 12, files: 1 })
  expect(await verify(t)).toMatchObject({ faults: [], retired: 12 })
})

test('the application itself can delete neither rows nor blocks', async () => {
  for (const table of ['house.audit', 'house.audit_blocks']) {
    await expect(house.sql(`delete from ${table}`)).rejects.toThrow('permission denied')
    await expect(house.sql(`update ${table} set hospital_id = hospital_id`)).rejects.toThrow('permission denied')
  }
})
