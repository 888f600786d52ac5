import { answer, renderPage } from '@renxin/client/testing'
import { Refusal } from '@renxin/kernel'
import { staffApi } from '@renxin/staff/contract'
import { screen, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { accessApi, rolesApi, type User } from '../contract.ts'
import { UsersPage } from './UsersPage.tsx'

const nurse = { id: '0190a000-0000-7000-8000-00000000000a', key: 'followupNurse', name: null }
const user: User = {
  id: '0190a000-0000-7000-8000-0000000000aa',
  name: 'wang.li',
  displayName: '王丽',
  personId: null,
  personName: null,
  personTitle: null,
  startedOn: null,
  language: 'zh',
  isDisabled: false,
  isLocked: true,
  mustChangePassword: false,
  hasSecondFactor: false,
  lastSignedInAt: null,
  roles: [nurse],
}
const common = [
  answer(accessApi.users, { rows: [user], next: null }),
  answer(rolesApi.roles, {
    rows: [{ ...nurse, grants: [], hidden: [], holders: 1, isRetired: false, isPreset: true, isChanged: false, version: 1 }],
  }),
  answer(rolesApi.temporaryRoles, { rows: [] }),
  answer(staffApi.people, { rows: [], next: null }),
]

test('a new user is made with a password for once and the roles that were chosen', async () => {
  const page = renderPage(<UsersPage />, { answers: [...common, answer(accessApi.createUser, user)] })
  expect(await screen.findByText('随访护士')).toBeDefined()
  expect(screen.getByText('已锁定')).toBeDefined()

  await page.user.click(screen.getByRole('button', { name: '新建用户' }))
  const drawer = await screen.findByRole('dialog')
  await page.user.type(within(drawer).getByLabelText(/姓名/), '李娜')
  await page.user.type(within(drawer).getByLabelText(/用户名/), 'li.na')
  await page.user.click(await within(drawer).findByRole('checkbox', { name: '随访护士' }))
  await page.user.click(within(drawer).getByRole('button', { name: '新建' }))

  expect(page.sentTo(accessApi.createUser)).toEqual([
    expect.objectContaining({
      name: 'li.na',
      displayName: '李娜',
      roleIds: [nurse.id],
      password: expect.stringMatching(/^[A-Z][a-z]{4}-\d{4}-[a-z]{5}$/),
    }),
  ])
})

test('what goes beyond one’s own permissions is told in a sentence and nothing typed is lost', async () => {
  const page = renderPage(<UsersPage />, {
    answers: [
      ...common,
      answer(accessApi.user, user),
      answer(accessApi.updateUser, () => {
        throw new Refusal('access.aboveOwn', 'forbidden', { permission: 'access.audit' })
      }),
    ],
    search: { open: user.id },
  })

  const drawer = within(await screen.findByRole('dialog'))
  const name = await drawer.findByLabelText('姓名')
  await page.user.clear(name)
  await page.user.type(name, '王莉')
  await page.user.click(drawer.getByRole('button', { name: '保存' }))

  expect(await screen.findByText(/超出了您自己的权限/)).toBeDefined()
  expect(drawer.getByLabelText('姓名')).toHaveProperty('value', '王莉')
})
