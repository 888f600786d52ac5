import { connect } from 'node:net'
import { wallTime } from '@renxin/kernel'
import type pg from 'pg'

const END = Buffer.from('\x1c\r')
const stamp = (at: Date) => wallTime(at, 'Asia/Shanghai').replaceAll(/[^0-9]/g, '')

const FIRST_WARD = { ward: '心血管内科一病区^0312', department: '0301^心血管内科' }

/** A discharge of somebody not seen before: patient, contact, stay, follow-up tasks, audit and events come of it. */
export function discharge(mark: string, { ward, department } = FIRST_WARD): string {
  const now = new Date()
  const admitted = stamp(new Date(now.getTime() - 5 * 86_400_000))
  return [
    `MSH|^~\\&|HIS|BENCH|CRM|BENCH|${stamp(now)}||ADT^A03^ADT_A03|C${mark}|P|2.5||||||UNICODE UTF-8`,
    `EVN|A03|${stamp(now)}`,
    `PID|1||B${mark}^^^HIS^MR||王晓明||19700101|M|||示范路1号||138${mark.slice(-8).padStart(8, '0')}`,
    `PV1|1|I|${ward}^12床^BENCH|R|||D0031^王志强|||${department}|||||||||V${mark}|||||||||||||||||1^医嘱离院||||||||${admitted}|${stamp(now)}`,
    'DG1|1||I10.x00^原发性高血压^ICD10CN|||F',
  ].join('\r')
}

/** The visit of an out-patient known by his record number, so many days ago. */
export function visit(record: string, mark: string, daysAgo: number, now = new Date()): string {
  const at = stamp(new Date(now.getTime() - daysAgo * 86_400_000))
  return [
    `MSH|^~\\&|HIS|BENCH|CRM|BENCH|${at}||ADT^A04^ADT_A01|C${mark}|P|2.5||||||UNICODE UTF-8`,
    `EVN|A04|${at}`,
    `PID|1||${record}^^^HIS^MR||王晓明||19700101|M|||示范路1号||13800005678`,
    `PV1|1|O|^^^BENCH|R|||D0031^王志强|||0301^心血管内科|||||||||V${mark}|||||||||||||||||||||||||${at}`,
    'DG1|1||I10.x00^原发性高血压^ICD10CN|||F',
  ].join('\r')
}

let made = Math.floor(performance.timeOrigin / 10) % 100_000_000
/** So many marks of eight digits that no message had before, also none of an earlier run on a hospital that was kept. */
export const marks = (count: number): string[] => Array.from({ length: count }, () => String(++made % 100_000_000).padStart(8, '0'))

export const WARDS = 60 // of fifty beds each
/** Discharges as they come from all over a hospital: what a ward counts of its day is of that ward alone. */
export const discharges = (count: number): string[] =>
  marks(count).map((mark) => {
    const nth = Number(mark) % WARDS
    return discharge(mark, { ward: `${nth}病区^W${nth}`, department: `S${nth >> 1}^${nth >> 1}科` })
  })

/**
 * Sends messages over so many connections, each waiting for its answer; answers how many were acknowledged and in how many seconds.
 * `turn` is waited for before each message.
 */
export async function send(port: number, connections: number, messages: Iterable<string>, turn?: () => Promise<void>) {
  const coming = messages[Symbol.iterator]()
  let count = 0
  const began = performance.now()
  await Promise.all(
    Array.from(
      { length: connections },
      () =>
        new Promise<void>((done, failed) => {
          const socket = connect({ port, host: '127.0.0.1', noDelay: true })
          let got: Buffer = Buffer.alloc(0)
          const more = async () => {
            await turn?.()
            const { value: message } = coming.next()
            if (message !== undefined) socket.write(`\x0b${message}\r\x1c\r`)
            else {
              socket.end()
              done()
            }
          }
          socket.on('connect', more)
          socket.on('error', failed)
          socket.on('data', (packet: Buffer) => {
            got = got.length > 0 ? Buffer.concat([got, packet]) : packet
            const end = got.indexOf(END)
            if (end < 0) return
            const code = /\rMSA\|(\w\w)/.exec(got.toString('utf8', 0, end))?.[1]
            if (code !== 'AA') return failed(new Error(`a message was answered with ${code}`))
            got = got.subarray(end + 2)
            count += 1
            void more()
          })
        }),
    ),
  )
  return { count, seconds: (performance.now() - began) / 1000 }
}

/** Until no event waits for a listener. */
export async function drained(app: pg.Pool): Promise<void> {
  for (;;) {
    const { rows } = await app.query('select count(*)::int as n from house.hospitals_with_events(now())')
    if (rows[0].n === 0) return
    await new Promise((r) => setTimeout(r, 5))
  }
}

/** Messages at a steady rate until it is stopped; `stop` answers how many a second were acknowledged. */
export function startFeed(port: number, perSecond: number, connections = 8) {
  let isStopping = false
  let next = performance.now()
  const turn = async () => {
    next = Math.max(next + 1000 / perSecond, performance.now() - 1000)
    const wait = next - performance.now()
    if (wait > 0) await new Promise((r) => setTimeout(r, wait))
  }
  const messages = (function* () {
    while (!isStopping) yield* discharges(1)
  })()
  const sent = send(port, connections, messages, turn)
  return {
    stop: async () => {
      isStopping = true
      const { count, seconds } = await sent
      return count / seconds
    },
  }
}
