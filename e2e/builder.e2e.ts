import { imagine, sendHome } from './his.ts'
import { fits, isAtRest, obstacles } from './look.ts'
import { expect, test } from './product.ts'

const DAY = 86_400_000

test('a head nurse sets up a programme from a template, sees beside it what it would do, and then tomorrow’s tasks', async ({
  as,
  product,
}) => {
  const hip = { ward: '骨科二病区', department: ['0313', '骨科'], diagnosis: ['S72.000', '股骨颈骨折'] } as const
  const yesterday = { admittedAt: new Date(Date.now() - 6 * DAY), dischargedAt: new Date(Date.now() - DAY) }
  await sendHome(product, imagine('昨小满', { ...hip, ...yesterday }), imagine('明小满', { ...hip, dischargedAt: new Date() }))
  const head = await as('director', '/followups/programmes')

  await head.getByRole('button', { name: '新建方案' }).click()
  await head.getByRole('button', { name: '出院随访' }).click()
  const beside = head.getByRole('complementary', { name: '这个方案会做什么' })
  const sentence = head.getByRole('region', { name: '这个方案说的是' })
  await head.getByRole('textbox', { name: /^名称/ }).fill('髋部骨折随访')
  await head.getByRole('textbox', { name: /主要诊断编码/ }).fill('S72')
  await expect(sentence).toContainText('S72')
  await expect(beside.getByRole('status')).toContainText(/昨天会产生 \d+ 项任务/)
  await expect(beside.getByRole('list', { name: '昨天符合条件的患者' })).toContainText('昨小满')
  await sentence.getByRole('button', { name: /拒绝时/ }).click() // leads far down the form, and what it would do stands beside it still
  await expect(beside.getByRole('status')).toBeInViewport()
  await isAtRest(head)
  expect(await obstacles(head)).toEqual([])
  await fits(head)
  await head.getByRole('button', { name: /^保存/ }).click()

  await head.getByRole('button', { name: '启用', exact: true }).click()
  await head
    .getByRole('dialog', { name: /启用“髋部骨折随访”/ })
    .getByRole('button', { name: '启用' })
    .click()
  await head.getByRole('link', { name: '明天的任务' }).click()

  const row = head.getByRole('row', { name: /明小满/ })
  await expect(row).toContainText('髋部骨折随访')
  await fits(head)
})
