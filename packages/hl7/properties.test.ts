import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  decode,
  encodeMessage,
  encodeText,
  escapeText,
  explain,
  FrameReader,
  frame,
  parse,
  parseMessage,
  readTime,
  unescapeText,
} from './index.ts'

const value = fc.string({ unit: 'grapheme', maxLength: 30 }).map((s) => s.replace(/\r\n?/g, '\n').replace(/[^\P{Cc}\n]|\ufeff/gu, ''))
const delimiters = fc
  .uniqueArray(fc.constantFrom(...'|^~\\&@#!$%*'), { minLength: 5, maxLength: 5 })
  .map(([field = '|', component = '^', repetition = '~', escaping = '\\', subcomponent = '&']) => ({
    field,
    component,
    repetition,
    escape: escaping,
    subcomponent,
  }))

test('what is escaped is read again, with any delimiters', () => {
  fc.assert(fc.property(value, delimiters, (text, d) => unescapeText(escapeText(text, d), d) === text))
})

test('what is written is read again: message, charset and frames cut anywhere', () => {
  fc.assert(
    fc.property(
      fc.array(value, { minLength: 1, maxLength: 6 }),
      delimiters,
      fc.constantFrom('utf-8' as const, 'gb18030' as const),
      fc.array(fc.nat(400), { maxLength: 5 }),
      (values, d, charset, cuts) => {
        const text = encodeMessage(
          [
            ['MSH', 'HIS', '院', ...Array(13).fill(undefined), charset === 'utf-8' ? 'UNICODE UTF-8' : 'GB18030'],
            ['ZZ1', ...values.map((v) => [v, v])],
          ],
          d,
        )
        const wire = Buffer.concat([Buffer.from('\r\nrubbish'), frame(encodeText(text, charset)), frame(encodeText(text, charset))])
        const reader = new FrameReader()
        const at = [...cuts.map((c) => c % wire.length), 0, wire.length].toSorted((a, b) => a - b)
        const frames = at.slice(1).flatMap((end, i) => reader.push(Buffer.from(wire.subarray(at[i], end))))

        expect(frames).toHaveLength(2)
        for (const f of frames) {
          const m = f.kind === 'frame' ? parseMessage(decode(f.bytes).text) : undefined
          expect(m?.get('MSH-4')).toBe('院')
          for (const [i, v] of values.entries()) {
            const wanted = v === '' || v === '""' ? undefined : v
            expect(m?.first('ZZ1')?.get(i + 1, 2)).toBe(wanted)
          }
        }
      },
    ),
    { numRuns: 300 },
  )
})

test('rubbish of any kind is read without a word', () => {
  const pieces = fc.array(
    fc.oneof(
      fc.string(),
      fc.constantFrom('MSH', 'MSH|', '|', '^', '~', '\\', '&', '\r', '\n', 'PID|', 'BHS', 'FTS', '\\X', '""', '\x0b', '\x1c'),
    ),
    { maxLength: 40 },
  )
  fc.assert(
    fc.property(pieces, (parts) => {
      for (const m of parse(parts.join('')).messages) {
        explain(m)
        m.get('PID-3.1.2')
        readTime(m.get('MSH-7'))
      }
    }),
  )
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void parse(decode(bytes).text)))
})

test.each([
  ['one long field', (n: number) => `MSH|^~\\&|A\rOBX|1|TX|${'x'.repeat(n)}`],
  ['nothing but escapes', (n: number) => `MSH|^~\\&|A\rOBX|1|TX|||${'\\'.repeat(n)}`],
  ['escapes that are none', (n: number) => `MSH|^~\\&|A\rOBX|1|TX|||${'\\q'.repeat(n / 2)}`],
  ['nothing but segments', (n: number) => `MSH|^~\\&|A\r${'NTE|1||a\r'.repeat(n / 9)}`],
  ['nothing but repetitions', (n: number) => `MSH|^~\\&|A\rPID|1||${'a^b~'.repeat(n / 4)}`],
  ['line ends inside a text', (n: number) => `MSH|^~\\&|A\rOBX|1|TX|${'一\n'.repeat(n / 2)}`],
])(
  'a message of 800 kB is read to its end, where a reader that grows with the square of the length would not come to one: %s',
  (_, make) => {
    const message = parseMessage(make(800_000))

    expect(message?.all('MSH')).toHaveLength(1)
    expect(message?.get('PID-3 where CX.5=zz')).toBeUndefined()
    expect(message && explain(message).length).toBeGreaterThan(0)
  },
)
