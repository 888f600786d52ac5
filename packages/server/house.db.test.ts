import { contract, cursor, defineErrors, defineEvent, get, newId, page, post } from '@renxin/kernel'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { atEnd, defineModule, emit, keep, listen, listenMany, paged, type Reckoning, savepoint, serve, sql } from './index.ts'
import { openHouse } from './testing.ts'

const Note = z.object({ id: z.uuid(), patientId: z.uuid(), text: z.string() })
const notesApi = contract('notes', {
  list: get('/notes', { may: 'notes.read', about: 'patientId', input: z.object(cursor), reply: page(Note) }),
  write: post('/notes', { may: 'notes.write', about: 'patientId', input: Note, reply: Note }),
  refuse: post('/refuse', { may: 'notes.write', input: z.object({ id: z.uuid(), isKept: z.boolean() }), reply: z.null() }),
})
const noteErrors = defineErrors('notes', { never: 'conflict' })
const noteWritten = defineEvent('notes.noteWritten', z.object({ id: z.uuid() }))
type Tables = { 'notes.notes': { id: string; patientId: string; text: string } }

const heard: string[][] = []
const notes = defineModule({
  name: 'notes',
  migrations: new URL('./testing-migrations/', import.meta.url),
  routes: serve(notesApi, {
    list: (ctx, input) =>
      paged(ctx.db.$extendTables<Tables>().selectFrom('notes.notes as n').select(['n.id', 'n.patientId', 'n.text']), input, [
        'n.text',
        'n.id',
      ]),
    write: async (ctx, note) => {
      await ctx.db.$extendTables<Tables>().insertInto('notes.notes').values(note).execute()
      await emit(ctx, noteWritten, { id: note.id })
      return note
    },
    refuse: async (ctx, { id, isKept }) => {
      await ctx.db.$extendTables<Tables>().insertInto('notes.notes').values({ id, patientId: newId(), text: 'kept' }).execute()
      throw isKept ? keep(noteErrors.never()) : noteErrors.never()
    },
  }),
  listeners: [
    listenMany(noteWritten, async (_, payloads) => void heard.push(payloads.map((p) => p.id)), 'remember'),
    listen(
      noteWritten,
      async (ctx, { id }) => {
        await sql`update notes.notes set text = text || '!' where id = ${id}`.execute(ctx.db)
        const { rows } = await sql<{ text: string }>`select text from notes.notes where id = ${id}`.execute(ctx.db)
        if (rows[0]?.text.startsWith('bad')) throw new Error('this note cannot be heard')
      },
      'shout',
    ),
  ],
})

const house = await openHouse([notes], { now: '2026-09-04T09:00+08:00', poolSize: 1 })
const writer = house.who('notes.read', 'notes.write')
const note = (text: string) => ({ id: newId(), patientId: newId(), text })

test('a write leaves its row, its event and its audit row together, and the listener hears it once', async () => {
  const written = note('first')

  await writer.call(notesApi.write, written)
  await house.settle()
  await house.settle()

  expect(heard.flat().filter((id) => id === written.id)).toHaveLength(1)
  expect(await house.sql('select text from notes.notes where id = $1', [written.id])).toEqual([{ text: 'first!' }])
  expect(await house.sql('select action, patient_id, actor_id from house.audit where object_id = $1', [written.id])).toEqual([
    { action: 'notes.write', patient_id: written.patientId, actor_id: writer.id },
  ])
})

test('a bad event stops only itself and is tried again later', async () => {
  const [bad, good] = [note('bad'), note('good')]

  await writer.call(notesApi.write, bad)
  await writer.call(notesApi.write, good)

  await expect(house.settle()).rejects.toThrow('this note cannot be heard')
  expect(await house.sql('select text from notes.notes where id = $1', [good.id])).toEqual([{ text: 'good!' }])
  await house.sql(`update notes.notes set text = 'mended' where id = $1`, [bad.id])
  house.advance({ minutes: 1 })
  await house.settle()
  expect(await house.sql('select text from notes.notes where id = $1', [bad.id])).toEqual([{ text: 'mended!' }])
})

test('whoever lacks the permission is refused, and nobody sees another hospital', async () => {
  const reader = house.who('notes.read')
  const stranger = await house.stranger('notes.read', 'notes.write')
  const theirs = note('theirs')

  await stranger.call(notesApi.write, theirs)

  await expect(reader.call(notesApi.write, note('x'))).rejects.toMatchObject({ code: 'house.forbidden' })
  const seen = await reader.call(notesApi.list, { limit: 200 })
  expect(seen.rows.map((r) => r.id)).not.toContain(theirs.id)
  expect((await stranger.call(notesApi.list, {})).rows.map((r) => r.id)).toEqual([theirs.id])
})

