import { adt, imagine, sendMessages } from './his.ts'
import { expect, test } from './product.ts'

test('two files of one person are found, merged with the right values, and taken apart again', async ({ as, product }) => {
  const first = imagine('慕容秋白')
  const second = imagine('慕容秋百', { phone: first.phone })
  expect(await sendMessages(product, [adt('A01', first), adt('A01', second)])).toEqual(['AA', 'AA'])

  const admin = await as('admin', '/duplicates')
  const row = admin.getByRole('row', { name: new RegExp(first.mrn) })
  await expect(async () => {
    await admin.reload()
    await expect(row).toBeVisible({ timeout: 2000 })
  }).toPass({ timeout: 90_000 }) // compared by the clock
  await expect(row).toContainText('姓名同音')
  await expect(row).toContainText('本人电话相同')
  await row.click()

  const pair = admin.getByRole('dialog', { name: '比对两份档案' })
  await pair.getByRole('radiogroup', { name: '保留哪一份档案' }).getByText(first.mrn).click()
  await pair.getByRole('radiogroup', { name: '姓名' }).getByText(second.name).click()
  await pair.getByRole('button', { name: '合并两份档案' }).click()
  const asked = admin.getByRole('dialog', { name: new RegExp(`把“${second.name}”（${second.mrn}）并入“${first.name}”（${first.mrn}）`) })
  await expect(asked).toContainText('住院 1 次')
  await asked.getByRole('button', { name: '合并两份档案' }).click()
  await expect(admin.getByText('已合并')).toBeVisible()

  const find = async (mrn: string) => {
    await admin.goto('/patients')
    await admin.getByRole('heading', { name: '患者', level: 1, exact: true }).waitFor()
    await admin.keyboard.press('Control+k')
    await admin.getByRole('dialog', { name: '搜索患者' }).getByRole('combobox').fill(mrn)
    await admin.getByRole('option').first().click()
    await expect(admin.getByRole('heading', { name: '患者档案', level: 1 })).toBeVisible()
    await admin.getByRole('tab', { name: '资料与联系人' }).click()
  }
  await find(second.mrn)
  await expect(admin.getByText(second.name).first()).toBeVisible()
  await expect(admin.getByText(`病案号 ${first.mrn}`).first()).toBeVisible()

  await admin.getByRole('button', { name: '拆分' }).click()
  const parting = admin.getByRole('dialog', { name: /拆分出来/ })
  await parting.getByRole('textbox').fill('是两位患者')
  await parting.getByRole('button', { name: '拆分' }).click()
  await expect(admin.getByText('已拆分为两份档案')).toBeVisible()

  await find(second.mrn)
  await expect(admin.getByText(`病案号 ${second.mrn}`).first()).toBeVisible()
  await find(first.mrn)
  await expect(admin.getByText(first.name).first()).toBeVisible()
})
