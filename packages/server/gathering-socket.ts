import { Socket } from 'node:net'

type Done = (error?: Error | null) => void

/**
 * A socket whose writes of one turn of the event loop leave together. What is sent to PostgreSQL without waiting for an answer, such as the begin of a
 * transaction and its first statement, is one write here and one wake-up there; each of its own cost more than the rest of a small read.
 */
export class GatheringSocket extends Socket {
  #isGathering = false

  constructor() {
    super()
    this.once('connect', () => {
      this.write = GatheringSocket.prototype.write // to connect puts the plain one into its place
    })
  }

  override write(text: string | Uint8Array, encoding?: BufferEncoding | Done, done?: Done): boolean {
    if (!this.#isGathering) {
      this.#isGathering = true
      this.cork()
      setImmediate(() => {
        this.#isGathering = false
        this.uncork()
      })
    }
    return typeof encoding === 'function' ? super.write(text, encoding) : super.write(text, encoding, done)
  }
}
