import { newId } from '@renxin/kernel'
import { applyPatientFacts, mergePatients } from '@renxin/patients'
import { patientsApi } from '@renxin/patients/contract'
import { expect, test } from 'vitest'
import { followupsApi, type silentOutcomes } from '../contract.ts'
import { tellPatients } from './tell-patients.ts'
import { openWard } from './ward.fixture.ts'

const { house, dueCall: someCall, newPatient, stayOf, goHome, taskOf, tasksOf } = await openWard()
const chen = house.who('followups.work', 'followups.read', 'patients.names')
const clerk = house.who('patients.read')
const followupOf = async (id: string) => (await clerk.call(patientsApi.file, { id })).standing.followup
const end = (id: string, outcome: (typeof silentOutcomes)[number], callBackAt: string | null = null) =>
  chen.call(followupsApi.recordOutcome, { id, attemptId: newId(), outcome, callBackAt })

/** A call that is due now, and nothing else planned. */
async function dueCall() {
  const call = await someCall()
  const others = (await tasksOf(call.patientId)).filter((t) => t.id !== call.id && t.status !== 'cancelled')
  await house.who('followups.assign').call(followupsApi.cancel, { ids: others.map((t) => t.id), note: '只留一次电话' })
  return call
}

test('the file says what is due next, and how the last try ended', async () => {
  const { id, patientId } = await dueCall()
  const before = await followupOf(patientId)
  expect([before.status, before.nextAt !== null]).toEqual([null, true])

  await end(id, 'noAnswer')
  expect(await followupOf(patientId)).toMatchObject({ status: 'unreached', on: '2026-09-14', isOverdue: false })
  const at = new Date(house.now().getTime() + 3_600_000).toISOString()
  await end(id, 'callLater', at)

  expect(await followupOf(patientId)).toMatchObject({ status: 'callBack', nextAt: at })
})

test('what is put off is due then, and what is past its deadline says so', async () => {
  const { id, patientId } = await dueCall()
  const until = new Date(house.now().getTime() + 600_000).toISOString()

  await chen.call(followupsApi.postpone, { ids: [id], until })
  expect((await followupOf(patientId)).nextAt).toBe(until)
  house.advance({ days: 30 })

  expect((await followupOf(patientId)).isOverdue).toBe(true)
})

test('a discharge that is withdrawn takes what was due with it, and so does a death', async () => {
  const zhao = await newPatient()
  const stay = await goHome(zhao)
  expect((await followupOf(zhao)).nextAt).not.toBeNull()

  await stay.recall()
  await house.settle()
  const left = await followupOf(zhao)
  const open = await house.sql<{ next_at: Date }>('select next_at from followups.tasks where patient_id = $1 and is_open order by 1', [
    zhao,
  ])
  expect(left.nextAt).toBe(open[0]?.next_at.toISOString() ?? null)

  const li = await newPatient()
  await stayOf(li).admit()
  await house.settle()
  expect((await followupOf(li)).nextAt).not.toBeNull()
  await house.inside((ctx) => applyPatientFacts(ctx, [{ id: li, identifiers: [], sourceAt: house.now(), deceased: {} }]))
  await house.settle()
  expect((await followupOf(li)).nextAt).toBeNull()
})

test('after a merge the survivor has the tries and tasks of both', async () => {
  const { id, patientId: retiredId } = await dueCall()
  await end(id, 'refused')
  const survivorId = await newPatient('钱一')

  await house.inside((ctx) => mergePatients(ctx, { survivorId, retiredId }))
  await house.settle()

  expect(await followupOf(survivorId)).toMatchObject({ status: 'refused' })
  const [retired] = await house.sql('select status, next_at from patients.followup_standings where patient_id = $1', [retiredId])
  expect(retired).toEqual({ status: null, next_at: null })
  expect(await taskOf(survivorId, 'centre72h')).toMatchObject({ status: 'done' })
})

test('two who tell of the same patients, one after the other and each the other way round, do not wait in a circle', async () => {
  const [first, second] = [await newPatient('周甲'), await newPatient('周乙')]
  const halfway = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const
  let tries = 0
  const tell = (order: string[], mine: 0 | 1) =>
    house.inside(async (ctx) => {
      tries += 1
      await tellPatients(ctx, order.slice(0, 1))
      halfway[mine].resolve()
      await halfway[1 - mine]?.promise // both have begun before either goes on
      await tellPatients(ctx, order.slice(1))
    })

  await Promise.all([tell([first, second], 0), tell([second, first], 1)])

  expect(tries).toBe(2)
})
