import { newId } from '@renxin/kernel'
import { patients, registerPatient } from '@renxin/patients'
import { openHouse } from '@renxin/server/testing'
import { resolveUnits, staff, unitKey } from '@renxin/staff'
import { beforeAll, describe, expect, test } from 'vitest'
import { encountersApi } from '../contract.ts'
import { encounters } from './index.ts'

// One connection, so that what it read can be asked of it.
const house = await openHouse([staff, patients, encounters], { now: '2026-09-04T09:00+08:00', poolSize: 1 })
const size = 40_000
const wards: string[] = []
const patientIds: string[] = []

beforeAll(async () => {
  const units = Array.from({ length: 40 }, (_, i) => ({ kind: 'ward' as const, code: `W${i}`, name: `${i}病区`, departmentCode: `D${i}` }))
  const found = await house.inside((ctx) => resolveUnits(ctx, units))
  wards.push(...units.map((u) => found.get(unitKey(u) ?? '') ?? ''))
  for (let i = 0; i < 200; i++) {
    const id = newId()
    await house.inside((ctx) => registerPatient(ctx, { id, name: '张三' }))
    patientIds.push(id)
  }
  // Three of four are out-patients; of the stays nine of ten have ended, over two years.
  await house.sql(
    `insert into encounters.encounters (id, number, patient_id, said_patient_id, class, status, status_at, opened_at, ward_id, department_id, admitted_at, discharged_at, discharged_on)
     select gen_random_uuid(), 'V' || i, ($1::uuid[])[1 + i % 200], ($1::uuid[])[1 + i % 200], case when i % 4 > 0 then 'outpatient' else 'inpatient' end,
            case when i % 40 = 0 then 'inProgress' else 'discharged' end, at, at, case when i % 4 = 0 then u.id end, u.department_id, at,
            case when i % 40 > 0 then at end, case when i % 40 > 0 then at::date end
       from generate_series(1, $2::int) i
       cross join lateral (select timestamptz '2024-09-04' + i * interval '26 minutes' as at) t
       join staff.units u on u.id = ($3::uuid[])[1 + (i / 4) % 40]`,
    [patientIds, size, wards],
  )
  await house.ownerSql('analyze encounters.encounters')
})

/** How many rows of encounters were touched while doing this. */
async function rowsRead(work: () => Promise<unknown>): Promise<number> {
  const read = async () => {
    await house.sql('select pg_stat_force_next_flush()')
    const [row] = await house.sql(
      `select seq_tup_read + coalesce(idx_tup_fetch, 0) as n from pg_stat_user_tables where schemaname = 'encounters' and relname = 'encounters'`,
    )
    return Number(row?.n)
  }
  const before = await read()
  await work()
  return (await read()) - before
}

describe('a page reads its own rows and no table, however many there are', () => {
  const nurse = house.who('encounters.read')
  const ofWard = () => house.who({ 'encounters.read': 'ward' }, { wards: wards.slice(0, 1) })
  const days = { from: '2026-08-01', to: '2026-08-31' }

  test.each([
    ['who is in', () => nurse.call(encountersApi.list, {})],
    ['who went home, the latest', () => nurse.call(encountersApi.list, { status: 'discharged' })],
    ['who went home in a month', () => nurse.call(encountersApi.list, { status: 'discharged', ...days })],
    ['who went home from a ward', () => nurse.call(encountersApi.list, { status: 'discharged', wardId: wards[3] ?? '' })],
    ['who went home, to a nurse of one ward', () => ofWard().call(encountersApi.list, { status: 'discharged' })],
    ['out-patients', () => nurse.call(encountersApi.list, { class: 'outpatient', status: 'discharged' })],
    ['the beds of a ward', () => nurse.call(encountersApi.beds, { wardId: wards[3] ?? '' })],
    ['the visits of a patient', () => nurse.call(encountersApi.ofPatient, { patientId: patientIds[3] ?? '' })],
    ['the time line of a patient', () => nurse.call(encountersApi.timeline, { patientId: patientIds[3] ?? '' })],
  ])('%s', async (_, ask) => {
    expect(await rowsRead(ask)).toBeLessThan(1000)
  })
})
