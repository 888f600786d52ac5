import { recordOpinion } from '@renxin/feedback'
import { feedbackApi } from '@renxin/feedback/contract'
import { newId } from '@renxin/kernel'
import { patientsApi } from '@renxin/patients/contract'
import { currentVersion, findQuestionnaireByKey, recordResponse } from '@renxin/surveys'
import { describe, expect, test } from 'vitest'
import { flagsApi, followupsApi, riskApi } from '../contract.ts'
import { type RiskReason, riskOf } from './risk-rules.ts'
import { openWard } from './ward.fixture.ts'

const { house, departmentId, newPatient, stayOf, goHome, taskOf } = await openWard()
const chen = house.who({ 'followups.work': 'hospital', 'followups.read': 'hospital', 'patients.names': 'hospital' }, { name: '陈静' })
const chief = house.who(
  'followups.flags',
  'followups.closeFlags',
  'followups.giveFlags',
  'followups.assign',
  'followups.programmes',
  'followups.read',
)
const officer = house.who('feedback.read', 'feedback.handle')
const clerk = house.who('patients.read', 'patients.names', 'patients.edit')
const versions = await house.inside(async (ctx) => {
  const idOf = async (key: string) => (await currentVersion(ctx, (await findQuestionnaireByKey(ctx, key))?.id ?? '')).id
  return { recovery: await idOf('recovery'), nps: await idOf('nps') }
})

const riskAt = async (patientId: string) => {
  const task = await taskOf(patientId, 'centre72h')
  const { riskReasons, priority, priorityReason } = await chen.call(followupsApi.task, { id: task.id })
  const [row] = await house.sql<{ risk: number; queue_at: Date; due_by: Date }>(
    'select risk, queue_at, due_by from followups.tasks where id = $1',
    [task.id],
  )
  return {
    riskReasons,
    priority,
    priorityReason,
    risk: row?.risk,
    hours: row && (row.due_by.getTime() - row.queue_at.getTime()) / 3_600_000,
  }
}
/** What the rule says of these reasons. */
const byRule = (...reasons: RiskReason[]) => {
  const { priority, risk } = riskOf(reasons)
  return { riskReasons: reasons, priority, priorityReason: reasons[0] ?? null, risk, hours: risk }
}

const well = {
  recovery: ['good'],
  pain: ['none'],
  fever: ['none'],
  wound: ['healing'],
  medication: ['as-told'],
  'eating-sleep': ['well'],
  'self-care': ['none'],
  revisit: ['arranged'],
  guidance: ['all'],
}
const says = (patientId: string, encounterId: string, text: string | null) =>
  house.inside((ctx) =>
    recordResponse(ctx, {
      id: newId(),
      versionId: versions.recovery,
      patientId,
      encounterId,
      answers: text === null ? { ...well, discomfort: ['no'] } : { ...well, discomfort: ['yes'], 'discomfort-text': [text] },
      channel: 'phone',
      respondent: 'patient',
    }),
  )

describe('what the stay says of the risk, when the task is planned', () => {
  test.each<[string, Parameters<typeof goHome>[1], { birthOn?: string }, RiskReason[]]>([
    ['nothing', {}, {}, []],
    ['a critical condition', { condition: '病危' }, {}, ['everCritical']],
    ['a serious one at eighty', { condition: '病重' }, { birthOn: '1940-01-01' }, ['everSerious', 'veryOld']],
  ])('%s', async (_, about, person, reasons) => {
    const patientId = await newPatient('钱桂英', person)

    await goHome(patientId, about)

    expect(await riskAt(patientId)).toEqual(byRule(...reasons))
  })

  test('against advice, and after more than thirty days', async () => {
    const patientId = await newPatient('孙国强')
    const stay = stayOf(patientId)
    await stay.admit()
    house.advance({ days: 31 })

    await stay.home({ disposition: '4' })
    await house.settle()

    expect(await riskAt(patientId)).toEqual(byRule('againstAdvice', 'longStay'))
  })
})

