import { followupsApi } from '@renxin/followups/contract'
import { asking, imagine, sendHome, untaken } from './his.ts'
import { fits, isAtRest, obstacles } from './look.ts'
import { expect, test } from './product.ts'
import { planCalls } from './programmes.ts'

const day = (ahead: number) => new Date(Date.now() + (8 + 24 * ahead) * 3_600_000).toISOString().slice(0, 10) // where the hospital stands

test('a nurse goes on leave: her task goes to a colleague by itself, tells of it, and is hers again when she is back', async ({
  as,
  product,
}) => {
  await planCalls(product, { name: '假肢装配当天回访', diagnosis: 'Z44', asks: '出院后恢复情况随访' })
  const patient = imagine('休小满', { diagnosis: ['Z44.100', '人工腿装配和调整'] })
  await sendHome(product, patient)
  const ask = await asking(product, 'nurse3')
  const open = async () =>
    (await untaken(ask)).find(
      (r) => r.patientName === patient.name && r.stepName === '当天电话', // of the day on which he lay there a visit may still be open
    )
  await expect.poll(open, { timeout: 30_000 }).toBeDefined()
  const id = (await open())?.id ?? ''
  await ask(followupsApi.claim, { ids: [id] })

  const nurse = await as('nurse3', '/followups/leaves')
  await nurse.getByRole('button', { name: '登记休假' }).click()
  const form = nurse.getByRole('dialog', { name: '登记休假' })
  await form.getByLabel('休假日期').first().fill(day(0))
  await nurse.keyboard.press('Enter')
  await nurse.keyboard.type(day(2))
  await nurse.keyboard.press('Enter')
  await form.getByRole('combobox', { name: '交给谁' }).click()
  await nurse.getByTitle('韩梅').click()
  await isAtRest(nurse)
  expect(await obstacles(nurse)).toEqual([])
  await form.getByRole('button', { name: '保存休假' }).click()

  const row = nurse.getByRole('row', { name: '宋雪' })
  await expect(row).toContainText('休假中')
  const colleague = await as('nurse4', `/followups/tasks/${id}`)
  await expect(colleague.getByRole('region', { name: '联系经过' })).toContainText('宋雪 → 韩梅', { timeout: 30_000 })
  await expect(colleague.getByRole('button', { name: /^完成并下一位/ })).toBeVisible()
  await fits(nurse)

  await row.getByRole('button', { name: '提前返岗' }).click()

  await expect(colleague.getByRole('region', { name: '联系经过' })).toContainText('韩梅 → 宋雪', { timeout: 30_000 })
  await expect.poll(async () => (await ask(followupsApi.queue, { list: 'mine', limit: 200 })).rows.map((r) => r.id)).toContain(id)
})

test('the figures of the day open their tasks, for whoever looks at the hospital', async ({ as }) => {
  const director = await as('president', '/followups/standing')
  const hospital = director.getByRole('region', { name: '全院' })
  await expect(hospital).toBeVisible()
  await isAtRest(director)
  expect(await obstacles(director)).toEqual([])
  await fits(director)

  await hospital.getByRole('button', { name: /^今日待办/ }).click()

  await expect(director).toHaveURL(/followups\/tasks\?.*show=today/)
  await expect(director.getByRole('table', { name: '随访任务' })).toBeVisible()
})
