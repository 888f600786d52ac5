import { answer, renderPage } from '@renxin/client/testing'
import { Refusal } from '@renxin/kernel'
import { screen, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { type Role, rolesApi } from '../contract.ts'
import { changesIn } from './given.ts'
import { MatrixPage } from './MatrixPage.tsx'
import { RolesPage } from './RolesPage.tsx'

const role = (fields: Partial<Role>): Role => ({
  id: '0190a000-0000-7000-8000-00000000000a',
  key: 'clinician',
  name: null,
  grants: [{ permission: 'patients.read', scope: 'department' }],
  hidden: [],
  holders: 12,
  isRetired: false,
  isPreset: true,
  isChanged: true,
  version: 3,
  ...fields,
})
const old = role({ id: '0190a000-0000-7000-8000-00000000000b', key: 'own.x', name: '旧角色', isRetired: true, isPreset: false, holders: 0 })
const roles = answer(rolesApi.roles, { rows: [role({}), old] })

test('a change of a role says how many accounts it concerns before it is made, and a refusal keeps what was typed', async () => {
  const page = renderPage(<RolesPage />, {
    me: { may: ['access.read', 'access.roles'] },
    answers: [
      roles,
      answer(rolesApi.changeRole, () => {
        throw new Refusal('access.roleChanged', 'conflict', {})
      }),
    ],
  })
  await page.user.click(await screen.findByText('科室医护'))
  const drawer = await screen.findByRole('dialog')
  await page.user.type(within(drawer).getByLabelText(/名称/), '骨科医护')

  await page.user.click(within(drawer).getByRole('button', { name: '保存角色' }))
  expect(await screen.findByText(/将影响 12 个账号/)).toBeDefined()
  await page.user.click(screen.getAllByRole('button', { name: '保存角色' }).at(-1) ?? drawer)

  expect(await screen.findByText(/刚刚被别人改过/)).toBeDefined()
  expect(page.sentTo(rolesApi.changeRole)).toEqual([
    expect.objectContaining({ version: 3, name: '骨科医护', grants: [{ permission: 'patients.read', scope: 'department' }] }),
  ])
  expect(within(drawer).getByDisplayValue('骨科医护')).toBeDefined()
})

test('who may only look at roles finds no button that changes one', async () => {
  const page = renderPage(<RolesPage />, { me: { may: ['access.read'] }, answers: [roles] })

  await page.user.click(await screen.findByText('科室医护'))

  const drawer = await screen.findByRole('dialog')
  expect(within(drawer).getByText(/您可以查看角色/)).toBeDefined()
  expect(within(drawer).queryByRole('button', { name: /保存角色|停用角色|恢复自带/ })).toBeNull()
})

test('the sheet of all permissions leaves retired roles out', async () => {
  renderPage(<MatrixPage />, { me: { may: ['access.read'] }, answers: [roles] })

  const row = (await screen.findByRole('rowheader', { name: '查看患者' })).closest('tr')

  expect(row?.textContent).toBe('查看患者本科室')
  expect(screen.queryByText('旧角色')).toBeNull()
})

test('what reaches further and what less far is counted apart', () => {
  const before = { 'patients.read': 'ward', 'files.read': 'department', 'surveys.read': 'hospital' } as const
  const after = { 'patients.read': 'hospital', 'files.read': 'own', 'feedback.read': 'own' } as const

  expect(changesIn(before, after)).toEqual({ more: 2, less: 2 })
})
