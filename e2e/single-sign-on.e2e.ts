import { startProvider, testClient } from '@renxin/server/testing-provider'
import { obstacles, slips } from './look.ts'
import { expect, PASSWORD, test } from './product.ts'

test('the security administrator sets up single sign-on; a nurse signs in by it, comes back to what she typed, and signs out at both', async ({
  as,
  page,
  product,
}) => {
  test.slow()
  const provider = await startProvider({ homeUrl: product.url })
  const admin = await as('security', '/access/rules')
  const panel = admin.getByRole('region', { name: '统一登录' })

  await panel.getByLabel('统一认证的地址（issuer）').fill(`${provider.issuer}/wrong`)
  await panel.getByLabel('客户端编号（client_id）').fill(testClient.id)
  await panel.getByLabel('客户端密钥（client_secret）').fill(testClient.secret)
  await panel.getByRole('button', { name: '测试' }).click()
  await expect(panel.getByText('对方回答了错误', { exact: false })).toBeVisible()
  await panel.getByLabel('统一认证的地址（issuer）').fill(provider.issuer)
  await panel.getByRole('button', { name: '测试' }).click()
  await expect(panel.getByText('可以使用', { exact: false })).toBeVisible()
  await panel.getByLabel('按钮上的文字').fill('用医院工号登录')
  await panel.getByLabel('在登录页显示统一登录按钮').check()
  expect([...(await obstacles(admin)), ...(await slips(admin))]).toEqual([])
  await panel.getByRole('button', { name: '保存' }).click()
  await expect(admin.getByText('已保存', { exact: true })).toBeVisible()

  await page.goto('/me/account')
  await page.getByRole('button', { name: '用医院工号登录' }).click()
  await page.getByLabel('工号').fill('nurse3')
  await page.getByRole('button', { name: '登录' }).click()
  await expect(page.getByRole('heading', { name: '我的账号', level: 1 })).toBeVisible()
  expect(page.url()).toBe(`${product.url}/me/account`)
  const half = page.getByRole('region', { name: '修改密码' }).getByLabel('新密码')
  await half.fill('half-typed')

  await page.getByRole('banner').getByRole('button').last().click()
  await page.getByRole('menuitem', { name: '锁屏' }).click()
  const lock = page.getByRole('dialog', { name: '已锁定' })
  expect(await obstacles(page)).toEqual([])
  const opened = page.waitForEvent('popup')
  await lock.getByRole('button', { name: '用医院工号登录' }).click()
  const popup = await opened
  await popup.getByLabel('工号').fill('nurse3')
  await popup.getByRole('button', { name: '登录' }).click()
  await expect(lock).toBeHidden()
  await expect(half).toHaveValue('half-typed')
  expect(popup.isClosed() || (await popup.waitForEvent('close').then(() => true))).toBe(true)

  await half.fill('')
  await page.getByRole('banner').getByRole('button').last().click()
  await page.getByRole('menuitem', { name: '退出登录' }).click()
  await page.getByRole('button', { name: '退出统一身份认证' }).click()
  await page.waitForURL(`${product.url}/`)
  await page.getByRole('button', { name: '用医院工号登录' }).click()
  await page.getByLabel('工号').fill('nobody-here')
  await page.getByRole('button', { name: '登录' }).click()
  await expect(page.getByText('您在本系统没有可用的账号', { exact: false })).toBeVisible()
  expect(await obstacles(page)).toEqual([])

  await provider.stop()
  await page.getByRole('button', { name: '返回登录页' }).click()
  await page.getByRole('button', { name: '用医院工号登录' }).click()
  await expect(page.getByText('统一登录暂时不能使用。请用用户名和密码登录', { exact: false })).toBeVisible()
  await page.getByLabel('用户名').fill('nurse3')
  await page.getByLabel('密码', { exact: true }).fill(PASSWORD)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('banner')).toBeVisible()
  await panel.getByLabel('在登录页显示统一登录按钮').uncheck()
  await panel.getByRole('button', { name: '保存' }).click()
  await expect(panel.getByRole('button', { name: '保存' })).toBeEnabled()
})
