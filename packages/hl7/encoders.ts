/** Encoders that the platform does not have, each its own decoder read backwards, once. What has no place in a character set becomes `?`. */
const tables = new Map<string, Map<number, number>>()

export function encodeByTable(text: string, charset: 'big5' | 'windows-1252'): Buffer {
  const table = tables.get(charset) ?? readBackwards(charset)
  tables.set(charset, table)
  const out = Buffer.allocUnsafe(text.length * 2)
  let at = 0
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0
    const bytes = code < 0x80 ? code : (table.get(code) ?? 0x3f)
    if (bytes < 0x100) out[at++] = bytes
    else at = out.writeUInt16BE(bytes, at)
  }
  return out.subarray(0, at)
}

function readBackwards(charset: 'big5' | 'windows-1252'): Map<number, number> {
  const decoder = new TextDecoder(charset)
  const map = new Map<number, number>()
  const learn = (bytes: number[], value: number) => {
    const char = decoder.decode(Uint8Array.from(bytes))
    const code = char.codePointAt(0)
    if (code !== undefined && char === String.fromCodePoint(code) && code !== 0xfffd && !map.has(code)) map.set(code, value)
  }
  if (charset === 'windows-1252') for (let byte = 0x80; byte <= 0xff; byte++) learn([byte], byte)
  else for (let lead = 0xa1; lead <= 0xf9; lead++) for (let trail = 0x40; trail <= 0xfe; trail++) learn([lead, trail], (lead << 8) | trail)
  return map
}
