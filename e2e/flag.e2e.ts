import { imagine, sendHome } from './his.ts'
import { fits, isAtRest, obstacles } from './look.ts'
import { expect, test } from './product.ts'
import { planCalls } from './programmes.ts'

test('an answer raises a red flag: the nurse sees what to say, the doctor and head of the department what to do at once, and it is open until it is closed', async ({
  as,
  product,
}) => {
  await planCalls(product, { name: '透析当天回访', diagnosis: 'Z49', asks: '出院后恢复情况随访' })
  const patient = imagine('洪小旗', { ward: '骨科二病区', department: ['0313', '骨科'], diagnosis: ['Z49.100', '体外透析'] })
  await sendHome(product, patient)

  const nurse = await as('nurse', '/followups/today')
  await nurse
    .getByRole('navigation', { name: '随访队列' })
    .getByRole('button', { name: patient.name })
    .filter({ hasText: '当天电话' })
    .click({ timeout: 30_000 })
  await expect(nurse.getByRole('region', { name: '随访任务' }).getByRole('heading', { level: 2 }).first()).toHaveText(patient.name)
  await nurse.keyboard.press('F2')
  await expect(nurse.getByRole('link', { name: /^[\d ]{8,}$/ })).toBeVisible()
  for (const nth of [1, 2, 3, 4, 5, 6, 7, 8, 9]) {
    await nurse.keyboard.press('1')
    await expect(nurse.getByText(`已答 ${nth} / 10`)).toBeVisible()
  }
  await nurse.keyboard.press('2')
  await nurse.getByRole('textbox', { name: /哪里不舒服/ }).fill('早上胸痛了几分钟')
  const alert = nurse.getByRole('alert').filter({ hasText: '红旗：' })
  await expect(alert).toContainText('现在说： 您说的情况需要医生马上知道')
  await expect(alert).toContainText('请马上拨打 120')
  await alert.getByRole('checkbox', { name: '已告知患者' }).check()
  await isAtRest(nurse)
  expect(await obstacles(nurse)).toEqual([])
  await nurse.keyboard.press('Control+Enter')

  const head = await as('director', '/followups/flags') // a doctor, who answers for the department too
  const flag = head.getByRole('row', { name: patient.name })
  await expect(flag).toContainText('立即')
  await head.getByRole('tab', { name: /^未关闭/ }).click()
  await expect(head.getByRole('region', { name: '各科室' })).toContainText(/骨科：未关闭 [1-9]/)
  await flag.click()
  const drawer = head.getByRole('dialog')
  await expect(drawer).toContainText('早上胸痛了几分钟')
  await drawer.getByRole('radio', { name: '嘱急诊就诊' }).check()
  await drawer.getByRole('textbox', { name: '处理说明' }).fill('已电话联系，家属陪同来急诊')
  await fits(head)
  await drawer.getByRole('button', { name: '关闭红旗' }).click()
  await expect(drawer.getByRole('region', { name: '处理说明' })).toContainText('家属陪同来急诊')
  await head.keyboard.press('Escape')

  await expect(flag).toHaveCount(0)
  await head.getByRole('tab', { name: '已结束' }).click()
  await expect(flag).toContainText('嘱急诊就诊')
})
