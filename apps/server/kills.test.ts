import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { encodeMessage, MllpClient, readAck, type SegmentIn } from '@renxin/hl7'
import { wallTime } from '@renxin/kernel'
import { openPool } from '@renxin/server'
import { connectOnly } from '@renxin/server/postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { forget, makeDataDir, type Product, postgresOf, runCommand, startProduct } from './testing.ts'

const KILLS = 20
const SENDERS = 8
const STAYS_OF_EACH = 32
const EVENTS = ['A01', 'A02', 'A03'] as const
const PATIENCE = 400_000 // twenty starts on a machine that may be busy

let folder: string
let product: Product | undefined

beforeAll(async () => {
  folder = await makeDataDir('kills')
})
afterAll(() => forget(folder, product))

type Sent = { controlId: string; text: string; isTaken: boolean }

test('killed twenty times under eight senders: every acknowledged message is there and applied, none twice', {
  timeout: PATIENCE,
}, async () => {
  product = await start()
  await runCommand(folder, ['hospital', 'create', '--name', '仁心演练医院'])
  let acknowledged = 0
  const heard = new Set<() => void>()
  const sent: Sent[][] = Array.from({ length: SENDERS }, () => [])
  const work = sent.map((own, i) =>
    sendAll(i, own, () => {
      acknowledged += 1
      for (const hear of heard) hear()
    }),
  )
  const allSent = Promise.all(work)
  allSent.catch(() => {}) // looked at below; a sender that gave up must not end the process first

  const hit: Record<Victim, number> = { server: 0, both: 0, database: 0 }
  for (let kill = 0; kill < KILLS; kill += 1) {
    const wanted = acknowledged + 1 + ((kill * 7) % 29)
    await Promise.race([allSent, new Promise<void>((enough) => heard.add(() => acknowledged >= wanted && enough()))])
    heard.clear()
    const victim = (['server', 'both', 'server', 'database'] as const)[kill % 4] ?? 'server'
    await killHard(product, victim)
    hit[victim] += 1
    product = undefined
    product = await start()
  }
  expect(hit).toEqual({ server: 10, both: 5, database: 5 })
  expect(sent.flat().filter((m) => m.isTaken).length).toBeLessThan(SENDERS * STAYS_OF_EACH * EVENTS.length) // the senders were busy to the end
  await allSent

  await inspect(sent.flat())
})

const start = () => startProduct(folder, { PORT: 'off' })

type Victim = 'server' | 'both' | 'database'

/** kill -9, as a power cut would: our process, PostgreSQL, or both; a server whose database died ends by itself. */
async function killHard(running: Product, victim: Victim): Promise<void> {
  const postgres = await postgresOf(folder)
  if (!postgres) throw new Error('no PostgreSQL runs on this folder')
  const isGone = once(running.process, 'exit')
  if (victim !== 'database') running.process.kill('SIGKILL')
  if (victim !== 'server') process.kill(postgres, 'SIGKILL')
  await isGone
}

/** One sender: a message at a time, again and again until it is acknowledged, as the standard asks. */
async function sendAll(sender: number, sent: Sent[], acknowledged: () => void): Promise<void> {
  let client: MllpClient | undefined
  let connectedTo: Product | undefined
  for (let stay = 0; stay < STAYS_OF_EACH; stay += 1) {
    for (const event of EVENTS) {
      const message = { ...messageOf(sender, stay, event), isTaken: false }
      sent.push(message)
      while (!message.isTaken) {
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
      acknowledged()
    }
  }
  await client?.close()
}

const blank = (n: number) => Array<undefined>(n).fill(undefined)
let clock = 0

function messageOf(sender: number, stay: number, event: (typeof EVENTS)[number]): { controlId: string; text: string } {
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
  return { controlId, text: encodeMessage(segments) }
}

type Row = Record<string, unknown>

/** What the database says in the end: the inbox, what it led to, the outbox and the audit trail. */
async function inspect(sent: readonly Sent[]): Promise<void> {
  const urls = await connectOnly({ dataDir: folder })
  const pool = openPool(urls?.appUrl ?? '', { max: 1 })
  const rows = async (text: string): Promise<Row[]> => {
    const client = await pool.connect()
    try {
      await client.query(`begin; select set_config('house.hospital', '1', true)`)
      return (await client.query(text)).rows
    } finally {
      await client.query('commit').finally(() => client.release())
    }
  }
  const one = async (text: string) => (await rows(`select ${text} as it`))[0]?.it
  try {
    const stays = SENDERS * STAYS_OF_EACH
    expect(await one(`current_setting('fsync')`)).toBe('on')
    expect(sent).toHaveLength(stays * EVENTS.length)

    const kept = await rows(
      `select control_id, count(*)::int as times, min(status) as status from integration.messages group by control_id order by control_id`,
    )
    expect(kept).toEqual(
      sent
        .map((m) => ({ control_id: m.controlId, times: 1, status: 'applied' }))
        .toSorted((a, b) => (a.control_id < b.control_id ? -1 : 1)),
    )

    const settled = { timeout: 60_000, interval: 200 }
    await expect.poll(() => one('(select count(*)::int from house.events where pending)'), settled).toBe(0)
    expect(await rows('select listener, error from house.deliveries')).toEqual([])
    expect(await one('(select count(*)::int from patients.cards)')).toBe(stays)
    expect(
      await rows('select status, count(*)::int as n, count(distinct number)::int as numbers from encounters.cards group by status'),
    ).toEqual([{ status: 'discharged', n: stays, numbers: stays }])
    expect(
      await rows(`select name, count(*)::int as n, count(distinct payload ->> 'encounterId')::int as stays from house.events
      where name in ('encounters.admitted', 'encounters.discharged') group by name order by name`),
    ).toEqual(['encounters.admitted', 'encounters.discharged'].map((name) => ({ name, n: stays, stays })))
    const tasks = await rows(`select p.key, count(*)::int as n, count(distinct t.encounter_id)::int as stays
      from followups.tasks t join followups.programmes p on p.id = t.programme_id group by p.key order by p.key`)
    expect(tasks.filter((t) => t.n !== t.stays)).toEqual([])
    expect(tasks).toEqual(expect.arrayContaining(['centre72h', 'department7d'].map((key) => ({ key, n: stays, stays }))))

    expect(
      await rows(
        `select count(*)::int as n, count(distinct object_id)::int as messages from house.audit where action = 'integration.applied'`,
      ),
    ).toEqual([{ n: sent.length, messages: sent.length }])
    await expect.poll(() => one('(select count(*)::int from house.audit where block is null)'), settled).toBe(0)
    expect(await rows(BROKEN_BLOCKS)).toEqual([])
    expect(await one('(select count(*)::int from house.audit_blocks)')).toBeGreaterThan(0)
  } finally {
    await pool.end()
  }
}

/** Blocks whose hash is not that of the block before and of their rows, or whose rows are not as many as they were. */
const BROKEN_BLOCKS = `
  with bodies as (
    select a.block, count(*) as rows, string_agg(house.audit_text(a), E'\\n' order by a.id) as body from house.audit a group by a.block
  ), chain as (
    select b.number, b.rows, b.previous_hash, b.hash, lag(b.hash, 1, '\\x') over (order by b.number) as before, lag(b.number, 1, 0) over (order by b.number) as last
    from house.audit_blocks b
  )
  select c.number, c.rows, t.rows as found from chain c left join bodies t on t.block = c.number
  where c.number <> c.last + 1 or c.previous_hash <> c.before or t.rows is distinct from c.rows
     or c.hash is distinct from sha256(c.before || convert_to(t.body, 'UTF8'))`
