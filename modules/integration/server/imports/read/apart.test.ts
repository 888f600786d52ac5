import { subscribe } from 'node:diagnostics_channel'
import { setTimeout as pause } from 'node:timers/promises'
import { Refusal } from '@renxin/kernel'
import { expect, test, vi } from 'vitest'
import { openApart, rowsApart } from './apart.ts'
import { rowXml, workbookOf, zipOf } from './files.fixture.ts'
import { openSource, rowsOf } from './source.ts'
import { openZip, unpack } from './zip.ts'

let begun = 0
subscribe('child_process', () => {
  begun += 1
})
vi.setConfig({ testTimeout: 60_000 })

const MB = 1024 * 1024
const bounds = { seconds: 1.5, megabytes: 160 }

/** A sound workbook with other parts in place of its own. */
function bookWith(others: Readonly<Record<string, Buffer>>): Buffer {
  const sound = [...openZip(workbookOf({ a: rowXml(1, ['病案号', '姓名']) }))].map(([name, part]) => ({ name, body: unpack(part, MB) }))
  const rels = sound.find((p) => p.name === 'xl/_rels/workbook.xml.rels')
  const strings = '<Relationship Id="rIdT" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/>' // biome-ignore format: a line of XML
  if (rels) rels.body = Buffer.from(rels.body.toString().replace('</Relationships>', `${strings}</Relationships>`))
  const kept = sound.filter((p) => !(p.name in others))
  return zipOf([...kept, ...Object.entries(others).map(([name, body]) => ({ name, body }))])
}
const filled = (head: string, unit: string, tail: string, bytes: number) =>
  Buffer.concat([Buffer.from(head), Buffer.alloc(bytes - (bytes % Buffer.byteLength(unit)), unit), Buffer.from(tail)])
const sheet = (unit: string, bytes: number, head = '', tail = '') =>
  bookWith({ 'xl/worksheets/sheet1.xml': filled(`<worksheet><sheetData>${head}`, unit, `${tail}</sheetData></worksheet>`, bytes) })
const laughing = `<!DOCTYPE s [<!ENTITY a "哈哈哈哈哈哈哈哈哈哈">${[...'bcdefghij'].map((name, i) => `<!ENTITY ${name} "${`&${'abcdefghij'[i]};`.repeat(10)}">`).join('')}]>`
const laugh = `<c r="A2" t="inlineStr"><is><t>&j;</t></is></c>`

/** What was answered, how long nobody else was served meanwhile, and how long it took. */
async function measured(work: () => Promise<unknown>) {
  let [blockedMs, last] = [0, performance.now()]
  const look = () => {
    blockedMs = Math.max(blockedMs, performance.now() - last)
    last = performance.now()
  }
  const beat = setInterval(look, 10)
  const began = performance.now()
  const said = await work().then(
    () => 'read',
    (error: unknown) => (error instanceof Refusal ? error.code.replace('integration.', '') : String(error)),
  )
  look()
  clearInterval(beat)
  return { said, blockedMs, seconds: (performance.now() - began) / 1000 }
}
async function all<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const row of rows) found.push(row)
  return found
}
async function read(bytes: Buffer, each: () => Promise<void> = async () => {}) {
  const { source } = await openApart(bytes, 0, bounds)
  for await (const _ of rowsApart(bytes, source, source.sheets[0] ?? '', 1e6, bounds)) await each()
}

test('what is read in a process of its own is what is read where we are', async () => {
  const rows = Array.from({ length: 1700 }, (_, i) => rowXml(i + 1, [`R${i}`, '王芳', i, ['d', 25_694]])).join('')
  const text = Buffer.from(Array.from({ length: 20_000 }, (_, i) => `R${i},"王,芳",${i}`).join('\r\n'))
  for (const bytes of [workbookOf({ 患者: rows }), text]) {
    const source = await openSource(bytes)
    const here = await all(rowsOf(bytes, source, source.sheets[0] ?? ''))
    const before = begun
    expect(await openApart(bytes, 3)).toEqual({ source, rows: here.slice(0, 3) })
    expect(begun - before).toBe(1) // an upload is read once
    expect(await all(rowsApart(bytes, source, source.sheets[0] ?? ''))).toEqual(here)
    expect(await all(rowsApart(bytes, source, source.sheets[0] ?? '', 3))).toEqual(here.slice(0, 3))
  }
})

test.each([
  ['a comment that never ends', () => sheet('哈', 24 * MB, '<!--'), 'fileTooHard'],
  ['rows of one cell in the last column', () => sheet('<row><c r="XFD1"/></row>', 24 * MB), 'fileTooHard'],
  ['a million words shared among cells', () => bookWith({ 'xl/sharedStrings.xml': filled('<sst>', '<si><t>a</t></si>', '</sst>', 40 * MB) }), 'fileTooHard'],
  ['one word of forty megabytes', () => bookWith({ 'xl/sharedStrings.xml': filled('<sst><si><t>', '&amp;', '</t></si></sst>', 40 * MB) }), 'fileTooHard'],
  ['names of sheets that never close', () => bookWith({ 'xl/workbook.xml': filled('<workbook><sheets>', '<sheet name="', '', 3 * MB) }), 'notAWorkbook'],
  ['a cell of three megabytes', () => sheet('哈', 3 * MB, '<row r="2"><c t="inlineStr"><is><t>', '</t></is></c></row>'), 'cellTooLong'],
  ['entities that name one another ten deep', () => bookWith({ 'xl/worksheets/sheet1.xml': Buffer.from(`${laughing}<worksheet><sheetData><row r="2">${laugh}</row></sheetData></worksheet>`) }), 'read'],
  ['nineteen million empty lines before the last', () => Buffer.concat([Buffer.from('a,b\n'), Buffer.alloc(19 * MB, '\n'), Buffer.from('1,2\n')]), 'fileTooHard'],
] as const)('%s neither keeps the others waiting nor takes more memory than it may', async (_, make, said) => {
  const bytes = make()
  expect(bytes.length).toBeLessThan(20 * MB)
  const before = process.memoryUsage().rss

  const found = await measured(() => read(bytes))

  expect(found.said).toBe(said)
  expect(found.blockedMs).toBeLessThan(1000)
  expect(found.seconds).toBeLessThan(2 * bounds.seconds + 15) // of two readers, and what it takes to begin them on a busy machine
  expect(process.memoryUsage().rss - before).toBeLessThan(500 * MB)
}) // biome-ignore format: a bomb a line

test('a reader that falls while nobody waits for it takes nobody with it, and the next file is read', async () => {
  const bytes = sheet('<row><c r="GR1"><v>1</v></c></row>', 24 * MB)
  let rows = 0

  const found = await measured(() => read(bytes, async () => { if (++rows === 400) await pause(4000) })) // biome-ignore format: one thought

  expect(found.said).toBe('fileTooHard')
  expect(rows).toBeGreaterThanOrEqual(400)
  expect((await measured(() => openApart(workbookOf({ a: rowXml(1, ['病案号']) }), 1))).said).toBe('read')
})

test('the measure sees a reader that keeps the others waiting: one that works where we are', async () => {
  const bytes = Buffer.concat([Buffer.from('a,b\n'), Buffer.alloc(MB, '\n')])

  const found = await measured(async () => {
    for await (const _ of rowsOf(bytes, await openSource(bytes), '')) await undefined
  })

  expect(found.blockedMs).toBeGreaterThan(200)
})
