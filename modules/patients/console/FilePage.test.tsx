import { answer, renderPage } from '@renxin/client/testing'
import { contract, get, page } from '@renxin/kernel'
import { houseWords } from '@renxin/ui'
import { screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import {
  type Contact,
  overviewApi,
  type PatientFile,
  type PatientHead,
  patientsApi,
  type Standing,
  TimelineEntry,
  timelineInput,
} from '../contract.ts'
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
  privacy: null,
  bed: '12床',
  tags: [{ id: contactId, name: '重点关怀', tone: 'care' }],
  warnings: ['openComplaint'],
  standing,
  identityCard: '000***********2154',
  identityCardIsValid: true,
  address: '江苏省无锡市梁溪区****',
  ethnic: null,
  marital: null,
  language: null,
  birthPlace: null,
  nationality: null,
  hasReligion: false,
  job: null,
  identifiers: [{ system: 'HIS', type: 'MR', value: 'H0000101' }],
  contacts: [contact],
  refusals: [{ kind: 'channel', value: 'message', at: '2026-09-01T00:00:00Z' }],
  holds: [],
  conflicts: [],
  mergedFrom: [],
}
const head: PatientHead = {
  ...file,
  nursingLevel: '一级',
  condition: '病重',
  visits: 3,
  stays: 2,
  firstSeenOn: '2024-02-01',
  segments: [{ id: contactId, name: '慢病', kind: 'key' }],
  alerts: [
    { kind: 'openComplaint', text: null, at: '2026-09-01T00:00:00Z', cautionId: null },
    { kind: 'incompatibility', text: '不可与头孢类同用', at: '2026-09-01T00:00:00Z', cautionId: contactId },
  ],
  risks: [
    { kind: 'criticalNow', text: '病重', days: null },
    { kind: 'readmission', text: null, days: 12 },
  ],
  lastContacts: [{ at: '2026-09-02T01:00:00Z', purpose: null }],
  emergencyUntil: null,
}
const other = contract('other', {
  timeline: get('/timeline/:patientId', { may: 'other.read', about: 'patientId', input: timelineInput, reply: page(TimelineEntry) }),
})
const entry = (n: number, title: string) => ({ id: String(n), at: `2026-09-0${n}T00:00:00Z`, kind: 'seen', title, patientId: id })
const consoles = [patients, { module: 'other', pages: [], timeline: other.timeline, timelineWords: () => '就诊' }]
const answers = [
  answer(overviewApi.head, head),
  answer(patientsApi.file, file),
  answer(patientsApi.timeline, { rows: [{ ...entry(2, '旧档案'), kind: 'merged' }], next: null }),
  answer(other.timeline, { rows: [entry(3, '心内科'), entry(1, '眼科')], next: null }),
]
const at = { path: '/patients/:id', params: { id }, consoles, answers }
const openPapers = async (user: ReturnType<typeof renderPage>['user']) =>
  user.click(await screen.findByRole('tab', { name: words.overview.tabs.basics }))

test('at a glance: who this is and where, what to mind with its reasons, the last contact, and one line of all modules', async () => {
  renderPage(<FilePage />, at)

  expect(await screen.findAllByText(/阿卜杜热合曼·买买提江/)).not.toHaveLength(0)
  expect(document.title).not.toContain('阿卜杜')
  for (const text of [
    '在院',
    '心血管内科一病区 12床',
    /王志强/,
    '投诉处理中',
    '配伍禁忌 不可与头孢类同用',
    '病重',
    '距上次出院 12 天再入院',
    '就诊 3 次 · 住院 2 次',
  ])
    expect(screen.getByText(text)).toBeTruthy()
  await screen.findByText('眼科')
  const line = screen.getByRole('region', { name: words.timeline })
  expect(
    within(line)
      .getAllByRole('listitem')
      .filter((li) => li.querySelector('time'))
      .map((li) => li.textContent),
  ).toEqual([expect.stringContaining('心内科'), expect.stringContaining('旧档案'), expect.stringContaining('眼科')])
})

test('a file that is open in an emergency says so, until when, and that it is looked at', async () => {
  const isOpen = answer(overviewApi.head, { ...head, emergencyUntil: '2026-09-04T05:00:00Z' })
  renderPage(<FilePage />, { ...at, answers: [isOpen, ...answers] })

  expect((await screen.findByText(/您正在紧急查看这份档案/)).textContent).toMatch(/13:00.*审计员/)
})

