import { answer, renderPage } from '@renxin/client/testing'
import { screen, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { accessApi, type Me, signInPresets } from '../contract.ts'
import { AccountPage } from './AccountPage.tsx'

const at = '2026-09-04T01:00:00.000Z'
const id = '0190a000-0000-7000-8000-0000000000aa'
const me: Me = {
  user: {
    id,
    name: 'wang.li',
    displayName: '王丽',
    personId: null,
    language: 'zh',
    mustChangePassword: false,
    mustAddFactor: false,
    hasSecondFactor: false,
    hasPin: false,
    isPersona: false,
  },
  hospital: { id: 1, name: '仁心示范医院', shortName: '仁心', isDemo: false, zone: 'Asia/Shanghai' },
  idleMinutes: 60,
  permissions: {},
  roles: [],
  viewing: null,
  departments: [],
  wards: [],
}
const session = {
  id,
  createdAt: at,
  lastUsedAt: at,
  address: '10.1.2.3',
  isLocked: false,
  isCurrent: true,
  isBySso: false,
  ssoIssuer: null,
}
const here = { ...session, agent: 'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36' }
const there = {
  ...session,
  id: '0190a000-0000-7000-8000-0000000000ab',
  address: '10.1.2.4',
  agent: 'curl/8',
  isCurrent: false,
  isBySso: true,
  ssoIssuer: 'https://sso.hospital.cn/realms/staff',
}
const common = [
  answer(accessApi.me, me),
  answer(accessApi.rules, signInPresets.grade3),
  answer(accessApi.mySessions, { rows: [here, there] }),
]

test('an authenticator is set up in three steps, and its secret can be typed by whoever cannot scan it', async () => {
  const page = renderPage(<AccountPage />, {
    answers: [
      ...common,
      answer(accessApi.beginSecondFactor, { secret: 'JBSWY3DPEHPK3PXP', uri: 'otpauth://totp/x:wang.li?secret=JBSWY3DPEHPK3PXP' }),
      answer(accessApi.confirmSecondFactor, { recoveryCodes: ['abcde-fghjk', 'mnpqr-stuvw'] }),
    ],
  })
  const panel = await screen.findByRole('region', { name: '登录验证码' })

  await page.user.type(await within(panel).findByLabelText(/当前密码/), 'Nurse-2026')
  await page.user.click(within(panel).getByRole('button', { name: '开始设置' }))
  expect(await within(panel).findByRole('img', { name: '验证器要扫描的二维码' })).toBeDefined()
  expect(within(panel).getByText('JBSW Y3DP EHPK 3PXP')).toBeDefined()
  await page.user.type(within(panel).getByLabelText(/验证码/), '123456')
  await page.user.click(within(panel).getByRole('button', { name: '确认启用' }))

  expect(await within(panel).findByText(/abcde-fghjk/)).toBeDefined()
  expect(page.sentTo(accessApi.confirmSecondFactor)).toEqual([{ code: '123456' }])
})

test('one sees where one is signed in and ends what one does not know; the device in use is not offered', async () => {
  const page = renderPage(<AccountPage />, { answers: [...common, answer(accessApi.endMySession, { rows: [here] })] })

  expect(await screen.findByText('Chrome · Windows')).toBeDefined()
  expect(screen.getByText('统一登录（sso.hospital.cn）')).toBeDefined()
  expect(screen.getByText('本系统')).toBeDefined()
  await page.user.click(screen.getByRole('button', { name: '退出' }))

  expect(page.sentTo(accessApi.endMySession)).toEqual([{ id: there.id }])
})
