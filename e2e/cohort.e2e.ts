import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inflateRawSync } from 'node:zlib'
import type { Page } from '@playwright/test'
import { cohortsApi } from '@renxin/followups/contract'
import { asking } from './his.ts'
import { fits, isAtRest, obstacles } from './look.ts'
import { expect, test } from './product.ts'

test('a researcher sees whom a study takes, freezes it, and takes its data away, which a statistics program reads', async ({
  as,
  product,
}) => {
  const researcher = await as('researcher', '/followups/cohorts')
  await researcher.getByRole('button', { name: '新建研究' }).click()
  await researcher.getByLabel('研究名称').fill('骨科恢复研究')
  await researcher.getByLabel('负责人').fill('高建国')
  await researcher.getByLabel('诊断（ICD-10）').fill('S82, M51')
  await expect(researcher.getByRole('status').filter({ hasText: /[1-9]\d* 名患者/ })).toBeVisible()
  await researcher.getByRole('button', { name: '加一个时间点' }).click()
  await researcher.getByLabel('问卷').click()
  await researcher.getByTitle('出院后恢复情况随访').click()
  expect(await obstacles(researcher)).toEqual([])
  await researcher.getByRole('button', { name: '保存' }).click()
  await researcher.getByRole('button', { name: '固定队列' }).click()
  const asked = researcher.getByRole('dialog', { name: '固定“骨科恢复研究”' })
  await expect(asked).toContainText(/现在符合条件的 [1-9]\d* 名患者成为成员/)
  await asked.getByRole('button', { name: '固定队列' }).click()
  await expect(researcher.getByText('已固定', { exact: true })).toBeVisible()
  await expect(researcher.getByRole('table', { name: '各时间点完成情况' })).toContainText('3 个月')
  await fits(researcher)
  await isAtRest(researcher)
  expect(await obstacles(researcher)).toEqual([])

  const desk = await asking(product, 'researcher')
  const study = (await desk(cohortsApi.cohorts, {})).rows.find((c) => c.name.endsWith('恢复情况研究'))
  await researcher.goto(`/followups/cohorts/${study?.id}`)
  const files = await takePackage(researcher)
  await expect(researcher.getByRole('table', { name: '导出' })).toContainText('统计软件包')
  const { rows } = await desk(cohortsApi.cohortItems, { id: study?.id ?? '', position: 1, side: 'centre' })
  const ours = rows.find((i) => i.linkId === 'recovery')
  expect(files['data.csv']?.split('\r\n')[0]).toContain('v1c_recovery')
  expect(ours?.meanOf).toBeGreaterThan(0)
  if (hasPspp) expect(meanOf('v1c_recovery', files)).toEqual([ours?.meanOf, expect.closeTo(ours?.mean ?? 0, 2)])
})

/** Asks for the package of data, code book and syntax, with a reason, and opens it. */
async function takePackage(page: Page): Promise<Record<string, string>> {
  await page.getByRole('button', { name: '导出数据' }).click()
  const dialog = page.getByRole('dialog', { name: '导出数据' })
  await dialog.getByRole('textbox').fill('统计分析')
  const [file] = await Promise.all([page.waitForEvent('download'), dialog.getByRole('button', { name: '导出' }).click()])
  return unzip(await readFile(await file.path()))
}

const hasPspp = (() => {
  try {
    return execFileSync('pspp', ['--version']).length > 0
  } catch {
    return false // it is Debian's; where it is not installed, the file alone is looked at
  }
})()

/** How many values a variable has and their mean, as PSPP finds them by the syntax that came with the data. */
function meanOf(variable: string, files: Record<string, string>): number[] {
  const folder = mkdtempSync(join(tmpdir(), 'renxin-pspp-'))
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
    writeFileSync(join(folder, 'run.sps'), `INSERT FILE='syntax.sps' ENCODING='UTF-8'.\nDESCRIPTIVES ${variable} /STATISTICS=MEAN.\n`)
    const said = execFileSync('pspp', ['-O', 'format=csv', 'run.sps'], { cwd: folder, encoding: 'utf8' })
    const [, n, mean] = /^[^,\n]*,(\d+),([\d.]+)$/m.exec(said) ?? []
    return [Number(n), Number(mean)]
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The files in a ZIP archive, by the directory at its end. */
function unzip(body: Buffer): Record<string, string> {
  const files: Record<string, string> = {}
  let at = body.readUInt32LE(body.length - 6)
  for (let n = body.readUInt16LE(body.length - 12); n > 0; n -= 1) {
    const [length, name, offset] = [body.readUInt32LE(at + 20), body.readUInt16LE(at + 28), body.readUInt32LE(at + 42)]
    const from = offset + 30 + body.readUInt16LE(offset + 26)
    files[body.toString('utf8', at + 46, at + 46 + name)] = inflateRawSync(body.subarray(from, from + length)).toString('utf8')
    at += 46 + name
  }
  return files
}
