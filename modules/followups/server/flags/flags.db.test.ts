import { createUser } from '@renxin/access'
import { newId } from '@renxin/kernel'
import { type Context, sql } from '@renxin/server'
import { personKey, resolvePeople } from '@renxin/staff'
import { createQuestionnaire, publishQuestionnaire, recordManyResponses, recordResponse } from '@renxin/surveys'
import { type Definition, surveysApi } from '@renxin/surveys/contract'
import { describe, expect, test } from 'vitest'
import { flagsApi, followupsApi, programmesApi } from '../../contract.ts'
import { openWard } from '../ward.fixture.ts'
import { woundFlag, woundQuestion } from '../wound.fixture.ts'
import { correctFlags } from './index.ts'

const ward = await openWard()
const { house, departmentId, newPatient, goHome } = ward

const definition: Definition = {
  resourceType: 'Questionnaire',
  title: '换药随访',
  extension: [woundFlag('open', 'open', 30), woundFlag('inflamed', 'inflamed')],
  item: [woundQuestion],
}
const [questionnaireId, versionId] = [newId(), newId()]
await house.inside(async (ctx) => {
  await createQuestionnaire(ctx, { id: questionnaireId, definition })
  await publishQuestionnaire(ctx, { id: questionnaireId, versionId, revision: 0 })
})

const doctorPerson = { number: 'D0301', name: '高建国', job: 'doctor' as const }
const people = await house.inside((ctx) => resolvePeople(ctx, [doctorPerson]))
const account = await house.inside((ctx) =>
  createUser(ctx, {
    name: 'gaojianguo',
    displayName: '高建国',
    password: 'Ward12345',
    personId: people.get(personKey(doctorPerson) ?? '') ?? '',
    roleKeys: [],
  }),
)
const all = { 'followups.flags': 'department', 'followups.closeFlags': 'department', 'patients.names': 'department' } as const
const doctor = house.who(all, { id: account.id, name: '高建国', departments: [departmentId] })
const colleague = house.who(all, { name: '孙医生', departments: [departmentId] })
const stranger = house.who(all, { name: '外科医生', departments: [newId()] })
const supervisor = house.who(
  { 'followups.flags': 'hospital', 'followups.giveFlags': 'hospital', 'patients.names': 'hospital' },
  { name: '何静' },
)
const nurse = house.who({ 'followups.work': 'hospital', 'followups.read': 'hospital', 'followups.flags': 'hospital' }, { name: '周敏' })
const planner = house.who('followups.programmes', 'followups.read')

/** A patient at home whose stay had this attending doctor, or one without an account. */
async function atHome(attending: { number: string; name: string } = doctorPerson) {
  const patientId = await newPatient('钱桂英')
  const { encounterId } = await goHome(patientId, { attending })
  return { patientId, encounterId }
}
type Home = Awaited<ReturnType<typeof atHome>>
const answer = (ctx: Context, home: Home, wound: string, id = newId()) =>
  recordResponse(ctx, { id, versionId, ...home, answers: { wound: [wound] }, channel: 'wechat', respondent: 'patient' })
async function raised(wound = 'open', attending?: { number: string; name: string }) {
  const home = await atHome(attending)
  const { id: responseId } = await house.inside((ctx) => answer(ctx, home, wound))
  const [flag] = await house.sql<{ id: string }>('select id from followups.flags where response_id = $1', [responseId])
  return { ...home, responseId, id: flag?.id ?? '' }
}
const flagsOf = (responseId: string) =>
  house.sql<{ rule_id: string; status: string; now_response_id: string | null }>(
    'select rule_id, status, now_response_id from followups.flags where response_id = $1 order by rule_id',
    [responseId],
  )
const tick = () => house.tick('followups.passOnFlags')

