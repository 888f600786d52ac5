import { files } from '@renxin/files'
import { newId } from '@renxin/kernel'
import { patients, registerPatient } from '@renxin/patients'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { expect, test } from 'vitest'
import { encountersApi } from '../../contract.ts'
import { recordsApi } from '../../records-contract.ts'
import { applyEncounterFacts, applyRecords, encounters, type ReportFacts } from '../index.ts'

const house = await openHouse([staff, files, patients, encounters], { now: '2026-09-10T09:00+08:00' })
const doctor = house.who('encounters.read', 'encounters.results')
const moment = (day: string) => new Date(`${day}T08:00:00+08:00`)

const laboratory = (patientId: string, visitNumber: string, day: string, glucose: number, flag: string | null): ReportFacts => ({
  is: 'report', source: 'TJ', number: `${visitNumber}-L`, sourceAt: moment(day), patientId, visitNumber, kind: 'laboratory', status: 'final', title: '生化',
  observedAt: moment(day),
  items: [
    { code: 'GLU', name: '葡萄糖', value: String(glucose), amount: glucose, unit: 'mmol/L', range: '3.9-6.1', flag, observedAt: null },
    { code: 'UA', name: '尿酸', value: '300', amount: 300, unit: 'μmol/L', range: '208-428', flag: 'N', observedAt: null },
  ],
}) // biome-ignore format: a report

async function examine(patientId: string, number: string, day: string, glucose: number, flag: string | null) {
  const visit = { number, patientId, event: 'register', sourceAt: moment(day), class: 'checkUp', admittedAt: moment(day) } as const
  await house.inside((ctx) => applyEncounterFacts(ctx, [visit]))
  await house.inside((ctx) => applyRecords(ctx, [laboratory(patientId, number, day, glucose, flag)]))
}

test('a check-up shows what is outside its limits, beside what the check-up before it had found', async () => {
  const { id } = await registerPatient(house.ctx, { id: newId(), name: '赵建国' })
  await examine(id, 'T1', '2025-09-01', 6.4, 'H')
  await examine(id, 'T2', '2026-09-01', 7.2, 'H')

  const { rows } = await doctor.call(recordsApi.checkUps, { patientId: id })

  expect(rows.map((r) => [r.number, r.items, r.abnormal.map((i) => [i.name, i.value, i.before?.value ?? null])])).toEqual([
    ['T2', 2, [['葡萄糖', '7.2', '6.4']]],
    ['T1', 2, [['葡萄糖', '6.4', null]]],
  ])
})

test('the conclusion of a check-up is its written report, and what its examinations concluded stands beneath', async () => {
  const { id } = await registerPatient(house.ctx, { id: newId(), name: '钱丽华' })
  await examine(id, 'T3', '2026-09-01', 5.1, 'N')
  const said = { source: 'TJ', sourceAt: moment('2026-09-01'), patientId: id, visitNumber: 'T3' }
  await house.inside((ctx) =>
    applyRecords(ctx, [
      { ...said, is: 'document', number: 'D3', status: 'current', title: '体检报告', text: '总体健康，建议一年后复查。' },
      { ...said, is: 'report', number: 'U3', kind: 'imaging', status: 'final', title: '腹部超声', conclusion: '脂肪肝。' },
    ]),
  )

  const [checkUp] = (await doctor.call(recordsApi.checkUps, { patientId: id })).rows

  expect(checkUp).toMatchObject({
    conclusion: '总体健康，建议一年后复查。',
    abnormal: [],
    findings: [{ title: '腹部超声', conclusion: '脂肪肝。' }],
  })
})

test('a stay is no check-up, nor is one that was cancelled', async () => {
  const { id } = await registerPatient(house.ctx, { id: newId(), name: '孙志强' })
  await examine(id, 'T4', '2026-09-01', 5.1, 'N')
  const stay = { number: 'V4', patientId: id, event: 'admit', sourceAt: moment('2026-09-02'), class: 'inpatient' } as const
  const gone = { number: 'T4', patientId: id, event: 'cancelAdmit', sourceAt: moment('2026-09-02') } as const
  await house.inside((ctx) => applyEncounterFacts(ctx, [stay, gone]))

  expect((await doctor.call(recordsApi.checkUps, { patientId: id })).rows).toEqual([])
})

test('the check-ups of the whole hospital are listed, the latest first, by state and day', async () => {
  const { id } = await registerPatient(house.ctx, { id: newId(), name: '孙志远' })
  await examine(id, 'T6', '2026-08-03', 5.1, 'N')
  await examine(id, 'T7', '2026-08-05', 5.2, 'N')
  const august = { class: 'checkUp', from: '2026-08-01', to: '2026-08-31' } as const
  const numbers = async (more: object = {}) => (await doctor.call(encountersApi.list, { ...august, ...more })).rows.map((r) => r.number)

  expect(await numbers()).toEqual(['T7', 'T6'])
  expect(await numbers({ from: '2026-08-04' })).toEqual(['T7'])
  expect(await numbers({ status: 'cancelled' })).toEqual([])
})
