import { newId } from '@renxin/kernel'
import { openHouse } from '@renxin/server/testing'
import { expect, test } from 'vitest'
import { staffApi } from '../contract.ts'
import { loadCalendar, staff } from './index.ts'

const house = await openHouse([staff], { prepare: true })
const manager = house.who('staff.read', 'staff.manage')
const reader = house.who('staff.read')

const aUnit = (fields: object = {}) => ({
  id: newId(),
  kind: 'department' as const,
  code: null,
  name: '骨科',
  departmentId: null,
  campusId: null,
  isActive: true,
  ...fields,
})

test('people are found by part of the name, by pinyin, by initials and by number', async () => {
  const unit = await manager.call(staffApi.saveUnit, aUnit())
  const id = newId()
  await manager.call(staffApi.savePerson, {
    id,
    number: 'N0042',
    name: '欧阳娜娜',
    job: 'nurse',
    title: '主管护师',
    isActive: true,
    unitIds: [unit.id],
  })

  for (const search of ['阳娜', 'ouyang', 'oynn', 'n0042', '%']) {
    const { rows } = await reader.call(staffApi.people, { search })
    expect(rows.map((p) => p.id)).toEqual(search === '%' ? [] : [id])
  }
  expect((await reader.call(staffApi.person, { id })).units).toEqual([{ id: unit.id, kind: 'department', name: '骨科' }])
})

test('a code that another department has is refused', async () => {
  await manager.call(staffApi.saveUnit, aUnit({ code: '0401' }))

  await expect(manager.call(staffApi.saveUnit, aUnit({ code: '0401', name: '神经内科' }))).rejects.toMatchObject({
    code: 'staff.codeTaken',
  })
})

test('a ward cannot stand under another ward', async () => {
  const ward = await manager.call(staffApi.saveUnit, aUnit({ kind: 'ward', name: '骨科病区' }))

  await expect(manager.call(staffApi.saveUnit, aUnit({ kind: 'ward', departmentId: ward.id }))).rejects.toMatchObject({
    code: 'staff.departmentNeeded',
  })
})

test('who may only read may not change', async () => {
  await expect(reader.call(staffApi.saveUnit, aUnit())).rejects.toMatchObject({ code: 'house.forbidden' })
})

test('another hospital sees none of the units', async () => {
  const stranger = await house.stranger('staff.read')

  expect(await stranger.call(staffApi.units, {})).toEqual({ rows: [] })
})

test('2026 is announced with its holidays and the Saturdays worked in exchange; 2027 says that it is not', async () => {
  const calendar = await loadCalendar(house.ctx)

  expect(calendar.exceptions.get('2026-10-01')).toBe(false)
  expect(calendar.exceptions.get('2026-10-10')).toBe(true)
  expect(calendar.announcedYears.has(2026)).toBe(true)
  expect(await reader.call(staffApi.holidays, { year: 2027 })).toMatchObject({ isAnnounced: false, days: [] })
})

test('what the hospital edits in a year stays when the server starts again', async () => {
  const days = [{ day: '2027-01-01', isWorking: false, name: '元旦' }]
  await manager.call(staffApi.saveHolidays, { year: 2027, isAnnounced: true, days })
  const year = await reader.call(staffApi.holidays, { year: 2026 })
  const without = year.days.filter((d) => d.day !== '2026-10-10')
  await manager.call(staffApi.saveHolidays, { year: 2026, isAnnounced: true, days: without })

  await house.inside(async (ctx) => staff.prepare?.(ctx))

  expect(await reader.call(staffApi.holidays, { year: 2027 })).toMatchObject({ isAnnounced: true, days })
  expect((await loadCalendar(house.ctx)).exceptions.has('2026-10-10')).toBe(false)
})
