import { answer, renderPage } from '@renxin/client/testing'
import { staffApi } from '@renxin/staff/contract'
import { screen, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { type RevisitFigure, type Revisits, revisitsApi } from '../../contract.ts'
import { RankingPage } from './RankingPage.tsx'
import { RevisitsPage } from './RevisitsPage.tsx'

const bones = '01990000-0000-7000-8000-0000000000d1'
const eyes = '01990000-0000-7000-8000-0000000000d2'

const figure = (of: Partial<RevisitFigure> = {}): RevisitFigure => ({
  base: 120,
  came: 72,
  share: 0.6,
  low: 0.51,
  high: 0.683,
  standing: 'sound',
  expected: 96,
  expectedShare: 0.8,
  ratio: 0.75,
  ratioLow: 0.64,
  ratioHigh: 0.85,
  alarm: 'surelyBelow',
  ...of,
})
const few = figure({ base: 8, came: 4, share: 0.5, low: 0.22, high: 0.78, standing: 'small', expected: null, expectedShare: null, ratio: null, ratioLow: null, ratioHigh: null, alarm: 'no' }) // biome-ignore format: a row
const nobody = { departmentId: null, doctorId: null, chapter: null, doctorNumber: null }
const shown: Revisits = {
  period: {
    fromMonth: '2026-10',
    toMonth: '2026-10',
    days: { from: '2026-10-01', to: '2026-10-31' },
    dueUntil: '2026-10-29',
    isPartial: true,
    reference: { fromMonth: '2025-10', toMonth: '2026-09', base: 4321 },
  },
  countedAt: '2026-11-29T01:00:00.000Z',
  threshold: 0.8,
  total: figure(),
  leftOut: { died: 2, transferred: 3, readmitted: 5, notYet: 17 },
  rows: [
    { ...nobody, departmentId: bones, name: '骨科', leftOut: 4, figure: figure() },
    { ...nobody, departmentId: eyes, name: '眼科', leftOut: 0, figure: few },
  ],
  trend: [{ month: '2026-10', base: 128, came: 76, share: 0.59 }],
}
const doctor = { number: '9001', title: '主任医师', departmentId: null, departmentName: '骨科' }
const gone = {
  id: bones, patientId: bones, patientName: '王*明', number: 'I0001', departmentName: '骨科', wardName: '骨科病区', doctorName: '李医生',
  day: '2026-10-05', mainDiagnosisName: '股骨颈骨折', state: 'vanished', cameOn: null, task: { id: eyes, state: 'asked', reason: '路远，或没有人陪' },
} as const // biome-ignore format: a row
const answers = [
  answer(revisitsApi.revisits, shown),
  answer(revisitsApi.revisitCases, { rows: [gone], next: null }),
  answer(revisitsApi.revisitReasons, {
    vanished: 48,
    asked: 20,
    unreached: 3,
    open: 9,
    stopped: 1,
    withoutTask: 15,
    reasons: [{ reason: 'far', text: '路远，或没有人陪', visits: 8 }],
  }),
  answer(revisitsApi.revisitThresholds, { discharged: 0.8, outpatient: null }),
  answer(revisitsApi.setRevisitThresholds, { discharged: 0.75, outpatient: null }),
  answer(staffApi.units, { rows: [] }),
  answer(revisitsApi.revisitRanking, {
    kind: 'discharged',
    period: shown.period,
    countedAt: shown.countedAt,
    by: 'ratio',
    ranked: 1,
    rows: [
      { ...doctor, doctorId: bones, name: '李医生', place: 1, rankFrom: 1, rankTo: 3, group: 'below', figure: figure() },
      { ...doctor, doctorId: eyes, name: '张医生', place: null, rankFrom: null, rankTo: null, group: 'few', figure: few },
    ],
  }),
]

test('the rate stands beside what was to be expected, and says who does not count yet', async () => {
  renderPage(<RevisitsPage />, { answers })

  const rate = await screen.findByRole('button', { name: /一个月复诊率/ })
  expect(rate.textContent).toContain('60.0%')
  expect(rate.textContent).toContain('n=120')
  expect(rate.textContent).toContain('明显低于警戒线')
  expect(screen.getByText(/2026-10-29 之后就诊的人还没满 30 天/)).toBeDefined()
  expect(screen.getByText(/按 2025-10 ~ 2026-09 的 4,321 人次推算/)).toBeDefined()
  expect(screen.getByRole('button', { name: /不计入/ }).textContent).toContain('死亡 2 · 转院或转社区 3 · 再入院 5 · 未满 30 天 17')
})

test('who is below the threshold is named; of fewer than thirty it is only said that they are few', async () => {
  renderPage(<RevisitsPage />, { answers })

  expect(await screen.findByText('骨科 60.0%')).toBeDefined()
  const row = (await screen.findByText('眼科')).closest('tr') as HTMLElement // the row of a cell
  expect(within(row).getByText('样本少')).toBeDefined()
  expect(within(row).queryByText('低于警戒线')).toBeNull()
})

test('a row opens those who did not come, and the address keeps which', async () => {
  const { user, sentTo, address } = renderPage(<RevisitsPage />, { answers, search: { from: '2026-10' } })

  await user.click(await screen.findByText('骨科'))

  expect(await screen.findByText('王*明')).toBeDefined()
  expect(screen.getByRole('link', { name: '路远，或没有人陪' })).toBeDefined() // leads to the follow-up that asked him
  expect(sentTo(revisitsApi.revisitCases).at(-1)).toMatchObject({
    kind: 'discharged',
    from: '2026-10',
    departmentId: bones,
    part: 'vanished',
  })
  expect(address()).toContain('part=vanished')
})

test('the threshold is changed by whoever may, and can be taken away', async () => {
  const { user, sentTo } = renderPage(<RevisitsPage />, { answers })

  await user.click(await screen.findByRole('button', { name: '修改警戒线' }))
  const field = await screen.findByLabelText('出院患者', { selector: 'input.rx-number' })
  await user.clear(field)
  await user.type(field, '75')
  await user.click(screen.getByRole('button', { name: '保存警戒线' }))

  expect(sentTo(revisitsApi.setRevisitThresholds)).toEqual([{ discharged: 75, outpatient: null }])
})

test('who may neither export nor set thresholds has no button for it', async () => {
  renderPage(<RevisitsPage />, { answers, me: { may: ['analytics.read'] } })

  await screen.findByText('骨科 60.0%')
  expect(screen.queryByText('修改警戒线')).toBeNull()
  expect(screen.queryByText('导出')).toBeNull()
})

test('doctors have a span of ranks, and the few of whom too little is known have none', async () => {
  const { user, sentTo } = renderPage(<RankingPage />, { answers })

  const row = (await screen.findByText('李医生')).closest('tr') as HTMLElement // the row of a cell
  expect(row.textContent).toContain('1–3')
  expect(row.textContent).toContain('少于应有')
  expect(within((await screen.findByText('张医生')).closest('tr') as HTMLElement).getByText('样本少')).toBeDefined() // as above
  await user.click(screen.getByText('李医生'))
  expect(sentTo(revisitsApi.revisitCases).at(-1)).toMatchObject({ doctorId: bones, from: '2026-10', to: '2026-10', part: 'base' })
})
