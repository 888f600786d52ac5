import { answer, renderPage } from '@renxin/client/testing'
import { screen, waitFor } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import { patientErrors, patientsApi, type SearchHit } from '../contract.ts'
import { words } from '../words.ts'
import { console as patients } from './index.tsx'
import { PatientSearch } from './PatientSearch.tsx'

const hit = (n: number, said: Partial<SearchHit> = {}): SearchHit => ({
  id: `01990000-0000-7000-8000-00000000000${n}`,
  name: '王小明',
  sex: 'male',
  birthOn: '1956-03-12',
  deceasedAt: null,
  medicalRecordNumber: `H000010${n}`,
  identityClass: null,
  payer: null,
  privacy: null,
  matches: [{ kind: 'initials', text: null, relation: null }],
  ...said,
})
const rows = [hit(1), hit(2, { name: '𠮷田', matches: [{ kind: 'phone', text: null, relation: 'spouse' }] })]

test('what is typed is looked up, told why it was met, and opened by the keyboard alone', async () => {
  const onClose = vi.fn()
  const { user, address } = renderPage(<PatientSearch onClose={onClose} />, {
    answers: [answer(patientsApi.search, { rows, more: false })],
    consoles: [patients],
  })

  await user.keyboard('wxm{Enter}')
  expect(await screen.findByRole('option', { name: /王小明.*拼音首字母/ })).toBeTruthy()
  expect(screen.getByRole('option', { name: /𠮷田.*电话 配偶/ })).toBeTruthy()
  await user.keyboard('{ArrowDown}{Enter}')

  expect(onClose).toHaveBeenCalled()
  expect(address()).toBe(`/patients/${rows[1]?.id}`)
})

test('four digits are asked for once, when typing rests, not at each digit', async () => {
  const { user, sentTo } = renderPage(<PatientSearch />, { answers: [answer(patientsApi.search, { rows: [], more: false })] })

  await user.keyboard('13800138000')
  await waitFor(() => expect(sentTo(patientsApi.search)).toHaveLength(1), { timeout: 2000 })

  expect(sentTo(patientsApi.search)).toEqual([{ q: '13800138000' }])
})

test('nobody found says what else to try; too many ask for a second term; the limit says so', async () => {
  const { user } = renderPage(<PatientSearch />, {
    answers: [
      answer(patientsApi.search, ({ q }) => {
        if (q === '8000') throw patientErrors.tooManySearches({ perHour: 60 })
        return q === '王' ? { rows, more: true } : { rows: [], more: false }
      }),
    ],
  })

  await user.keyboard('张三{Enter}')
  expect(await screen.findByText(words.nothingFound({ text: '张三' }))).toBeTruthy()
  await user.clear(screen.getByRole('combobox'))
  await user.keyboard('王{Enter}')
  expect(await screen.findByText(words.moreFound)).toBeTruthy()
  await user.clear(screen.getByRole('combobox'))
  await user.keyboard('8000{Enter}')
  expect(await screen.findByText(words.of(patientErrors.tooManySearches({ perHour: 60 })) ?? '')).toBeTruthy()
})
