import { contract, get, newId, post } from '@renxin/kernel'
import { audit, defineModule, serve } from '@renxin/server'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { readXlsx } from 'hucre/xlsx'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { type AuditFilters, accessErrors, auditApi } from '../contract.ts'
import { access, auditDeletionMonths, auditRetentionMonths, createUser } from './index.ts'

const One = z.object({ patientId: z.uuid() })
const notesApi = contract('notes', {
  read: get('/notes/:patientId', { may: 'notes.read', about: 'patientId', input: One, reply: One }),
  away: get('/away/:patientId', { may: 'notes.read', about: 'patientId', input: One, reply: One }),
  change: post('/notes', { may: 'notes.write', about: 'patientId', input: One.extend({ reason: z.string() }), reply: One }),
})
const notes = defineModule({
  name: 'notes',
  migrations: new URL('../../../packages/server/testing-migrations/', import.meta.url),
  routes: serve(notesApi, {
    read: async (_, { patientId }) => ({ patientId }),
    away: async () => {
      throw accessErrors.userNotFound()
    },
    change: async (ctx, { patientId }) => {
      await audit(ctx, { action: 'notes.changed', patientId, detail: { before: { text: '甲' }, after: { text: '=乙' } } })
      return { patientId }
    },
  }),
})
const house = await openHouse([staff, access, notes], { prepare: true, now: '2026-09-04T09:00+08:00' })
const auditor = house.who('access.audit', 'access.exportAudit')
const nurse = house.who('notes.read', 'notes.write', { name: '=cmd|calc' })
const all = (filters: AuditFilters) => auditor.call(auditApi.audit, filters).then((page) => page.rows)

test('whoever looked at a patient, changed something or was refused is found by who, when, what, whom, result and address', async () => {
  const patientId = newId()
  const stranger = house.who({ name: '外人' })
  await nurse.call(notesApi.read, { patientId })
  house.advance({ days: 1 })
  await nurse.call(notesApi.change, { patientId, reason: '更正' })
  await expect(stranger.call(notesApi.read, { patientId })).rejects.toMatchObject({ code: 'house.forbidden' })
  await expect(nurse.call(notesApi.away, { patientId })).rejects.toMatchObject({ code: 'access.userNotFound' })

  const found = async (filters: AuditFilters) => (await all(filters)).map((r) => [r.action, r.refusal]).toSorted()

  expect(await found({ patientId })).toEqual([
    ['notes.away', 'access.userNotFound'],
    ['notes.change', null],
    ['notes.changed', null],
    ['notes.read', null],
    ['notes.read', 'house.forbidden'],
  ])
  expect(await found({ patientId, result: 'refused', actorId: stranger.id })).toEqual([['notes.read', 'house.forbidden']])
  expect(await found({ patientId, result: 'done', action: 'notes.read' })).toEqual([['notes.read', null]])
  expect(await found({ patientId, to: '2026-09-04', action: 'notes' })).toEqual([['notes.read', null]])
  expect(await found({ patientId, address: '127.0.0.1' })).toHaveLength(5)
  expect(await found({ patientId, address: '127.0.0.2' })).toEqual([])
})

test('a slip in a form and a stranger who is nobody leave no refusal', async () => {
  const before = (await all({ result: 'refused' })).length

  await expect(nurse.call(notesApi.read, { patientId: 'x' })).rejects.toMatchObject({ code: 'house.invalid' })

  expect(await all({ result: 'refused' })).toHaveLength(before)
})

test('a row opens with the values before and after, and with what the same request did besides', async () => {
  const patientId = newId()
  await nurse.call(notesApi.change, { patientId, reason: '更正' })
  const rows = await all({ patientId })
  const changed = rows.find((r) => r.action === 'notes.changed')

  const entry = await auditor.call(auditApi.auditEntry, { id: changed?.id ?? '' })

  expect(entry).toMatchObject({ detail: { before: { text: '甲' }, after: { text: '=乙' } }, block: null })
  expect(entry.together).toMatchObject([{ action: 'notes.change', reason: '更正' }])
  await house.tick('house.seal')
  expect(await auditor.call(auditApi.auditEntry, { id: changed?.id ?? '' })).toMatchObject({ block: 1, isSealed: true })
  await expect(auditor.call(auditApi.auditEntry, { id: newId() })).rejects.toMatchObject({ code: 'access.auditEntryNotFound' })
})

