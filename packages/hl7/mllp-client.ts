import { connect, type LookupFunction, type Socket } from 'node:net'
import { readAck } from './ack.ts'
import { type Charset, decode, encodeText } from './charset.ts'
import { FrameReader, frame } from './frames.ts'
import type { Message } from './message.ts'
import { parseMessage } from './parse.ts'

export type MllpFailure = 'unreachable' | 'disconnected' | 'timeout' | 'closed'

/** Why no answer came. Whether the message arrived is not known, except where the other side was unreachable. */
export class MllpError extends Error {
  readonly failure: MllpFailure
  constructor(failure: MllpFailure, cause?: unknown) {
    super(`mllp: ${failure}`, { cause })
    this.name = 'MllpError'
    this.failure = failure
  }
}

export type MllpClientOptions = {
  host: string
  port: number
  connectTimeoutMs?: number
  answerTimeoutMs?: number
  charset?: Charset
  lookup?: LookupFunction
}

type Pending = { controlId: string; resolve: (ack: Message) => void; reject: (error: MllpError) => void; timer: NodeJS.Timeout }

/** One connection, one message on its way at a time: the next is sent when the answer to the last is there. Connects when asked to send, and again after a loss. */
export class MllpClient {
  readonly #options: Required<Omit<MllpClientOptions, 'lookup'>> & Pick<MllpClientOptions, 'lookup'>
  #socket: Socket | undefined
  #pending: Pending | undefined
  #turn: Promise<unknown> = Promise.resolve()
  #isClosed = false

  constructor(options: MllpClientOptions) {
    this.#options = { connectTimeoutMs: 5000, answerTimeoutMs: 30_000, charset: 'utf-8', ...options }
  }

  /** Sends a message and waits for the answer that names its control id; answers to others (late ones) are passed over. */
  send(text: string): Promise<Message> {
    const sent = this.#turn.then(() => this.#sendNow(text))
    this.#turn = sent.catch(() => {})
    return sent
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#turn
    this.#socket?.destroy()
    this.#socket = undefined
  }

  async #sendNow(text: string): Promise<Message> {
    if (this.#isClosed) throw new MllpError('closed')
    const socket = await this.#connected()
    const controlId = parseMessage(text)?.controlId ?? ''
    return new Promise<Message>((resolve, reject) => {
      const timer = setTimeout(() => this.#lose('timeout'), this.#options.answerTimeoutMs)
      this.#pending = { controlId, resolve, reject, timer }
      socket.write(frame(encodeText(text, this.#options.charset)))
    })
  }

  #connected(): Promise<Socket> {
    if (this.#socket && !this.#socket.destroyed) return Promise.resolve(this.#socket)
    return new Promise((resolve, reject) => {
      const { host, port, lookup } = this.#options
      const socket = connect({ host, port, noDelay: true, ...(lookup && { lookup }) })
      const refuse = (cause?: unknown) => {
        socket.destroy()
        reject(new MllpError('unreachable', cause))
      }
      const timer = setTimeout(refuse, this.#options.connectTimeoutMs)
      socket.on('error', (error) => {
        clearTimeout(timer)
        refuse(error)
      })
      socket.once('connect', () => {
        clearTimeout(timer)
        this.#socket = socket
        const reader = new FrameReader()
        socket.on('data', (packet) => {
          for (const one of reader.push(packet)) if (one.kind === 'frame') this.#answered(parseMessage(decode(one.bytes).text))
        })
        socket.on('close', () => this.#socket === socket && this.#lose('disconnected'))
        resolve(socket)
      })
    })
  }

  #answered(ack: Message | undefined): void {
    const pending = this.#pending
    if (!ack || !pending || readAck(ack).controlId !== pending.controlId) return
    this.#pending = undefined
    clearTimeout(pending.timer)
    pending.resolve(ack)
  }

  #lose(failure: MllpFailure): void {
    const pending = this.#pending
    this.#pending = undefined
    this.#socket?.destroy()
    this.#socket = undefined
    if (!pending) return
    clearTimeout(pending.timer)
    pending.reject(new MllpError(failure))
  }
}
