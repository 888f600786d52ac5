import { encodeMessage, type FieldIn } from '@renxin/hl7'
import { wallTime } from '@renxin/kernel'
import { patientsApi } from '@renxin/patients/contract'
import { adt, asking, imagine, type Stay, sendMessages } from './his.ts'
import { fits, isAtRest, obstacles, slips } from './look.ts'
import { expect, test } from './product.ts'

/** What the laboratory sends of one sample, some hours ago: potassium, with its limits and its flag. */
function potassium(stay: Stay, hoursAgo: number, amount: string, flag: string): string {
  const at = wallTime(new Date(Date.now() - hoursAgo * 3_600_000), 'Asia/Shanghai').replaceAll(/[^0-9]/g, '')
  const number = `L${stay.visit}${hoursAgo}`
  const obr: Record<number, FieldIn> = { 1: '1', 3: [number, 'LIS'], 4: ['DJZ', '电解质', 'L'], 7: at, 22: at, 24: 'LAB', 25: 'F' }
  return encodeMessage([
    ['MSH', 'LIS', '检验科', 'CRM', '仁心示范医院', at, '', ['ORU', 'R01', 'ORU_R01'], number, 'P', '2.5', '', '', '', '', 'CHN', 'UNICODE UTF-8'],
    ['PID', '1', '', [stay.mrn, '', '', 'HIS', 'MR'], '', stay.name],
    ['PV1', '1', 'I', [stay.ward], ...Array<string>(15).fill(''), stay.visit],
    ['OBR', ...Array.from({ length: 25 }, (_, i) => obr[i + 1])],
    ['OBX', '1', 'NM', ['K', '钾', 'L'], '', amount, 'mmol/L', '3.5-5.3', flag, '', '', 'F', '', '', at],
  ]) // biome-ignore format: a segment a line
}

test('a critical value that the laboratory sends stands in the patient’s file in words, with how it went', async ({ as, product }) => {
  test.slow()
  const patient = imagine('尚血钾')
  const sent = await sendMessages(product, [adt('A01', patient), potassium(patient, 30, '4.1', 'N'), potassium(patient, 6, '6.9', 'HH')])
  expect(sent).toEqual(['AA', 'AA', 'AA'])
  const nurse = await asking(product, 'nurse')
  const found = async () => (await nurse(patientsApi.search, { q: patient.mrn })).rows[0]?.id
  await expect.poll(found, { timeout: 30_000 }).toBeDefined()
  const page = await as('nurse', `/patients/${await found()}`)
  const examine = async () => expect([...(await obstacles(page)), ...(await slips(page))]).toEqual([])

  await test.step('the time line names it, and no value stands there', async () => {
    await expect(page.locator('.rx-timeline-bad', { hasText: '危急值' })).toContainText('电解质')
  })

  await test.step('the table marks it, and the trend has its numbers', async () => {
    await page.getByRole('tab', { name: '检验' }).click()
    const table = page.getByRole('table', { name: '检验' })
    await expect(table.getByText('↑↑ 危急高值').first()).toBeVisible()
    await isAtRest(page)
    await examine()
    await fits(page)
    await page.getByRole('button', { name: '查看钾的趋势' }).click()
    const drawer = page.getByRole('dialog')
    await drawer.getByRole('button', { name: '看数据表' }).click()
    await expect(drawer.getByRole('cell', { name: '6.9' })).toBeVisible()
    await examine()
    await page.keyboard.press('Escape')
  })

  await test.step('the report opens by itself', async () => {
    await page.getByRole('link', { name: '查看报告' }).click()
    await expect(page.getByRole('heading', { level: 1, name: '报告' })).toBeVisible()
    await expect(page.getByText('3.5-5.3')).toBeVisible()
    await isAtRest(page)
    await examine()
    await fits(page)
  })
})

test('the form for an image archive is open to everybody', async ({ as }) => {
  const page = await as('system', '/settings/image-archives')
  await page.getByRole('button', { name: '添加影像系统' }).first().click()
  await expect(page.getByRole('dialog')).toBeVisible()

  expect(await obstacles(page)).toEqual([])
})
