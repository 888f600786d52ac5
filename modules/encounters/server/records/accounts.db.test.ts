import { files } from '@renxin/files'
import { newId } from '@renxin/kernel'
import { noteCare, patients, registerPatient } from '@renxin/patients'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { recordsApi } from '../../records-contract.ts'
import { type AccountFact, applyAccounts, applyEncounterFacts, applyRecords, encounters } from '../index.ts'

const house = await openHouse([staff, files, patients, encounters], { now: '2026-09-10T09:00+08:00' })
const clerk = house.who('encounters.read', 'encounters.results')
const at = (minute: number) => new Date(Date.UTC(2026, 8, 1, 0, minute))
const tell = (...facts: AccountFact[]) => house.inside((ctx) => applyAccounts(ctx, facts))

let count = 0
/** One patient, two stays, each with an account of its own on which a charge hangs that names no visit. */
async function twoStays() {
  count += 1
  const patientId = newId()
  await registerPatient(house.ctx, { id: patientId, name: '赵建国' })
  await house.inside((ctx) => noteCare(ctx, [{ patientId, unitIds: [newId()] }]))
  const [v1, v2, a1, a2] = ['V1', 'V2', 'A1', 'A2'].map((n) => `${n}-${count}`) as [string, string, string, string] // four, as they stand
  const stay = (number: string) => ({ number, patientId, event: 'admit' as const, class: 'inpatient' as const, sourceAt: at(1) })
  const [one = '', two = ''] = await house.inside((ctx) => applyEncounterFacts(ctx, [stay(v1), stay(v2)]))
  const charge = (accountNumber: string, amountCents: number) => ({
    is: 'charge' as const, source: 'HIS', number: `${accountNumber} ${amountCents}`, sourceAt: at(2), patientId, kind: 'charge' as const,
    status: 'current' as const, name: '床位费', amountCents, accountNumber,
  }) // biome-ignore format: a charge
  await house.inside((ctx) => applyRecords(ctx, [charge(a1, 5_000), charge(a2, 10_000)]))
  const cents = async (encounterId: string) =>
    (await clerk.call(recordsApi.chargeTotals, { patientId, encounterId })).totals.map((t) => t.amountCents)
  const totals = async () => ({ one: await cents(one), two: await cents(two) })
  const opened: AccountFact[] = [
    { number: a1, visitNumber: v1, sourceAt: at(1) },
    { number: a2, visitNumber: v2, sourceAt: at(1) },
  ]
  return { patientId, one, two, a1, a2, opened, totals }
}

test('charges that name an account alone are its visit’s, and go with the account into another, while the visits stay two', async () => {
  const { patientId, one, a1, a2, opened, totals } = await twoStays()
  expect(await totals()).toEqual({ one: [], two: [] })

  await tell(...opened)
  expect(await totals()).toEqual({ one: [5_000], two: [10_000] })

  await tell({ number: a2, into: a1, sourceAt: at(5) })
  expect(await totals()).toEqual({ one: [15_000], two: [] })
  const { rows } = await clerk.call(recordsApi.charges, { patientId, encounterId: one })
  expect(rows.map((r) => r.encounterId)).toEqual([one, one])
  expect(await house.sql('select status from encounters.cards where patient_id = $1', [patientId])).toEqual([
    { status: 'inProgress' },
    { status: 'inProgress' },
  ])
})

test('a merge of accounts that is taken back leaves what was there before, and the opposite merge turns it round', async () => {
  const { a1, a2, opened, totals } = await twoStays()
  await tell(...opened, { number: a2, into: a1, sourceAt: at(5) })

  await tell({ number: a2, into: null, sourceAt: at(6) })
  expect(await totals()).toEqual({ one: [5_000], two: [10_000] })
  await tell({ number: a2, into: a1, sourceAt: at(5) }) // the former word, said again
  expect(await totals()).toEqual({ one: [5_000], two: [10_000] })

  await tell({ number: a2, into: a1, sourceAt: at(7) }, { number: a1, into: a2, sourceAt: at(8) })
  expect(await totals()).toEqual({ one: [], two: [15_000] })
})

test('whatever is said of accounts ends the same in every order and with every doubling', async () => {
  const said = fc.array(fc.constantFrom('merge', 'turn', 'part', 'part other'), { minLength: 1, maxLength: 5 })
  const heard = said.chain((kinds) =>
    fc.tuple(fc.constant(kinds), fc.shuffledSubarray([...kinds.keys(), ...kinds.keys()], { minLength: kinds.length * 2 })),
  )

  await fc.assert(
    fc.asyncProperty(heard, fc.integer({ min: 1, max: 4 }), async ([kinds, order], size) => {
      const of = ({ a1, a2, opened }: Awaited<ReturnType<typeof twoStays>>) => [
        ...opened,
        ...kinds.map((kind, i): AccountFact => {
          const [number, other] = kind === 'merge' || kind === 'part' ? [a2, a1] : [a1, a2]
          return { number, into: kind.startsWith('part') ? null : other, sourceAt: at(10 + i) }
        }),
      ]
      const [right, anyhow] = [await twoStays(), await twoStays()]
      await tell(...of(right))
      const facts = of(anyhow)
      const batches = [...order.flatMap((i) => facts[i + 2] ?? []), ...facts.slice(0, 2)]
      for (let from = 0; from < batches.length; from += size) await tell(...batches.slice(from, from + size))
      expect(await anyhow.totals()).toEqual(await right.totals())
    }),
    { numRuns: 20 },
  )
}, 60_000)