test('the time line is narrowed to a period', async () => {
  const { user } = renderPage(<FilePage />, {
    ...at,
    answers: [answer(other.timeline, { rows: [{ ...entry(3, '很久以前'), at: '2001-01-01T00:00:00Z' }], next: null }), ...answers],
  })
  await screen.findByText('很久以前')

  await user.click(screen.getByRole('radio', { name: words.overview.period.year }))

  expect(screen.queryByText('很久以前')).toBeNull()
})

test('behind a tab: how to reach them and what they wish', async () => {
  const { user } = renderPage(<FilePage />, at)

  await openPapers(user)

  expect(await screen.findByText('139****0101')).toBeTruthy()
  expect(screen.getByRole('checkbox', { name: words.refuse.message })).toHaveProperty('checked', true)
})

test('a warning that was dealt with is ended, a new one is written for the next', async () => {
  const { user, sentTo } = renderPage(<FilePage />, {
    ...at,
    answers: [...answers, answer(overviewApi.endCaution, { patientId: id }), answer(overviewApi.addCaution, { patientId: id })],
  })

  await user.click(await screen.findByRole('button', { name: words.overview.endCaution }))
  await user.click(screen.getByRole('button', { name: words.overview.addCaution }))
  await user.keyboard('听力差{Enter}')

  expect(sentTo(overviewApi.endCaution)).toEqual([{ cautionId: contactId }])
  await waitFor(() => expect(sentTo(overviewApi.addCaution)).toMatchObject([{ patientId: id, kind: 'other', text: '听力差' }]))
})

test('who saw the file is for those who may know', async () => {
  const viewing = {
    id: contactId,
    patientId: id,
    at: '2026-09-01T00:00:00Z',
    actorName: '陈静',
    action: 'patients.phoneRevealed',
    reason: '电话随访',
  }
  const { user } = renderPage(<FilePage />, { ...at, answers: [...answers, answer(overviewApi.viewers, { rows: [viewing], next: null })] })

  await user.click(await screen.findByRole('tab', { name: words.overview.tabs.viewers }))

  expect(await screen.findByText('陈静')).toBeTruthy()
  expect(screen.getByText(/查看完整号码/)).toBeTruthy()
})

test('the whole number wants a reason, and says that it was recorded', async () => {
  const { user, sentTo } = renderPage(<FilePage />, {
    ...at,
    answers: [...answers, answer(patientsApi.revealPhone, { patientId: id, number: '13900000101' })],
  })

  await openPapers(user)
  await user.click(await screen.findByRole('button', { name: `${words.reveal} 139****0101` }))
  await user.keyboard('{Control>}{Enter}{/Control}')
  expect(sentTo(patientsApi.revealPhone)).toEqual([])
  await user.keyboard('电话随访{Control>}{Enter}{/Control}')

  expect(await screen.findByText('139 0000 0101')).toBeTruthy()
  expect(screen.getByText(new RegExp(houseWords.viewRecorded))).toBeTruthy()
  expect(sentTo(patientsApi.revealPhone)).toEqual([{ contactId, reason: '电话随访' }])
})

test('who may only read sees no whole numbers and changes nothing', async () => {
  const { user } = renderPage(<FilePage />, { ...at, me: { may: ['patients.read'] } })
  await openPapers(user)

  await screen.findByText('139****0101')
  for (const name of [new RegExp(words.reveal), words.edit, words.markDeceased, words.addContact, words.editTags]) {
    expect(screen.queryByRole('button', { name })).toBeNull()
  }
  expect(screen.queryByRole('tab', { name: words.overview.tabs.viewers })).toBeNull()
  expect(screen.queryByRole('button', { name: words.overview.addCaution })).toBeNull()
  expect(screen.getByRole('checkbox', { name: words.refuse.call })).toHaveProperty('disabled', true)
})

test('a number that reaches nobody is told before it is sent', async () => {
  const { user, sentTo } = renderPage(<FilePage />, {
    ...at,
    answers: [...answers, answer(patientsApi.addContact, ({ patientId }) => ({ ...contact, patientId }))],
  })

  await openPapers(user)
  await user.click(await screen.findByRole('button', { name: words.addContact }))
  await user.keyboard('1380013800{Enter}')
  expect(await screen.findByText(words.errors.badPhone)).toBeTruthy()
  await user.keyboard('0{Enter}')

  await waitFor(() => expect(sentTo(patientsApi.addContact)).toMatchObject([{ patientId: id, number: '13800138000', relation: 'self' }]))
})
