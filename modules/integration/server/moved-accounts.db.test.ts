import { encounters } from '@renxin/encounters'
import { files } from '@renxin/files'
import { patients } from '@renxin/patients'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { expect, test } from 'vitest'
import { ingest, integration, readFrame } from './index.ts'

const house = await openHouse([staff, files, patients, encounters, integration], { now: '2025-11-20T09:00+08:00' })

let count = 0
const message = (kind: string, minute: number, record: string, account: string, ...rest: string[]) => {
  count += 1
  const at = `2025110509${String(minute).padStart(2, '0')}00`
  return [`MSH|^~\\&|HIS|甲院|CRM||${at}||${kind}|M${count}|P|2.5`, `EVN||${at}`, `PID|1||${record}^^^HIS^MR||钱多多||19600102|F${'|'.repeat(10)}${account}`, ...rest].join('\r') // biome-ignore format: one message
}
const take = (...texts: string[]) =>
  house.inside((ctx) =>
    ingest(
      ctx,
      texts.flatMap((text) => readFrame(Buffer.from(text))),
    ),
  )
async function centsOf(record: string): Promise<number[]> {
  const rows = await house.sql<{ amount_cents: string }>(
    'select c.amount_cents from encounters.charge_cards c join patients.cards p on p.id = c.patient_id where p.medical_record_number = $1',
    [record],
  )
  return rows.map((r) => Number(r.amount_cents))
}

test('A44 without a visit number moves the account, with its charges, and a second A44 brings it back', async () => {
  const charged = message('DFT^P03', 1, 'M1', 'AC9', `FT1|1|T1||20251105090000||CG|BED^床位费||||50.00`)
  const moved = message('ADT^A44', 2, 'M2', 'AC9', 'MRG|M1^^^HIS^MR||AC9')
  const back = message('ADT^A44', 3, 'M1', 'AC9', 'MRG|M2^^^HIS^MR||AC9')
  await take(message('ADT^A28', 0, 'M1', ''), message('ADT^A28', 0, 'M2', ''), charged)
  expect([await centsOf('M1'), await centsOf('M2')]).toEqual([[5_000], []])

  const [became] = await take(moved)
  expect(became?.status).toBe('applied')
  expect([await centsOf('M1'), await centsOf('M2')]).toEqual([[], [5_000]])

  await take(back)
  expect([await centsOf('M1'), await centsOf('M2')]).toEqual([[5_000], []])
})

test('an account that is moved before its charges come receives them where it is', async () => {
  await take(
    message('ADT^A28', 0, 'M3', ''),
    message('ADT^A44', 2, 'M4', 'AC8', 'MRG|M3^^^HIS^MR||AC8'),
    message('DFT^P03', 1, 'M3', 'AC8', `FT1|1|T2||20251105090000||CG|BED^床位费||||20.00`),
  )

  expect([await centsOf('M3'), await centsOf('M4')]).toEqual([[], [2_000]])
})
