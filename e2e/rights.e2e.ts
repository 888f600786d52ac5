import { readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import { patientsApi } from '@renxin/patients/contract'
import { adt, asking, imagine, sendHome, sendMessages } from './his.ts'
import { isAtRest, obstacles, slips } from './look.ts'
import { expect, test } from './product.ts'

/** Takes in at the file what somebody asks; comes to the request. */
async function takeIn(page: Page, patientId: string, kind: string) {
  await page.goto(`/patients/${patientId}`)
  await isAtRest(page)
  await page.getByRole('button', { name: '患者权利申请' }).click()
  const form = page.getByRole('dialog', { name: '登记申请' })
  await form.getByText(kind, { exact: true }).click()
  await form.getByText('查验身份证件', { exact: true }).click()
  await form.getByRole('textbox', { name: '申请内容' }).fill(`本人到服务台要求${kind}`)
  expect([...(await obstacles(page)), ...(await slips(page))]).toEqual([])
  await form.getByRole('button', { name: '登记申请' }).click()
  await expect(page).toHaveURL(/\/rights\?/)
  const request = page.getByRole('dialog', { name: '患者权利申请' })
  await expect(request.getByText('查验身份证件')).toBeVisible()
  return request
}

test('a patient is given a copy; the erasure that one person took in is approved by another, and holds', async ({ as, product }) => {
  test.slow()
  const patient = imagine('端木清泉')
  expect(await sendHome(product, patient)).toEqual(['AA', 'AA'])
  const admin = await asking(product, 'admin')
  const found = async () => (await admin(patientsApi.list, { limit: 200 })).rows.find((p) => p.name === patient.name)
  await expect.poll(found, { timeout: 30_000 }).toBeDefined()
  const { id = '' } = (await found()) ?? {}

  const clerk = await as('complaints', '/')
  const copy = await takeIn(clerk, id, '查阅、复制')
  await copy.getByRole('button', { name: '生成副本' }).click()
  const shown = copy.frameLocator('iframe')
  await expect(shown.getByRole('heading', { name: '个人信息副本' })).toBeVisible()
  await expect(shown.getByText(patient.phone)).toBeVisible()
  const download = clerk.waitForEvent('download')
  await copy.getByRole('button', { name: '下载网页' }).click()
  const saved = await download
  expect(saved.suggestedFilename()).toBe('个人信息副本.html')
  const text = readFileSync(await saved.path(), 'utf8')
  expect(text).toContain(patient.phone)
  expect(text).toContain(patient.diagnosis[1])
  expect([...(await obstacles(clerk)), ...(await slips(clerk))]).toEqual([])

  const asked = await takeIn(clerk, id, '删除')
  await expect(asked.getByText('这份申请由您登记，须由另一位有权限的同事批准。')).toBeVisible()
  await expect(asked.getByRole('button', { name: '批准并删除' })).toHaveCount(0)

  const chief = await as('admin', '/rights')
  await chief
    .getByRole('row', { name: /删除.*端木清泉/ })
    .getByText('删除')
    .click()
  const request = chief.getByRole('dialog', { name: '患者权利申请' })
  await expect(request.getByRole('row', { name: /住院/ })).toContainText('病历须保存')
  await request.getByLabel('已逐项核对上面的清单，申请人身份已核验').check()
  expect([...(await obstacles(chief)), ...(await slips(chief))]).toEqual([])
  await request.getByRole('button', { name: '批准并删除' }).click()
  const sure = chief.getByRole('dialog', { name: '删除“端木清泉”的个人信息' })
  await expect(sure).toContainText('删除后不能恢复')
  await sure.getByRole('button', { name: '批准并删除' }).click()
  await expect(request.getByText('已办结')).toBeVisible()
  await expect(request.getByText(/患者档案 \d+ 项/)).toBeVisible()

  // The same person comes again, and the hospital's system says the telephone with it.
  const again = imagine(patient.name, { mrn: patient.mrn, phone: patient.phone, admittedAt: new Date() })
  expect(await sendMessages(product, [adt('A01', again)])).toEqual(['AA'])
  await expect.poll(async () => (await admin(patientsApi.file, { id })).standing.state, { timeout: 30_000 }).toBe('inHospital')
  const { contacts, address } = await admin(patientsApi.file, { id })
  expect({ contacts, address }).toEqual({ contacts: [], address: null })
  await chief.goto(`/patients/${id}?tab=details`)
  await isAtRest(chief)
  await expect(chief.getByText(patient.name).first()).toBeVisible()
  await expect(chief.getByText(new RegExp(`\\*${patient.phone.slice(-4)}`))).toHaveCount(0) // as a masked number shows it: the last digits alone may stand in a record number
})
