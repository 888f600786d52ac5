import { type Answer, answer, renderPage } from '@renxin/client/testing'
import { newId } from '@renxin/kernel'
import { screen, waitFor, within } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import { type RightsRequest, rightsApi } from '../contract.ts'
import { words } from '../words.ts'
import { type Copy, copyPage } from './copy-page.ts'
import { console as patients } from './index.tsx'
import { RightsButton } from './RightsButton.tsx'
import { RightsPage } from './RightsPage.tsx'

const t = words.rights
const id = newId()
const patientId = newId()
const erasure: RightsRequest = {
  id, patientId, patientName: '阿卜杜热合曼·买买提江', kind: 'erasure', asker: 'agent', askerName: '艾尼瓦尔', proof: 'authorisation', details: '全部删除', items: [],
  receivedAt: '2026-09-01T01:00:00Z', dueOn: '2026-09-08', isOverdue: true, state: 'open', recordedByName: '陈静', isOwn: false, decidedByName: null, refusal: null,
  doneAt: null, counts: null,
} // biome-ignore format: a request
const stays = { patientId, isKnown: true, rows: [{ reason: 'medicalRecord', what: 'stays', count: 2, until: '2056-09-03' }] } as const
const options = { path: '/rights', consoles: [patients], me: { may: ['patients.rights', 'patients.erase', 'patients.read'] } }

afterEach(() => vi.unstubAllGlobals())

const rendered = (request: RightsRequest, more: readonly Answer[] = []) =>
  renderPage(<RightsPage />, {
    ...options,
    search: { open: request.id },
    answers: [
      answer(rightsApi.rightsRequests, { rows: [request], next: null }),
      answer(rightsApi.rightsRequest, request),
      answer(rightsApi.weighErasure, { ...stays, rows: [...stays.rows] }),
      ...more,
    ],
  })

test('an erasure shows what stays and why, and is approved only by somebody who says to have read it', async () => {
  const { sentTo, user } = rendered(erasure, [answer(rightsApi.erase, { ...erasure, state: 'done' })])
  const drawer = within(await screen.findByRole('dialog'))
  const line = (await drawer.findByText(t.what.stays)).closest('tr')
  expect(line?.textContent).toContain(t.reason.medicalRecord)
  expect(line?.textContent).toContain('2056-09-03')

  const approve = drawer.getByRole('button', { name: t.erase })
  expect((approve as HTMLButtonElement).disabled).toBe(true) // a button by its role
  await user.click(drawer.getByLabelText(t.hasRead))
  await user.click(approve)
  expect(await screen.findByText(t.eraseTitle({ name: erasure.patientName }))).toBeTruthy()
  expect(screen.getByText(t.eraseText)).toBeTruthy()
  expect(sentTo(rightsApi.erase)).toEqual([])
  await user.click(screen.getAllByText(t.erase).at(-1) ?? approve)

  await waitFor(() => expect(sentTo(rightsApi.erase)).toEqual([{ id, hasRead: true }]))
})

test('whoever took an erasure in is told that somebody else must approve it', async () => {
  rendered({ ...erasure, isOwn: true })
  expect(await screen.findByText(t.needsSecond)).toBeTruthy()
  expect(screen.queryByRole('button', { name: t.erase })).toBeNull()
})

test('a correction is decided line by line; what is left needs its reason', async () => {
  const correction: RightsRequest = {
    ...erasure,
    kind: 'correction',
    items: [
      { field: 'sex', value: 'female', isAccepted: null, reason: null },
      { field: 'payer', value: '自费', isAccepted: null, reason: null },
    ],
  }
  const { sentTo, user } = rendered(correction, [answer(rightsApi.decideCorrection, correction)])
  const sex = within(await screen.findByRole('radiogroup', { name: new RegExp(t.sex.female) }))
  await user.click(sex.getByLabelText(new RegExp(`^${t.accept}`)))
  const payer = within(screen.getByRole('radiogroup', { name: /自费/ }))
  await user.click(payer.getByLabelText(new RegExp(`^${t.reject}`)))
  await user.type(screen.getByLabelText(new RegExp(`^${t.rejectReason}`)), '医保系统中仍为职工医保')
  await user.click(screen.getByRole('button', { name: t.decide }))

  await waitFor(() =>
    expect(sentTo(rightsApi.decideCorrection)).toEqual([
      {
        id,
        decisions: [
          { field: 'sex', isAccepted: true, reason: null },
          { field: 'payer', isAccepted: false, reason: '医保系统中仍为职工医保' },
        ],
      },
    ]),
  )
})

test('a request is taken in at the file: who asks, how that was checked, what shall be otherwise', async () => {
  const { sentTo, user } = renderPage(<RightsButton patientId={patientId} />, {
    ...options,
    answers: [answer(rightsApi.recordRight, erasure)],
  })
  await user.click(await screen.findByRole('button', { name: t.title }))
  const form = within(await screen.findByRole('dialog'))
  await user.click(form.getByLabelText(new RegExp(`^${t.kind.erasure}`)))
  await user.click(form.getByLabelText(new RegExp(`^${t.asker.agent}`)))
  await user.type(form.getByLabelText(new RegExp(`^${t.askerName}`)), '艾尼瓦尔')
  await user.click(form.getByLabelText(new RegExp(`^${t.proof.authorisation}`)))
  await user.click(form.getByRole('button', { name: t.record }))

  await waitFor(() =>
    expect(sentTo(rightsApi.recordRight)).toMatchObject([
      { patientId, kind: 'erasure', asker: 'agent', askerName: '艾尼瓦尔', proof: 'authorisation' },
    ]),
  )
})

test('a copy is read as a page in words, and nothing that stands in a file is taken for markup', () => {
  const copy: Copy = {
    patientId,
    serial: 'EX-000042',
    takenAt: '2026-09-04T01:00:00Z',
    hospital: '仁心医院',
    byName: '陈静',
    sections: [
      {
        module: 'patients',
        section: 'person',
        rows: [{ name: '<img src=x onerror=alert(1)>', sex: 'male', at: '2026-09-01T01:30:00.000Z', job: null }],
      },
    ],
  }
  const page = new DOMParser().parseFromString(copyPage(copy), 'text/html')
  expect(page.querySelector('img')).toBeNull()
  expect(page.querySelector('h2')?.textContent).toBe(t.section.person)
  expect([...page.querySelectorAll('td div')].map((d) => d.textContent)).toEqual([
    `${words.name} <img src=x onerror=alert(1)>`,
    `${t.column.sex} ${t.code.male}`,
    `${t.column.at} 2026-09-01 09:30`,
  ])
})
