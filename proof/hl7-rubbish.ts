import { readFile } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import type { Product } from '@renxin/app-server/testing'
import { decode, FrameReader, parseMessage } from '@renxin/hl7'
import { addDays } from '@renxin/kernel'
import { makeRandom } from '@renxin/seed'
import { KINDS, messageOf, sampleMessages } from './corpus.ts'
import { spoil, wrap } from './spoil.ts'

export type Attack = { sent: number; answered: number; closed: number; sound: string[]; seconds: number; megabytes: number[] }

const CONNECTIONS = 72
const SOUND_EVERY = 50
const HEARD_AFTER_MS = 250
const PATIENCE_MS = 30_000

/**
 * Throws spoilt messages at the MLLP door over many connections. Each is answered, or its connection is closed, or (where its header asks for no answer, or
 * its frame never ends) what is sent after it is answered: anything else throws. Every fiftieth is sound; their control ids come back, to be looked for in the
 * inbox. The same seed gives the same rubbish, so that what broke something can be sent again. `megabytes`: the server's resident memory, second by second.
 */
export async function throwRubbish(product: Product, { count, seed }: { count: number; seed: number }): Promise<Attack> {
  const samples = sampleMessages()
  const attack: Attack = { sent: 0, answered: 0, closed: 0, sound: [], seconds: 0, megabytes: [] }
  const began = performance.now()
  const watch = setInterval(() => void residentMegabytes(product).then((mb) => attack.megabytes.push(mb)), 1000)
  try {
    await Promise.all(Array.from({ length: CONNECTIONS }, (_, lane) => throwFrom(lane)))
  } finally {
    clearInterval(watch)
  }
  attack.seconds = (performance.now() - began) / 1000
  return attack

  async function throwFrom(lane: number): Promise<void> {
    let line: Line | undefined
    for (let nth = lane; nth < count; nth += CONNECTIONS) {
      line = line?.isOpen() ? line : await openLine(product.mllpPort)
      if (nth % SOUND_EVERY === 0) {
        const id = `SOUND-${seed}-${nth}`
        await hear(line, soundMessage(id, nth), id, nth)
        attack.sound.push(id)
      } else await rubbish(line, nth)
      attack.sent += 1
    }
    line?.end()
  }

  async function rubbish(line: Line, nth: number): Promise<void> {
    const random = makeRandom(seed * 1_000_003 + nth)
    const drawn = () =>
      samples.length > 0 && random.chance(0.3) ? random.pick(samples) : messageOf(random.int(0, KINDS - 1), random.int(1, 5_000))
    const bytes = wrap(spoil(drawn(), random, drawn()), random)
    const heard = await say(line, bytes, HEARD_AFTER_MS)
    if (heard === 'answered') attack.answered += 1
    else if (heard === 'closed') attack.closed += 1
    else await hear(line, soundMessage(`AFTER-${seed}-${nth}`, nth), null, nth)
  }

  /** Waits for an answer, to this very message where its id is said; a line that was closed meanwhile is an answer too where none is. */
  async function hear(line: Line, bytes: Buffer, id: string | null, nth: number): Promise<void> {
    const heard = await say(line, frameOf(bytes), PATIENCE_MS, id)
    if (heard === 'answered') attack.answered += 1
    else if (heard === 'closed' && id === null) attack.closed += 1
    else throw new Error(`message ${nth} of seed ${seed} was not answered: ${heard}`)
  }
}

const frameOf = (bytes: Buffer) => Buffer.concat([Buffer.from([0x0b]), bytes, Buffer.from([0x1c, 0x0d])])
/** A patient of her own, who is like nobody else. */
function soundMessage(id: string, nth: number): Buffer {
  const birthOn = addDays('1930-01-01', nth % 30_000).replaceAll('-', '')
  return Buffer.from(
    `MSH|^~\\&|SOUND|演练|CRM|演练|20261102083000||ADT^A28|${id}|P|2.5||||||UNICODE UTF-8\rEVN|A28|20261102083000\rPID|1||${id}^^^SOUND^MR||好^^^^^^L||${birthOn}|F\r`,
  )
}

type Line = {
  isOpen(): boolean
  end(): void
  write(bytes: Buffer): void
  wait(ms: number, id: string | null): Promise<'answered' | 'closed' | 'silent'>
}

async function say(line: Line, bytes: Buffer, ms: number, id: string | null = null) {
  line.write(bytes)
  return line.wait(ms, id)
}

async function openLine(port: number): Promise<Line> {
  const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true })
  await new Promise<void>((done, failed) => {
    socket.once('connect', done)
    socket.once('error', failed)
  })
  const reader = new FrameReader()
  let told = () => {}
  const ids: (string | undefined)[] = []
  let isOpen = true
  socket.on('data', (packet) => {
    for (const one of reader.push(packet)) ids.push(one.kind === 'frame' ? parseMessage(decode(one.bytes).text)?.get('MSA-2') : undefined)
    told()
  })
  socket.on('error', () => {})
  socket.on('close', () => {
    isOpen = false
    told()
  })
  return {
    isOpen: () => isOpen,
    end: () => socket.destroy(),
    write: (bytes) => void (isOpen && socket.write(bytes)),
    wait: (ms, id) =>
      new Promise((done) => {
        const timer = setTimeout(() => settle('silent'), ms)
        const settle = (how: 'answered' | 'closed' | 'silent') => {
          clearTimeout(timer)
          told = () => {}
          ids.length = 0
          done(how)
        }
        told = () => {
          if (id === null ? ids.length > 0 : ids.includes(id)) settle('answered')
          else if (!isOpen) settle('closed')
        }
        told()
      }),
  }
}

/** What the server's process holds of the machine's memory now. */
export async function residentMegabytes(product: Product): Promise<number> {
  const status = await readFile(`/proc/${product.process.pid}/status`, 'utf8').catch(() => '')
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024
}

/** How much of memory the last third of the time took beyond the middle one, as a share. */
export function growthOf(megabytes: readonly number[]): number {
  const third = Math.floor(megabytes.length / 3)
  const peak = (from: number, to: number) => Math.max(...megabytes.slice(from, to))
  return third === 0 ? 0 : peak(2 * third, megabytes.length) / peak(third, 2 * third) - 1
}