describe('what becomes known later moves the task, and says why', () => {
  test('a red flag: open, then closed and still of the last answers, then answered otherwise', async () => {
    const patientId = await newPatient('李桂兰')
    const { encounterId } = await goHome(patientId)

    await says(patientId, encounterId, '今天胸痛')
    expect(await riskAt(patientId)).toEqual(byRule('redFlagOpen'))

    const [flag] = await house.sql<{ id: string }>('select id from followups.flags where patient_id = $1', [patientId])
    await chief.call(flagsApi.closeFlag, { id: flag?.id ?? '', outcome: 'advised', note: '已电话指导' })
    expect(await riskAt(patientId)).toEqual(byRule('redFlagLast'))

    house.advance({ hours: 5 })
    await says(patientId, encounterId, null)
    await house.settle()
    await says(patientId, encounterId, '又有点胸痛')
    expect(await riskAt(patientId)).toEqual(byRule('redFlagOpen'))
  })

  test('a complaint, as long as it is open', async () => {
    const patientId = await newPatient('周建军')
    const { encounterId } = await goHome(patientId)
    const id = newId()

    await house.inside((ctx) =>
      recordOpinion(ctx, { id, kind: 'complaint', source: 'call', text: '候诊太久', patientId, encounterId, unitIds: [departmentId] }),
    )
    await house.settle()
    expect(await riskAt(patientId)).toEqual(byRule('openComplaint'))

    await officer.call(feedbackApi.close, { id, outcome: 'onTheSpot', result: '已当面解释', toldBy: 'meeting' })
    await house.settle()
    expect(await riskAt(patientId)).toEqual(byRule())
  })

  test('living alone, by the group that the hospital chose for it, and no longer when the tag is taken off', async () => {
    const patientId = await newPatient('吴秀芳')
    await goHome(patientId)
    const tagId = newId()
    await clerk.call(patientsApi.saveTag, { id: tagId, name: '独居', tone: 'care', isActive: true })
    await chief.call(riskApi.saveRiskSettings, { aloneGroupId: tagId })

    await clerk.call(patientsApi.tag, { patientId, tagId, isOn: true })
    await house.settle()
    expect(await riskAt(patientId)).toEqual(byRule('livesAlone'))

    await clerk.call(patientsApi.tag, { patientId, tagId, isOn: false })
    await house.tick('followups.followAlone')
    expect(await riskAt(patientId)).toEqual(byRule())
  })

  test('who joins a group without news of it is found by looking', async () => {
    const patientId = await newPatient('郑玉兰')
    await goHome(patientId)
    const { groups } = await chief.call(riskApi.riskSettings, {})
    const segment = groups.find((g) => g.kind === 'segment' && g.name === '重点')
    await chief.call(riskApi.saveRiskSettings, { aloneGroupId: segment?.id ?? null })
    await house.sql('insert into patients.segment_members (segment_id, patient_id, since) values ($1, $2, current_date)', [
      segment?.id,
      patientId,
    ])

    await house.tick('followups.followAlone')

    expect(await riskAt(patientId)).toEqual(byRule('livesAlone'))
  })

  test('what was hastened by hand keeps its priority, with the reasons beside it', async () => {
    const patientId = await newPatient('冯春梅')
    const { encounterId } = await goHome(patientId)
    const task = await taskOf(patientId, 'centre72h')
    await chief.call(followupsApi.prioritise, { ids: [task.id], priority: 1 })

    await says(patientId, encounterId, '胸痛')

    expect(await riskAt(patientId)).toMatchObject({ priority: 1, priorityReason: 'byHand', riskReasons: ['redFlagOpen'], hours: 48 })
  })
})

test('in the queue who has a red flag stands before who has none, though the deadline is later', async () => {
  const [plain, flagged] = [await newPatient('陈志强'), await newPatient('褚桂珍')]
  const [first, second] = [stayOf(plain), stayOf(flagged)]
  await first.admit()
  await second.admit()
  house.advance({ days: 4 })
  await first.home()
  house.advance({ hours: 5 })
  const [encounterId = ''] = await second.home()
  await house.settle()
  const inQueue = async () => {
    const { rows } = await chen.call(followupsApi.queue, { list: 'unclaimed', limit: 200 })
    return rows.filter((r) => r.stepName === '72 小时电话' && [plain, flagged].includes(r.patientId)).map((r) => r.patientId)
  }
  expect(await inQueue()).toEqual([plain, flagged])

  await says(flagged, encounterId, '胸痛')

  expect(await inQueue()).toEqual([flagged, plain])
})
