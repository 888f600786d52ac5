import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newId } from '@renxin/kernel'
import { afterAll } from 'vitest'
import { sealAudit } from './audit-seal.ts'
import { audit, makeFirstKeys, anchorAudit as noteAnchor, openPool, readAnchors, type Suite, verifyAudit } from './index.ts'
import { openHouse } from './testing.ts'

export type Trail = { hospital: number; folder: string; ids: string[][] }

/** A house in which each test has trails of its own, and may do to them whatever the owner of the database can. */
export async function openTrails() {
  const house = await openHouse([], { now: '2026-09-04T09:00+08:00' })
  const folders: string[] = []
  afterAll(() => Promise.all(folders.map((f) => rm(f, { recursive: true, force: true }))))

  const aFolder = async () => {
    const folder = await mkdtemp(join(tmpdir(), 'renxin-audit-'))
    folders.push(folder)
    return folder
  }

  /** A hospital of its own with three blocks of four rows, as they were sealed. */
  async function aTrail({ blocks = 3, rowsEach = 4, suite = 'aes' as Suite } = {}) {
    const hospital = await house.addHospital(`医院${newId()}`)
    await makeFirstKeys(house.house.pool, house.house.masterKey, hospital, suite)
    const folder = await aFolder()
    const ids: string[][] = []
    for (let block = 0; block < blocks; block += 1) {
      await house.inside(async (ctx) => {
        for (let row = 0; row < rowsEach; row += 1)
          await audit(ctx, { action: 'notes.write', objectId: `${block}-${row}`, detail: { text: '改前', n: row } })
      }, hospital)
      house.advance({ seconds: 1 })
      await house.inside(sealAudit, hospital) // as the tick does, in this hospital alone
      ids.push(await idsOf(hospital, block + 1))
    }
    return { hospital, folder, ids }
  }
  const idsOf = async (hospital: number, block: number) =>
    (await asOwner<{ id: string }>(hospital, 'select unnest(ids) as id from house.audit_blocks where number = $1', [block])).map(
      (r) => r.id,
    )

  /** What the owner of the database does, who can do everything. */
  async function asOwner<T>(hospital: number, text: string, params: unknown[] = []): Promise<T[]> {
    const pool = openPool(house.urls.ownerUrl, { max: 1 })
    try {
      await pool.query(`select set_config('house.hospital', $1, false)`, [String(hospital)])
      return (await pool.query(text, params)).rows
    } finally {
      await pool.end()
    }
  }

  const anchor = (t: Trail, options = {}) => house.inside((ctx) => noteAnchor(ctx, t.folder, options), t.hospital)
  const verify = async ({ hospital, folder }: Trail) =>
    verifyAudit(house.house.pool, hospital, {
      anchors: await house.inside((ctx) => readAnchors(ctx, folder), hospital),
      archives: folder,
    })

  async function more(t: Trail) {
    await house.inside(async (ctx) => {
      for (let row = 0; row < 4; row += 1) await audit(ctx, { action: 'notes.write', objectId: `more-${row}` })
    }, t.hospital)
    house.advance({ seconds: 1 })
    await house.inside(sealAudit, t.hospital)
    t.ids.push(await idsOf(t.hospital, t.ids.length + 1))
  }

  return { house, aFolder, aTrail, asOwner, anchor, verify, more }
}
