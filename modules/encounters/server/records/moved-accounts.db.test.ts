import { files } from '@renxin/files'
import { newId } from '@renxin/kernel'
import { mergePatients, noteCare, partPatients, patients, registerPatient } from '@renxin/patients'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { recordsApi } from '../../records-contract.ts'
import { type AccountFact, applyAccounts, applyEncounterFacts, applyRecords, encounters } from '../index.ts'

const house = await openHouse([staff, files, patients, encounters], { now: '2026-09-10T09:00+08:00' })
const clerk = house.who('encounters.read', 'encounters.results')
const at = (minute: number) => new Date(Date.UTC(2026, 8, 1, 0, minute))

let count = 0
/** Two patients; the wrong one has a stay and its account, with a charge that names the account alone and one that names the visit, too. */
async function twoPatients() {
  count += 1
  const n = count
  const [wrong, right] = [newId(), newId()]
  for (const id of [wrong, right]) await registerPatient(house.ctx, { id, name: '赵建国' })
  await house.inside((ctx) =>
    noteCare(
      ctx,
      [wrong, right].map((patientId) => ({ patientId, unitIds: [newId()] })),
    ),
  )
  const [visit, account] = [`MV${n}`, `MA${n}`]
  const charge = (name: string, more: { visitNumber?: string; accountNumber?: string }, amountCents: number) => ({
    is: 'charge' as const, source: 'HIS', number: `${name}${n}`, sourceAt: at(2), patientId: wrong, kind: 'charge' as const, status: 'current' as const,
    name, amountCents, ...more,
  }) // biome-ignore format: a charge
  const steps = {
    admitted: () =>
      house.inside((ctx) =>
        applyEncounterFacts(ctx, [{ number: visit, patientId: wrong, event: 'admit', class: 'inpatient', sourceAt: at(1) }]),
      ),
    opened: () => tell({ number: account, visitNumber: visit, sourceAt: at(1) }),
    charged: () =>
      house.inside((ctx) =>
        applyRecords(ctx, [
          charge('床位费', { accountNumber: account }, 5_000),
          charge('护理费', { accountNumber: account, visitNumber: visit }, 300),
          charge('挂号费', {}, 70),
        ]),
      ),
    moved: () => tell({ number: account, ownerId: right, sourceAt: at(5) }),
    back: () => tell({ number: account, ownerId: wrong, sourceAt: at(8) }),
  }
  const cents = async (patientId: string) =>
    (await clerk.call(recordsApi.charges, { patientId })).rows.map((r) => r.amountCents ?? 0).sort((a, b) => a - b)
  const state = async () => ({
    wrong: await cents(wrong),
    right: await cents(right),
    visitIs: (await house.sql<{ patient_id: string }>('select patient_id from encounters.cards where number = $1', [visit])).map((v) =>
      v.patient_id === right ? 'right' : 'wrong',
    ),
  })
  return { wrong, right, account, visit, steps, state }
}
const tell = (...facts: AccountFact[]) => house.inside((ctx) => applyAccounts(ctx, facts))
const all = async (steps: Record<string, () => Promise<unknown>>, ...names: string[]) => {
  for (const name of names) await steps[name]?.()
}

test('an account that is moved takes its charges and its visit to the other patient; what hangs on no account stays', async () => {
  const { steps, state } = await twoPatients()
  await all(steps, 'admitted', 'opened', 'charged')
  expect(await state()).toEqual({ wrong: [70, 300, 5_000], right: [], visitIs: ['wrong'] })

  await steps.moved()

  expect(await state()).toEqual({ wrong: [70], right: [300, 5_000], visitIs: ['right'] })
})

test('moved back everything is as it was, and what was said of it stays to be read', async () => {
  const { visit, steps, state } = await twoPatients()
  await all(steps, 'admitted', 'opened', 'charged', 'moved', 'back')

  expect(await state()).toEqual({ wrong: [70, 300, 5_000], right: [], visitIs: ['wrong'] })
  const statements = await house.sql<{ event: string }>(
    'select f.event from encounters.facts f join encounters.encounters e on e.id = f.encounter_id where e.number = $1 order by f.source_at',
    [visit],
  )
  expect(statements.map((s) => s.event)).toEqual(['admit', 'update', 'update'])
})

test('an account without a visit takes its charges alone, and so do accounts that went into it', async () => {
  const { account, right, steps, state } = await twoPatients()
  await all(steps, 'admitted', 'charged')
  await tell({ number: account, into: `${account} main`, sourceAt: at(3) })
  await tell({ number: `${account} main`, ownerId: right, sourceAt: at(5) })

  expect(await state()).toEqual({ wrong: [70], right: [300, 5_000], visitIs: ['wrong'] })
})

test('when the two patients turn out to be one all is his, and parted again the account is where it was moved', async () => {
  const { wrong, right, steps, state } = await twoPatients()
  await all(steps, 'admitted', 'opened', 'charged', 'moved')
  const files = { survivorId: wrong, retiredId: right }

  await house.inside((ctx) => mergePatients(ctx, files))
  await house.settle()
  expect((await state()).wrong).toEqual([70, 300, 5_000])
  await house.inside((ctx) => partPatients(ctx, { ...files, reason: '两个人' }))
  await house.settle()

  expect(await state()).toEqual({ wrong: [70], right: [300, 5_000], visitIs: ['right'] })
})

test('it ends alike in every order and with every doubling, moved or moved back', async () => {
  const names = fc.constantFrom(['admitted', 'opened', 'charged', 'moved'], ['admitted', 'opened', 'charged', 'moved', 'back'])
  const heard = names.chain((said) =>
    fc.tuple(fc.constant(said), fc.shuffledSubarray([...said, ...said], { minLength: said.length * 2 }), fc.boolean()),
  )
  await fc.assert(
    fc.asyncProperty(heard, async ([said, order]) => {
      const [inOrder, anyhow] = [await twoPatients(), await twoPatients()]
      await all(inOrder.steps, ...said)
      // A message that names the account comes with its visit: the two are told together.
      for (const name of order) {
        if (name === 'opened') await anyhow.steps.admitted()
        await anyhow.steps[name as keyof typeof anyhow.steps]()
      }
      expect(await anyhow.state()).toEqual(await inOrder.state())
    }),
    { numRuns: 25 },
  )
}, 60_000)
