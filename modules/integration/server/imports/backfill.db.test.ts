import { encounters } from '@renxin/encounters'
import { patients } from '@renxin/patients'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { expect, test } from 'vitest'
import { backfill } from './backfill.ts'

const house = await openHouse([staff, patients, encounters], { now: '2026-11-02T09:00+08:00' })
const saidAt = new Date('2026-11-01T00:00:00Z')
const fill = (lines: readonly string[]) =>
  backfill(house.house, house.hospitalId, { bytes: Buffer.from(`\uFEFF${lines.join('\r\n')}\r\n`), kind: 'patients', saidAt })
const head = '病案号,姓名,性别,出生日期,联系电话'
const people = Array.from(
  { length: 1200 },
  (_, i) => `${String(i + 1).padStart(8, '0')},王晓明,男,1970-01-01,138${String(i).padStart(8, '0')}`,
)
const known = () => house.sql('select name, sex, birth_on, medical_record_number from patients.cards order by medical_record_number')

test('a file of any length is taken in slices, and its counts add up to its rows', async () => {
  const done = await fill([head, ...people, ',,,,', '合计,1200人,,,', ',李四,女,1980-02-30,1380000'])

  expect(done).toMatchObject({ rows: 1202, applied: 1200, aside: 1, failed: 1 })
  expect(done.failures).toContain('"李四"')
  expect(await known()).toHaveLength(1200)
  expect((await known())[0]).toEqual({ name: '王晓明', sex: 'male', birth_on: '1970-01-01', medical_record_number: '00000001' })
})

test('a file that was broken off is begun again, and what was there already changes nothing', async () => {
  const before = await known()

  const done = await fill([head, ...people])

  expect(done).toMatchObject({ rows: 1200, applied: 1200, failed: 0, failures: null })
  expect(await known()).toEqual(before)
})

test('a file whose columns do not say whose rows they are is refused before anything is taken', async () => {
  await expect(fill(['姓名,性别', '王五,男'])).rejects.toMatchObject({ code: 'integration.columnsMissing' })
})
