import { fits, isAtRest, obstacles, slips } from './look.ts'
import { expect, PASSWORD, runCommand, test, withProduct } from './product.ts'
import { watch } from './watch.ts'

test.describe.configure({ timeout: 240_000 })

test('whoever erases the demo founds a hospital of their own, and signs in as its administrator', async ({ browser }) => {
  await withProduct(async (product) => {
    await runCommand(product.dataDir, ['demo', 'fill', '--patients', '200'])
    const context = await browser.newContext({ baseURL: product.url })
    const seen = watch(context)
    const page = await context.newPage()
    await page.goto('/')
    await page.getByRole('button', { name: /随访管理员/ }).click()
    await page.getByRole('button', { name: '清除演示，开通医院' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button').last().click()

    await expect(page.getByRole('heading', { name: '开通医院' })).toBeVisible({ timeout: 60_000 })
    await isAtRest(page)
    expect([...(await obstacles(page)), ...(await slips(page))]).toEqual([])
    await fits(page)
    await page.getByLabel('医院名称').fill('惠民医院')
    await page.getByLabel('管理员用户名').fill('guanli')
    await page.getByLabel('密码').fill('Huimin-2026-xin')
    await page.getByRole('button', { name: '开通' }).click()

    await expect(page.getByRole('heading', { name: '登录惠民医院' })).toBeVisible({ timeout: 60_000 })
    await page.getByLabel('用户名').fill('guanli')
    await page.getByLabel('密码').fill('Huimin-2026-xin')
    await page.getByRole('button', { name: '登录' }).click()
    await expect(page.getByText('惠民医院').first()).toBeVisible()
    await expect(page.getByRole('heading', { name: '开通清单' })).toBeVisible() // what is left to do comes first
    await expect(page.getByRole('row', { name: /科室和病区/ })).toContainText('还没有科室')
    await isAtRest(page)
    expect(await page.getByRole('complementary', { name: '系统报警' }).allTextContents()).toEqual([]) // nothing is red on a first day
    expect([...(await obstacles(page)), ...(await slips(page))]).toEqual([])
    await fits(page)
    await page.getByRole('button', { name: '测试服务器' }).click()
    await expect(page.getByRole('row', { name: /服务器/ })).toContainText('guanli 测试通过', { timeout: 60_000 })
    await page.getByRole('link', { name: '去设置：员工' }).click()
    await expect(page.getByRole('button', { name: '新增人员' })).toBeVisible()
    await page.goto('/')
    await expect(page.getByRole('heading', { name: '开通清单' })).toBeVisible()
    await expect(page.getByText('演示数据')).toHaveCount(0)
    const state = await context.request.get('/api/setup/state')
    expect(await state.json()).toMatchObject({ isEmpty: false })
    expect(seen()).toEqual([])
    await context.close()
  })
})

test('where there are several hospitals, signing in asks which, and one does not see the other', async ({ browser }) => {
  await withProduct(async (product) => {
    await runCommand(product.dataDir, ['demo', 'fill', '--patients', '200'])
    await runCommand(product.dataDir, ['hospital', 'create', '--name', '第二医院'])
    await runCommand(product.dataDir, [
      'user',
      'create',
      '--hospital',
      '第二医院',
      '--name',
      'nurse',
      '--role',
      'followupNurse',
      '--password',
      'Di-er-yiyuan-1',
    ])
    const context = await browser.newContext({ baseURL: product.url })
    const seen = watch(context)
    const page = await context.newPage()
    await page.goto('/')
    await isAtRest(page)
    expect(await obstacles(page)).toEqual([])

    await page.getByLabel('医院').selectOption({ label: '第二医院' })
    await page.getByLabel('用户名').fill('nurse')
    await page.getByLabel('密码').fill(PASSWORD)
    await page.getByRole('button', { name: '登录' }).click()
    await expect(page.getByText('用户名或密码不正确')).toBeVisible() // the demo's password opens the demo only
    await page.getByLabel('密码').fill('Di-er-yiyuan-1')
    await page.getByRole('button', { name: '登录' }).click()

    await expect(page.getByText('第二医院').first()).toBeVisible()
    const patients = await context.request.get('/api/patients/search?q=%E7%8E%8B')
    expect((await patients.json()).rows).toEqual([])
    expect(seen()).toEqual([])
    await context.close()
  })
})
