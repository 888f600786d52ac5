import { adt, imagine, sendMessages } from './his.ts'
import { expect, test } from './product.ts'

test('a message without a patient number is found, mended and read again, and the patient is there', async ({ as, product }) => {
  const lost = imagine('贺兰舟')
  expect(await sendMessages(product, [adt('A01', lost, { withoutId: true })])).toEqual(['AA'])

  const engineer = await as('system', '/integration/messages?status=waiting')
  const row = engineer.getByRole('row', { name: lost.visit })
  await expect(row).toContainText('没有患者标识')
  await row.click()
  const message = engineer.getByRole('dialog', { name: new RegExp(lost.visit) })
  await expect(message).toContainText(/没有患者标识.PID-3..不知道是谁。/)
  await expect(message).toContainText(lost.name)

  await message.getByRole('button', { name: '修改原文' }).click()
  const editing = engineer.getByRole('dialog', { name: '修改这条消息' })
  const text = editing.getByRole('textbox', { name: '原文' })
  await text.fill((await text.inputValue()).replace('PID|1|||', `PID|1||${lost.mrn}^^^HIS^MR|`))
  await editing.getByRole('textbox', { name: '修改原因' }).fill('补上患者号')
  await editing.getByRole('button', { name: /^保存并读取/ }).click()

  await expect(engineer.getByText(/已重新读取.已生效/)).toBeVisible()
  await expect(message.getByText('已修改').first()).toBeVisible()
  await message.getByRole('button', { name: /^重新读取/ }).click()
  await expect(message.getByText('已生效').first()).toBeVisible()

  const nurse = await as('nurse', '/patients')
  await nurse.keyboard.press('Control+k')
  await nurse.getByRole('dialog', { name: '搜索患者' }).getByRole('combobox').fill(lost.mrn)
  await nurse.getByRole('option', { name: lost.name }).click()
  await expect(nurse.getByRole('heading', { name: '患者档案', level: 1 })).toBeVisible()
  await expect(nurse.getByText(`病案号 ${lost.mrn}`).first()).toBeVisible()
})
