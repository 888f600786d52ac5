import { encounters } from '@renxin/encounters'
import { patients } from '@renxin/patients'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { importSender, ingest, integration, readFrame } from './index.ts'

const house = await openHouse([staff, patients, encounters, integration], { now: '2025-11-20T09:00+08:00' })
await house.inside((ctx) => importSender(ctx, {}, { application: 'LIS', facility: '甲院' }))

const message = (control: string, minute: number, who: string, ...segments: string[]) =>
  [
    `MSH|^~\\&|LIS|甲院|CRM||202511010900${String(minute).padStart(2, '0')}||ORU^R01|${control}|P|2.5||||||UNICODE UTF-8`,
    `PID|1||${who}^^^HIS^MR||钱多多`,
    ...segments,
  ].join('\r')
const panel = (number: string, name: string, status = 'F') => `OBR|1|P1|${number}|${name}^${name}|${'|'.repeat(20)}${status}`
const line = (code: string, value: string, status: string, flag = '') => `OBX|1|NM|${code}^${code}||${value}|mmol/L||${flag}|||${status}`
/** A day of the laboratory: a first value, the rest, another panel, a correction, a line taken back. */
const day = (run: string, number: string, who: string) => [
  message(`${run}-1`, 1, who, panel(number, '生化', 'P'), line('K', '6.8', 'P', 'HH')),
  message(`${run}-2`, 2, who, panel(number, '生化'), line('NA', '140', 'F'), line('CL', '101', 'F')),
  message(`${run}-3`, 3, who, panel(number, '凝血'), line('PT', '12', 'F')),
  message(`${run}-4`, 4, who, panel(number, '生化', 'C'), line('K', '4.1', 'C')),
  message(`${run}-5`, 5, who, panel(number, '凝血', 'C'), line('PT', '', 'X')),
]
const send = (texts: readonly string[]) =>
  house.inside((ctx) => ingest(ctx, texts.flatMap((text) => readFrame(Buffer.from(text))))) // biome-ignore format: one thought

type Item = { code: string; value: string | null; status?: string; former?: { value: string; flag: string | null; status: string }[] }

async function reportOf(number: string) {
  const [row] = await house.sql<{ status: string; title: string; has_critical: boolean; items: Item[] }>(
    'select status, title, has_critical, items from encounters.reports where number = $1',
    [number],
  )
  return { ...row, items: (row?.items ?? []).map((i) => [i.code, i.value, i.status, i.former?.map((f) => [f.value, f.flag, f.status])]) }
}

test('a report that comes in five messages has all its lines, what was corrected beside what was said before, and no critical value that was wrong', async () => {
  for (const text of day('A', 'LR-A', 'R1')) await send([text])

  expect(await reportOf('LR-A')).toEqual({
    status: 'corrected',
    title: '生化、凝血',
    has_critical: false,
    items: [
      ['K', '4.1', 'corrected', [['6.8', 'HH', 'preliminary']]],
      ['NA', '140', undefined, undefined],
      ['CL', '101', undefined, undefined],
      ['PT', null, 'withdrawn', [['12', null, 'final']]],
    ],
  })
  const values = await house.sql(
    `select i.code from encounters.report_item_cards i join encounters.reports r on r.id = i.report_id where r.number = 'LR-A' order by position`,
  )
  expect(values).toEqual([{ code: 'K' }, { code: 'NA' }, { code: 'CL' }])
})

test('its messages end in the same report in whatever order, batches and doublings they come', async () => {
  await send(day('B', 'LR-B', 'R2'))
  const wanted = await reportOf('LR-B')
  let run = 0
  const anyhow = fc.tuple(fc.shuffledSubarray([0, 1, 2, 3, 4, 0, 2, 4], { minLength: 8 }), fc.integer({ min: 1, max: 8 }))

  await fc.assert(
    fc.asyncProperty(anyhow, async ([order, size]) => {
      run += 1
      const texts = day(`C${run}`, `LR-C${run}`, 'R2')
      for (let from = 0; from < order.length; from += size) await send(order.slice(from, from + size).flatMap((i) => texts[i] ?? []))
      expect(await reportOf(`LR-C${run}`)).toEqual(wanted)
    }),
    { numRuns: 25 },
  )
}, 60_000)

test('a bill that names an account alone is of the visit of that account, and goes with it into another', async () => {
  const adt = (event: string, control: string, minute: number, account: string, ...segments: string[]) =>
    [
      `MSH|^~\\&|LIS|甲院|CRM||202511020900${String(minute).padStart(2, '0')}||${event}|${control}|P|2.5||||||UNICODE UTF-8`,
      `PID|1||R9^^^HIS^MR||钱多多${'|'.repeat(13)}${account}`,
      ...segments,
    ].join('\r')
  const stay = (visit: string) => `PV1|1|I|内科^^3${'|'.repeat(16)}${visit}`
  const visitOf = async () => (await house.sql(`select visit_number from encounters.charge_cards where number = 'FT-1'`))[0]?.visit_number

  await send([
    adt('DFT^P03', 'D1', 1, 'ACC-2', 'FT1|1|FT-1||20251102080000||CG|BED^床位费||||40'),
    adt('ADT^A41', 'D2', 4, 'ACC-1', 'MRG|R9^^^HIS^MR||ACC-2'),
    adt('ADT^A01', 'D3', 2, 'ACC-2', stay('VIS-2')),
  ])
  expect(await visitOf()).toBe('VIS-2')

  await send([adt('ADT^A01', 'D4', 3, 'ACC-1', stay('VIS-1'))])
  expect(await visitOf()).toBe('VIS-1')
  expect(await house.sql(`select status from encounters.cards where number in ('VIS-1', 'VIS-2')`)).toEqual([
    { status: 'inProgress' },
    { status: 'inProgress' },
  ])
})
