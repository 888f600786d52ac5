import { feedbackApi } from '@renxin/feedback/contract'
import { levelsApi } from '@renxin/followups/contract'
import { readXlsx } from 'hucre/xlsx'
import { describe, expect, test } from 'vitest'
import { analyticsApi } from '../contract.ts'
import { openHospital } from './hospital.fixture.ts'
import { makeCells } from './index.ts'

const { house, units, tell, goHome, recommend, judge, followUp, hear } = await openHospital()
const leader = house.who('analytics.read', 'analytics.export', 'patients.names')
const september = { from: '2026-09' }
const dashboard = () => leader.call(analyticsApi.dashboard, september)

/** Everything that is counted: what the cells hold, and the same from a scan of the rows. */
async function cells() {
  const read = (table: string) => house.sql(`select to_jsonb(t) - 'hospital_id' as cell from analytics.${table} t order by 1`)
  return Promise.all(['stays', 'stay_days', 'contacts', 'contact_days', 'answer_months', 'opinions', 'opinion_days'].map(read))
}

describe('a September', () => {
  test('is counted as it happened', async () => {
    const reachedInTime = await goHome('01')
    const reachedLate = await goHome('02')
    const notReached = await goHome('03', 'bones')
    const recently = await goHome('18', 'bones')
    const died = await goHome('04', 'heart', { disposition: '5' })
    await goHome('08-05')
    await followUp(reachedInTime, '08', 'reached')
    await followUp(reachedLate, '10', 'relativeAnswered')
    await followUp(notReached, '05', 'noAnswer')
    await followUp(recently, '19', 'reached')
    for (const points of [10, 9, 9, 8, 3]) await recommend(reachedInTime, points)
    for (const overall of ['5', '4', '4', '3', '1', 'na']) await judge(notReached, overall)
    for (const points of [9, 2, 9, 8, 1, 2]) await recommend(notReached, points)
    await hear([
      { kind: 'complaint', patientId: notReached.patientId, encounterId: notReached.encounterId },
      { kind: 'praise', patientId: reachedInTime.patientId, encounterId: reachedInTime.encounterId },
    ])
    await house.settle()

    const seen = await dashboard()

    expect(seen.discharged).toEqual({ n: 5, before: 1 })
    expect(seen.coverage).toMatchObject({ base: 3, covered: 1 }) // the one of the 18th has days left, the dead are not asked
    expect(seen.contacts).toMatchObject({ reached: 3, notReached: 1 })
    expect(seen.satisfaction).toMatchObject({ n: 5, satisfied: 3, noOpinion: 1, dissatisfied: 1, share: 0.6, standing: 'small' })
    expect(seen.nps).toMatchObject({ n: 11, promoters: 5, passives: 2, detractors: 4 })
    expect(seen.wards.map((w) => [w.wardName, w.discharged, w.nps.n, w.nps.standing])).toEqual([
      ['骨科病区', 2, 6, 'small'],
      ['心内一病区', 3, 5, 'small'],
    ])
    expect(seen.opinions.kinds).toMatchObject([
      { kind: 'praise', n: 1 },
      { kind: 'complaint', n: 1 },
      { kind: 'suggestion', n: 0 },
      { kind: 'remark', n: 0 },
    ])
    expect(seen.opinions.departments.map((d) => [d.departmentName, d.complaint, d.praise])).toEqual([
      ['骨科', 1, 0],
      ['心血管内科', 0, 1],
    ])
    expect(seen.trend.at(-1)).toMatchObject({ month: '2026-09', discharged: 5, complaints: 1 })
    expect(died.encounterId).toBeTruthy()
  })

  test('each figure opens as many rows as it says', async () => {
    const seen = await dashboard()
    const count = async (
      ...[route, more]: [
        typeof analyticsApi.discharges | typeof analyticsApi.contacts | typeof analyticsApi.answers | typeof analyticsApi.opinions,
        object,
      ]
    ) => (await leader.call(route, { ...september, limit: 200, ...more } as never)).rows.length // each route's own fields are in `more`

    expect(await count(analyticsApi.discharges, {})).toBe(seen.discharged.n)
    expect(await count(analyticsApi.discharges, { coverage: 'base' })).toBe(seen.coverage.base)
    expect(await count(analyticsApi.discharges, { coverage: 'covered' })).toBe(seen.coverage.covered)
    expect(await count(analyticsApi.discharges, { coverage: 'open' })).toBe(seen.coverage.base - seen.coverage.covered)
    expect(await count(analyticsApi.contacts, { reached: 'yes' })).toBe(seen.contacts.reached)
    expect(await count(analyticsApi.contacts, { reached: 'no' })).toBe(seen.contacts.notReached)
    expect(await count(analyticsApi.contacts, { outcome: 'relativeAnswered' })).toBe(1)
    expect(await count(analyticsApi.answers, { measure: 'satisfaction' })).toBe(seen.satisfaction.n)
    expect(await count(analyticsApi.answers, { measure: 'nps', verdict: 'detractor' })).toBe(seen.nps.detractors)
    expect(await count(analyticsApi.opinions, { kind: 'complaint' })).toBe(1)
  })

  test('the rows say of whom, where and what, and come page by page', async () => {
    const first = await leader.call(analyticsApi.answers, { ...september, measure: 'nps', limit: 3 })
    const rest = await leader.call(analyticsApi.answers, { ...september, measure: 'nps', after: first.next ?? '' })

    expect(first.rows[0]).toMatchObject({ patientName: '王小明', questionnaireTitle: expect.stringContaining('推荐意愿') })
    expect(new Set([...first.rows, ...rest.rows].map((r) => r.id)).size).toBe(11)
  })

  test('a department sees its own figures and rows, a stranger none', async () => {
    const supervisor = house.who({ 'analytics.read': 'department' }, { departments: [units.orthopaedics] })
    const stranger = await house.stranger('analytics.read')

    const own = await supervisor.call(analyticsApi.dashboard, september)

    expect([own.discharged.n, own.wards.map((w) => w.wardName)]).toEqual([2, ['骨科病区']])
    expect((await supervisor.call(analyticsApi.discharges, september)).rows.map((r) => r.wardName)).toEqual(['骨科病区', '骨科病区'])
    expect((await supervisor.call(analyticsApi.discharges, { ...september, departmentId: units.cardiology })).rows).toEqual([])
    expect((await supervisor.call(analyticsApi.discharges, september)).rows[0]?.patientName).toBe('王*明')
    expect((await stranger.call(analyticsApi.dashboard, september)).discharged.n).toBe(0)
  })

  test('its coverage stands against the target of the three levels, a department’s against its own', async () => {
    const centre = house.who('followups.sample')
    const rule = { samplePercent: null, coverageLow: 30, coverageHigh: null, spotPercent: null }
    await centre.call(levelsApi.saveLevelRule, { departmentId: units.orthopaedics, rule })

    const bandOf = async (of: object) => (await leader.call(analyticsApi.dashboard, { ...september, ...of })).coverage.band

    expect([await bandOf({}), await bandOf({ departmentId: units.orthopaedics })]).toEqual([
      { low: 60, high: 80 },
      { low: 30, high: 80 },
    ])
  })
})

