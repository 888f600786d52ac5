import { followupsApi } from '@renxin/followups/contract'
import { newId } from '@renxin/kernel'
import { asking, imagine, sendHome } from './his.ts'
import { fits, isAtRest, obstacles } from './look.ts'
import { expect, test } from './product.ts'

const DAY = 86_400_000

test('the supervisor urges whoever has not called; it reaches the nurse at once, and a try answers it', async ({ as, product }) => {
  const patient = imagine('催小满', {
    admittedAt: new Date(Date.now() - 14 * DAY),
    dischargedAt: new Date(Date.now() - 9 * DAY),
    ward: '骨科二病区',
    department: ['0313', '骨科'],
  })
  await sendHome(product, patient)
  const nurse = await as('ward', '/followups/today')

  const director = await as('director', '/followups/supervision')
  await expect(director.getByRole('row', { name: /^骨科/ })).toContainText('60%–80%')
  await fits(director)
  await director.getByRole('tab', { name: '未随访' }).click()
  const row = director.getByRole('table', { name: '未随访' }).getByRole('row', { name: patient.name })
  await row.getByRole('checkbox').check()
  await isAtRest(director)
  expect(await obstacles(director)).toEqual([])
  await director.getByRole('button', { name: '催办 1 项' }).click()
  const asked = director.getByRole('dialog', { name: '催办 1 项随访' })
  await expect(asked).toContainText('24 小时内没有联系患者的，升级给科室负责人')
  await asked.getByRole('textbox').fill('请今天完成')
  await asked.getByRole('button', { name: '催办 1 项' }).click()
  await expect(row).toContainText('未查看')

  const notice = nurse.getByRole('complementary', { name: '催办' })
  await expect(notice).toContainText('高建国(骨科主任)催办：您有 1 项随访请尽快完成。')
  await notice.getByRole('link', { name: '查看' }).click()
  const urged = nurse.getByRole('row', { name: patient.name })
  await urged.getByRole('button', { name: '知道了' }).click()
  await expect(urged).toContainText('已查看')
  await expect(row).toContainText('已查看')
  await fits(nurse)
  expect(await obstacles(nurse)).toEqual([])
  await urged.getByRole('link', { name: '打开任务' }).click()
  await expect(nurse.getByText(/高建国\(骨科主任\) .*催办：请今天完成/)).toBeVisible()

  const id = /tasks\/([0-9a-f-]+)/.exec(nurse.url())?.[1] ?? ''
  const ward = await asking(product, 'ward')
  await ward(followupsApi.recordOutcome, { id, attemptId: newId(), outcome: 'noAnswer' })
  await expect(notice).toHaveCount(0)
  await director.getByRole('tab', { name: '催办记录' }).click()
  await expect(director.getByRole('row', { name: patient.name })).toContainText('已联系患者')
})

test('the centre draws a sample, sees how, and draws it again', async ({ as, product }) => {
  const yesterday = { dischargedAt: new Date(Date.now() - DAY), admittedAt: new Date(Date.now() - 5 * DAY) }
  const six = Array.from({ length: 6 }, (_, n) =>
    imagine(`抽${'甲乙丙丁戊己'[n]}`, { ...yesterday, ward: '疼痛科病区', department: ['0391', '疼痛科'] }),
  )
  await sendHome(product, ...six)

  const centre = await as('admin', '/followups/draws')
  const row = centre.getByRole('row', { name: /疼痛科/ })
  await expect(row).toContainText('疼痛科')
  await centre.getByRole('button', { name: '抽取到昨天' }).click()
  await expect(row.getByRole('cell').nth(4)).toHaveText('3')
  await fits(centre)
  await row.click()
  const drawn = centre.getByRole('dialog', { name: /^疼痛科/ })
  await expect(drawn).toContainText('种子数')
  await drawn.getByRole('button', { name: '重新抽取并比对' }).click()
  await expect(drawn).toContainText('与记录完全一致：重新抽取 3 人次，记录 3 人次。')
  await isAtRest(centre)
  expect(await obstacles(centre)).toEqual([])
})

test('the centre draws, checks one of those drawn and publishes the month; the department sees the result, and has nothing to change', async ({
  as,
  product,
}) => {
  const away = { dischargedAt: new Date(Date.now() - DAY), admittedAt: new Date(Date.now() - 5 * DAY), ward: '康复科病区' }
  const department = ['0392', '康复科'] as const
  await sendHome(product, imagine('核小满', { ...away, department }), imagine('核大满', { ...away, department }))
  const centre = await as('admin', '/followups/draws')
  await expect(centre.getByRole('row', { name: /康复科/ })).toBeVisible()
  await centre.getByRole('button', { name: '抽取到昨天' }).click()
  await expect(
    centre
      .getByRole('row', { name: /康复科/ })
      .getByRole('cell')
      .nth(4),
  ).toHaveText('1')

  await centre.getByRole('link', { name: '三级核查' }).click()
  await centre.getByRole('tab', { name: '抽中患者' }).click()
  await centre.getByRole('row', { name: /康复科/ }).click()
  await fits(centre)
  const first = centre.getByRole('dialog').getByRole('region', { name: '一级（科室）' })
  await expect(first).toContainText('这一级没有随访记录。')
  await first.getByRole('textbox', { name: '说明' }).fill('患者说没有接到电话')
  await first.getByRole('button', { name: '保存核查' }).click()
  await expect(first).toContainText('何静(随访管理员)')
  await isAtRest(centre)
  expect(await obstacles(centre)).toEqual([])
  await centre.keyboard.press('Escape')
  await centre.getByRole('tab', { name: '核查结果' }).click()
  await centre.getByRole('button', { name: '发布结果' }).click()
  await centre.getByRole('dialog').getByRole('textbox').fill('新核查一例')
  await centre.getByRole('dialog').getByRole('button', { name: '发布结果' }).click()
  await expect(centre.getByRole('heading', { name: /^第 \d+ 版$/ })).toBeVisible()
  await isAtRest(centre)
  await fits(centre)
  expect(await obstacles(centre)).toEqual([])

  const director = await as('director', '/followups/checks')
  const published = director.getByRole('table', { name: '三级核查结果' })
  await expect(published.getByRole('row', { name: /全院 一级/ })).toBeVisible()
  await expect(published.getByRole('row', { name: /康复科/ })).toHaveCount(0) // another department's
  await expect(director.getByRole('button', { name: '发布结果' })).toHaveCount(0)
  await director.getByRole('tab', { name: '抽中患者' }).click()
  await expect(director.getByRole('row', { name: /康复科/ })).toHaveCount(0)
})
