import type { Page } from '@playwright/test'
import { type Message, parseMessage } from '@renxin/hl7'
import { answerAll } from './answers.ts'
import { imagine, listenAsHis, sendHome } from './his.ts'
import { expect, handsOn, test } from './product.ts'
import { planCalls } from './programmes.ts'

const WARD = '中医科病区'
const QUESTIONS = 11
const SAID = '煎药室总是排长队'
const goneHome = (name: string) => imagine(name, { ward: WARD, department: ['0326', '中医科'], diagnosis: ['Z51.500', '姑息治疗'] })

/** A ward's line on the dashboard: how many of how many are satisfied. */
async function satisfactionOf(page: Page, ward: string): Promise<{ percent: number; n: number }> {
  const row = page.getByRole('table', { name: '病区对比' }).getByRole('row', { name: ward })
  const [, percent, n] = /([\d.]+)%\s*n=(\d+)/.exec(await row.getByRole('cell').nth(3).innerText()) ?? []
  return { percent: Number(percent), n: Number(n) }
}

/** What came back about one patient. */
const about = (texts: readonly string[], mrn: string): Message[] =>
  texts.flatMap((text) => parseMessage(text) ?? []).filter((m) => m.get('PID-3.1') === mrn)

test('from a discharge in the hospital’s system, by a call and a complaint, back to the hospital’s system, each result once', async ({
  as,
  product,
}) => {
  const his = await listenAsHis()
  await planCalls(product, { name: '中医当天满意度', diagnosis: 'Z51', asks: '住院患者满意度' })
  await answerAll(product, ['顾一', '顾二', '顾三', '顾四', '顾五'].map(goneHome), '5')
  const patient = goneHome('顾言蹊')

  const engineer = await as('system', '/integration/write-back')
  await test.step('the engineer says where results go', async () => {
    await engineer.getByRole('button', { name: '新增接收系统' }).click()
    const form = engineer.getByRole('dialog', { name: '新增接收系统' })
    await form.getByLabel('名称').fill('院内 HIS')
    await form.getByLabel('主机').fill('127.0.0.1')
    await form.getByLabel('端口').fill(String(his.port))
    await form.getByRole('button', { name: '测试连接' }).click()
    await expect(form.getByText(/^连得上/)).toBeVisible()
    await form.getByRole('button', { name: /^保存/ }).click()
    await expect(engineer.getByRole('table', { name: '接收系统' }).getByRole('row', { name: '院内 HIS' })).toBeVisible()
  })

  const leader = await as('president', '/dashboard')
  await leader.getByRole('radio', { name: '本月' }).check()
  await expect.poll(async () => (await satisfactionOf(leader, WARD)).n, { timeout: 20_000 }).toBeGreaterThanOrEqual(5)
  const before = await satisfactionOf(leader, WARD)

  const nurse = await as('nurse', '/followups/today')
  const tasks = nurse.getByRole('navigation', { name: '随访队列' }).getByRole('button', { name: patient.name })
  const task = tasks.filter({ hasText: '当天电话' }) // the visit at the bed, planned as he came in, is called off a moment later
  await test.step('he is discharged, and comes to the nurse’s list by himself', async () => {
    await expect(task).toHaveCount(0)
    expect(await sendHome(product, patient)).toEqual(['AA', 'AA'])
    await expect(task).toBeVisible({ timeout: 15_000 })
  })

  await test.step('he is called, answers, and complains', async () => {
    const hands = handsOn(nurse)
    await task.click()
    await expect(nurse.getByRole('heading', { name: patient.name })).toBeVisible()
    await hands.press('F2')
    await expect(nurse.getByText('本次查看已记录')).toBeVisible()
    await hands.press('t', '4')
    await expect(nurse.getByRole('list', { name: '本次已记录' })).toContainText('等候时间')
    await hands.press('e')
    await nurse.getByRole('dialog').getByLabel('内容').fill(SAID)
    await hands.press('Control+Enter')
    await expect(nurse.getByRole('list', { name: '本次已记录' })).toContainText(SAID)
    for (let nth = 1; nth <= QUESTIONS; nth += 1) {
      if (nth === 1) await nurse.getByRole('radio', { name: '很满意' }).first().focus()
      await hands.press('4')
      await expect(nurse.getByText(`已答 ${nth} /`)).toBeVisible()
    }
    await hands.press('Control+Enter')
    await expect(task).toHaveCount(0)
  })

  await test.step('the officer settles the complaint', async () => {
    const officer = await as('complaints', '/feedback/complaints')
    await officer.getByRole('row', { name: SAID }).click()
    await officer.getByRole('button', { name: '当场办结' }).click()
    const closing = officer.getByRole('dialog', { name: '当场办结' })
    await closing.getByLabel('处理结果').fill('已致歉，煎药室增加一个窗口')
    await closing.getByRole('button', { name: /^办结/ }).click()
    await expect(officer.getByRole('dialog', { name: '投诉' }).getByText('已办结').first()).toBeVisible()
  })

  await test.step('the hospital’s system has both results, each once and in order', async () => {
    const types = () => about(his.taken, patient.mrn).map((m) => `${m.type}^${m.event}`)
    await expect.poll(types, { timeout: 30_000 }).toEqual(['ORU^R01', 'MDM^T02'])
    const [followup, complaint] = about(his.taken, patient.mrn)
    expect(followup?.get('PV1-19.1')).toBe(patient.visit)
    expect(followup?.all('OBX')).toHaveLength(1 + QUESTIONS)
    expect(complaint?.all('OBX')).toHaveLength(2)
    await engineer.reload()
    const lines = engineer.getByRole('table', { name: '写回的消息' }).getByRole('row', { name: '院内 HIS' })
    await expect(lines.filter({ hasText: '已送达' })).toHaveCount(2)
    expect(types()).toEqual(['ORU^R01', 'MDM^T02'])
  })

  await test.step('the ward’s satisfaction has moved', async () => {
    await expect.poll(async () => (await satisfactionOf(leader, WARD)).n, { timeout: 20_000 }).toBe(before.n + 1)
    expect((await satisfactionOf(leader, WARD)).percent).toBeLessThan(before.percent)
  })
  await his.close()
})
