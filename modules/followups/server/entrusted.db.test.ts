import { createUser } from '@renxin/access'
import { newId } from '@renxin/kernel'
import { patientsApi, privacyApi, seenBy } from '@renxin/patients/contract'
import { expect, test } from 'vitest'
import { followupsApi } from '../contract.ts'
import { openWard } from './ward.fixture.ts'

const { house, nurse, dueCall } = await openWard()
const centre = await house.inside((ctx) =>
  createUser(ctx, { name: 'chenjing', displayName: '陈静', password: 'Ward12345', personId: null, roleKeys: ['followupNurse'] }),
)
const work = ['followups.work', 'followups.read', 'patients.read', 'patients.names', 'patients.unmask'] as const
const chen = house.who(...work, { id: centre.id, name: '陈静' })
/** Has the ward's own call with every patient of hers, from the day of the discharge. */
const li = house.who(...work, { id: nurse.id, name: '李秀英' })
const other = house.who(...work)
const chief = house.who('followups.assign', 'followups.read', 'patients.read', 'patients.classify', ...Object.values(seenBy), {
  name: '周主任',
})

test('a VIP’s call is in nobody’s queue until it is given out; whoever has it sees a masked name, calls and records, and it is gone for them when it is done', async () => {
  const { patientId, id, contactId } = await dueCall()
  await chief.call(privacyApi.classify, { patientId, class: 'vip', reason: '院办通知' })
  const named = async (who: typeof chen) =>
    who.call(patientsApi.card, { id: patientId }).then(
      (card) => [card.name, card.privacy],
      (refused: { code: string }) => refused.code,
    )

  expect(await named(chen)).toBe('patients.notFound')
  await expect(chen.call(followupsApi.task, { id })).rejects.toMatchObject({ kind: 'not_found' })

  await chief.call(followupsApi.assign, { ids: [id], among: [centre.id] })
  expect(await named(chen)).toEqual(['赵*国', 'vip'])
  expect(await named(li)).toEqual(['赵*国', 'vip'])
  expect(await named(other)).toBe('patients.notFound')
  expect(await chen.call(followupsApi.task, { id })).toMatchObject({ patientName: '赵*国' })

  const { number } = await chen.call(patientsApi.revealPhone, { contactId, reason: '随访拨打' })
  expect(number).toContain('138')
  const outcome = { id, attemptId: newId(), outcome: 'patientDead' as const, note: '' }
  const recorded = await chen.call(followupsApi.recordOutcome, outcome)
  expect(await chen.call(followupsApi.recordOutcome, outcome)).toEqual(recorded) // sent twice
  await house.settle()
  expect(await house.sql('select id from followups.tasks where patient_id = $1 and is_open', [patientId])).toEqual([])
  expect((await chief.call(patientsApi.card, { id: patientId })).warnings).toContain('deceased')
  expect(await named(chen)).toBe('patients.notFound')
})