describe('the cells', () => {
  test('are what a scan of all rows gives, after everything that can happen to a row', async () => {
    const recalled = await goHome('06')
    const moved = await goHome('07')
    const called = await goHome('09', 'bones')
    await followUp(called, '11', 'reached')
    const [complaint, praise] = await hear([
      { kind: 'complaint', encounterId: moved.encounterId, patientId: moved.patientId },
      { kind: 'praise', encounterId: moved.encounterId, patientId: moved.patientId },
    ])
    await house.settle()
    const officer = house.who('feedback.record', 'feedback.handle', 'feedback.read')
    await tell([{ ...recalled.facts, event: 'cancelDischarge', sourceAt: recalled.later(1) }])
    await tell([
      { ...moved.facts, event: 'update', sourceAt: moved.later(2), wardName: '骨科病区', departmentCode: '0402', departmentName: '骨科' },
    ])
    await tell([{ ...called.facts, event: 'cancelDischarge', sourceAt: called.later(1) }])
    await tell([{ ...called.facts, sourceAt: called.later(72), dischargedAt: called.later(72) }]) // home on the 12th after all: the call came before
    await officer.call(feedbackApi.withdraw, { id: praise?.id ?? '' })
    await officer.call(feedbackApi.amend, { id: complaint?.id ?? '', text: '换了科室', unitIds: [units.orthopaedics] })
    await house.settle()
    const kept = await cells()

    await house.inside((ctx) => makeCells(ctx))

    expect(kept).toEqual(await cells())
    expect(kept[1]?.length).toBeGreaterThan(0)
  })

  test('stay the same when all is told again', async () => {
    const before = await cells()

    const told = await house.sql(
      `insert into house.events (id, name, payload, at) select gen_random_uuid(), name, payload, at from house.events returning id`,
    )
    await house.settle()

    expect(told.length).toBeGreaterThan(20)
    expect(await cells()).toEqual(before)
  })

  test('are right when many are counted at the same time', async () => {
    const stays = []
    for (let i = 0; i < 6; i++) stays.push(await goHome('10', i % 2 ? 'heart' : 'bones'))
    await Promise.all(stays.map((s) => Promise.all([recommend(s, 9), house.settle()])))
    await house.settle()
    const kept = await cells()

    await house.inside((ctx) => makeCells(ctx))

    expect(kept).toEqual(await cells())
  })
})

test('the workbook says on top of each sheet whose it is, what was asked, and who took it when and why', async () => {
  const asked = { ...september, reason: '质控例会' }
  const file = (await leader.call(analyticsApi.export, asked)) as unknown as { name: string; body: Buffer } // a file's handler answers so

  const { sheets } = await readXlsx(new Uint8Array(file.body))

  expect(file.name).toBe('总览 2026-09-01 ~ 2026-09-20 EX-000001.xlsx')
  expect(sheets.map((s) => s.name)).toEqual(['总览', '病区对比', '意见 按类别', '意见 按科室', '近 12 个月'])
  for (const { name, rows, freezePane } of sheets) {
    expect(rows.slice(0, 6).map((r) => r.filter((c) => c !== null && c !== ''))).toEqual([
      [`仁心示范医院 · 总览 · ${name}`],
      ['筛选', '2026-09-01 ~ 2026-09-20 · 全部科室'],
      ['导出人', 'tester'],
      ['导出时间', '2026-09-20 09:00'],
      ['理由', '质控例会'],
      ['编号 EX-000001 · 内部资料，请妥善保管'],
    ])
    expect(freezePane?.rows).toBe(7)
  }
  expect(sheets[0]?.rows.some((r) => r[0] === '净推荐值')).toBe(true)
})
