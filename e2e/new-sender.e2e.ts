import { encodeMessage, repeat } from '@renxin/hl7'
import { imagine, type Stay, sendMessages } from './his.ts'
import { fits, isAtRest, obstacles, slips } from './look.ts'
import { expect, test } from './product.ts'

/** As a system writes that nobody has met: the nursing level stands in a segment of its own, under codes of its own. */
const strange = (stay: Stay, level: string) =>
  encodeMessage([
    ['MSH', 'HISB', '乙院区', 'CRM', '', '20251119090000', '', ['ADT', 'A01'], stay.visit, 'P', '2.4', '', '', '', '', '', 'UNICODE UTF-8'],
    ['EVN', 'A01', '20251119090000'],
    ['PID', '1', '', repeat([[stay.mrn, '', '', 'HISB', 'MR']]), '', stay.name, '', '19700101', 'M'],
    ['PV1', '1', 'I', ['骨科', '', '8床'], ...Array(15).fill(undefined), stay.visit],
    ['ZHL', 'x', [level, '等级护理']],
  ])

test('a new system whose nursing level stands in a segment of its own is connected', async ({ as, product }) => {
  test.slow()
  const stay = imagine('司徒远')
  expect(await sendMessages(product, [strange(stay, 'HL-A')])).toEqual(['AA'])

  const engineer = await as('system', '/integration/messages')
  await engineer.goto(`/integration/messages?number=${stay.visit}`)
  await engineer.getByRole('row', { name: stay.visit }).click()
  await engineer.getByRole('dialog').getByRole('button', { name: '对应关系' }).click()
  await expect(engineer.getByRole('heading', { name: '对应关系', level: 1 })).toBeVisible()
  await isAtRest(engineer)
  expect([...(await obstacles(engineer)), ...(await slips(engineer))]).toEqual([])
  await fits(engineer)

  // The message that he came from is there. Tried, it says where everything was found, and nothing of the level.
  await expect(engineer.getByRole('textbox', { name: '粘贴一条消息' })).toHaveValue(/ZHL/)
  await engineer.getByRole('textbox', { name: '护理级别' }).fill('ZHL-2')
  await engineer.getByRole('button', { name: '试读' }).click()
  await expect(engineer.getByText(/代码.HL-A.没有对应的含义/)).toBeVisible()
  await expect(engineer.getByRole('row', { name: /护理级别.*HL-A/ }).first()).toBeVisible()
  await engineer.getByText('逐段说明').click()
  await expect(engineer.getByRole('table', { name: /^ZHL/ }).getByText('护理级别')).toBeVisible()
  await engineer.getByRole('button', { name: /^保存/ }).click()
  await expect(engineer.getByText('已保存，新消息按新的对应关系读取。')).toBeVisible()

  // The next one brings the code to the list of those without a meaning; one choice gives it one.
  const next = imagine('司徒近')
  expect(await sendMessages(product, [strange(next, 'HL-A')])).toEqual(['AA'])
  await engineer.reload()
  await isAtRest(engineer)
  await engineer.getByRole('combobox', { name: '含义 护理级别 HL-A' }).click()
  await engineer.getByTitle('一级', { exact: true }).click()
  expect([...(await obstacles(engineer)), ...(await slips(engineer))]).toEqual([])
  await engineer.getByRole('button', { name: /^保存/ }).click()
  await engineer.getByRole('button', { name: '重新读取没看懂的' }).click()
  await engineer
    .getByRole('dialog')
    .getByRole('button', { name: /全部重新读取|重新读取/ })
    .click()
  await expect(engineer.getByText(/已处理 1 条/)).toBeVisible()

  await engineer.goto(`/integration/messages?number=${next.visit}`)
  await engineer.getByRole('row', { name: next.visit }).click()
  await expect(
    engineer
      .getByRole('dialog')
      .getByRole('row', { name: /护理级别.*一级/ })
      .first(),
  ).toBeVisible()
})
