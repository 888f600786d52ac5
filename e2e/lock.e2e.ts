import { expect, test } from './product.ts'

test('a nurse who goes away locks her screen; her PIN brings her back to what she had typed', async ({ as }) => {
  const page = await as('nurse4', '/me/account')
  const pin = page.getByRole('region', { name: '解锁 PIN' })
  await pin.getByLabel('当前密码').fill('renxin-demo')
  await pin.getByLabel('新 PIN').fill('2580')
  await pin.getByRole('button', { name: '设置 PIN' }).click()
  await expect(page.getByText('PIN 已设置')).toBeVisible()
  await page.reload()
  const half = page.getByRole('region', { name: '修改密码' }).getByLabel('新密码')
  await half.fill('half-typed')

  await page.getByRole('banner').getByRole('button').last().click()
  await page.getByRole('menuitem', { name: '锁屏' }).click()
  const lock = page.getByRole('dialog', { name: '已锁定' })
  await expect(lock).toBeVisible()
  const behind = await page.request.get('/api/access/me')
  await lock.getByLabel('PIN').fill('2580')
  await lock.getByRole('button', { name: '解锁' }).click()

  expect(behind.status()).toBe(401)
  await expect(lock).toBeHidden()
  await expect(half).toHaveValue('half-typed')
})
