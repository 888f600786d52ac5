import { wallTime } from '@renxin/kernel'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { EncounterEvent } from './facts.ts'
import { type Fact, foldEncounter, type Said } from './rules.ts'

const fold = (facts: readonly Fact[]) => foldEncounter(facts, (at) => wallTime(at, 'Asia/Shanghai').slice(0, 10))
const patientId = '01990000-0000-7000-8000-000000000001'
const [cardiology, intensive] = ['01990000-0000-7000-8000-0000000000c1', '01990000-0000-7000-8000-0000000000c2']
const at = (time: string) => new Date(`2025-11-${time.replace(' ', 'T')}:00+08:00`).toISOString()
const say = (event: EncounterEvent, time: string, said: Partial<Said> = {}): Fact => ({
  event,
  sourceAt: at(time),
  said: { patientId, ...said },
})

const admit = say('admit', '01 09:30', { wardId: cardiology, bed: '12床' })
const goes = say('planDischarge', '08 09:00', { expectedDischargeAt: at('10 12:00') })
const moves = say('planTransfer', '03 09:00', { nextWardId: intensive, nextBed: '3床', transferExpectedAt: at('04 10:00') })
const home = say('discharge', '10 16:00')

test('who is to go home or to be moved lies where he lay until it happens, and then nothing is planned any more', () => {
  expect(fold([admit, moves])).toMatchObject({ wardId: cardiology, bed: '12床', nextWardId: intensive, nextBed: '3床', transferPlannedSince: at('03 09:00') })
  expect(fold([admit, moves]).stays).toHaveLength(1)
  expect(fold([admit, moves, say('transfer', '04 10:15', { wardId: intensive, bed: '3床' })])).toMatchObject({ wardId: intensive, nextWardId: null, transferPlannedSince: null })
  expect(fold([admit, goes])).toMatchObject({ status: 'inProgress', expectedDischargeAt: at('10 12:00'), dischargePlannedSince: at('08 09:00') })
  expect(fold([admit, goes, home])).toMatchObject({ status: 'discharged', expectedDischargeAt: null, dischargePlannedSince: null })
  expect(fold([admit, goes, home, say('cancelDischarge', '10 17:00')])).toMatchObject({ status: 'inProgress', dischargePlannedSince: null })
}) // biome-ignore format: a story a line

test('a plan that is called off is none, each of the two by itself', () => {
  const both = [admit, moves, goes]

  expect(fold([...both, say('cancelPlanDischarge', '09 08:00')])).toMatchObject({ expectedDischargeAt: null, nextWardId: intensive })
  expect(fold([...both, say('cancelPlanTransfer', '09 08:00')])).toMatchObject({ expectedDischargeAt: at('10 12:00'), nextWardId: null })
})

test('a system that writes where he will lie into where he lies has moved nobody', () => {
  expect(fold([admit, say('planTransfer', '03 09:00', { wardId: intensive, bed: '3床' })])).toMatchObject({
    wardId: cardiology,
    bed: '12床',
    nextWardId: intensive,
    nextBed: '3床',
  })
  expect(fold([admit, say('planTransfer', '03 09:00', { wardId: cardiology, bed: '12床' })])).toMatchObject({ nextWardId: null })
})

test('the day for which the discharge is expected may come with any message, and a leftover of it after the discharge is no plan', () => {
  expect(fold([admit, say('update', '02 08:00', { expectedDischargeAt: at('09 12:00') })]).expectedDischargeAt).toBe(at('09 12:00'))
  expect(fold([admit, home, say('update', '11 08:00', { expectedDischargeAt: at('09 12:00') })]).expectedDischargeAt).toBeNull()
})

test('plans and their cancellations end the same in whatever order they are heard', () => {
  const told = [
    admit,
    moves,
    say('cancelPlanTransfer', '03 12:00'),
    say('planTransfer', '05 09:00', { nextWardId: intensive }),
    goes,
    say('cancelPlanDischarge', '08 18:00'),
    say('planDischarge', '09 09:00'),
  ]
  fc.assert(
    fc.property(fc.shuffledSubarray([...told, ...told], { minLength: told.length * 2 }), (heard) => {
      expect(fold(heard)).toEqual(fold(told))
    }),
  )
  expect(fold(told)).toMatchObject({ nextWardId: intensive, transferPlannedSince: at('05 09:00'), dischargePlannedSince: at('09 09:00'), expectedDischargeAt: null })
}) // biome-ignore format: one story
