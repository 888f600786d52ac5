import { deflateRawSync } from 'node:zlib'

type Part = { name: string; body: Buffer; claims?: number }

/** A zip as other programs write it, from its parts; `claims` is the size that its directory lies of. */
export function zipOf(parts: readonly Part[]): Buffer {
  const bodies: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const { name, body, claims = body.length } of parts) {
    const packed = deflateRawSync(body)
    const names = Buffer.from(name)
    const head = Buffer.alloc(30)
    head.writeUInt32LE(0x04034b50, 0)
    head.writeUInt16LE(8, 8)
    head.writeUInt32LE(packed.length, 18)
    head.writeUInt32LE(claims, 22)
    head.writeUInt16LE(names.length, 26)
    const entry = Buffer.alloc(46)
    entry.writeUInt32LE(0x02014b50, 0)
    entry.writeUInt16LE(8, 10)
    entry.writeUInt32LE(packed.length, 20)
    entry.writeUInt32LE(claims, 24)
    entry.writeUInt16LE(names.length, 28)
    entry.writeUInt32LE(at, 42)
    bodies.push(head, names, packed)
    directory.push(entry, names)
    at += head.length + names.length + packed.length
  }
  const listed = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(parts.length, 8)
  end.writeUInt16LE(parts.length, 10)
  end.writeUInt32LE(listed.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...bodies, listed, end])
}

const xml = (text: string) => Buffer.from(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>${text}`)

/** A workbook whose sheets are given as the XML of their rows, so that a test says exactly what stands in a cell. */
export function workbookOf(sheets: Readonly<Record<string, string>>, hidden: readonly string[] = []): Buffer {
  const names = Object.keys(sheets)
  const type = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
  return zipOf([
    {
      name: '[Content_Types].xml',
      body: xml('<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'),
    },
    {
      name: '_rels/.rels',
      body: xml(
        `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${type}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
      ),
    },
    {
      name: 'xl/workbook.xml',
      body: xml(
        `<workbook xmlns:r="${type}"><sheets>${names
          .map(
            (name, i) => `<sheet name="${name}" sheetId="${i + 1}"${hidden.includes(name) ? ' state="hidden"' : ''} r:id="rId${i + 1}"/>`,
          )
          .join('')}</sheets></workbook>`,
      ),
    },
    {
      name: 'xl/_rels/workbook.xml.rels',
      body: xml(
        `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${names
          .map((_, i) => `<Relationship Id="rId${i + 1}" Type="${type}/worksheet" Target="worksheets/sheet${i + 1}.xml"/>`)
          .join('')}<Relationship Id="rIdS" Type="${type}/styles" Target="styles.xml"/></Relationships>`,
      ),
    },
    {
      name: 'xl/styles.xml',
      body: xml('<styleSheet><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>'),
    },
    ...Object.values(sheets).map((rows, i) => ({
      name: `xl/worksheets/sheet${i + 1}.xml`,
      body: xml(`<worksheet><sheetData>${rows}</sheetData></worksheet>`),
    })),
  ])
}

const escaped = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')

/** The XML of one row: a text is a text, a number a number, `['f', formula, value]` a formula with what it came to, `['d', serial]` a day. */
export function rowXml(number: number, cells: readonly (string | number | null | ['f', string, string] | ['d', number])[]): string {
  const inner = cells.map((cell, i) => {
    const place = `${letters(i)}${number}`
    if (cell === null) return ''
    if (typeof cell === 'number') return `<c r="${place}"><v>${cell}</v></c>`
    if (typeof cell === 'string') return `<c r="${place}" t="inlineStr"><is><t>${escaped(cell)}</t></is></c>`
    if (cell[0] === 'd') return `<c r="${place}" s="1"><v>${cell[1]}</v></c>`
    return `<c r="${place}" t="str"><f>${escaped(cell[1])}</f><v>${escaped(cell[2] ?? '')}</v></c>`
  })
  return `<row r="${number}">${inner.join('')}</row>`
}

const letters = (column: number): string =>
  column < 26 ? String.fromCharCode(65 + column) : letters(Math.floor(column / 26) - 1) + letters(column % 26)
