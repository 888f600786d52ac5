import type { FileType } from '../contract.ts'

const startsWith = (body: Buffer, ...bytes: number[]) => body.subarray(0, bytes.length).equals(Buffer.from(bytes))

/** What the bytes are, whatever the name says; undefined for anything that we do not take. */
export function sniff(body: Buffer): FileType | undefined {
  if (body.subarray(0, 5).toString('latin1') === '%PDF-') return 'pdf'
  if (startsWith(body, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'png'
  if (startsWith(body, 0xff, 0xd8, 0xff)) return 'jpg'
  if (startsWith(body, 0x50, 0x4b, 0x03, 0x04)) return sniffOffice(body)
  return isText(body) ? 'txt' : undefined
}

/** An Office file is a zip; its parts' names stand in it as they are. One with macros is not taken. */
function sniffOffice(body: Buffer): FileType | undefined {
  if (!body.includes('[Content_Types].xml') || body.includes('vbaProject.bin')) return undefined
  if (body.includes('word/document.xml')) return 'docx'
  return body.includes('xl/workbook.xml') ? 'xlsx' : undefined
}

/** Words in UTF-8 or GB18030 with no control characters; a page of HTML is not words. */
function isText(body: Buffer): boolean {
  if (body.length === 0) return false
  const text = decode(body)
  if (text === undefined || /^\s*<(!doctype|html|svg|script|\?xml)/i.test(text)) return false
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return !/[\u0000-\u0008\u000b\u000e-\u001f\u007f]/.test(text)
}

function decode(body: Buffer): string | undefined {
  for (const charset of ['utf-8', 'gb18030']) {
    try {
      return new TextDecoder(charset, { fatal: true }).decode(body)
    } catch {
      // the next charset may fit
    }
  }
  return undefined
}

export const mediaTypes: Record<FileType, string> = {
  pdf: 'application/pdf',
  png: 'image/png',
  jpg: 'image/jpeg',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  txt: 'text/plain',
}

const endings: Record<FileType, readonly string[]> = {
  pdf: ['pdf'],
  png: ['png'],
  jpg: ['jpg', 'jpeg'],
  docx: ['docx'],
  xlsx: ['xlsx'],
  txt: ['txt', 'log', 'csv'],
}

/** The name without any path, with the ending that its bytes deserve. */
export function safeName(said: string, type: FileType): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  const base = (said.split(/[\\/]/).at(-1) ?? '').replace(/[\u0000-\u001f\u007f<>:"|?*\u202a-\u202e\u2066-\u2069]/g, '').trim()
  const ending = /\.([a-z0-9]+)$/i.exec(base)?.[1]?.toLowerCase() ?? ''
  if (endings[type].includes(ending) && base.length > ending.length + 1) return base
  return `${base || 'file'}.${endings[type][0]}`
}
