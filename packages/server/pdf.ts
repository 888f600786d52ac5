import { readFile } from 'node:fs/promises'
import { setImmediate as breathe } from 'node:timers/promises'
import type PDFKit from 'pdfkit'
import type { Cell, Column, Mark, Table } from './sheet.ts'

type Paper = PDFKit.PDFDocument

const FONT = new URL('./fonts/NotoSansSC-Regular.ttf', import.meta.url)
/** Points, of which an inch has 72. */
const MARGIN = 36
const PAD = 3
const GAP = 14
const SIZE = { title: 14, name: 11, text: 8, edge: 7, watermark: 34 }
const INK = { text: '#1f1f1f', quiet: '#595959', line: '#d0d0d0', head: '#f0f2f5' }
/** Wider tables, in characters, lie across. */
const UPRIGHT_WIDTH = 90
const ROWS_AT_ONCE = 40

/**
 * Tables as a document to print, A4: the mark on top, each table's heading again on every page, and on each page whose it is, who took it and when, also across
 * what is written, and `第 x 页 / 共 y 页` (`pageOf`). The letters used are in the file, so that it looks alike everywhere.
 */
export async function pdfOf(tables: readonly Table[], mark: Mark, pageOf: (page: { at: number; of: number }) => string): Promise<Buffer> {
  const { default: Document } = await import('pdfkit') // nobody who takes no document waits for it
  const widest = Math.max(...tables.map((t) => t.columns.reduce((sum, c) => sum + widthOf(c), 0)))
  const paper: Paper = new Document({
    size: 'A4',
    layout: widest > UPRIGHT_WIDTH ? 'landscape' : 'portrait',
    margin: MARGIN,
    bufferPages: true,
    font: (await readFile(FONT)) as unknown as string, // a font may be given by its bytes, which the types do not say
    info: { Title: mark.title, Author: mark.header[0] },
  })
  const pieces: Buffer[] = []
  const ended = new Promise<void>((done, failed) => paper.on('end', done).on('error', failed))
  paper.on('data', (piece: Buffer) => pieces.push(piece))

  paper.fillColor(INK.text).fontSize(SIZE.title).text(mark.title)
  paper.fontSize(SIZE.text).fillColor(INK.quiet)
  for (const [name, said] of mark.about) paper.text(`${name}  ${said}`)
  paper.text(mark.serial)
  paper.y += GAP
  for (const table of tables) await drawTable(paper, table, tables.length > 1)
  markPages(paper, mark, pageOf)
  paper.end()
  await ended
  return Buffer.concat(pieces)
}

const widthOf = (column: Column) => Math.max(6, Math.min(40, column.width ?? 14))
const roomOf = ({ page }: Paper) => page.width - 2 * MARGIN
const bottomOf = ({ page }: Paper) => page.height - MARGIN - PAD

async function drawTable(paper: Paper, { name, columns, rows }: Table, isNamed: boolean): Promise<void> {
  const all = columns.reduce((sum, c) => sum + widthOf(c), 0)
  const widths = columns.map((c) => (widthOf(c) / all) * roomOf(paper))
  const names = columns.map((c) => c.name)
  const head: Row = { cells: names, columns, widths, height: heightOf(paper, names, widths), isHead: true }
  if (paper.y + 60 > bottomOf(paper)) newPage(paper)
  if (isNamed) paper.fontSize(SIZE.name).fillColor(INK.text).text(name, MARGIN, paper.y)
  drawRow(paper, head)
  for (const [at, row] of rows.entries()) {
    const cells = columns.map((column, nth) => textOf(row[nth] ?? null, column))
    const height = heightOf(paper, cells, widths)
    if (paper.y + height > bottomOf(paper)) {
      newPage(paper)
      drawRow(paper, head)
    }
    drawRow(paper, { cells, columns, widths, height, isHead: false })
    if (at % ROWS_AT_ONCE === ROWS_AT_ONCE - 1) await breathe() // others are served meanwhile
  }
  paper.x = MARGIN
  paper.y += GAP
}

function newPage(paper: Paper): void {
  paper.addPage()
  paper.x = MARGIN
  paper.y = MARGIN + GAP
}

type Row = { cells: readonly string[]; columns: readonly Column[]; widths: readonly number[]; height: number; isHead: boolean }

function drawRow(paper: Paper, { cells, columns, widths, height, isHead }: Row): void {
  const top = paper.y
  if (isHead) paper.rect(MARGIN, top, roomOf(paper), height).fill(INK.head)
  paper.fillColor(INK.text).fontSize(SIZE.text)
  let left = MARGIN
  for (const [at, text] of cells.entries()) {
    const width = widths[at] ?? 0
    const align = (columns[at]?.as ?? 'text') === 'text' ? 'left' : 'right'
    paper.text(text, left + PAD, top + PAD, { width: width - 2 * PAD, height: height - PAD, align, ellipsis: true })
    left += width
  }
  paper.y = top + height
  paper
    .moveTo(MARGIN, paper.y)
    .lineTo(MARGIN + roomOf(paper), paper.y)
    .lineWidth(0.5)
    .strokeColor(INK.line)
    .stroke()
}

/** As high as its longest cell; what would not stand on a page of its own is cut. */
function heightOf(paper: Paper, cells: readonly string[], widths: readonly number[]): number {
  paper.fontSize(SIZE.text)
  const one = paper.currentLineHeight(true)
  const most = cells.map((text, at) => {
    const width = (widths[at] ?? 0) - 2 * PAD
    return text.length * SIZE.text <= width ? one : paper.heightOfString(text, { width }) // no letter is wider than it is high
  })
  return Math.min(Math.max(one, ...most) + 2 * PAD, bottomOf(paper) - MARGIN - 3 * GAP)
}

function textOf(value: Cell, { as = 'text' }: Column): string {
  if (value === null) return ''
  if (typeof value === 'string') return value.replaceAll(/[\r\n\t]+/g, ' ')
  if (as === 'share') return `${(value * 100).toFixed(1)}%`
  return as === 'number' ? value.toFixed(1) : value.toLocaleString('en')
}

function markPages(paper: Paper, { header, footer }: Mark, pageOf: (page: { at: number; of: number }) => string): void {
  const { start, count } = paper.bufferedPageRange()
  for (let at = 0; at < count; at += 1) {
    paper.switchToPage(start + at)
    paper.page.margins = { top: 0, bottom: 0, left: 0, right: 0 } // what stands at the edge begins no new page
    edge(paper, MARGIN / 2, header)
    edge(paper, paper.page.height - MARGIN + PAD, [...footer, pageOf({ at: at + 1, of: count })])
    watermark(paper, footer[0])
  }
}

function edge(paper: Paper, top: number, [left = '', middle = '', right = '']: readonly string[]): void {
  const width = roomOf(paper) / 3
  paper.fontSize(SIZE.edge).fillColor(INK.quiet)
  for (const [nth, text] of [left, middle, right].entries())
    paper.text(text, MARGIN + nth * width, top, {
      width,
      height: SIZE.edge * 1.6,
      ellipsis: true,
      align: (['left', 'center', 'right'] as const)[nth] ?? 'left',
    })
}

function watermark(paper: Paper, text: string): void {
  const { width, height } = paper.page
  paper.save().fillColor(INK.quiet, 0.08).fontSize(SIZE.watermark)
  for (const share of [0.25, 0.6]) {
    const [x, y] = [width / 2, height * share]
    paper.save().rotate(-24, { origin: [x, y] })
    paper.text(text, 0, y, { width, align: 'center', lineBreak: false })
    paper.restore()
  }
  paper.restore()
}
