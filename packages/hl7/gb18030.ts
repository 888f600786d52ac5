/** GB18030 bytes of a text. The platform decodes GB18030 but does not encode it, so its own decoder is read backwards, once. */
export function encodeGb18030(text: string): Buffer {
  const out = Buffer.allocUnsafe(text.length * 4)
  let at = 0
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0
    if (code < 0x80) {
      out[at++] = code
    } else if (code >= 0x10000) {
      at = writeLinear(out, at, code - 0x10000 + 189_000)
    } else {
      table ??= readBackwards()
      const known = table.get(code)
      if (known === undefined) out[at++] = 0x3f
      else if (known < 0x10000) at = out.writeUInt16BE(known, at)
      else at = writeLinear(out, at, known - 0x10000)
    }
  }
  return out.subarray(0, at)
}

/** By code point: the two bytes, or 0x10000 and the position among the four-byte codes. */
let table: Map<number, number> | undefined

/** The position of U+FFFD, written 84 31 A4 37. */
const REPLACEMENT = 39_417

function readBackwards(): Map<number, number> {
  const map = new Map<number, number>()
  const decoder = new TextDecoder('gb18030')
  for (let position = 0; position < 39_420; position++) {
    const four = Buffer.alloc(4)
    writeLinear(four, 0, position)
    const char = decoder.decode(four)
    if (char.length === 1 && char !== '\uFFFD') map.set(char.charCodeAt(0), 0x10000 + position)
  }
  map.set(0xfffd, 0x10000 + REPLACEMENT) // a character of its own here, which the decoder also gives for what is none
  const two = Buffer.alloc(2)
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      if (trail === 0x7f) continue
      two[0] = lead
      two[1] = trail
      const char = decoder.decode(two)
      if (char.length === 1 && char !== '\uFFFD') map.set(char.charCodeAt(0), (lead << 8) | trail)
    }
  }
  return map
}

function writeLinear(out: Buffer, at: number, position: number): number {
  out[at] = 0x81 + Math.floor(position / 12_600)
  out[at + 1] = 0x30 + (Math.floor(position / 1260) % 10)
  out[at + 2] = 0x81 + (Math.floor(position / 10) % 126)
  out[at + 3] = 0x30 + (position % 10)
  return at + 4
}
