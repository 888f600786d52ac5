import { adt, imagine, sendMessages } from './his.ts'
import { expect, test } from './product.ts'

const MANY = 300
/** Before any programme began, so that nobody is to be visited: three hundred visits overdue would bury the calls of other journeys. */
const LONG_AGO = new Date(Date.now() - 400 * 86_400_000)

/** As a system writes that says MSH-4 otherwise and puts the number of the visit into PV1-50. */
function fromTheNewCampus(text: string): string {
  return text
    .split('\r')
    .map((line) => {
      const fields = line.split('|')
      if (line.startsWith('MSH')) return fields.with(3, '新院区').join('|')
      if (!line.startsWith('PV1')) return line
      const whole = Array.from({ length: 51 }, (_, i) => fields[i] ?? '')
      return whole
        .with(50, fields[19] ?? '')
        .with(19, '')
        .join('|')
    })
    .join('\r')
}

test('three hundred messages that wait for one cause are put right in one action', async ({ as, product }) => {
  test.slow()
  const stays = Array.from({ length: MANY }, () => imagine('慕容远', { admittedAt: LONG_AGO }))
  const codes = await sendMessages(
    product,
    stays.map((s) => fromTheNewCampus(adt('A01', s))),
  )
  expect(new Set(codes)).toEqual(new Set(['AA']))

  const engineer = await as('system', '/integration/dead-letters')
  const group = engineer.getByRole('row', { name: '新院区' })
  await expect(group).toContainText('没有就诊号')
  await expect(group).toContainText(String(MANY))
  await group.getByText('没有就诊号').click()

  const drawer = engineer.getByRole('dialog', { name: /没有就诊号/ })
  await drawer.getByRole('textbox', { name: /就诊号.*在哪里/ }).fill('PV1-19.1 or PV1-50.1')
  await drawer.getByRole('button', { name: '试读前几条' }).click()
  await expect(drawer.getByRole('row', { name: /待处理.*已生效/ })).toHaveCount(5)
  await drawer.getByRole('textbox', { name: '原因' }).fill('新院区把就诊号写在 PV1-50')
  const began = Date.now()
  await drawer.getByRole('button', { name: `一并处理 ${MANY} 条` }).click()
  await expect(drawer.getByText(`已处理 ${MANY} 条 · 仍未解决 0 条`)).toBeVisible()
  expect(Date.now() - began).toBeLessThan(10_000)
  await drawer.getByRole('button', { name: '关闭' }).last().click()
  await expect(group).toHaveCount(0)

  await engineer.goto(`/integration/messages?number=${stays[7]?.visit}`)
  const row = engineer.getByRole('row', { name: stays[7]?.visit ?? '' })
  await expect(row).toContainText('已生效')
  await row.click()
  await expect(engineer.getByRole('dialog')).toContainText('新院区把就诊号写在 PV1-50')
})
