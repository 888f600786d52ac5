import { type Delimiters, delimitersOf, usualDelimiters } from './escapes.ts'
import { Message, Segment } from './message.ts'

/** What one frame or file holds. */
export type Parsed = {
  readonly messages: readonly Message[]
  /** FHS, BHS, BTS and FTS in their order. */
  readonly envelope: readonly Segment[]
  /** Lines that belong to no message, as in a batch whose MSH was lost. */
  readonly strays: readonly string[]
}

/** Any text to messages. It never throws: what is no message is among the strays. Lines end in CR, LF or both. */
export function parse(text: string): Parsed {
  const messages: Message[] = []
  const envelope: Segment[] = []
  const strays: string[] = []
  let delimiters = usualDelimiters
  let outer: Delimiters | undefined // of the batch
  let segments: Segment[] | undefined
  let open: Extent | undefined // the segment being read
  const clean = trimStart(text)
  const closeSegment = () => {
    if (segments && open) segments.push(new Segment(wholeSegment(clean, open, delimiters), delimiters))
    open = undefined
  }
  const closeMessage = () => {
    closeSegment()
    if (segments) messages.push(new Message(segments, delimiters))
    segments = undefined
  }

  for (const [from, to] of linesOf(clean)) {
    if (isBlank(clean, from, to)) {
      if (open) open.hasBlankLines = true
      continue
    }
    const name = clean.slice(from, from + 3)
    const isLong = to - from > 3
    if (name === 'MSH' && isLong) {
      closeMessage()
      delimiters = delimitersOf(clean.slice(from, to))
      segments = []
      open = { from, to, isBroken: false, hasBlankLines: false }
    } else if ((name === 'FHS' || name === 'BHS') && isLong) {
      closeMessage()
      const line = clean.slice(from, to)
      outer = delimitersOf(line)
      envelope.push(new Segment(line, outer))
    } else if ((name === 'FTS' || name === 'BTS') && isSegment(clean, from, to, outer?.field ?? delimiters.field)) {
      closeMessage()
      envelope.push(new Segment(clean.slice(from, to), outer ?? delimiters))
    } else if (!segments) {
      strays.push(clean.slice(from, to))
    } else if (isSegment(clean, from, to, delimiters.field)) {
      closeSegment()
      open = { from, to, isBroken: false, hasBlankLines: false }
    } else if (open) {
      open.to = to // a bare line end inside a field
      open.isBroken = true
    }
  }
  closeMessage()
  return { messages, envelope, strays }
}

/** Where a segment stands in the text, over several lines where a field of it holds bare line ends. */
type Extent = { from: number; to: number; isBroken: boolean; hasBlankLines: boolean }

function wholeSegment(text: string, { from, to, isBroken, hasBlankLines }: Extent, d: Delimiters): string {
  const raw = text.slice(from, to)
  if (!isBroken) return raw
  if (!hasBlankLines) return raw.replace(/\r\n|\r|\n/g, lineEnd(d).replaceAll('$', '$$$$')) // a dollar may be the escape character
  return raw.split(/[\r\n]+/).filter((line) => line.trim() !== '').join(lineEnd(d)) // biome-ignore format: one thought
}

const lineEnd = (d: Delimiters) => `${d.escape}.br${d.escape}`

export const parseMessages = (text: string): readonly Message[] => parse(text).messages

/** The first message of a text; `undefined` where it holds none. */
export const parseMessage = (text: string): Message | undefined => parse(text).messages[0]

/** From where to where each line goes. They are not cut out here: a field with half a million bare line ends is one segment. */
function* linesOf(text: string): Generator<[from: number, to: number]> {
  const after = (char: string, at: number) => {
    const found = text.indexOf(char, at)
    return found < 0 ? text.length : found
  }
  let [cr, lf] = [after('\r', 0), after('\n', 0)]
  for (let from = 0; from < text.length; ) {
    const to = Math.min(cr, lf)
    yield [from, to]
    from = to + 1
    if (cr < from) cr = after('\r', from)
    if (lf < from) lf = after('\n', from)
  }
}

function isBlank(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) {
    const code = text.charCodeAt(at)
    if (code > 0x20 && code < 0x7f) return false
    if (code !== 0x20 && code !== 0x09) return text.slice(at, to).trim() === '' // the rarer blanks
  }
  return true
}

/** Byte order mark, start block and blanks before the first line; the end block after the last. */
function trimStart(text: string): string {
  let from = 0
  while (from < text.length && (text.charCodeAt(from) <= 0x20 || text.charCodeAt(from) === 0xfeff)) from += 1
  const end = text.indexOf('\x1c', Math.max(0, text.length - 4))
  return from === 0 && end < 0 ? text : text.slice(from, end < 0 ? undefined : end)
}

function isSegment(text: string, from: number, to: number, field: string): boolean {
  const a = text.charCodeAt(from)
  const b = text.charCodeAt(from + 1)
  const c = text.charCodeAt(from + 2)
  if (to - from < 3 || !isCapital(a) || !(isCapital(b) || isDigit(b)) || !(isCapital(c) || isDigit(c))) return false
  return to - from === 3 || text[from + 3] === field
}

const isCapital = (code: number) => code >= 65 && code <= 90
const isDigit = (code: number) => code >= 48 && code <= 57
