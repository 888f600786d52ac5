import { inflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { pdfOf } from './pdf.ts'
import type { Mark } from './sheet.ts'

const mark: Mark = {
  title: '仁心示范医院 · 随访考核',
  about: [['理由', '月度质控']],
  serial: '编号 EX-000007',
  header: ['仁心示范医院', '随访考核', 'EX-000007'],
  footer: ['张护士 2026-09-04 09:00', '月度质控'],
}
const pageOf = ({ at, of }: { at: number; of: number }) => `第 ${at} 页 / 共 ${of} 页`

/** What stands on each page, letter by letter: the pieces of a document that are packed are unpacked, and its letters told by the table that it brings for them. */
function readPages(body: Buffer): string[] {
  const text = body.toString('latin1')
  const pieces = [...text.matchAll(/stream\n([\s\S]*?)\nendstream/g)].flatMap(([, packed = '']) => {
    try {
      return [inflateSync(Buffer.from(packed, 'latin1')).toString('latin1')]
    } catch {
      return [] // a font
    }
  })
  const letters = [...(pieces.find((p) => p.includes('beginbfrange')) ?? '').matchAll(/\[([^\]]*)\]/g)].flatMap(([, all = '']) =>
    [...all.matchAll(/<([\da-f]+)>/g)].map(([, hex = '']) => Buffer.from(hex, 'hex').swap16().toString('utf16le')),
  )
  return pieces
    .filter((p) => p.includes(' TJ') || p.includes(' Tj'))
    .map((page) =>
      [...page.matchAll(/\[(<[^\]]*)\] TJ/g)]
        .map(([, line = '']) => [...line.matchAll(/<([\da-f]+)>/g)].map(([, hex = '']) => hex).join(''))
        .map((hex) => (hex.match(/.{4}/g) ?? []).map((id) => letters[Number.parseInt(id, 16)] ?? '?').join(''))
        .join('\n'),
    )
}

test('a long table has its heading on each page, and each page says whose it is, who took it, when, and which of how many', async () => {
  const columns = [
    { name: '科室', width: 24 },
    { name: '应随访', as: 'count' as const },
    { name: '完成率', as: 'share' as const },
  ]
  const rows = Array.from({ length: 120 }, (_, i) => [`第${i}科室`, 1000 + i, 0.917])

  const body = await pdfOf([{ name: '按科室', columns, rows }], mark, pageOf)

  const pages = readPages(body)
  expect(pages.length).toBeGreaterThan(2)
  for (const [at, page] of pages.entries()) {
    expect(page.split('\n')).toEqual(expect.arrayContaining(['科室', '应随访', '完成率', 'EX-000007', '仁心示范医院']))
    expect(page.split('\n').filter((line) => line === '张护士 2026-09-04 09:00').length).toBeGreaterThan(2) // below, and twice across
    expect(page).toContain(pageOf({ at: at + 1, of: pages.length }))
  }
  const said = pages.join('\n')
  expect(said).toContain('理由  月度质控')
  for (const [name, due] of rows) expect(said).toContain(`${name}\n${due?.toLocaleString('en')}\n91.7%`)
})

test('the letters are in the file and nothing else is fetched; a wide table lies across, a word too long for its page is cut', async () => {
  const columns = Array.from({ length: 12 }, (_, i) => ({ name: `列${i}` }))
  const body = await pdfOf([{ name: '宽', columns, rows: [columns.map(() => '很长'.repeat(2000))] }], mark, pageOf)

  expect(body.subarray(0, 5).toString()).toBe('%PDF-')
  expect(body.toString('latin1')).toContain('/MediaBox [0 0 841.89 595.28]')
  expect(body.toString('latin1')).toContain('/FontFile2')
  expect(body.toString('latin1')).not.toMatch(/\/URI|\/JavaScript|\/Launch/)
  expect(readPages(body).length).toBeLessThanOrEqual(2)
})
