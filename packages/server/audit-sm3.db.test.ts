import { createHash } from 'node:crypto'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { openTrails, type Trail } from './audit-trail.fixture.ts'
import { archiveAudit, audit, openPool, probeAudit, rotateKeys, type Suite, sql } from './index.ts'
import { readAnew } from './secrets/known-keys.ts'

const { house, aTrail, asOwner, anchor, verify, more } = await openTrails()
const owner = openPool(house.urls.ownerUrl, { max: 1 })
afterAll(() => owner.end())

/** Over to another suite, from the next block on. */
async function rotate(t: Trail, suite: Suite): Promise<void> {
  await house.inside((ctx) => rotateKeys(house.house, ctx, { suite, seconds: 0 }), t.hospital)
  await readAnew(house.house, t.hospital)
}
const algorithms = async ({ hospital }: Trail) =>
  (await asOwner<{ algorithm: string }>(hospital, 'select algorithm from house.audit_blocks order by number')).map((b) => b.algorithm)

test('a hospital that goes over to 国密 hashes its next blocks with SM3; the chain of both is verified, whichever was tampered with', async () => {
  const t = await aTrail({ blocks: 2 })
  const before = await asOwner(t.hospital, 'select * from house.audit_blocks order by number')
  await rotate(t, 'sm')
  await more(t)
  await more(t)
  await anchor(t)

  expect(await algorithms(t)).toEqual(['sha256', 'sha256', 'sm3', 'sm3'])
  expect((await asOwner(t.hospital, 'select * from house.audit_blocks order by number')).slice(0, 2)).toEqual(before) // what stands is not written again
  expect(await verify(t)).toMatchObject({ blocks: 4, faults: [], lastAnchor: { block: 4, key: 2 } }) // the key of the anchors is of SM3 too
  expect(await house.inside(probeAudit, t.hospital)).toEqual({ blocks: 4, broken: null })
  const [third] = await asOwner<{ previousHash: Buffer; hash: Buffer; said: string }>(
    t.hospital,
    `select previous_hash as "previousHash", hash, (select string_agg(house.audit_text(a), E'\\n' order by a.id) from house.audit a where a.id = any (ids)) as said
       from house.audit_blocks where number = 3`,
  )
  const bytes = Buffer.concat([third?.previousHash ?? Buffer.alloc(0), Buffer.from(third?.said ?? '')])
  expect(third?.hash).toEqual(createHash('sm3').update(bytes).digest())

  await asOwner(t.hospital, `update house.audit set reason = 'x' where id in ($1, $2)`, [t.ids[1]?.[3], t.ids[3]?.[1]])
  expect((await verify(t)).faults).toEqual([
    { block: 2, rowId: t.ids[1]?.[3], kind: 'changed' },
    { block: 4, rowId: t.ids[3]?.[1], kind: 'changed' },
  ])
  expect(await house.inside(probeAudit, t.hospital)).toEqual({ blocks: 4, broken: 4 })
})

test('what a block says that it is hashed with cannot be changed either', async () => {
  const t = await aTrail({ blocks: 1 })
  await rotate(t, 'sm')
  await more(t)
  await asOwner(t.hospital, `update house.audit_blocks set algorithm = case algorithm when 'sm3' then 'sha256' else 'sm3' end`)

  expect((await verify(t)).faults).toEqual([1, 2].map((block) => ({ block, rowId: null, kind: 'blockChanged' })))
})

test('blocks of both algorithms leave together, each names its own, and a row of either that was changed there is named', async () => {
  const t = await aTrail({ blocks: 1 })
  await rotate(t, 'sm')
  await more(t)
  house.advance({ days: 1 })
  const { files } = await archiveAudit(owner, t.hospital, house.now(), t.folder)
  expect(await verify(t)).toMatchObject({ faults: [], archived: t.ids.flat().length })
  const path = join(t.folder, files[0] ?? '')
  const text = String(gunzipSync(await readFile(path)))
  expect(text.match(/"algorithm":"\w+"/g)).toEqual(['"algorithm":"sha256"', '"algorithm":"sm3"'])

  await rm(path)
  await writeFile(path, gzipSync(text.replace('"0-3"', '"0-9"').replace('"more-2"', '"more-9"')))

  const idOf = (said: string) => /"([0-9a-f-]{36})"/.exec(text.split('\n').find((line) => line.includes(said)) ?? '')?.[1]
  expect((await verify(t)).faults).toEqual([
    { block: 1, rowId: idOf('"0-3"'), kind: 'changed' },
    { block: 2, rowId: idOf('"more-2"'), kind: 'changed' },
  ])
})

test('a hash that the server reckons is taken for the next rows only, and where the hospital has chosen 国密', async () => {
  const t = await aTrail({ blocks: 1, suite: 'sm' })
  await house.inside((ctx) => audit(ctx, { action: 'notes.write' }), t.hospital)
  const [waiting] = await asOwner<{ id: string }>(t.hospital, 'select id from house.unsealed_audit')
  type Said = { number?: number; ids?: (string | undefined)[]; length?: number; hospital?: number }
  const seal = ({ number = 2, ids = [waiting?.id], length = 32, hospital = t.hospital }: Said) =>
    house.inside(
      (ctx) => sql`select house.seal_audit_sm3(${house.now()}, ${number}, ${ids}::uuid[], ${Buffer.alloc(length)}, ${Buffer.alloc(16 * ids.length)})`.execute(ctx.db), // biome-ignore format: one thought
      hospital,
    )

  await expect(seal({ number: 1 })).rejects.toThrow('not the next block')
  await expect(seal({ ids: [t.ids[0]?.[0]] })).rejects.toThrow('not the next block') // it is in a block already
  await expect(seal({ ids: [] })).rejects.toThrow('not the next block')
  await expect(seal({ length: 16 })).rejects.toThrow('not the next block')
  await expect(seal({ hospital: (await aTrail({ blocks: 0 })).hospital })).rejects.toThrow('no key of this suite')
  await seal({})
  expect((await verify(t)).faults).toEqual([{ block: 2, rowId: waiting?.id, kind: 'changed' }]) // what is false is named
})
