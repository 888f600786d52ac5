import { isAscii, isUtf8 } from 'node:buffer'
import { encodeByTable } from './encoders.ts'
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
  const said = force ? [force] : charsetsOf(declared)
  const asked = force ?? charsetOf(declared)
  const charset = fitting(bytes, said)
  const text = charset === 'utf-8' || charset === 'ascii' ? utf8Text(bytes) : new TextDecoder(charset).decode(bytes)
  return { text, charset, declared, disagrees: asked !== undefined && asked !== charset }
}

/** Text to bytes, for an answer in the sender's own character set. */
export function encodeText(text: string, charset: Charset = 'utf-8'): Buffer {
  switch (charset) {
    case 'gb18030':
      return encodeGb18030(text)
    case 'big5':
    case 'windows-1252':
      return encodeByTable(text, charset)
    case 'utf-16le':
      return Buffer.from(`\uFEFF${text}`, 'utf16le')
    case 'utf-16be':
      return Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()
    default:
      return Buffer.from(text, 'utf8')
  }
}

/** The character set that a value of MSH-18 (HL7 table 0211, and what makers write instead) means; of several the first that is more than ASCII. */
export function charsetOf(declared: string): Charset | undefined {
  const all = charsetsOf(declared)
  return all.find((c) => c !== 'ascii') ?? all[0]
}

function charsetsOf(declared: string): Charset[] {
  return declared.split('~').flatMap((one) => namedCharset(one.toUpperCase().replace(/[\s_/-]/g, '')) ?? [])
}

function namedCharset(name: string): Charset | undefined {
  if (name === '') return undefined
  if (name.includes('UTF16')) return name.includes('BE') ? 'utf-16be' : 'utf-16le'
  if (name.startsWith('UNICODE') || name.startsWith('UTF8') || name === 'ISO10646') return 'utf-8' // analysers say UNICODE and send UTF-8
  if (name.startsWith('GB') || name === 'CP936' || name === 'HZGB2312') return 'gb18030' // which contains GBK and GB2312
  if (name.startsWith('BIG5') || name === 'CP950') return 'big5'
  if (name === '88591' || name === 'ISO88591' || name === 'LATIN1' || name === 'CP1252') return 'windows-1252'
  return name === 'ASCII' || name === 'USASCII' ? 'ascii' : undefined
}

function fitting(bytes: Uint8Array, asked: readonly Charset[]): Charset {
  const mark = markOf(bytes)
  if (mark) return mark
  if (asked.length > 1 && asked.includes('utf-8') && isUtf8(bytes) && !isAscii(bytes)) return 'utf-8' // of several sets, the one that they prove
  for (const charset of [...asked.filter((c) => c !== 'ascii'), ...asked]) {
    switch (charset) {
      case 'gb18030':
      case 'big5':
      case 'windows-1252':
        return charset
      case 'utf-16le':
      case 'utf-16be':
        if (bytes.includes(0)) return charset // without a zero byte it is no UTF-16 of a message
        break
      case 'ascii':
        if (isAscii(bytes)) return 'ascii'
        break
      case 'utf-8':
        if (isUtf8(bytes)) return 'utf-8'
    }
  }
  return wideOf(bytes) ?? (isUtf8(bytes) ? 'utf-8' : 'gb18030')
}

/** UTF-16 without a mark: every second byte of `MSH` is zero. */
function wideOf(bytes: Uint8Array): Charset | undefined {
  const start = bytes[0] === 0 ? 1 : 0
  const isWide = bytes[start] === 0x4d && bytes[start + 1] === 0 && bytes[start + 2] === 0x53
  if (!isWide) return undefined
  return start === 1 ? 'utf-16be' : 'utf-16le'
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
