import { encounters } from '@renxin/encounters'
import { feedback } from '@renxin/feedback'
import { files } from '@renxin/files'
import { followups } from '@renxin/followups'
import { newId } from '@renxin/kernel'
import { patients, registerPatient } from '@renxin/patients'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { surveys } from '@renxin/surveys'
import { expect, test } from 'vitest'
import { integrationApi } from '../contract.ts'
import { deadLettersApi } from '../dead-letters-contract.ts'
import { writeBackApi } from '../write-back-contract.ts'
import { importSender, ingest, integration, readFrame, saveDestination } from './index.ts'
import { messageOf } from './stay-of-test.ts'

const house = await openHouse([staff, patients, files, encounters, surveys, feedback, followups, integration], {
  now: '2026-09-04T09:00+08:00',
})
const { id: senderId } = await house.inside((ctx) => importSender(ctx, {}, { application: 'HIS', facility: '甲院' }))
const [patientId, destinationId] = [newId(), newId()]
await house.inside((ctx) => registerPatient(ctx, { id: patientId, name: '周一' }))
const place = { name: 'HIS', host: '127.0.0.1', port: 2576, application: '', facility: '', charset: 'utf-8' } as const
await house.inside((ctx) =>
  saveDestination(ctx, { id: destinationId, ...place, takesFollowups: true, takesComplaints: true, isActive: true }),
)
await house.sql(
  `insert into integration.messages (id, sender_id, control_id, content_hash, received_at, type, event, visit_number, charset, body, status, reason, notes, patient_id)
   select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7' || substr(md5(n::text), 1, 3) || '8' || substr(md5(n::text), 4, 15))::uuid,
     $1, 'C' || n, sha256(n::text::bytea), at, 'ADT', 'A08', case when n % 50 > 0 then 'V' || n % 4000 end, 'utf-8', '\\x00',
     case when n % 100 = 0 then 'waiting' else 'applied' end, case when n % 100 = 0 then 'noVisitNumber' end, case when n % 200 = 1 then '[]'::jsonb end, $2
   from (select n, timestamptz '2026-09-04T08:00+08:00' - n * interval '1 minute' as at from generate_series(1, 20000) n) s`,
  [senderId, patientId],
)
await house.sql(
  `insert into integration.outgoing (destination_id, event_id, kind, object_id, patient_id, message, status, created_at, next_at, sent_at)
   select $1, gen_random_uuid(), 'followup', gen_random_uuid(), $2, 'MSH', s, at, at, case when s = 'sent' then at end
   from (select n, timestamptz '2026-09-04T08:00+08:00' as at, case when n % 500 = 0 then 'refused' else 'sent' end as s from generate_series(1, 20000) n) g`,
  [destinationId, patientId],
)
await house.ownerSql('analyze')
await house.inside((ctx) => ingest(ctx, readFrame(Buffer.from(messageOf({ event: 'A31', sentAt: '20260903', visit: undefined })))))
const [one] = await house.sql<{ id: string }>("select id from integration.messages where event = 'A31'")

/** The plans of what a page asks, as the application's role makes them. */
async function plansOf(page: (reader: ReturnType<typeof house.who>) => Promise<unknown>): Promise<string[]> {
  const seen: { sql: string; parameters: readonly unknown[] }[] = []
  const connect = house.house.pool.connect.bind(house.house.pool)
  const spied = async () => {
    const client = await connect()
    const send = client.query.bind(client)
    Object.assign(client, {
      query: (asked: string | { text: string; values?: unknown[] }, values?: unknown[]) => {
        const { text: sql, values: parameters = [] } = typeof asked === 'string' ? { text: asked, values } : asked
        if (/^\s*select\s/.test(sql) && /integration"?\./.test(sql)) seen.push({ sql, parameters })
        return Reflect.apply(send, client, [asked, values])
      },
    })
    return client
  }
  Object.assign(house.house.pool, { connect: spied })
  try {
    await page(house.who('integration.read', 'integration.mend'))
  } finally {
    Object.assign(house.house.pool, { connect })
  }
  const plans = await Promise.all(seen.map((s) => house.sql<{ 'QUERY PLAN': string }>(`explain ${s.sql}`, [...s.parameters])))
  return plans.map((p) => p.map((line) => line['QUERY PLAN']).join('\n'))
}

test.each<[string, (reader: ReturnType<typeof house.who>) => Promise<unknown>]>([
  ['the newest messages', (r) => r.call(integrationApi.messages, {})],
  ['of a sender', (r) => r.call(integrationApi.messages, { senderId })],
  ['of a visit or a control id', (r) => r.call(integrationApi.messages, { number: 'V7' })],
  ['of a day', (r) => r.call(integrationApi.messages, { from: '2026-09-01', to: '2026-09-01' })],
  ['to be settled', (r) => r.call(integrationApi.messages, { status: 'unsettled' })],
  ['not wholly understood', (r) => r.call(integrationApi.messages, { cause: 'notes' })],
  ['their causes', (r) => r.call(integrationApi.causes, {})],
  ['of a patient', (r) => r.call(integrationApi.messages, { patientId })],
  ['of a record number', (r) => r.call(integrationApi.messages, { number: 'H-PLAN' })],
  ['of a kind', (r) => r.call(integrationApi.messages, { event: 'ADT' })],
  ['what was mended by hand', (r) => r.call(integrationApi.messages, { byHand: 'yes' })],
  ['the groups of what waits', (r) => r.call(deadLettersApi.groups, {})],
  ['how much a replay would read', (r) => r.call(deadLettersApi.countReplay, { like: { senderId, from: '2026-09-01', to: '2026-09-01' } })],
  ['what a message changed', (r) => r.call(integrationApi.raw, { id: one?.id ?? '' })],
  ['the destinations', (r) => r.call(writeBackApi.destinations, {})],
  ['the newest lines', (r) => r.call(writeBackApi.outgoing, {})],
  ['what was refused', (r) => r.call(writeBackApi.outgoing, { status: 'refused' })],
  ['what one destination refused', (r) => r.call(writeBackApi.outgoing, { status: 'refused', destinationId })],
])('no page reads a whole table: %s', async (_, page) => {
  const plans = await plansOf(page)

  expect(plans.length).toBeGreaterThan(0)
  for (const plan of plans) expect(plan).not.toMatch(/Seq Scan on (messages|outgoing)/)
})
