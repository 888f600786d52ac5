import { createHmac, randomUUID } from 'node:crypto'
import { screenLinkApi } from '@renxin/integration/contract'
import { adt, asking, imagine, sendMessages } from './his.ts'
import { expect, PASSWORD, test } from './product.ts'

const secret = 'a secret of the HIS and of this hospital'

test('a nurse in the HIS opens the patient’s file by a signed link, signs in on the way, and the link opens once', async ({
  page,
  product,
}) => {
  const stay = imagine('欧阳静')
  expect(await sendMessages(product, [adt('A01', stay)])).toEqual(['AA'])
  const link = randomUUID()
  const manage = await asking(product, 'system')
  const settings = { direction: 'in', template: null, windowSeconds: 60, signsIn: false, isActive: true } as const
  await manage(screenLinkApi.saveScreenLink, { id: link, name: `HIS ${link}`, secret, ...settings })

  const parts = {
    time: String(Math.floor(Date.now() / 1000)),
    nonce: randomUUID(),
    workNumber: 'K0001',
    medicalRecordNumber: stay.mrn,
    visitNumber: stay.visit,
  }
  const lines = [parts.time, parts.nonce, parts.workNumber, parts.medicalRecordNumber, parts.visitNumber].join('\n')
  const signature = createHmac('sha256', secret).update(lines).digest('hex')
  const address = `/link?${new URLSearchParams({ link, ...parts, signature })}`

  await page.goto(address)
  await page.getByLabel('用户名').fill('nurse')
  await page.getByLabel('密码', { exact: true }).fill(PASSWORD)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: '患者档案', level: 1 })).toBeVisible()
  await expect(page.getByText(`病案号 ${stay.mrn}`).first()).toBeVisible()

  await page.goto(address)
  await expect(page.getByText(/这个链接已经用过或过期，没有打开/)).toBeVisible()
})
