import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { type Frame, FrameReader, frame } from './frames.ts'
import { type MllpLimits, usualLimits, watchSocket } from './mllp-watch.ts'

export type MllpServerOptions = {
  port: number
  host: string
  /** Others of this machine may listen on the same port. */
  sharesPort?: boolean
  /** Answers one frame with what is to be sent back, nothing at all where the list is empty. It is called for the next frames before it has answered this one. */
  answer: (frame: Frame, from: { address: string }) => Promise<readonly Buffer[]>
  /** An answer that failed: nothing is sent, and the connection is closed so that the sender tries again. */
  failed?: (error: unknown) => void
  /** Frames of one connection that may wait for their answers before no more is read from it. */
  inFlight?: number
  frameLimit?: number
  /** Certificate and key, as PEM; with `ca` only those come in whose certificate is signed by it. */
  tls?: { cert: string | Buffer; key: string | Buffer; ca?: string | Buffer }
  limits?: Partial<MllpLimits>
}

const HANDSHAKE_MS = 10_000

export type MllpServer = {
  readonly port: number
  readonly connections: number
  /** Accepts nothing new, lets what was read be answered, then closes. */
  close(): Promise<void>
}

export async function startMllpServer(options: MllpServerOptions): Promise<MllpServer> {
  const sockets = new Map<Socket, Served>()
  const limits = { ...usualLimits, ...options.limits }
  const taken = (socket: Socket) => {
    if (sockets.size >= limits.connections) silentLongest(sockets)?.destroy()
    sockets.set(socket, serveSocket(socket, options, limits))
    socket.on('close', () => sockets.delete(socket))
  }
  const net = { noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 } as const
  const { tls } = options
  const server: Server = tls
    ? createTlsServer({ ...net, ...tls, requestCert: tls.ca !== undefined, rejectUnauthorized: tls.ca !== undefined, handshakeTimeout: HANDSHAKE_MS, minVersion: 'TLSv1.2' }, taken) // biome-ignore format: one thought
    : createServer(net, taken)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port: options.port, host: options.host, reusePort: options.sharesPort ?? false }, () => {
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
      await Promise.all([...sockets.values()].map((served) => served.drain()))
      for (const socket of sockets.keys()) socket.destroy()
      await closed
    },
  }
}

type Served = { drain: () => Promise<void>; heardAt: () => number }

function silentLongest(sockets: ReadonlyMap<Socket, Served>): Socket | undefined {
  let silent: { socket: Socket; at: number } | undefined
  for (const [socket, served] of sockets) if (!silent || served.heardAt() < silent.at) silent = { socket, at: served.heardAt() }
  return silent?.socket
}

/** Answers in the order of the frames, whatever order they are ready in. */
function serveSocket(socket: Socket, { answer, failed, inFlight = 256, frameLimit }: MllpServerOptions, limits: MllpLimits): Served {
  const reader = new FrameReader(frameLimit === undefined ? {} : { limit: frameLimit })
  const from = { address: socket.remoteAddress ?? '' }
  const watch = watchSocket(socket, reader, { ...limits, isBusy: () => waiting > 0 })
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
    const frames = reader.push(packet)
    watch.heard(packet, frames.length > 0)
    for (const one of frames) {
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
  const drain = async () => {
    socket.pause()
    let last: Promise<void> | undefined
    while (last !== tail) {
      last = tail
      await last
    }
    socket.end()
  }
  return { drain, heardAt: watch.heardAt }
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