describe('an answer that calls for a doctor', () => {
  test('opens a task for the attending doctor in the transaction that records it, with the rule’s deadline', async () => {
    const home = await atHome()

    const seen = await house.inside(async (ctx) => {
      const { id } = await answer(ctx, home, 'open')
      return flagIn(ctx, id)
    })

    expect(seen).toMatchObject({ doctorName: '高建国', severity: 'urgent', title: '伤口open' })
    expect(seen?.dueAt).toEqual(new Date(house.now().getTime() + 30 * 60_000))
  })

  test('sent again raises nothing more, and a transaction that fails leaves neither answer nor flag', async () => {
    const home = await atHome()
    const id = newId()

    await house.inside((ctx) => answer(ctx, home, 'open', id))
    await house.inside((ctx) => answer(ctx, home, 'open', id))
    const lost = newId()
    await house
      .inside(async (ctx) => {
        await answer(ctx, home, 'open', lost)
        throw new Error('the line was cut')
      })
      .catch(() => {})

    expect(await flagsOf(id)).toHaveLength(1)
    expect(await flagsOf(lost)).toEqual([])
    expect(await house.sql('select 1 from surveys.responses where id = $1', [lost])).toEqual([])
  })

  test('many that come together, from a link or another system, raise one flag for each that calls for it', async () => {
    const homes = [await atHome(), await atHome(), await atHome()]
    const responses = homes.map((home, n) => ({
      id: newId(),
      versionId,
      ...home,
      answers: { wound: [['open', 'healing', 'inflamed'][n] ?? ''] },
      channel: 'sms' as const,
      respondent: 'patient' as const,
    }))

    await house.inside((ctx) => recordManyResponses(ctx, responses))

    expect(await Promise.all(responses.map(async (r) => (await flagsOf(r.id)).map((f) => f.rule_id)))).toEqual([['open'], [], ['inflamed']])
  })

  test('goes to whoever answers for red flags in the department where the attending doctor has no account, and to anybody there where nobody does', async () => {
    const unknown = { number: 'D9999', name: '未建账号' }
    const toAnybody = await raised('open', unknown)
    await supervisor.call(flagsApi.setFlagDuty, { departmentId, accountId: account.id })
    const toDuty = await raised('open', unknown)
    await supervisor.call(flagsApi.setFlagDuty, { departmentId, accountId: null })

    expect(await supervisor.call(flagsApi.flag, { id: toAnybody.id })).toMatchObject({ doctorId: null, departmentName: '心血管内科' })
    expect(await supervisor.call(flagsApi.flag, { id: toDuty.id })).toMatchObject({ doctorId: account.id })
    expect((await colleague.call(flagsApi.flags, { list: 'mine' })).rows.map((r) => r.id)).toContain(toAnybody.id)
  })

  test('in a call: the nurse notes that the patient was told, and the flag names the task by which it was heard', async () => {
    const call = await ward.dueCall()
    const programmes = await planner.call(programmesApi.programmes, {})
    const [centre] = programmes.rows.filter((p) => p.key === 'centre72h')
    expect(centre).toBeDefined()
    await house.sql(
      `update followups.steps s set questionnaire_id = $1 from followups.tasks t where t.id = $2 and s.version_id = t.version_id and s.position = t.step`,
      [questionnaireId, call.id],
    )
    const responseId = newId()
    const response = { id: responseId, versionId, answers: { wound: ['open'] } }
    const input = { id: call.id, attemptId: newId(), outcome: 'reached' as const, response, told: ['open'] }

    await nurse.call(followupsApi.complete, input)
    await nurse.call(followupsApi.complete, input)

    const [flag] = await house.sql<{ id: string }>('select id from followups.flags where response_id = $1', [responseId])
    const shown = await nurse.call(flagsApi.flag, { id: flag?.id ?? '' })
    expect(shown).toMatchObject({ taskId: call.id, isTold: true, raisedByName: '周敏' })
    expect(shown.steps.map((s) => s.kind)).toEqual(['raised', 'told'])
  })
})

const flagIn = async (ctx: Context, responseId: string) => {
  const { rows } = await sql<{ doctorName: string; severity: string; title: string; dueAt: Date }>`
    select doctor_name, severity, title, due_at from followups.flags where response_id = ${responseId}::uuid`.execute(ctx.db)
  return rows[0]
}

