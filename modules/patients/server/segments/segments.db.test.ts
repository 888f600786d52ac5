import { access } from '@renxin/access'
import { newId } from '@renxin/kernel'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { describe, expect, test } from 'vitest'
import { type Conditions, patientsApi, segmentsApi } from '../../contract.ts'
import { applyPatientFacts, mergePatients, noteCare, partPatients, patients, registerPatient } from '../index.ts'

const house = await openHouse([staff, access, patients], { now: '2026-09-04T09:00+08:00', prepare: true })
const keeper = house.who('patients.read', 'patients.names', 'patients.edit', 'patients.manage')
const reckon = () => house.tick('patients.segments')
const register = async (birthOn = '1980-01-01', identityClass?: string) => {
  const id = (await registerPatient(house.ctx, { id: newId(), name: '赵建国', birthOn })).id
  if (identityClass) await keeper.call(patientsApi.change, { patientId: id, identityClass })
  return id
}
const define = async (conditions: Conditions | null) => {
  const segment = { id: newId(), kind: 'own' as const, name: newId(), conditions, position: 0, isActive: true }
  await keeper.call(segmentsApi.saveSegment, segment)
  return segment
}
const membersOf = async (segmentId: string, change: 'all' | 'come' | 'left' = 'all') =>
  (await keeper.call(segmentsApi.members, { segmentId, change, limit: 200 })).rows.map((r) => r.id)
const countOf = async (segmentId: string) => (await keeper.call(segmentsApi.segments, {})).rows.find((s) => s.id === segmentId)

