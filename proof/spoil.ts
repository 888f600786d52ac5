import type { Random } from '@renxin/seed'

const CR = 0x0d
const odd = [
  '\0', '\x0b', '\x1c', '\x1c\r', '\r', '\n', '\r\n', '|', '^', '~', '\\', '&', '""', '|||||||', '\\X0D\\', '\\H\\', '\\Zxx', '\\.br\\', '\\C2842\\',
  'MSH|^~\\&|', 'PID|', 'ZZZ|', 'FHS|', 'BHS|^~\\&', '\uFFFD', '\uFEFF', '𠮷', '99999999999999999999', '-1', '20261399', '00000000000000', '20260230240000+2500', '9999-12-31',
  '1.10101E+17', 'NaN', 'null', '__proto__', '{"$gt":""}', "'; drop table x; --", '<script>', '%s%n', '../../..', '\u202e', 'ADT^A40', 'ADT^A45', 'ORU^R01', 'UTF-16', 'GB18030', 'BIG5', 'AL', 'NE', 'ER', 'SU',
] // biome-ignore format: words to throw in
const raw = [
  Buffer.from([0xff, 0xfe]),
  Buffer.from([0x81, 0x7c]),
  Buffer.from([0x84, 0x31, 0xa4, 0x37]),
  Buffer.from([0xc0, 0x80]),
  Buffer.from([0xed, 0xa0, 0x80]),
]

type Spoil = (bytes: Buffer, random: Random, other: Buffer) => Buffer

const at = (bytes: Buffer, random: Random) => random.int(0, Math.max(0, bytes.length - 1))
const put = (bytes: Buffer, from: number, to: number, middle: Buffer) =>
  Buffer.concat([bytes.subarray(0, from), middle, bytes.subarray(to)])
const linesOf = (bytes: Buffer): Buffer[] => {
  const lines: Buffer[] = []
  let from = 0
  for (let end = bytes.indexOf(CR); end >= 0; end = bytes.indexOf(CR, from)) {
    lines.push(bytes.subarray(from, end + 1))
    from = end + 1
  }
  return [...lines, bytes.subarray(from)]
}

const ways: readonly Spoil[] = [
  (b, r) => {
    const out = Buffer.from(b)
    for (let i = r.int(1, 6); i > 0; i -= 1) out[at(out, r)] = r.int(0, 255)
    return out
  },
  (b, r) => {
    const from = at(b, r)
    return put(b, from, from + r.int(1, 40), Buffer.alloc(0))
  },
  (b, r) => put(b, at(b, r), b.length, Buffer.alloc(0)), // cut off
  (b, r) => {
    const from = at(b, r)
    return put(b, from, from, Buffer.from(r.pick(odd)))
  },
  (b, r) => {
    const from = at(b, r)
    return put(b, from, from, r.pick(raw))
  },
  (b, r) => {
    const lines = linesOf(b)
    return Buffer.concat(r.chance(0.5) ? [...lines, r.pick(lines)] : lines.toSpliced(r.int(0, lines.length - 1), 1))
  },
  (b, r) => {
    const lines = linesOf(b)
    const [i, j] = [r.int(0, lines.length - 1), r.int(0, lines.length - 1)]
    const [one, two] = [lines[i] ?? Buffer.alloc(0), lines[j] ?? Buffer.alloc(0)]
    return Buffer.concat(lines.with(i, two).with(j, one))
  },
  (b, r, other) => Buffer.concat([b.subarray(0, at(b, r)), other.subarray(at(other, r))]),
  (b, r) => {
    const fields = b.toString('latin1').split('|')
    const long = r.chance(0.1) ? 'X'.repeat(r.int(1_000, 60_000)) : r.chance(0.2) ? '~a^b&c'.repeat(r.int(10, 800)) : r.pick(odd)
    return Buffer.from(fields.with(r.int(0, fields.length - 1), long).join('|'), 'latin1')
  },
  (b, r) => Buffer.from(b.toString('latin1').replaceAll('|', r.pick([...'!#*;\t'])), 'latin1'), // other delimiters, or a header that lies
  (b, r) => put(b, 4, Math.min(b.length, 4 + r.int(1, 5)), Buffer.from(r.pick(['^^^^', '', '~^\\&', '^~\\&#', '||||', '\0\0\0\0']))),
  (b, r) => {
    const digits = [...b.toString('latin1').matchAll(/\d{8,14}/g)]
    const found = digits.length > 0 ? r.pick(digits) : undefined
    return found ? put(b, found.index, found.index + found[0].length, Buffer.from(r.pick(['', '0', '20261399', '99991231235959', '19000101', '2026110224', '1'.repeat(40)]))) : b
  },
] // biome-ignore format: one way a paragraph

/** A message spoilt in one to four ways: the same chance gives the same rubbish. */
export function spoil(bytes: Buffer, random: Random, other: Buffer): Buffer {
  let out = bytes
  for (let i = random.int(1, 4); i > 0; i -= 1) out = random.pick(ways)(out, random, other)
  return out.subarray(0, 400_000)
}

/** How it is put on the wire: mostly as MLLP asks, now and then as a broken sender does. */
export function wrap(bytes: Buffer, random: Random): Buffer {
  const [start, end] = [Buffer.from([0x0b]), Buffer.from([0x1c, 0x0d])]
  if (random.chance(0.9)) return Buffer.concat([start, bytes, end])
  return random.pick([
    Buffer.concat([bytes, end]),
    Buffer.concat([start, start, bytes, end, end]),
    Buffer.concat([start, bytes, Buffer.from([0x1c])]),
    Buffer.concat([start, bytes]),
    Buffer.concat([Buffer.from('GET / HTTP/1.1\r\n\r\n'), start, bytes, end]),
    Buffer.concat([start, end, start, bytes, end]),
    Buffer.concat([start, bytes, end, Buffer.from('rubbish'), start, bytes, end]),
  ])
}