describe('the doctor', () => {
  test('sees what was answered, what the nurse said and what the patient was told, with the name masked for those who may not see it', async () => {
    const { id } = await raised()

    const flag = await doctor.call(flagsApi.flag, { id })
    const masked = await nurse.call(flagsApi.flag, { id })

    expect(flag).toMatchObject({
      patientName: '钱桂英',
      because: [{ question: '伤口怎么样？', answers: ['伤口open'] }],
      say: '我马上报告医生。',
      tell: '请今天到门诊换药。',
      mayClose: true,
    })
    expect(masked.patientName).not.toContain('桂')
    expect(masked.mayClose).toBe(false)
  })

  test('closes it with an outcome and a note, and not without', async () => {
    const { id } = await raised()

    await expect(doctor.call(flagsApi.closeFlag, { id, outcome: 'clinic', note: '  ' })).rejects.toMatchObject({ code: 'house.invalid' })
    const closed = await doctor.call(flagsApi.closeFlag, { id, outcome: 'clinic', note: '已约明天换药' })

    expect(closed).toMatchObject({ status: 'closed', outcome: 'clinic', note: '已约明天换药', closedByName: '高建国' })
    expect((await doctor.call(flagsApi.flags, { list: 'mine' })).rows.map((r) => r.id)).not.toContain(id)
    expect((await doctor.call(flagsApi.flags, { list: 'closed' })).rows.map((r) => r.id)).toContain(id)
  })

  test('even straight in the table it cannot be closed without an outcome', async () => {
    const { id } = await raised()

    await expect(house.sql(`update followups.flags set status = 'closed', closed_at = now() where id = $1`, [id])).rejects.toThrow(
      'flags_check',
    )
  })

  test('of two who close at once one succeeds, and the other is told who was quicker', async () => {
    const { id } = await raised('open', { number: 'D9999', name: '未建账号' })
    const close = (who: typeof doctor) => who.call(flagsApi.closeFlag, { id, outcome: 'advised', note: '已电话指导' })

    const results = await Promise.allSettled([close(doctor), close(colleague)])

    expect(results.filter((r) => r.status === 'fulfilled')).toHaveLength(1)
    expect(results).toContainEqual(expect.objectContaining({ reason: expect.objectContaining({ code: 'followups.flagClosed' }) }))
  })

  test('of another doctor’s flag nothing is closed, of another department’s nothing is seen', async () => {
    const { id } = await raised()

    await expect(colleague.call(flagsApi.closeFlag, { id, outcome: 'advised', note: '代处理' })).rejects.toMatchObject({
      code: 'followups.flagNotYours',
      details: { byName: '高建国' },
    })
    await expect(stranger.call(flagsApi.flag, { id })).rejects.toMatchObject({ code: 'followups.flagNotFound' })
    expect((await stranger.call(flagsApi.flags, { list: 'open' })).rows).toEqual([])
  })

  test('takes one that nobody has; the second who reaches for it is told by whom', async () => {
    const { id } = await raised('open', { number: 'D9999', name: '未建账号' })

    await colleague.call(flagsApi.takeFlag, { id })

    await expect(doctor.call(flagsApi.takeFlag, { id })).rejects.toMatchObject({
      code: 'followups.flagTaken',
      details: { byName: '孙医生' },
    })
  })

  test('every look at one is written down with the patient', async () => {
    const { id, patientId } = await raised()

    await doctor.call(flagsApi.flag, { id })

    const looks = await house.sql(`select 1 from house.audit where action = 'followups.flag' and patient_id = $1`, [patientId])
    expect(looks).toHaveLength(1)
  })
})

describe('the supervisor', () => {
  test('sees what nobody has closed, the overdue first, and how many in each department', async () => {
    const early = await raised()
    house.advance({ minutes: 31 })
    const late = await raised()

    const { rows } = await supervisor.call(flagsApi.flags, { list: 'open', limit: 200 })
    const counts = await supervisor.call(flagsApi.flagCounts, {})

    const places = [early.id, late.id].map((id) => rows.findIndex((r) => r.id === id))
    expect(places[0]).toBeLessThan(places[1] ?? 0)
    expect(rows.find((r) => r.id === early.id)?.isOverdue).toBe(true)
    expect(rows.find((r) => r.id === late.id)?.isOverdue).toBe(false)
    const overdue = rows.filter((r) => r.isOverdue).length
    expect(counts).toMatchObject({ open: rows.length, overdue, departments: [{ name: '心血管内科', open: rows.length, overdue }] })
    expect((await supervisor.call(flagsApi.flags, { list: 'overdue', limit: 200 })).rows).toHaveLength(overdue)
  })

  test('gives it to another doctor, who then has it; to nobody who is unknown', async () => {
    const { id } = await raised('open', { number: 'D9999', name: '未建账号' })

    const given = await supervisor.call(flagsApi.giveFlag, { id, doctorId: account.id, note: '请今天处理' })

    expect(given).toMatchObject({ doctorName: '高建国' })
    expect(given.steps.at(-1)).toMatchObject({ kind: 'given', byName: '何静', toName: '高建国', note: '请今天处理' })
    await expect(supervisor.call(flagsApi.giveFlag, { id, doctorId: newId() })).rejects.toMatchObject({ code: 'followups.doctorUnknown' })
    expect((await supervisor.call(flagsApi.flagDoctors, {})).rows).toMatchObject([{ name: '高建国' }])
  })
})

