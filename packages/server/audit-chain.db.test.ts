import { hash } from 'node:crypto'
import { appendFile, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { openTrails, type Trail } from './audit-trail.fixture.ts'
import { archiveAudit, audit, openPool, readAnchors } from './index.ts'
import { digestOf } from './secrets/suites.ts'

const { house, aFolder, aTrail, asOwner, anchor, verify, more } = await openTrails()

/** What a forger with every right in the database does who knows how the chain is made: all hashes from a block on are made anew. */
const FORGE = `
  do $$ declare b house.audit_blocks; last bytea := '\\x'; body text; prints bytea; begin
    for b in select * from house.audit_blocks order by number loop
      select string_agg(house.audit_text(a), E'\\n' order by a.id), string_agg(substr(sha256(convert_to(house.audit_text(a), 'UTF8')), 1, 16), ''::bytea order by a.id)
        into body, prints from house.audit a where a.id = any (b.ids);
      update house.audit_blocks set previous_hash = last, hash = sha256(last || convert_to(body, 'UTF8')), digests = prints
        where number = b.number returning hash into last;
    end loop; end $$`

test('a trail that nobody touched is verified whole, with rows that are not sealed yet', async () => {
  const t = await aTrail()
  await anchor(t)
  await house.inside((ctx) => audit(ctx, { action: 'notes.list', refusal: 'house.forbidden' }), t.hospital)

  expect(await verify(t)).toMatchObject({ rows: 13, blocks: 3, unsealed: 1, faults: [], lastAnchor: { block: 3, rows: 12 } })
})

describe.each([
  ['SHA-256', 'aes'],
  ['SM3', 'sm'],
] as const)('in a chain of %s the first bad row is named, whatever the owner of the database did to it:', (_, suite) => {
  // biome-ignore format: one thought
  const bad = (t: Trail, block: number, row: number, kind: string) => [{ block, rowId: t.ids[block - 1]?.[row], kind }]

  test.each([
    ['who did it', `actor_name = '别人'`],
    ['when', `at = at + interval '1 second'`],
    ['the values before and after', `detail = '{"text": "改后", "n": 2}'`],
    ['whether it was refused', `refusal = 'house.forbidden'`],
  ])('a row was edited (%s)', async (_, change) => {
    const t = await aTrail({ suite })
    await asOwner(t.hospital, `update house.audit set ${change} where id = $1`, [t.ids[1]?.[2]])

    expect((await verify(t)).faults).toEqual(bad(t, 2, 2, 'changed'))
  })

  test('a row was deleted', async () => {
    const t = await aTrail({ suite })
    await asOwner(t.hospital, 'delete from house.audit where id = $1', [t.ids[1]?.[1]])

    expect((await verify(t)).faults).toEqual(bad(t, 2, 1, 'missing'))
  })

  test('two rows were swapped', async () => {
    const t = await aTrail({ suite })
    const [one, two] = [t.ids[0]?.[1], t.ids[0]?.[3]]
    await asOwner(
      t.hospital,
      `update house.audit a set object_id = b.object_id, detail = b.detail from house.audit b
       where (a.id, b.id) in (($1::uuid, $2::uuid), ($2::uuid, $1::uuid))`,
      [one, two],
    )

    expect((await verify(t)).faults).toEqual(bad(t, 1, 1, 'changed'))
  })

  test('two rows of two blocks were swapped', async () => {
    const t = await aTrail({ suite })
    const [one, two] = [t.ids[0]?.[1], t.ids[2]?.[0]]
    await asOwner(
      t.hospital,
      `update house.audit_blocks set ids = array_replace(array_replace(array_replace(ids, $1::uuid, null), $2::uuid, $1), null, $2) where number in (1, 3)`,
      [one, two],
    )

    expect((await verify(t)).faults).toEqual([
      { block: 1, rowId: two, kind: 'changed' },
      { block: 3, rowId: one, kind: 'changed' },
    ])
  })

  test('a row was put in', async () => {
    const t = await aTrail({ suite })
    for (const id of ['00000000-0000-7000-8000-000000000000', 'ffffffff-ffff-7fff-bfff-ffffffffffff']) {
      const row = `insert into house.audit (id, at, actor_name, action, request_id) values ($1, $2, '张三', 'notes.write', 'r')`
      await asOwner(t.hospital, row, [id, house.now()])
      expect((await verify(t)).faults).toEqual([{ block: null, rowId: id, kind: 'inserted' }])

      await asOwner(t.hospital, 'update house.audit_blocks set ids = ids || $1::uuid where number = 2', [id])
      expect((await verify(t)).faults).toEqual([{ block: 2, rowId: id, kind: 'changed' }])
      await asOwner(t.hospital, 'update house.audit_blocks set ids = array_remove(ids, $1::uuid) where number = 2', [id])
      await asOwner(t.hospital, 'delete from house.audit where id = $1', [id])
    }
    expect((await verify(t)).faults).toEqual([])
  })

  test('a row was deleted before it was sealed, or taken from the list of those that are to be', async () => {
    const t = await aTrail({ suite })
    await house.inside((ctx) => audit(ctx, { action: 'notes.write', objectId: 'loose' }), t.hospital)
    const [loose] = await asOwner<{ id: string }>(t.hospital, 'select id from house.unsealed_audit')
    await asOwner(t.hospital, 'delete from house.unsealed_audit')
    expect((await verify(t)).faults).toEqual([{ block: null, rowId: loose?.id, kind: 'inserted' }])

    await asOwner(t.hospital, 'insert into house.unsealed_audit (id) values ($1)', [loose?.id])
    await asOwner(t.hospital, 'delete from house.audit where id = $1', [loose?.id])
    await house.tick('house.seal')
    expect((await verify(t)).faults).toEqual([{ block: null, rowId: loose?.id, kind: 'missing' }])
  })

  test('the rows were cut off from one on, and all of them', async () => {
    const t = await aTrail({ suite })
    await asOwner(t.hospital, 'delete from house.audit where id >= $1', [t.ids[1]?.[2]])
    expect((await verify(t)).faults[0]).toEqual(bad(t, 2, 2, 'missing')[0])

    await asOwner(t.hospital, 'delete from house.audit')
    expect((await verify(t)).faults[0]).toEqual(bad(t, 1, 0, 'missing')[0])
  })

  test('a row was edited and its block sealed anew: the next block no longer follows', async () => {
    const t = await aTrail({ suite })
    await asOwner(t.hospital, `update house.audit set reason = '补写' where id = $1`, [t.ids[0]?.[2]])
    const [body] = await asOwner<{ said: string }>(
      t.hospital,
      `select string_agg(house.audit_text(a), E'\\n' order by a.id) as said from house.audit a where a.id = any ($1)`,
      [t.ids[0]],
    )
    const forged = hash(digestOf[suite], body?.said ?? '', 'buffer')
    await asOwner(t.hospital, 'update house.audit_blocks b set digests = null, hash = $1 where number = 1', [forged])

    expect((await verify(t)).faults).toEqual([{ block: 2, rowId: null, kind: 'chainBroken' }])
  })

  test('a block was deleted with and without its rows', async () => {
    const t = await aTrail({ suite })
    await asOwner(t.hospital, 'delete from house.audit_blocks where number = 2')
    const missing = { block: 2, rowId: null, kind: 'blockMissing' }
    expect((await verify(t)).faults).toEqual([missing, { block: null, rowId: t.ids[1]?.[0], kind: 'inserted' }])

    await asOwner(t.hospital, 'delete from house.audit where id = any ($1)', [t.ids[1]])
    expect((await verify(t)).faults).toEqual([missing])
  })

  test('a block that was sealed before rows were listed is named as a whole', async () => {
    const t = await aTrail({ suite })
    await asOwner(t.hospital, 'update house.audit_blocks set digests = null')
    await asOwner(t.hospital, `update house.audit set reason = 'x' where id = $1`, [t.ids[1]?.[2]])

    expect((await verify(t)).faults).toEqual(bad(t, 2, 0, 'blockChanged'))
  })

  test('of several, the first', async () => {
    const t = await aTrail({ suite })
    await asOwner(t.hospital, `update house.audit set reason = 'x' where id in ($1, $2)`, [t.ids[2]?.[0], t.ids[0]?.[3]])

    expect((await verify(t)).faults.map((f) => f.rowId)).toEqual([t.ids[0]?.[3], t.ids[2]?.[0]])
  })
})

describe('what the chain alone cannot tell, its anchors outside the database tell:', () => {
  test('everything from a row on was rewritten, all hashes with it', async () => {
    const t = await aTrail({ blocks: 2 })
    await anchor(t)
    await more(t)
    await anchor(t)
    await asOwner(t.hospital, `update house.audit set actor_name = '别人' where id = $1`, [t.ids[2]?.[1]])
    await asOwner(t.hospital, FORGE)

    expect((await verify(t)).faults).toEqual([{ block: 3, rowId: t.ids[2]?.[0], kind: 'rewritten', after: 2 }])
    expect(await anchor(t)).toBe('broken') // nothing is noted over it
  })

  test('without anchors the same forgery passes, which is why they are there', async () => {
    const t = await aTrail()
    await asOwner(t.hospital, `update house.audit set actor_name = '别人' where id = $1`, [t.ids[1]?.[1]])
    await asOwner(t.hospital, FORGE)

    expect((await verify(t)).faults).toEqual([])
  })

  test('the end was cut off, rows and blocks, and the whole of it', async () => {
    const t = await aTrail()
    await anchor(t)
    await asOwner(t.hospital, 'delete from house.audit where id = any ($1)', [t.ids[2]])
    await asOwner(t.hospital, 'delete from house.audit_blocks where number = 3')
    expect((await verify(t)).faults).toEqual([{ block: 3, rowId: null, kind: 'cutOff' }])

    await asOwner(t.hospital, 'delete from house.audit')
    await asOwner(t.hospital, 'delete from house.audit_blocks')
    expect((await verify(t)).faults).toEqual([{ block: 1, rowId: null, kind: 'cutOff' }])
  })

  test('an anchor was edited, put in or taken out', async () => {
    const t = await aTrail({ blocks: 1 })
    for (let i = 0; i < 3; i += 1) {
      await more(t)
      await anchor(t)
    }
    const [name = ''] = await readdir(t.folder)
    const path = join(t.folder, name)
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n')
    const written = async (said: (string | undefined)[]) => {
      await writeFile(path, `${said.join('\n')}\n`)
      return (await verify(t)).faults[0]?.kind
    }

    expect(await written(lines.toSpliced(1, 1))).toBe('anchorChanged')
    expect(await written([lines[0], lines[1]?.replace('"rows":12', '"rows":13'), lines[2]])).toBe('anchorChanged')
    expect(await written([...lines, lines[0]])).toBe('anchorChanged')
    expect(await written(lines)).toBeUndefined()
    await appendFile(path, 'rubbish\n')
    expect((await verify(t)).faults[0]?.kind).toBe('anchorChanged')
  })

  test('no anchor was made for more than a day, or all are gone', async () => {
    const t = await aTrail()
    expect(await anchor(t)).toBe('anchored')
    expect(await anchor(t)).toBe('unchanged') // nothing new: no line
    house.advance({ days: 2 })
    await more(t)
    expect((await verify(t)).faults).toEqual([{ block: 4, rowId: null, kind: 'anchorsMissing' }])
    const gone = { ...t, folder: await aFolder() }
    expect((await verify(gone)).faults).toEqual([{ block: 1, rowId: null, kind: 'anchorsMissing' }])

    await anchor(t)
    expect((await verify(t)).faults).toEqual([])
  })

  test('a backup from before the first block was restored: what comes after it is anchored as ever', async () => {
    const t = await aTrail({ blocks: 0 })
    await anchor(t, { isRestore: true })
    await more(t)

    expect(await anchor(t)).toBe('anchored')
    expect(await verify(t)).toMatchObject({ faults: [], blocks: 1, lastAnchor: { rows: 4 } })
  })

  test('a backup was restored, which is noted: what was anchored after it counts no more, and is told', async () => {
    const t = await aTrail()
    await anchor(t)
    await asOwner(t.hospital, 'delete from house.audit where id = any ($1)', [t.ids[2]])
    await asOwner(t.hospital, 'delete from house.audit_blocks where number = 3')
    await anchor(t, { isRestore: true })
    t.ids.pop()
    await more(t)
    await anchor(t)

    expect(await verify(t)).toMatchObject({ faults: [], blocks: 3, lastAnchor: { rows: 12 } })
    expect((await house.inside((ctx) => readAnchors(ctx, t.folder), t.hospital)).setAside).toHaveLength(1)
  })
})

describe('old blocks leave as files', () => {
  const archive = (t: Trail, before: Date) => {
    const owner = openPool(house.urls.ownerUrl, { max: 1 })
    return archiveAudit(owner, t.hospital, before, t.folder).finally(() => owner.end())
  }

  test('the rows go, their blocks stay, and the chain is still verified, files and all', async () => {
    const t = await aTrail()
    const before = house.now()
    house.advance({ days: 1 })
    await more(t)
    await anchor(t)

    expect(await archive(t, before)).toMatchObject({ rows: 8 }) // the third was sealed at that very moment
    expect(await archive(t, before)).toEqual({ rows: 0, files: [] })

    expect(await asOwner(t.hospital, 'select count(*)::int as n from house.audit')).toEqual([{ n: 8 }])
    expect(await verify(t)).toMatchObject({ faults: [], blocks: 4, rows: 8, archived: 8 })
  })

  test('a row that was changed in such a file is named, and so is a file that is gone', async () => {
    const t = await aTrail()
    const [edited] = await asOwner<{ id: string }>(t.hospital, `select id from house.audit where object_id = '1-2'`)
    house.advance({ days: 1 })
    const { files } = await archive(t, house.now())
    const path = join(t.folder, files[0] ?? '')
    const text = String(gunzipSync(await readFile(path)))
    await rm(path)
    await writeFile(path, gzipSync(text.replace('"1-2"', '"1-9"')))
    expect((await verify(t)).faults).toEqual([{ block: 2, rowId: edited?.id, kind: 'changed' }])

    await rm(path)
    expect((await verify(t)).faults).toEqual([{ block: 1, rowId: null, kind: 'archiveMissing' }])
  })

  test('a block that does not fit its hash is not put away', async () => {
    const t = await aTrail()
    house.advance({ days: 1 })
    await asOwner(t.hospital, `update house.audit set reason = 'x' where id = $1`, [t.ids[1]?.[0]])

    await expect(archive(t, house.now())).rejects.toMatchObject({ block: 2 })
    expect(await asOwner(t.hospital, 'select count(*)::int as n from house.audit')).toEqual([{ n: 12 }])
  })
})

describe("the application's own role may insert and select, and nothing more:", () => {
  test.each([
    `update house.audit set actor_name = 'x'`,
    'delete from house.unsealed_audit',
    'update house.unsealed_audit set id = gen_random_uuid()',
    'delete from house.audit',
    'truncate house.audit',
    'drop table house.audit',
    'alter table house.audit disable row level security',
    'create trigger t before insert on house.audit execute function suppress_redundant_updates_trigger()',
    `update house.audit_blocks set hash = '\\x00'`,
    'delete from house.audit_blocks',
    'truncate house.audit_blocks',
    `insert into house.audit_blocks (number, sealed_at, rows, previous_hash, hash) values (99, now(), 0, '\\x', '\\x')`,
    'set session_replication_role = replica',
  ])('%s', async (statement) => {
    await expect(house.sql(statement)).rejects.toThrow(/permission denied|must be owner/)
  })
})
