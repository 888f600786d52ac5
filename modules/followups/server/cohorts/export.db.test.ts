import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inflateRawSync } from 'node:zlib'
import type { Input } from '@renxin/kernel'
import { privacyApi } from '@renxin/patients/contract'
import { expect, test } from 'vitest'
import { cohortsApi } from '../../contract.ts'
import { openStudy } from './study.fixture.ts'

const { house, researcher, caller, discharged, frozen, taskAt, answer } = await openStudy()
const canary = { name: '金丝雀', words: '=我住桥头，电话一三九', phone: '13912340001', record: 'H0000001' }
const people = [await discharged(canary.name), await discharged('李强'), await discharged('赵敏')]
house.setNow('2026-02-01T12:00+08:00')
const { id, programmeId } = await frozen("研究'甲'")
house.setNow('2026-04-05T12:00+08:00')
const told: Record<string, (string | number | boolean)[]>[] = [
  { pain: ['bad'], relief: [true], weight: [60.5], signs: ['fever'], back: ['2026-03-01'], words: [canary.words] },
  { pain: ['some'], weight: [71] },
]
for (const [at, answers] of told.entries())
  await answer(caller, (await taskAt(programmeId, people[at]?.encounterId ?? '', 1))?.id ?? '', answers)

type Asked = Partial<Omit<Input<typeof cohortsApi.exportCohort>, 'id'>>
type File = { name: string; type: string; body: Buffer; waits?: { id: string } }
const take = (more: Asked = {}, who = researcher) =>
  who.call(cohortsApi.exportCohort, {
    id,
    layout: 'wide',
    isIdentified: false,
    format: 'spss',
    reason: '统计分析',
    ...more,
  }) as Promise<File> // a file's handler answers so

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
const cells = (csv = '') => csv.replace('\u{feff}', '').trim().split('\r\n').map((line) => line.split(',')) // biome-ignore format: one thought

test('without identification nothing of a patient leaves in any format: no name, number, day or word', async () => {
  const texts: string[] = []
  for (const layout of ['wide', 'long'] as const)
    for (const format of ['spss', 'csv', 'xlsx', 'fhir'] as const) {
      const { body } = await take({ layout, format })
      texts.push(format === 'spss' || format === 'xlsx' ? Object.values(unzip(body)).join('\n') : String(body))
    }

  const leaked = [...Object.values(canary), '桥头', '2026-03-01', '2026-01-05', ...people.flatMap((p) => [p.patientId, p.encounterId])]
  for (const text of texts) for (const secret of leaked) expect(text).not.toContain(secret)
})

test('a row a member or a row a visit, with days from the discharge, codes, and what is missing told apart', async () => {
  const files = unzip((await take()).body)
  const [head = [], ...rows] = cells(files['data.csv'])
  const of = (row: string[] = [], name = '') => row[head.indexOf(name)]
  const byPain = (code: string) => rows.find((r) => of(r, 'v1c_pain') === code)

  expect(Object.keys(files)).toEqual(['data.csv', 'codebook.csv', 'syntax.sps', 'about.txt'])
  expect(rows.map((r) => of(r, 'id')).toSorted()).toEqual(['P001', 'P002', 'P003'])
  expect(
    ['v1c_state', 'v1c_day', 'v1c_relief', 'v1c_weight', 'v1c_signs_1', 'v1c_signs_2', 'v1c_back'].map((n) => of(byPain('4'), n)),
  ).toEqual(['1', '90', '1', '60.5', '1', '0', '55'])
  expect(['v1c_relief', 'v1c_weight', 'v1c_signs_1', 'v1c_back', 'v1d_state', 'v1d_pain'].map((n) => of(byPain('1'), n))).toEqual([
    '-8',
    '71',
    '-9',
    '-99999',
    '7',
    '',
  ])
  expect(head).not.toContain('v1c_words')
  expect(rows.every((r) => of(r, 'export_no')?.startsWith('EX-'))).toBe(true)
  expect(files['codebook.csv']).toContain("'=发热".slice(2)) // a label that would be a formula stands behind others in its cell
  expect(files['about.txt']).toContain('统计分析')
  expect(cells(unzip((await take({ layout: 'long' })).body)['data.csv'])).toHaveLength(1 + 3 * 3)
})

const hasPspp = (() => {
  try {
    execFileSync('pspp', ['--version'])
    return true
  } catch {
    return false
  }
})()