describe('what nobody closes in time', () => {
  test('is passed to the department at its deadline and to the hospital after the same time again, once each; what has no deadline stays', async () => {
    const timeless = await raised('inflamed')
    const { id } = await raised()
    await supervisor.call(flagsApi.setFlagDuty, { departmentId, accountId: account.id })
    const level = async () => (await supervisor.call(flagsApi.flag, { id })).level

    await tick()
    expect(await level()).toBe(0)
    house.advance({ minutes: 31 })
    await tick()
    await tick()
    expect(await level()).toBe(1)
    house.advance({ minutes: 31 })
    await tick()
    expect(await level()).toBe(2)

    const flag = await supervisor.call(flagsApi.flag, { id })
    expect(flag.steps.filter((s) => s.kind === 'passed').map((s) => s.toName)).toEqual(['高建国', '高建国'])
    expect((await supervisor.call(flagsApi.flags, { list: 'passed', limit: 200 })).rows.map((r) => r.id)).toContain(id)
    expect(await supervisor.call(flagsApi.flag, { id: timeless.id })).toMatchObject({ level: 0, dueAt: null, isOverdue: false })
    await supervisor.call(flagsApi.setFlagDuty, { departmentId, accountId: null })
  })
})

describe('an answer that is corrected', () => {
  const correct = async (from: string, to: string) => {
    const former = await raised(from)
    const later = await house.inside(async (ctx) => {
      const { id } = await answer(ctx, former, to)
      await correctFlags(ctx, { formerId: former.responseId, responseId: id })
      return id
    })
    return { former, later }
  }

  test('and raises nothing any more has its flag withdrawn, which names both versions', async () => {
    const { former, later } = await correct('open', 'healing')

    expect(await flagsOf(former.responseId)).toEqual([{ rule_id: 'open', status: 'withdrawn', now_response_id: later }])
    const flag = await supervisor.call(flagsApi.flag, { id: former.id })
    expect(flag).toMatchObject({ responseId: former.responseId, nowResponseId: later, because: [{ answers: ['伤口open'] }] })
    expect(flag.steps.at(-1)).toMatchObject({ kind: 'withdrawn', responseId: later })
  })

  test('and raises the same keeps its flag with its doctor and its deadline, and there is one and not two', async () => {
    const { former, later } = await correct('open', 'open')

    expect(await flagsOf(former.responseId)).toEqual([{ rule_id: 'open', status: 'open', now_response_id: later }])
    expect(await flagsOf(later)).toEqual([])
  })

  test('and raises another has the first withdrawn and the other opened', async () => {
    const { former, later } = await correct('inflamed', 'open')

    expect(await flagsOf(former.responseId)).toMatchObject([{ rule_id: 'inflamed', status: 'withdrawn' }])
    expect(await flagsOf(later)).toMatchObject([{ rule_id: 'open', status: 'open' }])
  })
})

test('the rules stand with the version: what is published later does not judge what was answered before', async () => {
  const { id, responseId } = await raised()
  const editor = house.who('surveys.edit', 'surveys.read')
  const changed = { ...definition, extension: [woundFlag('open', 'healing', 10)] }
  const { revision } = await editor.call(surveysApi.questionnaire, { id: questionnaireId })
  const saved = await editor.call(surveysApi.saveDraft, { id: questionnaireId, definition: changed, revision })
  await editor.call(surveysApi.publish, { id: questionnaireId, versionId: newId(), revision: saved.revision })

  expect(await doctor.call(flagsApi.flag, { id })).toMatchObject({ responseId, because: [{ answers: ['伤口open'] }] })
})
