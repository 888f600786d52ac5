import { type Ask, newId } from '@renxin/kernel'
import { describe, expect, test } from 'vitest'
import { previewApi, programmesApi, Rule } from '../contract.ts'
import { openWard } from './ward.fixture.ts'

const { house, newPatient, goHome, tell } = await openWard('2026-09-01T10:00+08:00')
await house.sql(`update followups.programmes set status = 'disabled'`)
const administrator = house.who('followups.programmes', 'followups.read', 'patients.names')
let count = 0

const see = async (patientId: string, at: string) => {
  count += 1
  const moment = new Date(at)
  const [id = ''] = await tell([
    { number: `C${count}`, patientId, class: 'outpatient', event: 'register', sourceAt: moment, admittedAt: moment },
  ])
  await house.settle()
  return id
}
const leave = async (patientId: string, on: string) => {
  house.setNow(new Date(new Date(`${on}T10:00+08:00`).getTime() - 4 * 86_400_000))
  return (await goHome(patientId)).encounterId
}
const programme = (rule: Ask<typeof programmesApi.saveProgramme>['body']['rule']) => ({
  name: newId(),
  level: 'centre' as const,
  trigger: 'vanished' as const,
  rule,
  steps: [
    {
      name: '电话',
      unit: 'days' as const,
      fromOffset: 0,
      byOffset: 7,
      channel: 'phone' as const,
      assignee: 'centre' as const,
      questionnaireId: null,
    },
  ],
})
const stays = Rule.parse({ classes: ['inpatient'] })
const activate = async (rule: Rule, from: string) => {
  const id = newId()
  await administrator.call(programmesApi.saveProgramme, { id, version: 0, body: programme(rule) })
  const { planning } = await administrator.call(programmesApi.activate, { id, from })
  const taken = await house.sql<{ encounter_id: string }>('select encounter_id from followups.enrolments where programme_id = $1', [id])
  return { planned: planning?.made, taken: taken.map((t) => t.encounter_id).sort() }
}

describe('whoever was not seen again within a month', () => {
  test('is taken by a programme for it from the day on from which it holds, and is counted and named by its preview', async () => {
    const [long, gone, came, late, still] = [
      await newPatient('甲'),
      await newPatient('乙'),
      await newPatient('丙'),
      await newPatient('丁'),
      await newPatient('戊'),
    ]
    await leave(long, '2026-09-10') // its month ended on 11 October, before the programme begins
    const vanished = await leave(gone, '2026-09-20')
    await leave(came, '2026-09-20')
    await see(came, '2026-10-20T08:00+08:00') // the thirtieth day
    await leave(late, '2026-09-21')
    await see(late, '2026-10-30T08:00+08:00') // too late, and yet there is nothing to ask any more
    await leave(still, '2026-10-05')
    house.setNow('2026-11-02T09:00+08:00')
    const what = JSON.stringify({ id: newId(), trigger: 'vanished', rule: stays, samplePercent: 100, variants: [] })

    const counted = await administrator.call(previewApi.preview, { what })
    const { rows } = await administrator.call(previewApi.whom, { what, from: '2026-10-15', to: '2026-11-01' })
    const { planned, taken } = await activate(stays, '2026-10-15')

    expect(counted).toMatchObject({ all: 4, matching: 2 }) // those whose month ended in the last thirty days; the first of them and the one before
    expect(rows.map((r) => r.patientName)).toEqual(['乙'])
    expect([planned, taken]).toEqual([1, [vanished]])
  })

  test('of a clinic is asked once for several visits of one day', async () => {
    const patient = await newPatient('己')
    const first = await see(patient, '2026-09-25T08:00+08:00')
    await see(patient, '2026-09-25T11:00+08:00')
    house.setNow('2026-11-02T09:00+08:00')

    expect((await activate(Rule.parse({ classes: ['outpatient'] }), '2026-10-20')).taken).toEqual([first])
  })

  test('has thirty days where the hospital stands: at the last moment of the thirtieth nothing is planned, at the first of the next it is', async () => {
    const patient = await newPatient('庚')
    await leave(patient, '2026-11-10')
    house.setNow('2026-12-10T23:59+08:00')
    const before = await activate(stays, '2026-12-05')
    house.setNow('2026-12-11T00:00+08:00')
    const after = await activate(stays, '2026-12-05')

    expect([before.planned, after.planned]).toEqual([0, 1])
  })
})
