import { isUtf8 } from 'node:buffer'
import { importErrors } from '../../../imports-contract.ts'

export type TextCharset = 'utf-8' | 'gb18030' | 'utf-16le' | 'utf-16be'

const PIECE_BYTES = 64 * 1024
const LOOK_AT_BYTES = 4096

/** What a text is written in: its mark, else zero bytes in every second place, else UTF-8 where the bytes are, else GB18030, which holds GBK. */
export function charsetOf(bytes: Buffer): TextCharset {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8'
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  const unmarked = unmarkedUtf16(bytes.subarray(0, LOOK_AT_BYTES))
  if (unmarked) return unmarked
  if (bytes.includes(0)) throw importErrors.unknownFile()
  return isUtf8(bytes) ? 'utf-8' : 'gb18030'
}

/** Of a table's digits, separators and line ends one byte in two is zero. */
function unmarkedUtf16(start: Buffer): TextCharset | undefined {
  const zeros = [0, 0]
  for (const [at, byte] of start.entries()) if (byte === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1
  const [even = 0, odd = 0] = zeros
  const many = start.length / 20
  if (odd > many && even < odd / 10) return 'utf-16le'
  if (even > many && odd < even / 10) return 'utf-16be'
  return undefined
}

/** The text, piece by piece, without its mark. Refuses what is no text at all. */
export function* piecesOf(bytes: Buffer, charset: TextCharset): Generator<string> {
  const decoder = new TextDecoder(charset, { fatal: charset !== 'gb18030' })
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
    const text = decodePiece(decoder, bytes.subarray(at, at + PIECE_BYTES), at + PIECE_BYTES >= bytes.length)
    if (isRubbish(text)) throw importErrors.unknownFile()
    yield text
  }
}

function decodePiece(decoder: TextDecoder, piece: Buffer, isLast: boolean): string {
  try {
    return decoder.decode(piece, { stream: !isLast })
  } catch {
    throw importErrors.unknownFile()
  }
}

/** Control characters, or characters that could not be read, in numbers that no spoilt name explains. */
function isRubbish(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const strange = text.match(/[\u0000-\u0008\u000e-\u001f\ufffd]/g)?.length ?? 0
  return strange > 3 && strange > text.length / 100
}
