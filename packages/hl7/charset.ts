import { isAscii, isUtf8 } from 'node:buffer'
import { encodeGb18030 } from './gb18030.ts'

export type Charset = 'utf-8' | 'gb18030' | 'ascii' | 'big5' | 'windows-1252' | 'utf-16le' | 'utf-16be'

export type Decoded = {
  readonly text: string
  readonly charset: Charset
  /** What MSH-18 says, `''` where it says nothing. */
  readonly declared: string
  /** MSH-18 names one character set and the bytes are in another. */
  readonly disagrees: boolean
}

/**
 * Bytes to text, before anything is split: in GBK and GB18030 the second byte of a character can be `|`, `^`, `~` or `\`.
 * MSH-18 decides, unless the bytes disprove it; where it is empty, UTF-8 if the bytes are, else GB18030.
 */
export function decode(bytes: Uint8Array, force?: Charset): Decoded {
  const declared = declaredCharset(bytes)
  const asked = force ?? charsetOf(declared)
  const charset = fitting(bytes, asked)
  const text = charset === 'utf-8' || charset === 'ascii' ? utf8Text(bytes) : new TextDecoder(charset).decode(bytes)
  return { text, charset, declared, disagrees: asked !== undefined && asked !== charset }
}

/** Text to bytes, for an answer in the sender's own character set. */
export function encodeText(text: string, charset: Charset = 'utf-8'): Buffer {
  switch (charset) {
    case 'gb18030':
      return encodeGb18030(text)
    case 'utf-16le':
      return Buffer.from(`\uFEFF${text}`, 'utf16le')
    default:
      return Buffer.from(text, 'utf8')
  }
}

/** The character set that a value of MSH-18 (HL7 table 0211, and what makers write instead) means. */
export function charsetOf(declared: string): Charset | undefined {
  let ascii: Charset | undefined
  for (const one of declared.split('~')) {
    const name = one.toUpperCase().replace(/[\s_/-]/g, '')
    if (name === '') continue
    if (name.includes('UTF16')) return name.includes('BE') ? 'utf-16be' : 'utf-16le'
    if (name.startsWith('UNICODE') || name.startsWith('UTF8') || name === 'ISO10646') return 'utf-8' // analysers say UNICODE and send UTF-8
    if (name.startsWith('GB') || name === 'CP936' || name === 'HZGB2312') return 'gb18030' // which contains GBK and GB2312
    if (name.startsWith('BIG5')) return 'big5'
    if (name === '88591' || name === 'ISO88591') return 'windows-1252'
    if (name === 'ASCII' || name === 'USASCII') ascii = 'ascii'
  }
  return ascii
}

function fitting(bytes: Uint8Array, asked: Charset | undefined): Charset {
  const mark = markOf(bytes)
  if (mark) return mark
  switch (asked) {
    case 'gb18030':
    case 'big5':
    case 'windows-1252':
      return asked
    case 'utf-16le':
    case 'utf-16be':
      if (bytes.includes(0)) return asked // without a zero byte it is no UTF-16 of a message
      break
    case 'ascii':
      if (isAscii(bytes)) return 'ascii'
      break
  }
  return isUtf8(bytes) ? 'utf-8' : 'gb18030'
}

function markOf(bytes: Uint8Array): Charset | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8'
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  return undefined
}

const utf8Text = (bytes: Uint8Array) => {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
}

/** MSH-18 of the first message among these bytes; `''` where there is none. */
function declaredCharset(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let from = buffer.indexOf('MSH')
  while (from > 0 && !isLineStart(buffer, from)) from = buffer.indexOf('MSH', from + 3)
  if (from < 0) return ''
  let to = from
  while (to < buffer.length && buffer[to] !== 0x0d && buffer[to] !== 0x0a && buffer[to] !== 0x1c) to += 1
  const line = buffer.subarray(from, to)
  // The header itself may hold a character whose second byte is a delimiter (the name of the facility).
  const header = isUtf8(line) ? line.toString('utf8') : new TextDecoder('gb18030').decode(line)
  const fields = header.split(header[3] ?? '|', 19)
  return (fields[17] ?? '').trim()
}

function isLineStart(buffer: Buffer, at: number): boolean {
  const before = buffer[at - 1]
  return before === 0x0d || before === 0x0a || before === 0x0b || before === 0xbf || before === 0x20
}
