import { accessApi } from '@renxin/access/contract'
import { newId } from '@renxin/kernel'
import { patientsApi } from '@renxin/patients/contract'
import { adt, asking, imagine, sendMessages } from './his.ts'
import { isAtRest, obstacles } from './look.ts'
import { expect, PASSWORD, test } from './product.ts'

test('who gives rights sees the house as a role would, gives the role to somebody, and the matrix counts one more', async ({
  as,
  product,
}) => {
  const id = newId()
  const displayName = `新来的${id.slice(-4)}`
  const system = await asking(product, 'system')
  await system(accessApi.createUser, { id, name: `new${id.slice(-6)}`, displayName, roleIds: [], password: `${PASSWORD}-Trial-1` })
  const security = await as('security', '/access/roles/matrix')
  const menu = security.getByRole('navigation').first()
  const head = security.getByRole('columnheader', { name: /^科室医护/ })
  const holders = async () => Number(/(\d+) 人/.exec((await head.textContent()) ?? '')?.[1])
  const before = await holders()
  await expect(menu.getByRole('link', { name: '患者', exact: true })).toHaveCount(0)

  await test.step('the role’s pages are there while it is looked at, and nothing can be changed', async () => {
    await security.goto('/access/roles')
    await security.getByRole('row', { name: /^科室医护/ }).click()
    await security.getByRole('button', { name: '以此角色查看' }).click()
    await security.getByRole('button', { name: '开始查看' }).click()
    const banner = security.getByRole('complementary', { name: '以此角色查看' })
    await expect(banner).toContainText('正在以“科室医护”的身份查看')
    await expect(menu.getByRole('link', { name: '患者', exact: true })).toBeVisible()
    await expect(menu.getByRole('link', { name: '登录规则' })).toHaveCount(0)
    expect(await obstacles(security)).toEqual([])
    await banner.getByRole('button', { name: '结束查看' }).click()
    await expect(security.getByRole('heading', { name: '角色', level: 1 })).toBeVisible()
  })

  await test.step('it is given, and stands in the matrix with how far it reaches', async () => {
    await security.goto(`/access/users?open=${id}`)
    const drawer = security.getByRole('dialog', { name: '修改用户' })
    await drawer.getByRole('checkbox', { name: '科室医护', exact: true }).check()
    await drawer.getByRole('button', { name: '保存角色' }).click()
    await expect(security.getByText('角色已修改', { exact: false })).toBeVisible()
    await security.goto('/access/roles/matrix')
    await expect.poll(holders).toBe(before + 1)
    const place = await head.evaluate((cell) => (cell as HTMLTableCellElement).cellIndex)
    const reach = (permission: string) =>
      security
        .getByTitle(permission, { exact: true })
        .locator('xpath=..')
        .locator('td')
        .nth(place - 1)
    await expect(reach('patients.emergency')).toHaveText('全院')
    await expect(reach('access.rules')).toHaveText('')
  })
})

test('a nurse of the ward opens a file beyond her ward with a reason; the auditor sees who, whom and why, and what she saw', async ({
  as,
  product,
}) => {
  const stay = imagine('公孙急')
  const reason = `急诊抢救 ${stay.visit}`
  expect(await sendMessages(product, [adt('A01', stay)])).toEqual(['AA'])
  const admin = await asking(product, 'admin')
  await expect.poll(async () => (await admin(patientsApi.search, { q: stay.mrn })).rows.length).toBe(1)
  const nurse = await as('ward', '/patients')

  await nurse.getByRole('button', { name: '紧急查看' }).click()
  const asked = nurse.getByRole('dialog', { name: '紧急查看患者档案' })
  await asked.getByLabel('完整的住院号、身份证号或手机号').fill(stay.mrn)
  await asked.getByLabel('紧急理由').fill(reason)
  expect(await obstacles(nurse)).toEqual([])
  await asked.getByRole('button', { name: '打开档案' }).click()
  await expect(nurse.getByRole('heading', { name: '患者档案', level: 1 })).toBeVisible()
  await expect(nurse.getByText('您正在紧急查看这份档案', { exact: false })).toBeVisible()

  const auditor = await as('auditor', '/access/emergencies')
  const row = auditor.getByRole('row', { name: new RegExp(reason) })
  await expect(row).toContainText('孙丽')
  await row.getByRole('button', { name: '复核' }).click()
  const review = auditor.getByRole('dialog', { name: /^复核 孙丽/ })
  await isAtRest(auditor)
  expect(await obstacles(auditor)).toEqual([])
  await review.getByText('属实').click()
  await review.getByLabel('说明').fill('已向科室核实')
  await review.getByRole('button', { name: '记录结论' }).click()
  await expect(row).toHaveCount(0) // it waits no longer
  await auditor.getByText('已复核', { exact: true }).click()
  await expect(row).toContainText('属实')
  await row.getByRole('link', { name: '看了什么' }).click()
  await expect(auditor.getByText('patients.openEmergency').first()).toBeVisible()
  await expect(auditor.getByText('patients.file', { exact: true }).first()).toBeVisible()
})
