import { answer, renderPage } from '@renxin/client/testing'
import { staffApi } from '@renxin/staff/contract'
import { screen, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { type EncounterCard, type EncounterFile, encountersApi } from '../contract.ts'
import { recordsApi } from '../records-contract.ts'
import { CheckUpsPage } from './CheckUpsPage.tsx'
import { EncountersPage } from './EncountersPage.tsx'

const wardId = '01990000-0000-7000-8000-0000000000c1'
const stay: EncounterCard = {
  id: '01990000-0000-7000-8000-00000000000a',
  number: 'I202511010001',
  patientId: '01990000-0000-7000-8000-000000000001',
  patientName: '阿卜杜热合曼·买买提江',
  sex: 'male',
  birthOn: '1956-03-12',
  medicalRecordNumber: 'H0000101',
  class: 'inpatient',
  status: 'inProgress',
  department: { id: wardId, name: '心血管内科' },
  ward: { id: wardId, name: '心血管内科一病区' },
  room: '0312',
  bed: '12床',
  attending: { id: wardId, name: '王志强' },
  nurse: { id: wardId, name: '李秀英' },
  nursingLevel: '一级',
  condition: '病重',
  everCritical: false,
  everSerious: true,
  everSpecialNursing: false,
  everLevelOne: true,
  admittedAt: '2025-11-01T01:30:00.000Z',
  dischargedAt: null,
  dischargedOn: null,
  disposition: null,
  identityClass: '干部',
  payer: '城镇职工基本医疗保险',
  lengthOfStayDays: null,
  mainDiagnosisCode: 'I20.000',
  mainDiagnosisName: '不稳定型心绞痛',
  onLeaveSince: null,
  expectedDischargeAt: null,
  dischargePlannedSince: null,
  transferPlannedSince: null,
  transferExpectedAt: null,
  nextWard: null,
  nextRoom: null,
  nextBed: null,
  priorDischargeOn: '2025-10-20',
}
const file: EncounterFile = {
  ...stay,
  summary: null,
  stays: [
    {
      department: null,
      ward: { id: wardId, name: '急诊病房' },
      room: null,
      bed: '3床',
      fromAt: '2025-11-01T01:30:00.000Z',
      toAt: '2025-11-02T01:30:00.000Z',
    },
    { department: null, ward: stay.ward, room: '0312', bed: '12床', fromAt: '2025-11-02T01:30:00.000Z', toAt: null },
  ],
  levels: [{ kind: 'nursingLevel', value: '一级', fromAt: '2025-11-02T00:05:00.000Z' }],
  diagnoses: [{ code: 'I20.000', name: '不稳定型心绞痛', system: 'ICD10CN', type: 'admission', rank: 1, isCurrent: true }],
  team: [{ role: 'CP', person: { id: '0190a000-0000-7000-8000-0000000000c9', name: '陈会诊' } }],
  admitReason: '反复胸痛三天',
  accident: null,
}
const answers = [
  answer(encountersApi.list, { rows: [stay], next: null }),
  answer(encountersApi.beds, { rows: [stay] }),
  answer(encountersApi.file, file),
  answer(staffApi.units, {
    rows: [
      {
        id: wardId,
        kind: 'ward',
        code: null,
        name: '心血管内科一病区',
        departmentId: null,
        departmentName: null,
        campusId: null,
        isActive: true,
      },
    ],
  }),
]

test('the list says who lies where, what was the matter, and that he came back within a month', async () => {
  renderPage(<EncountersPage />, { answers })

  const row = (await screen.findByText('阿卜杜热合曼·买买提江')).closest('tr') as HTMLElement // the row of a cell

  expect(within(row).getByText('心血管内科一病区 · 0312 · 12床')).toBeDefined()
  expect(within(row).getByText('曾病重')).toBeDefined()
  expect(within(row).getByText('距上次出院 12 天')).toBeDefined()
})

test('a row opens the stay: its wards, levels and diagnoses, and the way to the patient', async () => {
  const { user, address } = renderPage(<EncountersPage />, { answers })

  await user.click(await screen.findByText('I202511010001'))

  const drawer = await screen.findByRole('dialog')
  expect(await within(drawer).findByText('急诊病房 · 3床')).toBeDefined()
  expect(within(drawer).getByText('入院诊断')).toBeDefined()
  expect(within(drawer).getByText('反复胸痛三天')).toBeDefined()
  expect(within(drawer).getByText('会诊医生 陈会诊')).toBeDefined()
  expect(within(drawer).getByText('查看患者档案')).toBeDefined()
  expect(address()).toContain(`open=${stay.id}`)
})

test('of a chosen ward the beds are asked, and those who went home are asked by day', async () => {
  const { user, sentTo } = renderPage(<EncountersPage />, { answers, search: { ward: wardId } })
  await screen.findByText('I202511010001')

  expect(sentTo(encountersApi.beds)).toEqual([{ wardId }])

  await user.click(screen.getByText('已出院'))
  await screen.findByText('I202511010001')
  expect(sentTo(encountersApi.list).at(-1)).toMatchObject({ status: 'discharged', wardId })
})

test('the check-ups of the hospital are listed by state, department and day; a row opens the conclusion and what was abnormal', async () => {
  const conclusion = '血脂偏高，建议低脂饮食，三个月后复查'
  const visit: EncounterCard = { ...stay, class: 'checkUp', number: 'TJ20251101', ward: null, room: null, bed: null }
  const found = {
    id: stay.id,
    patientId: stay.patientId,
    number: visit.number,
    at: '2025-11-01T01:30:00.000Z',
    department: visit.department,
  }
  const page = renderPage(<CheckUpsPage />, {
    search: { department: wardId, from: '2025-11-01', to: '2025-11-02' },
    answers: [
      answer(encountersApi.list, { rows: [visit], next: null }),
      answer(recordsApi.checkUps, { rows: [{ ...found, conclusion, findings: [], items: 0, abnormal: [] }], next: null }),
      ...answers,
    ],
  })

  await page.user.click(await screen.findByText('TJ20251101'))

  expect(await within(await screen.findByRole('dialog')).findByText(conclusion)).toBeDefined()
  expect(page.sentTo(encountersApi.list)[0]).toMatchObject({
    class: 'checkUp',
    status: 'inProgress',
    departmentId: wardId,
    from: '2025-11-01',
    to: '2025-11-02',
  })
})
