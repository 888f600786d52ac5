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
  let pieces: string[] = [] // of the segment being read: more than one where its text holds bare line ends
  const closeSegment = () => {
    const [only] = pieces
    if (segments && only !== undefined)
      segments.push(new Segment(pieces.length === 1 ? only : pieces.join(lineEnd(delimiters)), delimiters))
    pieces = []
  }
  const closeMessage = () => {
    closeSegment()
    if (segments) messages.push(new Message(segments, delimiters))
    segments = undefined
  }

  for (const line of linesOf(text)) {
    if (line === '' || line.trim() === '') continue
    const name = line.slice(0, 3)
    if (name === 'MSH' && line.length > 3) {
      closeMessage()
      delimiters = delimitersOf(line)
      segments = []
      pieces = [line]
    } else if ((name === 'FHS' || name === 'BHS') && line.length > 3) {
      closeMessage()
      outer = delimitersOf(line)
      envelope.push(new Segment(line, outer))
    } else if ((name === 'FTS' || name === 'BTS') && isSegment(line, outer?.field ?? delimiters.field)) {
      closeMessage()
      envelope.push(new Segment(line, outer ?? delimiters))
    } else if (!segments) {
      strays.push(line)
    } else if (isSegment(line, delimiters.field)) {
      closeSegment()
      pieces = [line]
    } else {
      pieces.push(line) // a bare line end inside a field
    }
  }
  closeMessage()
  return { messages, envelope, strays }
}

const lineEnd = (d: Delimiters) => `${d.escape}.br${d.escape}`

export const parseMessages = (text: string): readonly Message[] => parse(text).messages

/** The first message of a text; `undefined` where it holds none. */
export const parseMessage = (text: string): Message | undefined => parse(text).messages[0]

function linesOf(text: string): string[] {
  const clean = trimStart(text)
  if (!clean.includes('\n')) return clean.split('\r')
  return clean.split(/\r\n|\r|\n/)
}

/** Byte order mark, start block and blanks before the first line; the end block after the last. */
function trimStart(text: string): string {
  let from = 0
  while (from < text.length && (text.charCodeAt(from) <= 0x20 || text.charCodeAt(from) === 0xfeff)) from += 1
  const end = text.indexOf('\x1c', Math.max(0, text.length - 4))
  return from === 0 && end < 0 ? text : text.slice(from, end < 0 ? undefined : end)
}

function isSegment(line: string, field: string): boolean {
  const a = line.charCodeAt(0)
  const b = line.charCodeAt(1)
  const c = line.charCodeAt(2)
  return isCapital(a) && (isCapital(b) || isDigit(b)) && (isCapital(c) || isDigit(c)) && (line.length === 3 || line[3] === field)
}

const isCapital = (code: number) => code >= 65 && code <= 90
const isDigit = (code: number) => code >= 48 && code <= 57
