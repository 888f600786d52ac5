import { createHash } from 'node:crypto'
import { type Charset, decode, type Message, parse, parseMessage, type Segment } from '@renxin/hl7'
import { type Context, openText, sealText } from '@renxin/server'

/** One message as it came through a door, decoded and read, not yet kept. */
export type Incoming = {
  /** `undefined` where the bytes hold no header. */
  message: Message | undefined
  text: string
  hash: Buffer
  charset: Charset
  application: string
  facility: string
  controlId: string
  /** The bytes, where the text does not give all of them back. */
  bytes?: Buffer
}

const LONGEST_NAME = 200

/** The messages of a frame: one, those of a batch, or the one that is none. */
export const readFrame = (bytes: Buffer, force?: Charset): Incoming[] => readBatch(bytes, force).incoming

/** The same with the headers of a batch, where it is one. */
export function readBatch(bytes: Buffer, force?: Charset): { incoming: Incoming[]; envelope: readonly Segment[] } {
  const { text, charset } = decode(bytes, force)
  const isWhole = !text.includes('\uFFFD')
  const { messages, envelope } = parse(text)
  if (messages.length === 0) return { incoming: [incomingOf(undefined, text, charset, isWhole ? undefined : bytes)], envelope }
  return { incoming: messages.map((m) => incomingOf(m, m.text, charset, isWhole || messages.length > 1 ? undefined : bytes)), envelope }
}

function incomingOf(message: Message | undefined, text: string, charset: Charset, bytes: Buffer | undefined): Incoming {
  return {
    message,
    text,
    hash: createHash('sha256').update(text).digest(),
    charset,
    application: column(message?.application),
    facility: column(message?.facility),
    controlId: column(message?.controlId),
    ...(bytes && { bytes }),
  }
}

/** Text as it may stand in a column that is indexed. The hash tells apart what is cut off here. */
export const column = (text: string | undefined): string => (text ?? '').replaceAll('\0', '').slice(0, LONGEST_NAME)

/** The body of a message as it is kept: sealed, as text, or as its bytes where they are not all text. */
export const sealBody = (ctx: Pick<Context, 'keys'>, incoming: Pick<Incoming, 'text' | 'bytes'>): Buffer =>
  sealText(ctx, incoming.bytes ? `b${incoming.bytes.toString('latin1')}` : `t${incoming.text}`)

/** The text again; bytes are decoded anew, since the sender's character set may have been put right since. */
export function openBody(ctx: Pick<Context, 'keys'>, sealed: Buffer, force?: Charset): string {
  const kept = openText(ctx, sealed)
  return kept.startsWith('b') ? decode(Buffer.from(kept.slice(1), 'latin1'), force).text : kept.slice(1)
}

export const openMessage = (text: string): Message | undefined => parseMessage(text)
