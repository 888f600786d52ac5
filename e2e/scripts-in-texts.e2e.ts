import type { Page } from '@playwright/test'
import { accessApi } from '@renxin/access/contract'
import type { Product } from '@renxin/app-server/testing'
import { feedbackApi } from '@renxin/feedback/contract'
import { newId } from '@renxin/kernel'
import { patientsApi } from '@renxin/patients/contract'
import { staffApi } from '@renxin/staff/contract'
import { surveysApi } from '@renxin/surveys/contract'
import { adt, asking, imagine, sendHome, sendMessages, untaken } from './his.ts'
import { goWithin, isAtRest } from './look.ts'
import { expect, test } from './product.ts'
import { planCalls } from './programmes.ts'

/** What an attacker types as a name: each leaves a mark where it is taken for markup. */
const tag = '<img src=x onerror=window.ran=1>'
const quoted = `"'><svg onload=window.ran=1>`
const script = '<script>window.ran=1</script>'
const frame = '<iframe srcdoc=x></iframe>'
const link = 'javascript:window.ran=1'
const all = `${tag}${quoted}${script}${frame}<a href="${link}">x</a>`
const MARKS = 'img[src="x"], svg[onload], iframe[srcdoc], [onerror], a[href^="javascript:" i]'

/** Such texts wherever the hospital, its people and its systems may write one. */
async function fillTexts(product: Product) {
  const [admin, nurse, system] = [await asking(product, 'admin'), await asking(product, 'nurse'), await asking(product, 'system')]
  const title = `${tag}随访`
  const questionnaireId = newId()
  const definition = {
    resourceType: 'Questionnaire' as const,
    status: 'draft' as const,
    title,
    description: all,
    item: [
      { linkId: 'a', text: all, type: 'string' as const, prefix: tag },
      {
        linkId: 'b',
        text: quoted,
        type: 'choice' as const,
        answerOption: [{ valueCoding: { code: 'x', display: tag } }, { valueCoding: { code: 'y', display: script } }],
      },
    ],
  }
  await admin(surveysApi.create, { id: questionnaireId, definition })
  await admin(surveysApi.publish, { id: questionnaireId, versionId: newId(), revision: 0 })
  await planCalls(product, { name: `${tag}方案`, diagnosis: 'Z43', asks: title, steps: [`${quoted}电话`] })
  const stay = imagine(`${tag}赵`, { diagnosis: ['Z43.000', all], ward: quoted, department: ['0399', tag] })
  await sendHome(product, stay)
  await sendMessages(product, [adt('A01', imagine(`${script}钱`), { withoutId: true })])

  await system(staffApi.saveUnit, {
    id: newId(),
    kind: 'ward',
    code: 'X9',
    name: `${tag}病区`,
    departmentId: null,
    campusId: null,
    isActive: true,
  })
  await system(staffApi.savePerson, {
    id: newId(),
    number: 'X9',
    name: `${tag}孙`,
    job: 'nurse',
    title: quoted,
    isActive: true,
    unitIds: [],
  })
  const user = { id: newId(), name: 'hostile', displayName: `${tag}李`, roleIds: [], password: 'renxin-Hostile-9' }
  await system(accessApi.createUser, user)

  const task = async () => (await untaken(nurse)).find((t) => t.patientName.startsWith('<img'))
  await expect.poll(task, { timeout: 30_000 }).toBeDefined()
  const { id: taskId = '', patientId = '', encounterId = '' } = (await task()) ?? {}
  const complaintId = newId()
  await nurse(feedbackApi.record, { id: complaintId, kind: 'complaint', patientId, encounterId, source: 'call', text: all })
  await admin(patientsApi.change, { patientId, address: all, payer: quoted, identityClass: tag })
  return { taskId, patientId, encounterId, complaintId, questionnaireId, userId: user.id }
}

let filled: Awaited<ReturnType<typeof fillTexts>>
test.describe.configure({ mode: 'parallel' }) // the last file of all: no worker does it alone while the other has nothing left

test.beforeAll(async ({ product }) => {
  filled = await fillTexts(product)
})

