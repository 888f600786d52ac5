const START = 0x0b
const END = 0x1c

export type Frame =
  | { readonly kind: 'frame'; readonly bytes: Buffer }
  /** A frame beyond the limit: its first bytes, for the header in them. The rest was thrown away. */
  | { readonly kind: 'tooLarge'; readonly head: Buffer; readonly size: number }

const HEAD_KEPT = 4096
const ENDLESS = 8

export const frame = (bytes: Uint8Array): Buffer => Buffer.concat([Buffer.of(START), bytes, Buffer.of(END, 0x0d)])

/**
 * MLLP frames out of a stream of packets: split over packets, many in one, rubbish between. The end block alone ends a frame;
 * the CR after it is skipped like anything else before the next start. Neither byte occurs in a UTF-8 or GB18030 character.
 */
export class FrameReader {
  readonly #limit: number
  #chunks: Buffer[] | undefined
  #size = 0
  /** Bytes between frames that were neither CR nor LF. */
  rubbish = 0

  constructor(options: { limit?: number } = {}) {
    this.#limit = options.limit ?? 16 * 1024 * 1024
  }

  /** True in the middle of a frame. */
  get isOpen(): boolean {
    return this.#chunks !== undefined
  }

  /** Bytes of the frame that is open, those that were thrown away among them. */
  get openSize(): number {
    return this.isOpen ? this.#size : 0
  }

  /** So far beyond the limit that no end is to be waited for. */
  get isEndless(): boolean {
    return this.openSize > this.#limit * ENDLESS
  }

  push(packet: Buffer): Frame[] {
    const found: Frame[] = []
    let at = 0
    while (at < packet.length) {
      if (!this.#chunks) {
        const start = packet.indexOf(START, at)
        this.#countRubbish(packet, at, start < 0 ? packet.length : start)
        if (start < 0) return found
        this.#chunks = []
        this.#size = 0
        at = start + 1
      }
      const end = packet.indexOf(END, at)
      this.#keep(packet.subarray(at, end < 0 ? packet.length : end))
      if (end < 0) return found
      found.push(this.#take())
      at = end + 1
    }
    return found
  }

  #keep(bytes: Buffer): void {
    this.#size += bytes.length
    if (this.#size <= this.#limit) this.#chunks?.push(bytes)
    else if (this.#chunks && this.#chunks.length > 0) this.#chunks = [Buffer.concat(this.#chunks).subarray(0, HEAD_KEPT)]
    else this.#chunks = [Buffer.from(bytes.subarray(0, HEAD_KEPT))]
  }

  #take(): Frame {
    const chunks = this.#chunks ?? []
    this.#chunks = undefined
    const bytes = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)
    if (this.#size > this.#limit) return { kind: 'tooLarge', head: bytes.subarray(0, HEAD_KEPT), size: this.#size }
    // A sender that died within a frame begins again: what counts is from the last start on.
    const restart = bytes.lastIndexOf(START)
    return { kind: 'frame', bytes: restart < 0 ? bytes : bytes.subarray(restart + 1) }
  }

  #countRubbish(packet: Buffer, from: number, to: number): void {
    for (let i = from; i < to; i++) if (packet[i] !== 0x0d && packet[i] !== 0x0a) this.rubbish += 1
  }
}

/** The frames of a file of frames; the whole as one where it has none. */
export function splitFrames(bytes: Buffer): Buffer[] {
  if (!bytes.includes(START)) return [bytes]
  return new FrameReader({ limit: Number.POSITIVE_INFINITY }).push(bytes).flatMap((f) => (f.kind === 'frame' ? [f.bytes] : []))
}