test('accounts are found by a part of their name', async () => {
  const id = await house.inside((ctx) =>
    createUser(ctx, { id: newId(), name: 'zhao_min', displayName: '赵敏', password: 'First-2026', roleIds: [] }),
  )

  const found = async (search: string) => (await auditor.call(auditApi.auditActors, { search })).rows.map((r) => r.id)

  expect(await found('敏')).toEqual([id.id])
  expect(await found('ZHAO_')).toEqual([id.id])
  expect(await found('zhaox')).toEqual([])
})

test('an export is asked for with a reason, is itself in the audit, and holds no formula', async () => {
  const patientId = newId()
  await nurse.call(notesApi.read, { patientId })
  const filters = { patientId }

  const exported = async (format: 'xlsx' | 'csv') =>
    ((await auditor.call(auditApi.exportAudit, { ...filters, format, reason: '年度检查' })) as { body: Buffer }).body // the answer of a route with a file is its name, type and body

  const [xlsx, csv] = [await exported('xlsx'), await exported('csv')]
  const { sheets } = await readXlsx(new Uint8Array(xlsx ?? []), { readFormulas: true } as object)
  expect(sheets[0]?.rows.at(-1)).toEqual(expect.arrayContaining(['=cmd|calc', 'notes.read', patientId]))
  expect([...(sheets[0]?.cells?.values() ?? [])].some((cell) => cell.formula !== undefined)).toBe(false)
  expect(String(csv)).toContain(",'=cmd|calc,notes.read,")
  expect(await all({ patientId, action: 'access.exportAudit' })).toHaveLength(2) // one for each file
  const traces = await all({ action: 'house.exported' })
  expect(traces).toEqual(Array.from({ length: 2 }, () => expect.objectContaining({ reason: '年度检查', actorId: auditor.id })))
  const details = await Promise.all(traces.map(async ({ id }) => (await auditor.call(auditApi.auditEntry, { id })).detail))
  const inWords = [['患者', '指定的患者']] // which one, the rows of the trail say
  expect(details).toContainEqual({ route: 'access.exportAudit', filters: inWords, format: 'xlsx', rows: 1 })
  expect(details).toContainEqual({ route: 'access.exportAudit', filters: inWords, format: 'csv', rows: 2 }) // the first export is among them
  await expect(auditor.call(auditApi.exportAudit, { format: 'csv', reason: ' ' })).rejects.toMatchObject({ code: 'house.invalid' })
  await expect(house.who('access.audit').call(auditApi.exportAudit, { format: 'csv', reason: '年度检查' })).rejects.toMatchObject({
    code: 'house.forbidden',
  })
})

test('how long rows stay in the database is set to six months at least, and the change is in the audit', async () => {
  expect(await auditor.call(auditApi.auditSettings, {})).toEqual({ retentionMonths: null, deletionMonths: null })
  expect(await house.inside(auditRetentionMonths)).toEqual({ months: null, before: null })

  await expect(auditor.call(auditApi.saveAuditSettings, { retentionMonths: 5 })).rejects.toMatchObject({ code: 'house.invalid' })
  await expect(house.sql('insert into access.audit_settings (retention_months) values (5)')).rejects.toThrow('retention_months')
  house.setNow('2026-09-04T09:00+08:00')
  await auditor.call(auditApi.saveAuditSettings, { retentionMonths: 6 })

  expect(await house.inside(auditRetentionMonths)).toEqual({ months: 6, before: new Date('2026-03-04T00:00+08:00') })
  const [trace] = await all({ action: 'access.auditRetentionChanged' })
  expect((await auditor.call(auditApi.auditEntry, { id: trace?.id ?? '' })).detail).toEqual({
    before: { retentionMonths: null, deletionMonths: null },
    after: { retentionMonths: 6, deletionMonths: null },
  })
})

test('nothing is deleted before it left the database, nor before six months; without a term nothing ever is', async () => {
  expect(await house.inside(auditDeletionMonths)).toEqual({ months: null, before: null })
  for (const [retentionMonths, deletionMonths] of [[12, 11], [null, 24]] as const) // biome-ignore format: one line
    await expect(auditor.call(auditApi.saveAuditSettings, { retentionMonths, deletionMonths })).rejects.toMatchObject({
      code: 'access.deletedTooSoon',
    })
  await expect(auditor.call(auditApi.saveAuditSettings, { retentionMonths: 6, deletionMonths: 5 })).rejects.toMatchObject({
    code: 'house.invalid',
  })
  await expect(house.sql('update access.audit_settings set retention_months = null, deletion_months = 12')).rejects.toThrow(
    'deleted_after_archived',
  )

  await auditor.call(auditApi.saveAuditSettings, { retentionMonths: 6, deletionMonths: 24 })

  expect(await house.inside(auditDeletionMonths)).toEqual({ months: 24, before: new Date('2024-09-04T00:00+08:00') })
})
