import { answer, renderPage } from '@renxin/client/testing'
import { newId } from '@renxin/kernel'
import { staffApi } from '@renxin/staff/contract'
import { houseWords } from '@renxin/ui'
import { screen, waitFor } from '@testing-library/react'
import { expect, test } from 'vitest'
import { type FieldDefinition, fieldsApi, type ListedPatient, listsApi, patientsApi, type SavedView, segmentsApi } from '../contract.ts'
import { words } from '../words.ts'
import { console as patients } from './index.tsx'
import { PatientsPage } from './PatientsPage.tsx'

const [id, fieldId] = [newId(), newId()]
const patient: ListedPatient = {
  id,
  name: '阿卜杜热合曼·买买提江',
  sex: 'male',
  birthOn: '1956-03-12',
  deceasedAt: null,
  medicalRecordNumber: 'H0000101',
  identityClass: '干部',
  payer: '城镇职工',
  privacy: null,
  bed: null,
  tags: [],
  warnings: [],
  own: { [fieldId]: '独居' },
  standing: {
    state: 'discharged', class: 'inpatient', department: '心血管内科', ward: '心血管内科一病区', attending: null, mainDiagnosis: null, seenOn: '2026-08-28',
    dischargedOn: '2026-09-01', bookedAt: null, followup: { status: 'unreached', on: '2026-09-03', nextAt: null, isOverdue: true },
  }, // biome-ignore format: a stay
}
const field: FieldDefinition = {
  id: fieldId, object: 'patient', key: 'living', label: '居住情况', kind: 'choice', options: ['独居'], isRequired: false, pattern: null, least: null, most: null,
  position: 0, isActive: true, isSearchable: false, isInList: true, isSensitive: false, riskOption: null,
} // biome-ignore format: a field
const view: SavedView = {
  id: newId(),
  name: '老年在院',
  conditions: { states: ['inHospital'], ageFrom: 65 },
  roleIds: [],
  isMine: false,
  ownerName: '李主任',
}
const nobody = { rows: [], next: null }
const answers = [
  answer(patientsApi.list, { rows: [patient], next: null }),
  answer(listsApi.count, { count: 10_000, isMore: true }),
  answer(listsApi.choices, { payers: [], identityClasses: [], districts: [] }),
  answer(listsApi.views, { rows: [view], roles: [] }),
  answer(listsApi.saveView, { id: view.id }),
  answer(fieldsApi.fields, { rows: [field] }),
  answer(segmentsApi.segments, { rows: [], since: '2026-09-01' }),
  answer(patientsApi.tags, { tags: [] }),
  answer(staffApi.units, { rows: [] }),
  answer(staffApi.people, nobody),
]
const at = { path: '/patients', consoles: [patients], answers }

test('the list says where each stands, how follow-up went, what the hospital’s own fields hold, and that there are more than are counted', async () => {
  renderPage(<PatientsPage />, at)

  for (const text of ['已出院', '未联系上', '已逾期', '独居', '超过 10,000 位']) expect(await screen.findByText(text), text).toBeTruthy()
  expect(screen.getByRole('columnheader', { name: '居住情况' })).toBeTruthy()
})

test('a saved view narrows the list, stands in the address, and a new one is saved by name', async () => {
  const { user, sentTo } = renderPage(<PatientsPage />, at)

  await user.click(await screen.findByRole('button', { name: '老年在院' }))
  await waitFor(() => expect(sentTo(patientsApi.list).at(-1)).toMatchObject({ where: JSON.stringify(view.conditions) }))
  await user.click(screen.getByRole('button', { name: houseWords.foldOut }))
  expect(screen.getByRole('textbox', { name: words.lists.conditions.ageFrom })).toHaveProperty('value', '65')
  await user.type(screen.getByRole('textbox', { name: words.lists.conditions.diagnoses }), 'I20-I25')
  await user.click(screen.getByRole('button', { name: houseWords.search }))
  await user.click(await screen.findByRole('button', { name: words.lists.saveView }))
  await user.keyboard('老年冠心病{Enter}')

  await waitFor(() =>
    expect(sentTo(listsApi.saveView)).toMatchObject([{ name: '老年冠心病', conditions: { ...view.conditions, diagnoses: ['I20-I25'] } }]),
  )
})
