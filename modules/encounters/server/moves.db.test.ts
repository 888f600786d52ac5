import { newId } from '@renxin/kernel'
import { patients, registerPatient } from '@renxin/patients'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encountersApi } from '../contract.ts'
import { cancelled, discharged } from './events.ts'
import { applyEncounterFacts, type EncounterFacts, encounters } from './index.ts'

const house = await openHouse([staff, patients, encounters], { now: '2025-11-20T09:00+08:00' })
const apply = (facts: EncounterFacts[]) => house.inside((ctx) => applyEncounterFacts(ctx, facts))
const at = (time: string) => new Date(`2025-11-${time.replace(' ', 'T')}:00+08:00`)

let counter = 0
async function newPatient() {
  const id = newId()
  await house.inside((ctx) => registerPatient(ctx, { id, name: '赵建国' }))
  return id
}
const newNumbers = () => {
  counter += 1
  return { old: `OLD${counter}`, now: `NEW${counter}`, last: `LAST${counter}` }
}
const visit = async (number: string) =>
  (
    await house.sql<Record<string, unknown>>(
      'select id, patient_id, status, bed, discharged_on, length_of_stay_days from encounters.cards where number = $1',
      [number],
    )
  )[0]
const told = async (event: Parameters<typeof house.events>[0], encounterId: unknown) =>
  (await house.events(event)).filter((e) => (e as { encounterId: string }).encounterId === encounterId).length

describe('a visit that gets another number', () => {
  test('stays the same visit, and messages under the old number are about it', async () => {
    const { old, now } = newNumbers()
    const patientId = await newPatient()
    const [id] = await apply([{ number: old, patientId, event: 'admit', sourceAt: at('01 09:00'), class: 'inpatient', wardName: '内科' }])

    await apply([{ number: now, retires: [old], patientId, event: 'update', sourceAt: at('02 09:00') }])
    const [late] = await apply([{ number: old, patientId, event: 'update', sourceAt: at('03 09:00'), bed: '7床' }])

    expect(late).toBe(id)
    expect(await visit(now)).toMatchObject({ id, bed: '7床', status: 'inProgress' })
    expect(await visit(old)).toBeUndefined()
  })

  test('may get a third, heard of in any order', async () => {
    const { old, now, last } = newNumbers()
    const patientId = await newPatient()
    const second = { number: last, retires: [now], patientId, event: 'update' as const, sourceAt: at('03 09:00') }
    const first = { number: now, retires: [old], patientId, event: 'update' as const, sourceAt: at('02 09:00') }

    await apply([{ number: old, patientId, event: 'admit', sourceAt: at('01 09:00'), bed: '1床' }])
    await apply([second])
    await apply([first])

    expect(await visit(last)).toMatchObject({ status: 'inProgress', bed: '1床' })
  })
})

test('who is on leave is shown so, with the moment from which', async () => {
  const { old } = newNumbers()
  const patientId = await newPatient()
  const [id = ''] = await apply([
    { number: old, patientId, event: 'admit', sourceAt: at('01 09:00'), class: 'inpatient' },
    { number: old, patientId, event: 'leave', sourceAt: at('05 09:00') },
  ])

  const file = await house.who('encounters.read').call(encountersApi.file, { id })

  expect(file).toMatchObject({ status: 'inProgress', onLeaveSince: at('05 09:00').toISOString() })
})

test('two visits that were one: the retired one is cancelled, its statements count for the other', async () => {
  const { old, now } = newNumbers()
  const patientId = await newPatient()
  const [retired] = await apply([
    { number: old, patientId, event: 'admit', sourceAt: at('01 09:00'), admittedAt: at('01 09:00'), class: 'inpatient' },
  ])
  const [stays] = await apply([{ number: now, patientId, event: 'discharge', sourceAt: at('05 09:00'), class: 'inpatient' }])

  await apply([{ number: now, retires: [old], patientId, event: 'update', sourceAt: at('06 09:00') }])

  expect(await visit(now)).toMatchObject({ id: stays, status: 'discharged', length_of_stay_days: 4 })
  expect(await visit(old)).toMatchObject({ id: retired, status: 'cancelled', discharged_on: null })
  expect([await told(cancelled, retired), await told(discharged, stays)]).toEqual([1, 1])
})

test('a visit that was another patient’s all along takes its bed and its death along', async () => {
  const { old } = newNumbers()
  const [wrong, right] = [await newPatient(), await newPatient()]
  await apply([
    { number: old, patientId: wrong, event: 'admit', sourceAt: at('01 09:00'), class: 'inpatient', bed: '3床' },
    { number: old, patientId: wrong, event: 'discharge', sourceAt: at('05 09:00'), disposition: '5' },
  ])

  await apply([{ number: old, patientId: right, event: 'update', sourceAt: at('06 09:00') }])

  const dead = await house.sql<{ id: string }>('select id from patients.cards where deceased_at is not null and id = any($1)', [
    [wrong, right],
  ])
  expect(dead).toEqual([{ id: right }])
  expect(await visit(old)).toMatchObject({ patient_id: right })
})

test('whatever the order and the batches, and however often: announced, admitted, renamed, moved to its patient, on leave, sent home', async () => {
  const tale = async () => {
    const { old, now } = newNumbers()
    const [wrong, right] = [await newPatient(), await newPatient()]
    const facts: EncounterFacts[] = [
      {
        number: old,
        patientId: wrong,
        event: 'preadmit',
        sourceAt: at('01 09:00'),
        admittedAt: at('02 09:00'),
        bed: '1床',
        wardName: '内科',
      },
      { number: old, patientId: wrong, event: 'admit', sourceAt: at('02 10:00'), class: 'inpatient', wardName: '内科', bed: '2床' },
      { number: now, retires: [old], patientId: wrong, event: 'update', sourceAt: at('03 09:00') },
      { number: now, patientId: right, event: 'update', sourceAt: at('04 09:00') },
      { number: old, patientId: right, event: 'leave', sourceAt: at('05 09:00') },
      { number: now, patientId: right, event: 'return', sourceAt: at('06 09:00'), bed: '4床' },
      { number: now, patientId: right, event: 'discharge', sourceAt: at('08 09:00'), disposition: '1' },
    ]
    return { facts, now, right }
  }
  const stateOf = async ({ now, right }: Awaited<ReturnType<typeof tale>>) => {
    const found = await visit(now)
    const stays = await house.sql('select bed, from_at, to_at from encounters.stays where encounter_id = $1 order by position', [found?.id])
    return { ...found, id: '', patient_id: found?.patient_id === right, stays }
  }
  const inOrder = await tale()
  await apply(inOrder.facts)
  const wanted = await stateOf(inOrder)
  expect(wanted).toMatchObject({ status: 'discharged', patient_id: true, bed: '4床', length_of_stay_days: 6 })

  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6], { minLength: 7 }),
      fc.array(fc.nat(6), { maxLength: 3 }),
      fc.integer({ min: 1, max: 7 }),
      async (order, twice, size) => {
        const one = await tale()
        const heard = [...order, ...twice].flatMap((i) => one.facts[i] ?? [])
        for (let from = 0; from < heard.length; from += size) await apply(heard.slice(from, from + size))
        expect(await stateOf(one)).toEqual(wanted)
      },
    ),
    { numRuns: 25, endOnFailure: true },
  )
}, 60_000)