test('a list is paged without gaps or doubles, and every patient it shows is in the audit', async () => {
  for (let i = 0; i < 7; i += 1) await writer.call(notesApi.write, note('same text'))
  const ids: string[] = []

  for (let after: string | undefined; ; ) {
    const { rows, next } = await writer.call(notesApi.list, { after, limit: 3 })
    ids.push(...rows.map((r) => r.id))
    if (!next) break
    after = next
  }

  expect(new Set(ids).size).toBe(ids.length)
  const [count] = await house.sql<{ n: number }>('select count(*)::int as n from notes.notes')
  expect(ids).toHaveLength(count?.n ?? -1)
  const [seen] = await house.sql<{ n: number }>(
    `select count(distinct patient_id)::int as n from house.audit where action = 'notes.list' and actor_id = $1`,
    [writer.id],
  )
  expect(seen?.n).toBe(ids.length)
})

test('a refusal undoes what was done, unless it is kept on purpose', async () => {
  const [undone, kept] = [newId(), newId()]

  await expect(writer.call(notesApi.refuse, { id: undone, isKept: false })).rejects.toMatchObject({ code: 'notes.never' })
  await expect(writer.call(notesApi.refuse, { id: kept, isKept: true })).rejects.toMatchObject({ code: 'notes.never' })

  expect(await house.sql('select id from notes.notes where id = any ($1)', [[undone, kept]])).toEqual([{ id: kept }])
})

test('a part that fails alone is undone alone', async () => {
  const id = newId()

  await house.inside(async (ctx) => {
    await ctx.db.$extendTables<Tables>().insertInto('notes.notes').values({ id, patientId: newId(), text: 'stays' }).execute()
    await savepoint(ctx, () => sql`select 1 / 0`.execute(ctx.db)).catch(() => {})
  })

  expect(await house.sql('select id from notes.notes where id = $1', [id])).toHaveLength(1)
})

test('what is put off is done once, at the end, of all who were named; of a part that failed nothing is left', async () => {
  const done: string[] = []
  const first: Reckoning = async (_, ids) => void done.push(`first ${ids}`)
  const second: Reckoning = async (ctx, ids) => {
    done.push(`second ${ids}`)
    if (!ids.includes('d')) await atEnd(ctx, second, ['d'])
  }

  await house.inside(async (ctx) => {
    await atEnd(ctx, first, ['a', 'b'])
    await atEnd(ctx, second, ['a'])
    await atEnd(ctx, first, ['c', 'a'])
    await savepoint(ctx, async (ctx) => {
      await atEnd(ctx, first, ['lost'])
      throw new Error('this part fails')
    }).catch(() => {})
    await savepoint(ctx, (ctx) => atEnd(ctx, first, ['part']))
    done.push('work')
  })

  expect(done).toEqual(['first part', 'work', 'first a,b,c', 'second a', 'second d'])
})

test('audit rows are sealed in blocks that carry the previous hash, and the application cannot change them', async () => {
  await house.tick('house.seal')
  await writer.call(notesApi.write, note('sealed'))
  await house.tick('house.seal')

  const blocks = await house.sql<{ previous_hash: Buffer; hash: Buffer }>(
    'select previous_hash, hash from house.audit_blocks order by number',
  )
  expect(blocks.length).toBeGreaterThanOrEqual(2)
  expect(blocks.at(-1)?.previous_hash).toEqual(blocks.at(-2)?.hash)
  expect(await house.sql('select id from house.unsealed_audit')).toEqual([])
  await expect(house.sql(`update house.audit set actor_name = 'nobody'`)).rejects.toThrow('permission denied')
  await expect(house.sql('delete from house.audit')).rejects.toThrow('permission denied')
})

test('only a demo hospital can be erased, and then nothing of it is left', async () => {
  const demo = await house.addHospital('演示医院')
  await house.inside((ctx) => ctx.db.$extendTables<Tables>().insertInto('notes.notes').values(note('demo')).execute(), demo)

  await expect(house.ownerSql('select house.erase_demo($1)', [house.hospitalId])).rejects.toThrow('only a demo hospital may be erased')
  await house.ownerSql('select house.erase_demo($1)', [demo])

  expect(await house.ownerSql('select id from house.hospitals where id = $1', [demo])).toEqual([])
  expect((await house.sql('select id from notes.notes')).length).toBeGreaterThan(0)
})
