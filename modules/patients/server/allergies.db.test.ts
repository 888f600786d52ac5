import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { overviewApi } from '../contract.ts'
import { applyPatientFacts, patients } from './index.ts'

const house = await openHouse([staff, patients], { now: '2025-11-20T09:00+08:00' })
const nurse = house.who('patients.read', 'patients.names')
let count = 0
const newPerson = () => {
  count += 1
  return [{ system: 'HIS', type: 'MR', value: `A${count}` }]
}
const at = (day: number) => new Date(Date.UTC(2025, 10, day))
const allergy = (name: string, reaction: string | null = null) => ({ code: null, name, kind: 'drug' as const, severity: null, reaction })
type Facts = Parameters<typeof applyPatientFacts>[1]
const tell = (facts: Facts) => house.inside((ctx) => applyPatientFacts(ctx, facts))
const known = async (patientId: string | undefined) =>
  (await house.sql<{ name: string }>('select name from patients.allergy_cards where patient_id = $1 order by name', [patientId])).map(
    (r) => r.name,
  )

test('the latest whole list counts, what was added or taken away since counts beside it, in whatever order they are heard', async () => {
  const words = (identifiers: ReturnType<typeof newPerson>): Facts => [
    { identifiers, sourceAt: at(1), allergies: [allergy('青霉素'), allergy('花生')] },
    { identifiers, sourceAt: at(2), allergyChanges: [{ ...allergy('磺胺'), isGone: false }] },
    { identifiers, sourceAt: at(3), allergies: [allergy('青霉素', '皮疹'), allergy('碘造影剂')] },
    {
      identifiers,
      sourceAt: at(4),
      allergyChanges: [
        { ...allergy('碘造影剂'), isGone: true },
        { ...allergy('芒果'), isGone: false },
      ],
    },
  ]
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }), fc.boolean(), async (order, atOnce) => {
      const all = words(newPerson())
      const heard = order.flatMap((i) => all[i] ?? [])
      const ids = atOnce ? await tell(heard) : (await Promise.all([tell(heard.slice(0, 2))])).concat([await tell(heard.slice(2))]).flat()
      expect(await known(ids[0])).toEqual(['芒果', '青霉素'])
    }),
    { numRuns: 24, endOnFailure: true },
  )
})

test('no allergies at all is a word, too', async () => {
  const identifiers = newPerson()
  await tell([{ identifiers, sourceAt: at(1), allergies: [allergy('青霉素')] }])

  const [id] = await tell([{ identifiers, sourceAt: at(2), allergies: null }])

  expect(await known(id)).toEqual([])
})

test('the head of the file warns of those of every file of the person', async () => {
  const [one, other] = [newPerson(), newPerson()]
  await tell([{ identifiers: other, sourceAt: at(1), allergies: [allergy('花生', '喉头水肿')] }])

  const [id = ''] = await tell([{ identifiers: one, sourceAt: at(2), allergies: [allergy('青霉素')], mergeOf: other }])

  const { alerts } = await nurse.call(overviewApi.head, { id })
  expect(alerts.filter((a) => a.kind === 'allergy').map((a) => a.text)).toEqual(['花生 喉头水肿', '青霉素'])
})
