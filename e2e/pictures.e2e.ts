import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { imagine, sendHome } from './his.ts'
import { expect, test } from './product.ts'
import { planCalls } from './programmes.ts'

const FOLDER = join(import.meta.dirname, '../docs/pictures')

// Drawn anew on demand only, so that a run of the journeys changes no file: RENXIN_PICTURES=1 npm run e2e -- --grep picture
if (process.env.RENXIN_PICTURES === '1') {
  test('the picture of the README: a nurse in the middle of a call', async ({ as, product }) => {
    await planCalls(product, { name: '出院当天回访', diagnosis: 'K80', asks: '出院后恢复情况随访' })
    const patient = imagine('林远舟', { diagnosis: ['K80.200', '胆囊结石'] })
    await sendHome(product, patient)
    const page = await as('nurse', '/followups/today')
    await page
      .getByRole('navigation', { name: '随访队列' })
      .getByRole('button', { name: patient.name })
      .filter({ hasText: '当天电话' })
      .click()
    await expect(page.getByRole('heading', { name: patient.name })).toBeVisible()
    await page.keyboard.press('F2')
    await expect(page.getByText('本次查看已记录')).toBeVisible()
    for (const key of ['1', '2', '1']) await page.keyboard.press(key)
    await expect(page.getByText(/已自动保存/)).toBeVisible()

    await mkdir(FOLDER, { recursive: true })
    await page.screenshot({ path: join(FOLDER, 'today.png') })
  })
}
