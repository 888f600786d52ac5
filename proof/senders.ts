import { setTimeout as pause } from 'node:timers/promises'
import type { Product } from '@renxin/app-server/testing'
import { encodeMessage, MllpClient, readAck, type SegmentIn } from '@renxin/hl7'
import { wallTime } from '@renxin/kernel'

export const EVENTS = ['A01', 'A02', 'A03'] as const

export type Sent = { controlId: string; text: string; isTaken: boolean }

/** The product as it runs now; undefined while it is down. */
export type Door = () => Product | undefined

/** A message at a time, again and again until it is acknowledged, as the standard asks of a sender. */
export function makeSender(door: Door) {
  let client: MllpClient | undefined
  let connectedTo: Product | undefined
  return {
    async send(message: Sent): Promise<void> {
      while (!message.isTaken) {
        const product = door()
        if (!product || product !== connectedTo) {
          await client?.close()
          client = undefined
          connectedTo = product
        }
        if (!connectedTo) {
          await pause(20) // until it is started again
          continue
        }
        client ??= new MllpClient({ host: '127.0.0.1', port: connectedTo.mllpPort })
        const code = await client.send(message.text).then(
          (ack) => readAck(ack).code,
          () => null,
        )
        if (code === null) await pause(20)
        else if (code !== 'AA') throw new Error(`${message.controlId} was answered ${code}`)
        else message.isTaken = true
      }
    },
    close: async () => client?.close(),
  }
}

/** What one sender has to say, one after the other: each patient stays until so many others have come, and whoever has come when it is over also goes. */
export function* staysOf(ward: number, isOver: () => boolean): Generator<{ stay: number; event: (typeof EVENTS)[number] }> {
  let last = Number.POSITIVE_INFINITY
  for (let nth = 0; nth < last + ward; nth += 1) {
    if (isOver()) last = Math.min(last, nth)
    for (const [i, event] of EVENTS.entries()) {
      const stay = nth - (i * ward) / 2
      if (stay >= 0 && stay < last) yield { stay, event }
    }
  }
}

const blank = (n: number) => Array<undefined>(n).fill(undefined)
let clock = 0

/** One step of the stay of one patient at one sender; each message a millisecond later than the one before. */
export function messageOf(sender: number, stay: number, event: (typeof EVENTS)[number]): Sent {
  const [record, visit, controlId] = [`P${sender}-${stay}`, `V${sender}-${stay}`, `M${sender}-${stay}-${event}`]
  clock = Math.max(clock + 1, Date.now())
  const now = wallTime(new Date(clock), 'Asia/Shanghai').replaceAll(/[^0-9]/g, '')
  const segments: SegmentIn[] = [
    ['MSH', `HIS${sender}`, '甲院', 'CRM', '', now, '', ['ADT', event], controlId, 'P', '2.5', ...blank(6), 'UNICODE UTF-8'],
    ['EVN', event, now],
    [
      'PID',
      '1',
      '',
      [record, '', '', 'HIS', 'MR'],
      '',
      `患者${sender}${stay}`,
      '',
      '19600102',
      'F',
      ...blank(4),
      [`139${sender}000${String(stay).padStart(4, '0')}`, 'PRN', 'CP'],
    ],
    [
      'PV1',
      '1',
      'I',
      [event === 'A01' ? '内科病区' : '外科病区', '', `${sender}${stay}`],
      ...blank(15),
      visit,
      ...blank(24),
      now,
      event === 'A03' ? now : '',
    ],
  ]
  return { controlId, text: encodeMessage(segments), isTaken: false }
}
