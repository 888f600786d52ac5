import type { Page } from '@playwright/test'
import { imagine, sendHome } from './his.ts'
import { expect, handsOn, test } from './product.ts'
import { planCalls } from './programmes.ts'

const SAID = '换药等了一个多小时，没有人解释'
const heard = () => imagine('宋清和', { ward: '骨科二病区', department: ['0313', '骨科'], diagnosis: ['Z47.800', '矫形外科随诊医疗'] })
const choose = async (page: Page, label: string, text: string) => {
  await page.getByLabel(label).fill(text)
  await page.locator('[title]', { hasText: text }).last().click()
}

test.beforeAll(({ product }) =>
  planCalls(product, { name: '骨科当天回访', diagnosis: 'Z47', asks: '出院后恢复情况随访', steps: ['当天电话', '复核电话'] }),
)

test('a complaint heard in a call becomes a case, is answered, mended, verified and closed, and all of it can be seen', async ({
  as,
  product,
}) => {
  const patient = heard()
  await sendHome(product, patient)

  const nurse = await as('nurse', '/followups/today')
  const hands = handsOn(nurse)
  const tasks = nurse.getByRole('navigation', { name: '随访队列' }).getByRole('button', { name: patient.name })
  await expect(tasks).toHaveCount(2)
  await tasks.filter({ hasText: '当天电话' }).click()
  await expect(nurse.getByRole('heading', { name: patient.name })).toBeVisible()
  await nurse.keyboard.press('F2')
  await expect(nurse.getByText('本次查看已记录')).toBeVisible()

  await hands.press('t', '1')

  const recorded = nurse.getByRole('list', { name: '本次已记录' })
  await expect(recorded).toContainText('服务态度')
  expect(hands.taken(), 'keys to record a complaint').toBe(2)
  const number = /TS\d{4}-\d+/.exec(await recorded.innerText())?.[0] ?? ''
  await nurse.keyboard.press('e')
  await nurse.getByRole('dialog').getByLabel('内容').fill(SAID)
  await nurse.keyboard.press('Control+Enter')
  await expect(recorded).toContainText(SAID)

  await test.step('planned contact is held', async () => {
    await tasks.filter({ hasText: '复核电话' }).click()
    await expect(nurse.getByText('患者有一件投诉正在处理，暂不随访。')).toBeVisible()
    await expect(nurse.getByRole('button', { name: /^拨打/ }).first()).toBeDisabled()
  })

  const officer = await as('complaints', '/feedback/complaints')
  await test.step('the officer assigns it', async () => {
    await officer.getByLabel('投诉编号').fill(number)
    await officer.getByRole('row', { name: number }).click()
    const file = officer.getByRole('dialog', { name: '投诉' })
    await expect(file).toContainText(SAID)
    await expect(file).toContainText('还剩 5 个工作日')
    await file.getByRole('button', { name: '分派' }).click()
    await expect(officer.getByRole('dialog', { name: '分派' })).toContainText('骨科二病区')
    await officer.keyboard.press('Control+Enter')
    await expect(file.getByText('待答复', { exact: true })).toBeVisible()
  })

  const head = await as('director', '/feedback/complaints?list=toAnswer')
  const answering = head.getByRole('dialog', { name: '投诉' })
  await test.step('the department answers', async () => {
    await head.getByRole('row', { name: number }).click()
    await answering.getByLabel('原因').fill('当班只有一位换药护士')
    await answering.getByLabel('改进措施').fill('换药室增加一位护士，等候超过二十分钟主动说明')
    await answering.getByRole('button', { name: /^提交答复/ }).click()
    await expect(answering.getByText('待核实')).toBeVisible()
  })

  const file = officer.getByRole('dialog', { name: '投诉' })
  await test.step('something is to be mended, with evidence', async () => {
    await expect(file.getByText('待核实')).toBeVisible()
    await file.getByRole('button', { name: '新增整改' }).click()
    await expect(officer.getByLabel('整改措施')).toHaveValue('换药室增加一位护士，等候超过二十分钟主动说明')
    await choose(officer, '责任人', '高建国')
    await officer.getByLabel('完成期限').fill('2030-01-04')
    await officer.keyboard.press('Tab')
    await officer
      .getByRole('dialog', { name: '新增整改' })
      .getByRole('button', { name: /^新增整改/ })
      .click()
    await expect(file.getByText('整改中')).toBeVisible()

    const measure = answering.getByRole('region', { name: /^换药室增加/ })
    await measure
      .locator('input[type=file]')
      .setInputFiles({ name: '换药室排班.txt', mimeType: 'text/plain', buffer: Buffer.from('两人一班') })
    await expect(measure.getByRole('button', { name: '下载 换药室排班.txt' })).toBeVisible()
    await measure.getByRole('button', { name: '完成整改' }).click()
    await head.getByRole('dialog', { name: '整改完成情况' }).getByRole('textbox').fill('已排班两人')
    await head.keyboard.press('Control+Enter')
    await expect(measure.getByText('待验收').first()).toBeVisible()
    await file.getByRole('button', { name: '验收通过' }).click()
    await expect(file.getByText('已验收').first()).toBeVisible()
  })

  await test.step('it is verified, the patient is told, the case is closed', async () => {
    await file.getByRole('button', { name: '核实通过' }).click()
    await file.getByRole('button', { name: '办结' }).click()
    const closing = officer.getByRole('dialog', { name: '办结' })
    await closing.getByLabel('处理结果').fill('已致歉并说明，换药室增加了人手')
    await closing.getByRole('button', { name: /^办结/ }).click()
    await expect(file.getByText('已办结').first()).toBeVisible()
  })

  await test.step('the nurse sees it, and the patient may be called again', async () => {
    await expect(nurse.getByText('患者有一件投诉正在处理，暂不随访。')).toHaveCount(0)
    await nurse.getByRole('link', { name: patient.name }).click()
    await expect(nurse.getByRole('heading', { name: '患者档案', level: 1 })).toBeVisible()
    const complaint = nurse.getByRole('listitem').filter({ hasText: number })
    await expect(complaint.first()).toContainText('投诉')
  })
})