test.skipIf(!hasPspp)(
  'a statistics program runs the syntax and finds the mean and the number that our page shows (skipped where PSPP is not installed)',
  async () => {
    const { rows } = await researcher.call(cohortsApi.cohortItems, { id, position: 1, side: 'centre' })
    const files = unzip((await take()).body)
    const folder = mkdtempSync(join(tmpdir(), 'renxin-pspp-'))
    try {
      for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
      writeFileSync(
        join(folder, 'run.sps'),
        `INSERT FILE='syntax.sps' ENCODING='UTF-8'.\nDESCRIPTIVES v1c_pain v1c_weight /STATISTICS=MEAN.\nDISPLAY DICTIONARY /VARIABLES=v1c_pain.\n`,
      )
      const said = execFileSync('pspp', ['-O', 'format=csv', 'run.sps'], { cwd: folder, encoding: 'utf8' })
      const means = Object.fromEntries(
        [...said.matchAll(/^([^,\n]*),(\d+),([\d.]+)$/gm)].map(([, name = '', n, mean]) => [name, [Number(n), Number(mean)]]),
      )

      const ours = (linkId: string) => rows.find((r) => r.linkId === linkId)
      for (const [label, linkId] of [
        ['疼痛程度？', 'pain'],
        ['体重（kg）', 'weight'],
      ] as const) {
        const found = Object.entries(means).find(([name]) => name.includes(label))?.[1]
        expect([label, said.includes('error'), found]).toEqual([label, false, [ours(linkId)?.meanOf, ours(linkId)?.mean]])
      }
      expect(said).toContain('很痛')
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
)

test('as FHIR it is a collection of the answers and of what was asked, and a day is an extension in the place of its value', async () => {
  const { body, type, name } = await take({ format: 'fhir' })
  const bundle = JSON.parse(String(body))
  const responses = bundle.entry
    .map((e: { resource: object }) => e.resource)
    .filter((r: { resourceType: string }) => r.resourceType === 'QuestionnaireResponse')
  const first = responses.find((r: { item: unknown[] }) => r.item.length > 2)

  expect([type, name.endsWith('.json'), bundle.type, bundle.entry.length]).toEqual(['application/fhir+json', true, 'collection', 3])
  expect(bundle.identifier.value).toMatch(/^EX-\d{6}$/)
  expect(first.subject).toEqual({
    type: 'Patient',
    identifier: { system: `urn:renxin:cohort:${id}`, value: expect.stringMatching(/^P00\d$/) },
  })
  expect(first.extension).toContainEqual({ url: 'urn:renxin:fhir:day-after-discharge', valueInteger: 90 })
  expect(first.item.find((i: { linkId: string }) => i.linkId === 'back').answer).toEqual([
    { extension: [{ url: 'urn:renxin:fhir:day-after-discharge', valueInteger: 55 }] },
  ])
})

test('names and words leave only for whoever may export them, and stand where they were asked for', async () => {
  const trusted = house.who('followups.cohorts', 'access.exportPlain', 'patients.names', 'encounters.read', { name: '孙秘书' })

  await expect(take({ isIdentified: true })).rejects.toMatchObject({ code: 'house.forbidden' })
  const data = unzip((await take({ isIdentified: true }, trusted)).body)['data.csv'] ?? ''
  for (const shown of [canary.name, `'${canary.words}`, '2026-01-05']) expect(data).toContain(shown) // what would be a formula is text
  expect(String((await take({ isIdentified: true, format: 'fhir' }, trusted)).body)).toContain(canary.words)
})

test('each export stands on the page of its study and in the list of the house; above the limit it waits and nothing is taken', async () => {
  const { exports } = await researcher.call(cohortsApi.cohort, { id })
  const noted = await house.sql<{ n: number }>(`select count(*)::int as n from house.exports where route = 'followups.exportCohort'`)

  expect(exports).toHaveLength(noted[0]?.n ?? 0)
  expect(exports[0]).toMatchObject({
    byName: '孙秘书',
    isIdentified: true,
    format: 'fhir',
    members: 3,
    reason: '统计分析',
    serial: expect.stringMatching(/^EX-/),
  })
  await house.sql('insert into house.export_limits (alone_rows, most_rows, plain_waits, take_hours) values (2, 50000, false, 24)')
  const waiting = await take()
  expect(waiting.waits).toBeDefined()
  expect((await researcher.call(cohortsApi.cohort, { id })).exports).toHaveLength(exports.length)
  await house.sql('delete from house.export_limits')
})

test('whom the researcher may not see is not in what he takes', async () => {
  const chief = house.who('patients.read', 'patients.classify', 'patients.seeVip')
  await chief.call(privacyApi.classify, { patientId: people[2]?.patientId ?? '', class: 'vip', reason: '院办通知' })

  expect(cells(unzip((await take()).body)['data.csv'])).toHaveLength(1 + 2)
})
