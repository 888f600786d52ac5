import { createServer, type Server, type Socket } from 'node:net'
import { type Frame, FrameReader, frame } from './frames.ts'

export type MllpServerOptions = {
  port: number
  host: string
  /** Answers one frame with what is to be sent back, nothing at all where the list is empty. It is called for the next frames before it has answered this one. */
  answer: (frame: Frame, from: { address: string }) => Promise<readonly Buffer[]>
  /** An answer that failed: nothing is sent, and the connection is closed so that the sender tries again. */
  failed?: (error: unknown) => void
  /** Frames of one connection that may wait for their answers before no more is read from it. */
  inFlight?: number
  frameLimit?: number
}

export type MllpServer = {
  readonly port: number
  readonly connections: number
  /** Accepts nothing new, lets what was read be answered, then closes. */
  close(): Promise<void>
}

export async function startMllpServer(options: MllpServerOptions): Promise<MllpServer> {
  const sockets = new Map<Socket, () => Promise<void>>()
  const server = createServer({ noDelay: true, keepAlive: true }, (socket) => {
    sockets.set(socket, serveSocket(socket, options))
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  return {
    port: portOf(server),
    get connections() {
      return sockets.size
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      await Promise.all([...sockets.values()].map((drain) => drain()))
      for (const socket of sockets.keys()) socket.destroy()
      await closed
    },
  }
}

/** Answers in the order of the frames, whatever order they are ready in. */
function serveSocket(socket: Socket, { answer, failed, inFlight = 256, frameLimit }: MllpServerOptions): () => Promise<void> {
  const reader = new FrameReader(frameLimit === undefined ? {} : { limit: frameLimit })
  const from = { address: socket.remoteAddress ?? '' }
  let waiting = 0
  let tail: Promise<void> = Promise.resolve()

  const write = async (bytes: readonly Buffer[]) => {
    for (const one of bytes) {
      if (socket.destroyed) return
      if (!socket.write(frame(one))) await new Promise<void>((resolve) => onceEither(socket, 'drain', 'close', resolve))
    }
  }
  socket.on('error', () => socket.destroy())
  socket.on('data', (packet) => {
    for (const one of reader.push(packet)) {
      waiting += 1
      const answered = answer(one, from)
      answered.catch(() => {}) // it is looked at in its turn, below
      tail = tail
        .then(async () => write(await answered))
        .catch((error: unknown) => {
          failed?.(error)
          socket.destroy()
        })
        .finally(() => {
          waiting -= 1
          if (waiting < inFlight / 2) socket.resume()
        })
    }
    if (waiting >= inFlight) socket.pause()
  })
  return async () => {
    socket.pause()
    let last: Promise<void> | undefined
    while (last !== tail) {
      last = tail
      await last
    }
    socket.end()
  }
}

function onceEither(socket: Socket, a: string, b: string, then: () => void): void {
  const done = () => {
    socket.off(a, done)
    socket.off(b, done)
    then()
  }
  socket.on(a, done)
  socket.on(b, done)
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}
