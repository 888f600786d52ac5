import { answer, renderPage } from '@renxin/client/testing'
import { contract, get, page } from '@renxin/kernel'
import { houseWords } from '@renxin/ui'
import { screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { type Contact, type PatientFile, patientsApi, type Standing, TimelineEntry, timelineInput } from '../contract.ts'
import { words } from '../words.ts'
import { FilePage } from './FilePage.tsx'
import { console as patients } from './index.tsx'

const id = '01990000-0000-7000-8000-000000000001'
const contactId = '01990000-0000-7000-8000-0000000000c1'
const contact: Contact = {
  id: contactId,
  relation: 'self',
  name: null,
  masked: '139****0101',
  kind: 'mobile',
  source: 'his',
  isPreferred: false,
  isVoid: false,
  isFormer: false,
}
const standing: Standing = {
  state: 'inHospital', class: 'inpatient', department: '心血管内科', ward: '心血管内科一病区', attending: '王志强', mainDiagnosis: '不稳定型心绞痛', seenOn: '2026-09-01',
  dischargedOn: null, bookedAt: null, followup: { status: null, on: null, nextAt: null, isOverdue: false },
} // biome-ignore format: a stay

const file: PatientFile = {
  id,
  name: '阿卜杜热合曼·买买提江',
  namePinyin: 'a bu du re he man mai mai ti jiang',
  sex: 'male',
  birthOn: '1956-03-12',
  deceasedAt: null,
  medicalRecordNumber: 'H0000101',
  identityClass: '干部',
  payer: '城镇职工',
  bed: '12床',
  tags: [{ id: contactId, name: '重点关怀', tone: 'care' }],
  warnings: ['openComplaint'],
  standing,
  identityCard: '000***********2154',
  identityCardIsValid: true,
  address: '江苏省无锡市梁溪区****',
  ethnic: null,
  marital: null,
  job: null,
  identifiers: [{ system: 'HIS', type: 'MR', value: 'H0000101' }],
  contacts: [contact],
  refusals: [{ kind: 'channel', value: 'message', at: '2026-09-01T00:00:00Z' }],
  holds: [],
  conflicts: [],
  mergedFrom: [],
}
const other = contract('other', {
  timeline: get('/timeline/:patientId', { may: 'other.read', about: 'patientId', input: timelineInput, reply: page(TimelineEntry) }),
})
const entry = (n: number, title: string) => ({ id: String(n), at: `2026-09-0${n}T00:00:00Z`, kind: 'seen', title, patientId: id })
const consoles = [patients, { module: 'other', pages: [], timeline: other.timeline, timelineWords: () => '就诊' }]
const answers = [
  answer(patientsApi.file, file),
  answer(patientsApi.timeline, { rows: [{ ...entry(2, '旧档案'), kind: 'merged' }], next: null }),
  answer(other.timeline, { rows: [entry(3, '心内科'), entry(1, '眼科')], next: null }),
]
const at = { path: '/patients/:id', params: { id }, consoles, answers }

test('the file shows who this is, how to reach them, what they wish, and one line of all modules', async () => {
  renderPage(<FilePage />, at)

  expect(await screen.findAllByText(/阿卜杜热合曼·买买提江/)).not.toHaveLength(0)
  expect(document.title).not.toContain('阿卜杜')
  expect(screen.getByText('139****0101')).toBeTruthy()
  expect(screen.getByRole('checkbox', { name: words.refuse.message })).toHaveProperty('checked', true)
  await screen.findByText('眼科')
  const line = screen.getByRole('region', { name: words.timeline })
  expect(
    within(line)
      .getAllByRole('listitem')
      .map((li) => li.textContent),
  ).toEqual([expect.stringContaining('心内科'), expect.stringContaining('旧档案'), expect.stringContaining('眼科')])
  expect(within(line).getByText(words.timelineKind.merged)).toBeTruthy()
})

test('the whole number wants a reason, and says that it was recorded', async () => {
  const { user, sentTo } = renderPage(<FilePage />, {
    ...at,
    answers: [...answers, answer(patientsApi.revealPhone, { patientId: id, number: '13900000101' })],
  })

  await user.click(await screen.findByRole('button', { name: `${words.reveal} 139****0101` }))
  await user.keyboard('{Control>}{Enter}{/Control}')
  expect(sentTo(patientsApi.revealPhone)).toEqual([])
  await user.keyboard('电话随访{Control>}{Enter}{/Control}')

  expect(await screen.findByText('139 0000 0101')).toBeTruthy()
  expect(screen.getByText(new RegExp(houseWords.viewRecorded))).toBeTruthy()
  expect(sentTo(patientsApi.revealPhone)).toEqual([{ contactId, reason: '电话随访' }])
})

test('who may only read sees no whole numbers and changes nothing', async () => {
  renderPage(<FilePage />, { ...at, me: { may: ['patients.read'] } })

  await screen.findByText('139****0101')
  for (const name of [new RegExp(words.reveal), words.edit, words.markDeceased, words.addContact, words.editTags]) {
    expect(screen.queryByRole('button', { name })).toBeNull()
  }
  expect(screen.getByRole('checkbox', { name: words.refuse.call })).toHaveProperty('disabled', true)
})

test('a number that reaches nobody is told before it is sent', async () => {
  const { user, sentTo } = renderPage(<FilePage />, {
    ...at,
    answers: [...answers, answer(patientsApi.addContact, ({ patientId }) => ({ ...contact, patientId }))],
  })

  await user.click(await screen.findByRole('button', { name: words.addContact }))
  await user.keyboard('1380013800{Enter}')
  expect(await screen.findByText(words.errors.badPhone)).toBeTruthy()
  await user.keyboard('0{Enter}')

  await waitFor(() => expect(sentTo(patientsApi.addContact)).toMatchObject([{ patientId: id, number: '13800138000', relation: 'self' }]))
})
