import type { Socket } from 'node:net'
import type { FrameReader } from './frames.ts'

/** What one sender may cost the others. */
export type MllpLimits = {
  /** Connections at once; one more takes the place of the one that has been silent longest. */
  connections: number
  /** A frame that was begun must end within this time, or go on at `bytesPerSecond` at least. */
  frameMs: number
  bytesPerSecond: number
  /** Who has not asked for anything for so long is taken for gone. */
  idleMs: number
}

export const usualLimits: MllpLimits = { connections: 1000, frameMs: 60_000, bytesPerSecond: 4096, idleMs: 24 * 3_600_000 }

type Watched = MllpLimits & { /** Whether answers are still owed: then it is we who are slow. */ isBusy: () => boolean }

/**
 * Closes a connection that costs without saying anything: a frame that trickles or never ends, a sender that is long gone. Who is closed sends again
 * what was not acknowledged, so nothing is lost.
 */
export function watchSocket(socket: Socket, reader: FrameReader, { frameMs, bytesPerSecond, idleMs, isBusy }: Watched) {
  let heardAt = performance.now()
  let frameAt: number | undefined
  const timer = setInterval(
    () => {
      const now = performance.now()
      if (isBusy() || socket.isPaused()) frameAt = frameAt === undefined ? undefined : now
      const openFor = frameAt === undefined ? 0 : now - frameAt
      const isSlow = openFor > frameMs + (reader.openSize / bytesPerSecond) * 1000
      if (isSlow || reader.isEndless || now - heardAt > idleMs) socket.destroy()
    },
    Math.min(5000, Math.max(20, frameMs / 4)),
  )
  timer.unref()
  socket.on('close', () => clearInterval(timer))
  return {
    /** A packet came, and with it perhaps the end of a frame. */
    heard(packet: Buffer, hasFrame: boolean): void {
      if (packet.length > 0) heardAt = performance.now()
      if (!reader.isOpen) frameAt = undefined
      else if (hasFrame || frameAt === undefined) frameAt = performance.now()
      if (reader.isEndless) socket.destroy()
    },
    heardAt: () => heardAt,
  }
}
