import { createUser } from '@renxin/access'
import { feedbackApi } from '@renxin/feedback/contract'
import { newId } from '@renxin/kernel'
import { patientsApi, privacyApi, seenBy } from '@renxin/patients/contract'
import { expect, test } from 'vitest'
import { followupsApi } from '../contract.ts'
import { openWard } from './ward.fixture.ts'

const { house, nurse, dueCall } = await openWard()
const centre = await house.inside((ctx) =>
  createUser(ctx, { name: 'chenjing', displayName: '陈静', password: 'Ward12345', personId: null, roleKeys: ['followupNurse'] }),
)
const work = [
  'feedback.record',
  'feedback.read',
  'followups.work',
  'followups.read',
  'patients.read',
  'patients.names',
  'patients.unmask',
] as const
const chen = house.who(...work, { id: centre.id, name: '陈静' })
/** Gives out and cancels, and knows of such a patient by the call alone that is in their hands. */
const leader = house.who(...work, 'followups.assign', { id: centre.id, name: '陈静' })
/** Has the ward's own call with every patient of hers, from the day of the discharge. */
const li = house.who(...work, { id: nurse.id, name: '李秀英' })
const other = house.who(...work)
const chief = house.who(
  'feedback.read',
  'followups.assign',
  'followups.read',
  'patients.read',
  'patients.classify',
  ...Object.values(seenBy),
  {
    name: '周主任',
  },
)

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

test.each([
  ['release', (id: string) => chen.call(followupsApi.release, { ids: [id] }), { assigneeId: null, status: 'todo' }],
  ['cancel', (id: string) => leader.call(followupsApi.cancel, { ids: [id], note: '不再随访' }), { status: 'cancelled' }],
  ['assign to somebody else', (id: string) => leader.call(followupsApi.assign, { ids: [id], among: [nurse.id] }), { assigneeId: nurse.id }],
  ['postpone', (id: string) => chen.call(followupsApi.postpone, { ids: [id], until: '2026-09-29T09:00:00+08:00' }), { assigneeId: centre.id }],
  ['prioritise', (id: string) => leader.call(followupsApi.prioritise, { ids: [id], priority: 1 }), { assigneeId: centre.id }],
] as const)('%s: what takes a VIP’s call out of one’s hands is done whole, told of, and answered, though the patient is gone for who did it', async (_, write, after) => {
  const { patientId, id } = await dueCall()
  await chief.call(privacyApi.classify, { patientId, class: 'vip', reason: '院办通知' })
  await chief.call(followupsApi.assign, { ids: [id], among: [centre.id] })
  await house.settle()

  const { rows } = await write(id)
  await house.settle()

  expect(rows).toEqual([expect.objectContaining({ id, patientId })])
  expect(await chief.call(followupsApi.task, { id })).toMatchObject(after)
  const [standing] = await house.sql<{ next: Date | null }>('select next_at as next from patients.followup_standings where patient_id = $1', [patientId])
  const [task] = await house.sql<{ next: Date | null }>('select min(next_at) as next from followups.tasks where patient_id = $1 and is_open', [patientId])
  expect(standing?.next).toEqual(task?.next)
  const isKept = 'assigneeId' in after && after.assigneeId === centre.id
  expect(await chen.call(patientsApi.card, { id: patientId }).then(() => 'seen', (refused: { code: string }) => refused.code)).toBe(isKept ? 'seen' : 'patients.notFound')
}) // biome-ignore format: a write a line

test('a complaint that was taken down in a VIP’s call stays whole when the call is given back', async () => {
  const { patientId, id } = await dueCall()
  await chief.call(privacyApi.classify, { patientId, class: 'vip', reason: '院办通知' })
  await chief.call(followupsApi.assign, { ids: [id], among: [centre.id] })
  const complaint = { id: newId(), kind: 'complaint' as const, text: '等了很久', patientId, encounterId: null, source: 'call' as const }

  await chen.call(feedbackApi.record, { ...complaint, speakerName: null, unitIds: [], personIds: [] })
  await chen.call(followupsApi.release, { ids: [id] })

  expect((await chief.call(feedbackApi.complaint, { id: complaint.id })).text).toBe('等了很久')
  await expect(chen.call(feedbackApi.complaint, { id: complaint.id })).rejects.toMatchObject({ kind: 'not_found' })
  await expect(chen.call(feedbackApi.amend, { id: complaint.id, text: '改', unitIds: [], personIds: [] })).rejects.toMatchObject({
    kind: 'not_found',
  })
})