describe('a segment', () => {
  test('begins with the presets of key patients and of loyalty, whose rules the hospital may change', async () => {
    const { rows } = await keeper.call(segmentsApi.segments, {})

    expect(rows.filter((r) => r.kind === 'key').map((r) => r.name)).toEqual(['重点', '专病', '慢病', '老干部', '战士', '军人家属'])
    expect(rows.filter((r) => r.kind === 'loyalty').map((r) => r.conditions)).toContainEqual({ seenDaysFrom: 365 })
  })

  test('by a rule has those for whom it holds, and follows what changes of them', async () => {
    const soldier = await register('1990-01-01', '军人')
    const other = await register('1990-01-01', '地方')
    const segment = await define({ identityClasses: ['军人'] })
    await reckon()
    expect(await membersOf(segment.id)).toEqual([soldier])

    await keeper.call(patientsApi.change, { patientId: soldier, identityClass: '地方' })
    await keeper.call(patientsApi.change, { patientId: other, identityClass: '军人' })
    await reckon()

    expect(await membersOf(segment.id)).toEqual([other])
    expect(await countOf(segment.id)).toMatchObject({ size: 1, come: 1, left: 1 })
    expect(await membersOf(segment.id, 'come')).toEqual([other])
    expect(await membersOf(segment.id, 'left')).toEqual([soldier])
  })

  test('who came and went again this month has neither come nor left', async () => {
    const id = await register('1990-01-01', '学生')
    const segment = await define({ identityClasses: ['职工'] })
    await reckon()
    await keeper.call(patientsApi.change, { patientId: id, identityClass: '职工' })
    await reckon()
    house.advance({ days: 2 })
    await keeper.call(patientsApi.change, { patientId: id, identityClass: '学生' })
    await reckon()

    expect(await countOf(segment.id)).toMatchObject({ size: 0, come: 0, left: 0 })
  })

  test('by age takes in whoever had a birthday, though nothing was said of them', async () => {
    const id = await register('1961-09-20')
    const segment = await define({ ageFrom: 65, ageTo: 65 })
    house.setNow('2026-09-19T23:00+08:00')
    await reckon()
    expect(await membersOf(segment.id)).not.toContain(id)

    house.setNow('2026-09-20T00:10+08:00')
    await reckon()

    expect(await membersOf(segment.id)).toContain(id)
    expect(await membersOf(segment.id, 'come')).toContain(id)
  })

  test('by hand takes in and takes out whatever the rule says, and takes the word back', async () => {
    const [soldier, civilian] = [await register('1990-01-01', '警察'), await register('1990-01-01', '地方')]
    const segment = await define({ identityClasses: ['警察'] })
    await reckon()
    const mark = (patientId: string, isIn: boolean | null) =>
      keeper.call(segmentsApi.mark, { patientId, segmentId: segment.id, isIn, reason: '院领导指定' })

    await mark(civilian, true)
    await mark(soldier, false)
    expect(await membersOf(segment.id)).toEqual([civilian])
    house.advance({ days: 1 })
    await reckon()
    expect(await membersOf(segment.id)).toEqual([civilian])
    await mark(soldier, null)
    await mark(civilian, null)

    expect(await membersOf(segment.id)).toEqual([soldier])
  })

  test('whose rule is changed is reckoned anew, and nobody counts as having come', async () => {
    const id = await register('1950-01-01', '教师')
    const segment = await define({ identityClasses: ['没有'] })
    await reckon()

    await keeper.call(segmentsApi.saveSegment, { ...segment, conditions: { identityClasses: ['教师'] } })
    await reckon()

    expect(await membersOf(segment.id)).toEqual([id])
    expect(await countOf(segment.id)).toMatchObject({ size: 1, come: 0, left: 0 })
  })

  test('has one of two files that became one, and both again when they are parted', async () => {
    const [survivorId, retiredId] = [await register(), await register()]
    const segment = await define(null)
    await keeper.call(segmentsApi.mark, { patientId: retiredId, segmentId: segment.id, isIn: true, reason: '慢病' })

    await house.inside((ctx) => mergePatients(ctx, { survivorId, retiredId }))
    await reckon()
    expect(await membersOf(segment.id)).toEqual([survivorId])
    await house.inside((ctx) => partPatients(ctx, { survivorId, retiredId, reason: '两个人' }))
    await reckon()

    expect(await membersOf(segment.id)).toEqual([retiredId])
  })

  test('narrows the list, and shows a ward its own patients alone', async () => {
    const [mine, theirs] = [await register('1990-01-01', '船员'), await register('1990-01-01', '船员')]
    const wardId = newId()
    await house.inside((ctx) => noteCare(ctx, [{ patientId: mine, unitIds: [wardId] }]))
    const segment = await define({ identityClasses: ['船员'] })
    await reckon()

    const { rows } = await keeper.call(patientsApi.list, { where: JSON.stringify({ segmentIds: [segment.id] }) })
    expect(rows.map((r) => r.id).sort()).toEqual([mine, theirs].sort())
    const ofWard = house.who({ 'patients.read': 'ward' }, { wards: [wardId] })
    expect((await ofWard.call(segmentsApi.members, { segmentId: segment.id })).rows.map((r) => r.id)).toEqual([mine])
    expect((await ofWard.call(segmentsApi.segments, {})).rows.find((s) => s.id === segment.id)?.size).toBe(1)
  })

  test('is no part of its own rule', async () => {
    await expect(define({ segmentIds: [newId()] })).rejects.toMatchObject({ kind: 'invalid' })
  })

  test('reckoned bit by bit ends as it does when reckoned as a whole', async () => {
    const segment = await define({ identityClasses: ['甲'], ageFrom: 40 })
    await reckon()
    const made = await house.inside((ctx) =>
      applyPatientFacts(
        ctx,
        Array.from({ length: 300 }, (_, i) => ({
          identifiers: [{ system: 'S', type: 'MR', value: `S${i}` }],
          sourceAt: house.now(),
          name: `患者${i}`,
          birthOn: `${1970 + (i % 40)}-01-01`,
          identityClass: i % 3 ? '甲' : '乙',
        })),
      ),
    )
    await reckon()
    const bit = await membersOf(segment.id)
    house.advance({ days: 1 })
    await reckon()

    expect(made.length).toBe(300)
    expect(bit.length).toBeGreaterThan(50)
    expect(await membersOf(segment.id)).toEqual(bit)
  })
})
