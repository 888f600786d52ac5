import { surveysApi } from '@renxin/surveys/contract'
import { beforeAll, expect, test } from 'vitest'
import { analyticsApi } from '../contract.ts'
import { openHospital } from './hospital.fixture.ts'

const { house, units, goHome, recommend } = await openHospital()
const leader = house.who('analytics.read', 'analytics.export', 'patients.names')
const september = { from: '2026-09' }
const npsOf = async (departmentId?: string) => {
  const { nps, wards, trend } = await leader.call(analyticsApi.dashboard, { ...september, ...(departmentId && { departmentId }) })
  return { nps, wards: wards.map((w) => [w.wardName, w.nps.n, w.nps.score, w.nps.promoters]), now: trend.at(-1)?.nps }
}

beforeAll(async () => {
  const [heart, bones] = [await goHome('04', 'heart'), await goHome('05', 'bones')]
  for (const points of [10, 9, 9, 8, 3, 10, 2, 9, 9]) await recommend(heart, points)
  for (const points of [9, 2, 7]) await recommend(bones, points)
  await house.settle()
})

test('three answers of a ward are not found by taking the other ward from the hospital: neither says how many there were, nor what they said', async () => {
  const { nps, wards, now } = await npsOf()

  expect(nps).toMatchObject({ n: 12, promoters: 7, standing: 'small' })
  expect(now).toBe(nps.score)
  expect(wards.toSorted()).toEqual([
    ['心内一病区', null, null, null],
    ['骨科病区', null, null, null],
  ])
})

test('nor by asking for one department, whose only ward it is', async () => {
  for (const department of [units.cardiology, units.orthopaedics]) {
    const { nps, now } = await npsOf(department)
    expect(nps).toMatchObject({ n: null, score: null, promoters: null, standing: 'hidden' })
    expect(now).toBe(null)
  }
})

test('the rows behind the figures stay with them, and the file says no more than the page', async () => {
  for (const wardId of [units.bones, units.heart])
    await expect(leader.call(analyticsApi.answers, { ...september, measure: 'nps', wardId })).rejects.toMatchObject({
      code: 'analytics.tooFewAnswers',
    })
  const file = (await leader.call(analyticsApi.export, { ...september, format: 'csv', reason: '质控例会' })) as { body: Buffer } // a file's handler answers so
  const rows = String(file.body).split('\r\n').filter((line) => /^(心内一病区|骨科病区),/.test(line)) // biome-ignore format: one thought

  expect(rows).toHaveLength(2)
  for (const row of rows) expect(row).toMatch(/,不足 5 份或可推算，不显示,,,$/)
})

test('once the small ward has enough answers, all is shown', async () => {
  const bones = await goHome('06', 'bones')
  for (const points of [10, 1]) await recommend(bones, points)
  await house.settle()

  const { wards } = await npsOf()

  expect(wards.map((w) => w[1]).toSorted()).toEqual([5, 9])
  expect((await npsOf(units.cardiology)).nps.n).toBe(9)
})

test('a hospital that asks for more answers hides more: on the page, behind the figures and in the file; it never asks for fewer than five', async () => {
  const keeper = house.who('surveys.edit', { name: '质控办' })
  const ask = (least: number) => keeper.call(surveysApi.saveSmallSamples, { least })
  await expect(ask(4)).rejects.toMatchObject({ code: 'house.invalid' })
  await expect(house.sql('insert into surveys.small_samples (least) values (4)')).rejects.toThrow('small_samples')

  const department = house.who({ 'surveys.edit': 'department' }, { departments: [units.bones] })
  await expect(department.call(surveysApi.saveSmallSamples, { least: 6 })).rejects.toMatchObject({ code: 'house.forbidden' })

  expect(await ask(6)).toEqual({ least: 6 })

  const { wards } = await npsOf()
  expect(wards.map((w) => w[1])).toEqual([null, null])
  expect((await leader.call(analyticsApi.dashboard, september)).least).toBe(6)
  await expect(leader.call(analyticsApi.answers, { ...september, measure: 'nps', wardId: units.bones })).rejects.toMatchObject({ least: 6 })
  const file = (await leader.call(analyticsApi.export, { ...september, format: 'csv', reason: '质控例会' })) as { body: Buffer } // as above
  expect(String(file.body)).toContain('不足 6 份或可推算，不显示')
  const trail = await house.sql("select actor_name, detail from house.audit where action = 'surveys.smallSamplesChanged'")
  expect(trail).toEqual([{ actor_name: '质控办', detail: { before: { least: 5 }, after: { least: 6 } } }])
})