/** Listens from the first moment of every page that is opened from now on. */
async function guard(page: Page) {
  const seen: string[] = []
  page.on('dialog', (dialog) => {
    seen.push(`a dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  await page.exposeFunction('tellViolation', (what: string) => void seen.push(`against the policy: ${what}`))
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (e) =>
      Reflect.get(window, 'tellViolation')(`${e.effectiveDirective} ${e.blockedURI}`),
    )
  })
  return seen
}

/** What of the texts became markup, or ran, in the page and in what it frames. */
async function caught(page: Page): Promise<string[]> {
  const found: string[] = []
  for (const part of page.frames()) {
    const marks = await part.evaluate((selector) => [...document.querySelectorAll(selector)].map((e) => e.outerHTML.slice(0, 100)), MARKS)
    found.push(...marks.map((m) => `markup: ${m}`))
    if (await part.evaluate(() => 'ran' in window)) found.push('a script ran')
  }
  return found
}

/** Opens pages as they are on the screen and as they are printed; tells of which a text was seen. */
async function visit(page: Page, addresses: readonly string[], seen: string[]) {
  const faults: string[] = []
  const shown: string[] = []
  await page.goto(addresses[0] ?? '/') // anew, so that it is listened to from its first moment
  for (const address of addresses) {
    await goWithin(page, address)
    await isAtRest(page)
    for (const media of ['print', 'screen'] as const) {
      await page.emulateMedia({ media })
      faults.push(...[...(await caught(page)), ...seen.splice(0)].map((f) => `${address} (${media}) ${f}`))
    }
    if (/<img src=x|<svg onload|<script>window/.test(await page.locator('body').innerText())) shown.push(address)
  }
  return { faults, shown }
}

// On how many pages of the menu each must have met such a text.
for (const [name, least] of [
  ['nurse', 5],
  ['admin', 8],
  ['complaints', 4],
  ['director', 2],
  ['system', 4],
  ['security', 1],
] as const)
  test(`what somebody typed as a script is shown to ${name} as the text it is, on every page of the menu`, async ({ as }) => {
    test.slow()
    const page = await as(name, '/')
    const seen = await guard(page)
    const links = page.getByRole('navigation', { name: '主菜单' }).getByRole('link')
    const addresses = await links.evaluateAll((found) => found.map((a) => a.getAttribute('href') ?? ''))

    const { faults, shown } = await visit(page, addresses, seen)

    expect(faults).toEqual([])
    expect(shown.length, `shown on ${shown.join(' ')}`).toBeGreaterThanOrEqual(least)
  })

test('so it is in a file, a stay, a task, a complaint and a questionnaire', async ({ as }) => {
  test.setTimeout(300_000)
  const { taskId, patientId, encounterId, complaintId, questionnaireId } = filled
  const page = await as('admin', `/patients/${patientId}`)
  const seen = await guard(page)
  await isAtRest(page)
  const inFile = page.getByRole('tablist', { name: '档案内容' }).getByRole('tab')
  const tabs = await inFile.evaluateAll((found) => found.map((tab) => tab.getAttribute('data-key') ?? ''))
  const pages = [
    ...tabs.map((tab) => `/patients/${patientId}?tab=${tab}`),
    `/encounters/${encounterId}`,
    `/followups/tasks/${taskId}`,
    `/followups/today?task=${taskId}`,
    `/feedback/complaints/${complaintId}`,
    `/surveys/${questionnaireId}/edit`,
    `/surveys/${questionnaireId}/results`,
  ]

  const { faults, shown } = await visit(page, pages, seen)

  expect(faults).toEqual([])
  expect(shown.length, `shown on ${shown.join(' ')}`).toBeGreaterThanOrEqual(pages.length - 2)
})

test('a text that did become markup would be caught, and its script kept from running', async ({ browser, baseURL }) => {
  const context = await browser.newContext()
  const page = await context.newPage()
  const seen = await guard(page)
  await page.goto(baseURL ?? '')
  await isAtRest(page)

  await page.evaluate((text) => document.body.insertAdjacentHTML('beforeend', text), tag)

  await expect.poll(() => seen).toContainEqual(expect.stringContaining('against the policy: script-src-attr inline'))
  expect(await caught(page)).toEqual([expect.stringContaining('markup: <img src="x"')])
  await context.close()
})
