import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newId } from '@renxin/kernel'
import { afterAll, expect, test } from 'vitest'
import { GatheringSocket } from './gathering-socket.ts'

const path = join(tmpdir(), `gathering-${newId()}.sock`)
const heard: string[] = []
const server = createServer((peer) => peer.setEncoding('utf8').on('data', (text: string) => void heard.push(text)))
await new Promise<void>((done) => server.listen(path, done))
afterAll(() => server.close())

/** Notes what leaves in one piece. */
class Noting extends GatheringSocket {
  pieces: string[][] = []
  override _write(...[chunk, encoding, done]: Parameters<Socket['_write']>) {
    this.pieces.push([String(chunk)])
    super._write(chunk, encoding, done)
  }
  override _writev(chunks: Parameters<NonNullable<Socket['_writev']>>[0], done: (error?: Error | null) => void) {
    this.pieces.push(chunks.map(({ chunk }) => String(chunk)))
    super._writev?.(chunks, done)
  }
}

test('what is written in one turn leaves in one piece, what comes later after it, and nothing is held back at the end', async () => {
  const socket = new Noting()
  await new Promise<void>((done) => socket.connect(path, done))

  socket.write('begin')
  await Promise.resolve()
  socket.write(' select')
  await new Promise(setImmediate)
  await new Promise(setImmediate)
  socket.write(' commit')
  await new Promise<void>((done) => socket.once('close', () => done()).end(' bye'))

  expect(socket.pieces).toEqual([
    ['begin', ' select'],
    [' commit', ' bye'],
  ])
  expect(heard.join('')).toBe('begin select commit bye')
})
