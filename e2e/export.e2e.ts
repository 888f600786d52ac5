import { readFile } from 'node:fs/promises'
import { exportsApi } from '@renxin/access/contract'
import { readXlsx } from 'hucre/xlsx'
import { asking } from './his.ts'
import { fits, isAtRest, obstacles } from './look.ts'
import { expect, test } from './product.ts'

test('a large export waits until somebody else has released it, and is taken once, with its number', async ({ as, product }) => {
  const security = await asking(product, 'security')
  const before = await security(exportsApi.exportLimits, {})
  const office = await as('security', '/access/rules')
  const leader = await as('president', '/')
  try {
    await test.step('the hospital says how many rows one person may take', async () => {
      await office.getByLabel('一个人可以导出的行数').fill('1')
      await office.getByRole('button', { name: '保存', exact: true }).last().click()
      await expect(office.getByText('已保存')).toBeVisible()
    })

    await test.step('who asks for more is told that it waits', async () => {
      await leader.getByRole('button', { name: '导出' }).click()
      await leader.getByRole('dialog').getByRole('textbox').fill('院周会通报')
      await leader.getByRole('dialog').getByRole('button', { name: '导出' }).click()
      const told = leader.getByRole('dialog', { name: '等待放行' })
      await expect(told).toContainText('需要另一位有权限的同事放行')
      expect(await obstacles(leader)).toEqual([])
      await told.getByRole('link', { name: '我的导出' }).click()
      await expect(leader.getByRole('row', { name: /院周会通报/ })).toContainText('等待放行')
      await expect(leader.getByRole('button', { name: '领取' })).toHaveCount(0)
    })

    await test.step('another sees what would leave and why, and releases it with a reason', async () => {
      await office.getByRole('complementary', { name: '导出记录' }).getByRole('link').click()
      await office.getByRole('row', { name: /院周会通报/ }).click()
      const asked = office.getByRole('dialog', { name: '导出申请' })
      await expect(asked).toContainText('7 日随访覆盖率')
      await isAtRest(office)
      expect(await obstacles(office)).toEqual([])
      await asked.getByRole('button', { name: '放行', exact: true }).click()
      await office.getByRole('dialog', { name: '放行', exact: true }).getByRole('textbox').fill('同意')
      await office.keyboard.press('Control+Enter')
      await expect(office.getByText('没有等待放行的导出。')).toBeVisible()
    })

    await test.step('it is taken from the own menu, once', async () => {
      await leader.goto('/')
      await leader.getByRole('button', { name: /^. 陈明/ }).click()
      await leader.getByRole('menuitem', { name: '我的导出' }).click()
      await fits(leader)
      const [file] = await Promise.all([leader.waitForEvent('download'), leader.getByRole('button', { name: '领取' }).click()])
      const { sheets } = await readXlsx(await readFile(await file.path()))
      expect(JSON.stringify(sheets)).toMatch(/EX-\d{6}/)
      await expect(leader.getByRole('button', { name: '领取' })).toHaveCount(0)
      await expect(leader.getByRole('row', { name: /院周会通报/ })).toContainText('已领取')
    })
  } finally {
    await security(exportsApi.saveExportLimits, before)
  }
})
