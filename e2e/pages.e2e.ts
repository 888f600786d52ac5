import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import type { Product } from '@renxin/app-server/testing'
import { feedbackApi } from '@renxin/feedback/contract'
import { newId } from '@renxin/kernel'
import { patientsApi, segmentsApi } from '@renxin/patients/contract'
import { surveysApi } from '@renxin/surveys/contract'
import { adt, asking, imagine, sendHome, sendMessages, untaken } from './his.ts'
import { fits, goWithin, isAtRest, obstacles, slips } from './look.ts'
import { expect, test } from './product.ts'
import { planCalls } from './programmes.ts'

test.describe.configure({ mode: 'parallel' }) // the longest file of all: no worker does it alone while the other waits

const LONG_NAME = '阿卜杜热合曼·买买提江·艾尼瓦尔·吐尔逊·克里木·玉素甫江'

/** Somebody with a name as long as names are, who goes home, is to be called, and has complained; and a message that nobody could read. */
async function fillPages(product: Product) {
  const patient = imagine(LONG_NAME, { diagnosis: ['Z52.000', '献血者'] })
  await planCalls(product, { name: '名字很长的当天回访', diagnosis: 'Z52', asks: '出院后恢复情况随访' })
  await sendHome(product, patient)
  await sendMessages(product, [adt('A01', imagine('𠮷田㛃'), { withoutId: true })])
  const nurse = await asking(product, 'nurse')
  const task = async () => (await untaken(nurse)).find((t) => t.patientName === LONG_NAME && t.stepName === '当天电话')
  await expect.poll(task, { timeout: 30_000 }).toBeDefined()
  const { id = '', patientId = '', encounterId = '' } = (await task()) ?? {}
  const opinion = { id: newId(), kind: 'complaint', patientId, encounterId, source: 'call', text: '夜里走廊太吵，一直睡不好' } as const
  await nurse(feedbackApi.record, opinion)
  return { taskId: id, patientId, encounterId, complaintId: opinion.id }
}

let filled: Awaited<ReturnType<typeof fillPages>>
test.beforeAll(async ({ product }) => {
  filled = await fillPages(product)
})

test('the page of signing in is open to everybody', async ({ page }) => {
  await page.goto('/')
  await isAtRest(page)

  expect(await obstacles(page)).toEqual([])
  await fits(page)
})

/** Whether nobody has examined this page before, in this run and whichever worker: what stands in many menus is looked at once. */
function isFirst(address: string): boolean {
  const noted = join(test.info().project.outputDir, 'examined')
  mkdirSync(noted, { recursive: true })
  try {
    mkdirSync(join(noted, encodeURIComponent(address)))
    return true
  } catch {
    return false
  }
}

// Between them they open every page of the menu.
for (const name of ['nurse', 'admin', 'complaints', 'director', 'president', 'system', 'security', 'auditor']) {
  test(`every page that ${name} comes to is open to everybody, and fits a desk and a phone`, async ({ as }) => {
    test.slow()
    const page = await as(name, '/')
    await isAtRest(page)
    const links = page.getByRole('navigation', { name: '主菜单' }).getByRole('link')
    const addresses = await links.evaluateAll((all) => all.map((a) => a.getAttribute('href') ?? ''))
    expect(addresses.length).toBeGreaterThan(0)

    const found: string[] = []
    for (const address of addresses) {
      if (!isFirst(address)) continue
      await links.and(page.locator(`[href="${address}"]`)).click() // as a person does, who does not load the console anew for each page
      await page.waitForURL((url) => url.pathname === address)
      await isAtRest(page)
      const wrong = [...(await slips(page)), ...(await obstacles(page))]
      await fits(page)
      found.push(...wrong.map((w) => `${address} ${w}`))
    }
    expect(found).toEqual([])
  })
}

async function examine(page: Page, addresses: readonly string[]) {
  for (const address of addresses) {
    await goWithin(page, address)
    await isAtRest(page)
    expect([...(await obstacles(page)), ...(await slips(page))], address).toEqual([])
    await fits(page)
  }
}

test('every tab of a file is open to everybody, of one who is new and of one who was called', async ({ as, product }) => {
  test.setTimeout(400_000)
  const admin = await asking(product, 'admin')
  const [called] = (await admin(patientsApi.list, { where: JSON.stringify({ followups: ['reached'] }), limit: 1 })).rows
  expect(called).toBeDefined()
  const page = await as('admin', `/patients/${filled.patientId}`)
  await isAtRest(page)
  const inFile = page.getByRole('tablist', { name: '档案内容' }).getByRole('tab')
  const tabs = await inFile.evaluateAll((all) => all.map((tab) => tab.getAttribute('data-key') ?? ''))
  expect(tabs.length).toBeGreaterThan(5)
  await examine(
    page,
    [filled.patientId, called?.id].flatMap((id) => tabs.map((tab) => `/patients/${id}?tab=${tab}`)),
  )
})

