import { followupsApi, programmesApi } from '@renxin/followups/contract'
import { answerAll } from './answers.ts'
import { asking, imagine, sendHome } from './his.ts'
import { fits, isAtRest, obstacles } from './look.ts'
import { expect, test } from './product.ts'
import { planCalls } from './programmes.ts'

const REVIEWED = ['Z46.800', '装置安装和调整'] as const
const MANY = ['Z45.800', '植入装置的调整和管理'] as const

test.beforeAll(async ({ product }) => {
  await planCalls(product, { name: '质控回访', diagnosis: 'Z46', asks: '住院患者满意度' })
  await planCalls(product, { name: '批量回访', diagnosis: 'Z45', asks: '住院患者满意度' })
})

test('a call is returned with a reason, mended by the nurse who made it, and stands corrected beside what it was', async ({
  as,
  product,
}) => {
  const patient = imagine('审小满', { diagnosis: REVIEWED })
  await answerAll(product, [patient], '5')

  const centre = await as('admin', '/followups/tasks?show=done')
  await centre.getByRole('row', { name: patient.name }).click()
  const drawer = centre.getByRole('dialog')
  await drawer.getByRole('button', { name: '退回' }).click()
  const asked = centre.getByRole('dialog', { name: /^退回给/ })
  await asked.getByRole('textbox').fill('最后一题没有问清')
  await asked.getByRole('button', { name: '退回' }).click()
  await expect(drawer.getByText('已退回').first()).toBeVisible()

  const nurse = await as('nurse', '/followups/today')
  const first = nurse.getByRole('navigation', { name: '随访队列' }).getByRole('button', { name: patient.name })
  await expect(first).toContainText('退回')
  await first.click()
  await expect(nurse.getByText(/退回：最后一题没有问清/)).toBeVisible()
  await nurse.getByRole('radio', { name: '满意', exact: true }).last().click()
  await nurse.getByRole('textbox', { name: '说明' }).fill('已再问患者')
  await isAtRest(nurse)
  expect(await obstacles(nurse)).toEqual([])
  await nurse.getByRole('button', { name: '重新提交' }).click()
  await expect(first).toHaveCount(0)

  await expect(drawer.getByText('已重新提交').first()).toBeVisible()
  await expect(drawer.getByRole('region', { name: '现在的回答' })).toContainText('更正原因：已再问患者')
  await expect(drawer.getByRole('region', { name: '原来的回答' })).toBeVisible()
  await isAtRest(centre)
  expect(await obstacles(centre)).toEqual([])
  await drawer.getByRole('button', { name: '通过' }).click()
  await expect(drawer.getByText('审核通过').first()).toBeVisible()

  await drawer.getByRole('button', { name: '质检评分' }).click()
  const form = centre.getByRole('dialog', { name: '通话质检' })
  await expect(form.getByRole('radio', { name: '做到', exact: true })).toHaveCount(7)
  for (const done of await form.getByRole('radio', { name: '做到', exact: true }).all()) await done.click()
  await form.getByRole('button', { name: '保存评分' }).click()
  await expect(drawer.getByText('通话质检 14 / 14')).toBeVisible()
  await centre.goto('/followups/supervision?tab=quality')
  await expect(centre.getByRole('table', { name: '按随访人' }).getByRole('row', { name: /周敏/ })).toBeVisible()
  await expect(centre.getByRole('row', { name: patient.name })).toContainText('14 / 14')
  await fits(centre)
  await isAtRest(centre)
  expect(await obstacles(centre)).toEqual([])
})

test('everything that a filter shows is given out to several, and taken back', async ({ as, product }) => {
  const many = Array.from({ length: 24 }, (_, n) => imagine(`批${n + 1}号`, { diagnosis: MANY }))
  await sendHome(product, ...many)
  const ask = await asking(product, 'admin')
  const { rows: programmes } = await ask(programmesApi.programmeNames, {})
  const programmeId = programmes.find((p) => p.name === '批量回访')?.id ?? ''
  const board = async () => (await ask(followupsApi.board, { programmeId, limit: 100 })).rows
  await expect.poll(async () => (await board()).length, { timeout: 30_000 }).toBe(many.length)

  const centre = await as('admin', `/followups/tasks?programme=${programmeId}`)
  await centre.getByRole('button', { name: '按筛选分配' }).click()
  const dialog = centre.getByRole('dialog')
  await dialog.getByRole('combobox', { name: /随访人员/ }).click()
  for (const name of ['宋雪', '吴桂芳'])
    await centre
      .getByText(new RegExp(`^${name}( ·|$)`))
      .last()
      .click()
  await dialog.getByText('把当前筛选出的 24 项分配出去').click()
  await dialog.getByRole('button', { name: '分配 24 项' }).click()

  const progress = centre.getByRole('region', { name: '批量分配' })
  await expect(progress).toContainText('已分配 24 项')
  expect((await board()).every((t) => t.assigneeName !== null)).toBe(true)
  await fits(centre)
  await isAtRest(centre)
  expect(await obstacles(centre)).toEqual([])
  await progress.getByRole('button', { name: '撤销这次分配' }).click()
  await expect(progress).toContainText('已撤销 24 项')
  expect((await board()).every((t) => t.assigneeName === null)).toBe(true)
})
