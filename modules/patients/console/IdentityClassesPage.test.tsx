import { answer, renderPage } from '@renxin/client/testing'
import { newId } from '@renxin/kernel'
import { houseWords } from '@renxin/ui'
import { screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { type CountedClass, identityApi } from '../contract.ts'
import { words } from '../words.ts'
import { classOptions, classOptionsOf } from './class-options.ts'
import { IdentityClassesPage } from './IdentityClassesPage.tsx'
import { console as patients } from './index.tsx'

const kin: CountedClass = { id: newId(), name: '军人家属', synonyms: ['军属'], position: 2, isActive: true, files: 9, isMore: false }
const civilian: CountedClass = { id: newId(), name: '地方', synonyms: [], position: 0, isActive: false, files: 10_000, isMore: true }

test('the list says what systems call a class and how many files have it; a word outside it is added under its own name', async () => {
  const { sentTo, user } = renderPage(<IdentityClassesPage />, {
    path: '/settings/identity-classes',
    consoles: [patients],
    answers: [
      answer(identityApi.identityClasses, { rows: [civilian, kin] }),
      answer(identityApi.unlistedClasses, { rows: [{ name: '远洋船员', files: 3, isMore: false }] }),
      answer(identityApi.saveIdentityClass, { ...kin, name: '远洋船员' }),
    ],
  })
  const row = (await screen.findByText('军属')).closest('tr')
  expect(row?.textContent).toContain('9')
  expect((await screen.findByText('地方')).closest('tr')?.textContent).toContain(`${words.fields.retired}10,000+`)

  await user.click(await screen.findByRole('button', { name: words.identity.enlist }))
  const form = within(await screen.findByRole('dialog'))
  expect(form.getByDisplayValue('远洋船员')).toBeTruthy()
  await user.type(form.getByLabelText(words.identity.synonyms), ' 海员 {Enter}{Enter}船员')
  await user.click(form.getByRole('button', { name: houseWords.save }))

  await waitFor(() =>
    expect(sentTo(identityApi.saveIdentityClass)).toMatchObject([
      { name: '远洋船员', synonyms: ['海员', '船员'], position: 2, isActive: true },
    ]),
  )
})

test('what is not of the list, or not any more, says so; a form keeps what a file has and offers nothing retired', () => {
  const choices = [
    { name: '地方', state: 'listed' },
    { name: '民兵', state: 'retired' },
    { name: '船员', state: 'unlisted' },
  ] as const
  const labels = (options: readonly { label: string }[]) => options.map((o) => o.label)
  const [retired, unlisted] = [words.identity.choice.retired({ name: '民兵' }), words.identity.choice.unlisted({ name: '船员' })]

  expect(labels(classOptions(choices))).toEqual(['地方', retired, unlisted])
  expect(labels(classOptionsOf(choices, null))).toEqual(['地方', unlisted])
  expect(labels(classOptionsOf(choices, '民兵'))).toEqual(['地方', retired, unlisted])
  expect(labels(classOptionsOf([], '船员'))).toEqual([unlisted])
})