test('the pages of one stay, task, complaint, questionnaire and answer are open to everybody', async ({ as, product }) => {
  test.slow()
  const admin = await asking(product, 'admin')
  const { rows: questionnaires } = await admin(surveysApi.questionnaires, {})
  const recovery = questionnaires.find((q) => q.title === '出院后恢复情况随访')
  const [response] = (
    await admin(surveysApi.responses, { questionnaireId: recovery?.id ?? '', from: '2020-01-01', to: '2099-12-31', limit: 1 })
  ).rows
  const [segment] = (await admin(segmentsApi.segments, {})).rows
  await examine(await as('admin', '/patients'), [
    '/me/account',
    `/segments/${segment?.id}`,
    `/encounters/${filled.encounterId}`,
    `/followups/tasks/${filled.taskId}`,
    `/feedback/complaints/${filled.complaintId}`,
    `/surveys/${recovery?.id}/results`,
    `/surveys/${recovery?.id}/edit`,
    `/surveys/responses/${response?.id}`,
    `/followups/today?task=${filled.taskId}`,
    '/nowhere',
    '/access/users', // for which the follow-up administrator has no permission
  ])
})

const firstRow = (page: Page) => page.getByRole('row').nth(1).click()
const press = (name: string | RegExp) => (page: Page) => page.getByRole('button', { name }).first().click()
const key = (combo: string) => (page: Page) => page.keyboard.press(combo)

/** A drawer or dialog of each kind: who opens it, where, and how. */
const layers: readonly [who: string, address: string, what: string, open: (page: Page) => Promise<void>][] = [
  ['nurse', '/followups/today', 'when to call again', key('u')],
  ['nurse', '/followups/today', 'the search over all patients', key('Control+k')],
  ['nurse', '/followups/today', 'the help', key('?')],
  [
    'nurse',
    '/patients',
    'the time line of a task',
    async (page) => {
      await goWithin(page, '/followups/today')
      await press('看时间线')(page)
    },
  ],
  ['admin', '/followups/tasks', 'what was done', firstRow],
  ['admin', '/followups/programmes', 'a programme', firstRow],
  ['admin', '/encounters', 'a stay', firstRow],
  ['admin', '/segments', 'the rule of a segment', press('修改规则')],
  ['admin', '/settings/fields', 'a new field', press('新增字段')],
  ['admin', '/settings/identity-classes', 'a class of people', firstRow],
  ['admin', '/encounters', 'clearing away the demo', press('清除演示，开通医院')],
  ['admin', '/rights', 'within how many days it is answered', press('答复期限（天）')],
  ['complaints', '/feedback/complaints', 'a complaint', firstRow],
  ['complaints', '/feedback/opinions', 'a new opinion', press('记录意见')],
  ['complaints', '/feedback/categories', 'a new category', press('新增类别')],
  ['president', '/dashboard', 'the rows behind a figure', press(/^出院人次/)],
  ['system', '/access/users', 'a user', firstRow],
  ['system', '/access/users', 'a new user', press('新建用户')],
  ['security', '/access/roles', 'a role', firstRow],
  ['security', '/access/roles', 'a new role', press('新建角色')],
  ['security', '/access/keys', 'a new key', press('新建密钥')],
  ['system', '/staff', 'a unit', firstRow],
  ['system', '/integration/senders', 'a sender', firstRow],
  ['system', '/integration/messages', 'a message', firstRow],
  ['system', '/integration/views', 'a new source', press('新增数据源')],
  ['system', '/integration/write-back', 'a destination', press('新增接收系统')],
  ['system', '/integration/dead-letters', 'a group of what waits', firstRow],
  ['system', '/integration/links', 'a screen link', press('新增链接')],
  ['security', '/integration/fhir', 'a new system', press('登记系统')],
  ['system', '/integration/fhir', 'the hosts that may be told', press('修改名单')],
]

for (const who of new Set(layers.map(([name]) => name))) {
  test(`what lies over a page is open to everybody, and Esc takes ${who} back`, async ({ as }) => {
    test.slow()
    const page = await as(who, '/')
    for (const [, address, what, open] of layers.filter(([name]) => name === who)) {
      await goWithin(page, address)
      await isAtRest(page)
      await open(page)
      await expect(page.getByRole('dialog').first(), what).toBeVisible()
      await expect(page.locator('[aria-busy="true"], .rx-skeleton')).toHaveCount(0)
      expect([...(await obstacles(page)), ...(await slips(page))], `${address}: ${what}`).toEqual([])

      await page.keyboard.press('Escape')

      await expect(page.getByRole('dialog'), what).toHaveCount(0)
    }
  })
}
