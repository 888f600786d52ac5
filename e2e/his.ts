import { askAs, type Product } from '@renxin/app-server/testing'
import { followupsApi, type TaskRow } from '@renxin/followups/contract'
import {
  buildAck,
  decode,
  encodeMessage,
  encodeText,
  type FieldIn,
  MllpClient,
  parseMessage,
  readAck,
  repeat,
  startMllpServer,
} from '@renxin/hl7'
import { wallTime } from '@renxin/kernel'
import { PASSWORD } from './product.ts'

const HOUR = 3_600_000
const APPLICATION = 'HIS'
const FACILITY = '仁心示范医院'
const stamp = (at: Date) => wallTime(at, 'Asia/Shanghai').replaceAll(/[^0-9]/g, '')

export type Stay = {
  mrn: string
  visit: string
  name: string
  phone: string
  ward: string
  department: readonly [code: string, name: string]
  diagnosis: readonly [code: string, name: string]
  admittedAt: Date
  dischargedAt: Date
}

let drawn = 0

/** An imaginary patient who goes home now; his diagnosis decides which of the journeys' programmes takes him. */
export function imagine(name: string, more: Partial<Stay> = {}): Stay {
  drawn += 1
  const nth = `${Date.now()}${String(drawn).padStart(3, '0')}`
  return {
    mrn: `E${nth}`,
    visit: `V${nth}`,
    name,
    phone: `1380000${String(1000 + (drawn % 9000))}`,
    ward: '普外科一病区',
    department: ['0312', '普外科'],
    diagnosis: ['K35.900', '急性阑尾炎'],
    admittedAt: new Date(Date.now() - 100 * HOUR),
    dischargedAt: new Date(Date.now() - 60_000),
    ...more,
  }
}

/** What the hospital's system says of a stay, as it writes it. */
export function adt(event: 'A01' | 'A03', stay: Stay, change: { withoutId?: boolean } = {}): string {
  const pv1: Record<number, FieldIn> = {
    1: '1',
    2: 'I',
    3: [stay.ward, '', '12床', FACILITY],
    7: ['E0001', '方医生'],
    10: [...stay.department],
    19: stay.visit,
    36: event === 'A03' ? ['1', '医嘱离院'] : undefined,
    44: stamp(stay.admittedAt),
    45: event === 'A03' ? stamp(stay.dischargedAt) : undefined,
  }
  const sentAt = stamp(event === 'A03' ? stay.dischargedAt : stay.admittedAt)
  const id = change.withoutId ? '' : repeat([[stay.mrn, '', '', APPLICATION, 'MR']])
  const type = ['ADT', event, event === 'A03' ? 'ADT_A03' : 'ADT_A01']
  return encodeMessage([
    [
      'MSH',
      APPLICATION,
      FACILITY,
      'CRM',
      FACILITY,
      sentAt,
      '',
      type,
      `${event}${stay.visit}`,
      'P',
      '2.5',
      '',
      '',
      '',
      '',
      'CHN',
      'UNICODE UTF-8',
    ],
    ['EVN', event, sentAt],
    ['PID', '1', '', id, '', stay.name, '', '19700315', 'M', '', '', '', '', [stay.phone, 'PRN', 'CP']],
    ['PV1', ...Array.from({ length: 45 }, (_, i) => pv1[i + 1])],
    ['DG1', '1', '', [...stay.diagnosis, 'ICD10CN'], '', '', event === 'A03' ? 'F' : 'A'],
  ])
}

/** Sends messages as the hospital's system does; answers what was acknowledged. */
export async function sendMessages(product: Product, texts: readonly string[]): Promise<string[]> {
  const client = new MllpClient({ host: '127.0.0.1', port: product.mllpPort })
  try {
    const codes: string[] = []
    for (const text of texts) codes.push(readAck(await client.send(text)).code)
    return codes
  } finally {
    await client.close()
  }
}

export const sendHome = (product: Product, ...stays: readonly Stay[]) =>
  sendMessages(
    product,
    stays.flatMap((s) => [adt('A01', s), adt('A03', s)]),
  )

/** The other end of the write-back: takes every message, keeps it, and says so. */
export async function listenAsHis() {
  const taken: string[] = []
  const server = await startMllpServer({
    host: '127.0.0.1',
    port: 0,
    answer: async (frame) => {
      if (frame.kind !== 'frame') return []
      const { text } = decode(frame.bytes)
      const message = parseMessage(text)
      if (!message) return []
      taken.push(text)
      return [encodeText(buildAck(message, { code: 'AA', controlId: `R${taken.length}`, sentAt: stamp(new Date()) }), 'utf-8')]
    },
  })
  return { port: server.port, taken, close: () => server.close() }
}

/** Asks a route as somebody, past the screens: for what a journey finds ready. */
export const asking = (product: Product, name: string) => askAs(product.url, name, PASSWORD)

/** All tasks that nobody has taken yet, as somebody who works on them sees them, however many there are. */
export async function untaken(ask: Awaited<ReturnType<typeof asking>>): Promise<TaskRow[]> {
  const found: TaskRow[] = []
  for (let after: string | null | undefined; after !== null; ) {
    const { rows, next } = await ask(followupsApi.queue, { list: 'unclaimed', limit: 200, ...(after ? { after } : {}) })
    found.push(...rows)
    after = next
  }
  return found
}
