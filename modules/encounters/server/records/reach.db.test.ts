import { newId } from '@renxin/kernel'
import { mergePatients, noteCare, patients, registerPatient } from '@renxin/patients'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { beforeAll, describe, expect, test } from 'vitest'
import { encountersApi } from '../../contract.ts'
import { recordsApi } from '../../records-contract.ts'
import { applyEncounterFacts, applyRecords, encounters, type RecordFacts } from '../index.ts'

// One connection, so that what it read can be asked of it.
const house = await openHouse([staff, patients, encounters], { now: '2026-09-04T09:00+08:00', poolSize: 1 })
const patientIds: string[] = []
const ward = newId()
const each = 100
const size = 300 * each
let encounterId = ''

beforeAll(async () => {
  for (let i = 0; i < 300; i++) {
    const id = newId()
    await house.inside((ctx) => registerPatient(ctx, { id, name: '张三' }))
    patientIds.push(id)
  }
  const stays = patientIds.map((patientId, i) => ({ number: `V${i}`, patientId, event: 'admit', sourceAt: new Date('2026-09-01T00:00Z'), class: 'inpatient', admittedAt: new Date('2026-09-01T00:00Z') }) as const) // biome-ignore format: a visit for each
  encounterId = (await house.inside((ctx) => applyEncounterFacts(ctx, stays)))[3] ?? ''
  await house.inside((ctx) =>
    noteCare(
      ctx,
      patientIds.map((patientId) => ({ patientId, unitIds: [ward] })),
    ),
  )
  const of = `from generate_series(1, $2::int) i cross join lateral (select ($1::uuid[])[1 + i % 300] as p, 'V' || i % 300 as v,
    timestamptz '2024-09-04' + i * interval '30 minutes' as at) t`
  const common = (kind: string) => `insert into encounters.${kind} (id, source, number, patient_id, said_patient_id, visit_number, happened_at, changed_at, said_at, status` // biome-ignore format: one line
  const values = `select gen_random_uuid(), 'S', 'N' || i, p, p, v, at, at, '{}'`
  const items = `'[{"code":"K","name":"钾","value":"4.1","amount":4.1,"unit":null,"range":null,"flag":null,"observedAt":null}]'`
  await house.sql(`${common('reports')}, kind, items) ${values}, 'final', case when i % 2 = 0 then 'laboratory' else 'imaging' end, ${items} ${of}`, [patientIds, size]) // biome-ignore format: one line
  await house.sql(`${common('documents')}) ${values}, 'current' ${of}`, [patientIds, size])
  await house.sql(`${common('orders')}, kind) ${values}, 'active', 'medication' ${of}`, [patientIds, size])
  await house.sql(`${common('charges')}, kind) ${values}, 'current', 'charge' ${of}`, [patientIds, size])
  await house.sql(`${common('bookings')}) ${values}, 'booked' ${of}`, [patientIds, size])
  await house.sql(`${common('procedures')}) ${values}, 'current' ${of}`, [patientIds, size])
  await house.ownerSql('analyze')
}, 60_000)

const tables = ['reports', 'documents', 'orders', 'charges', 'bookings', 'procedures']

/** How many rows of the records' tables were touched while doing this. */
async function rowsRead(work: () => Promise<unknown>): Promise<number> {
  const read = async () => {
    await house.sql('select pg_stat_force_next_flush()')
    const [row] = await house.sql(
      `select sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) as n from pg_stat_user_tables where schemaname = 'encounters' and relname = any($1)`,
      [tables],
    )
    return Number(row?.n)
  }
  const before = await read()
  await work()
  return (await read()) - before
}

describe('what is asked of one patient reads that patient’s records, however many there are of others', () => {
  const doctor = house.who('encounters.read', 'encounters.results')
  const nurse = house.who({ 'encounters.read': 'ward', 'encounters.results': 'ward' }, { wards: [ward] })
  const patientId = () => patientIds[3] ?? ''
  const place = () => ({ patientId: patientId(), encounterId })

  test.each([
    ['reports', () => doctor.call(recordsApi.reports, { patientId: patientId() })],
    ['reports, to a nurse of one ward', () => nurse.call(recordsApi.reports, { patientId: patientId() })],
    ['reports of one visit', () => doctor.call(recordsApi.reports, place())],
    ['the table of results', () => doctor.call(recordsApi.results, { patientId: patientId() })],
    ['a trend', () => doctor.call(recordsApi.trend, { patientId: patientId(), analyte: 'K' })],
    ['documents', () => doctor.call(recordsApi.documents, { patientId: patientId() })],
    ['orders', () => doctor.call(recordsApi.orders, { patientId: patientId() })],
    ['charges', () => doctor.call(recordsApi.charges, { patientId: patientId() })],
    ['what charges come to', () => doctor.call(recordsApi.chargeTotals, { patientId: patientId() })],
    ['appointments', () => doctor.call(recordsApi.bookings, { patientId: patientId() })],
    ['operations', () => doctor.call(recordsApi.procedures, { patientId: patientId() })],
    ['how many there are', () => doctor.call(recordsApi.recordCounts, { patientId: patientId() })],
    ['the time line', () => doctor.call(encountersApi.timeline, { patientId: patientId() })],
    ['a view, by patient and visit', () =>
      house.sql('select * from encounters.report_cards where patient_id = $1 and encounter_id = $2', [patientId(), encounterId])],
    ['the items of a patient', () => house.sql('select * from encounters.report_item_cards where patient_id = $1', [patientId()])],
  ])('%s', async (_, ask) => {
    expect(await rowsRead(ask)).toBeLessThan(1500)
  }) // biome-ignore format: a question a line

  test('a batch of two hundred records', async () => {
    const facts = Array.from({ length: 200 }, (_, i): RecordFacts => ({
      is: 'charge', source: 'S', number: `N${i * 7}`, patientId: patientIds[i] ?? '', sourceAt: new Date('2026-09-02T00:00Z'), kind: 'charge', status: 'current',
    })) // biome-ignore format: a charge

    expect(await rowsRead(() => house.inside((ctx) => applyRecords(ctx, facts)))).toBeLessThan(1500)
  })

  test('a merge of two patients', async () => {
    const [survivorId = '', retiredId = ''] = patientIds.slice(100)
    await house.inside((ctx) => mergePatients(ctx, { survivorId, retiredId }))

    expect(await rowsRead(() => house.settle())).toBeLessThan(5 * tables.length * each)
    expect(await house.sql('select count(*)::int as n from encounters.orders where patient_id = $1', [survivorId])).toEqual([
      { n: 2 * each },
    ])
  })
})
