import { type Ask, newId } from '@renxin/kernel'
import { resolveUnits, unitKey } from '@renxin/staff'
import { describe, expect, test } from 'vitest'
import { type previewApi as Api, previewApi, programmesApi, Rule } from '../contract.ts'
import { openWard } from './ward.fixture.ts'

const { house, departmentId, newPatient, goHome } = await openWard('2026-09-07T10:00+08:00')
await house.sql(`update followups.programmes set status = 'disabled'`)
const administrator = house.who('followups.programmes', 'followups.read', 'patients.names')

const other = { kind: 'department' as const, code: '0302', name: '神经内科' }
const otherId = (await house.inside((ctx) => resolveUnits(ctx, [other]))).get(unitKey(other) ?? '') ?? ''
const infarction = [{ code: 'I21.900', name: '急性心肌梗死', system: 'ICD10CN', type: 'final' as const, rank: 1 }]
const angina = [{ code: 'I20.000', name: '不稳定型心绞痛', system: 'ICD10CN', type: 'final' as const, rank: 1 }]

// Yesterday three went home: two of the heart, one of the nerves; a fourth the day before.
house.setNow('2026-09-01T10:00+08:00')
const before = await newPatient('赵大')
await goHome(before, { diagnoses: infarction }) // on the 5th
house.setNow('2026-09-02T10:00+08:00')
const [wang, li, zhou] = [await newPatient('王芳'), await newPatient('李雷', { birthOn: '1940-01-01' }), await newPatient('周六')]
await goHome(wang, { diagnoses: infarction, condition: '病危' })
house.setNow('2026-09-02T11:00+08:00')
await goHome(li, { diagnoses: angina })
house.setNow('2026-09-02T12:00+08:00')
await goHome(zhou, { diagnoses: infarction, departmentCode: other.code, departmentName: other.name, wardCode: null, wardName: null })
house.setNow('2026-09-07T10:00+08:00')

type Whom = { id?: string; rule?: Partial<Rule>; samplePercent?: number; variants?: string[][] }
const asked = ({ id = newId(), rule = {}, samplePercent = 100, variants = [] }: Whom = {}) =>
  JSON.stringify({ id, trigger: 'discharged', rule: Rule.parse({ classes: ['inpatient'], ...rule }), samplePercent, variants })
const lastTwoDays = { from: '2026-09-05', to: '2026-09-06' }
const names = async (said: Whom, more: Partial<Ask<typeof Api.whom>> = {}, by = administrator) =>
  (await by.call(previewApi.whom, { what: asked(said), ...lastTwoDays, ...more })).rows.map((r) => r.patientName)

describe('whom a rule would take', () => {
  test('it is counted for a month and for yesterday, apart for departments with steps of their own', async () => {
    const counted = await administrator.call(previewApi.preview, { what: asked({ rule: { diagnoses: ['I21'] }, variants: [[otherId]] }) })

    expect(counted).toEqual({ days: 30, all: 4, matching: 3, yesterday: [1, 1] })
  })

  test('each is named with what the rule looked at', async () => {
    const { rows } = await administrator.call(previewApi.whom, {
      what: asked({ rule: { diagnoses: ['I21-I22'], ageFrom: 60 }, variants: [[otherId]] }),
      ...lastTwoDays,
    })

    expect(rows.map((r) => [r.patientName, r.departmentName, r.age, r.stayDays, r.ever, r.diagnosis?.code, r.range, r.variant])).toEqual([
      ['周六', '神经内科', 66, 4, [], 'I21.900', 'I21-I22', 1],
      ['王芳', '心血管内科', 66, 4, ['everCritical'], 'I21.900', 'I21-I22', 0],
      ['赵大', '心血管内科', 66, 4, [], 'I21.900', 'I21-I22', 0],
    ])
  })

  test('the list goes on where its page ended, and ends with its days', async () => {
    const first = await administrator.call(previewApi.whom, { what: asked(), ...lastTwoDays, limit: 3 })
    const second = await administrator.call(previewApi.whom, { what: asked(), ...lastTwoDays, limit: 3, after: first.next ?? '' })

    expect([...first.rows, ...second.rows].map((r) => r.patientName)).toEqual(['周六', '李雷', '王芳', '赵大'])
    expect(second.next).toBeNull()
    expect(await names({}, { from: '2026-09-06' })).toEqual(['周六', '李雷', '王芳'])
  })

  test.each([100, 50])('whom it names is whom the programme takes when it is activated, of %i %% too', async (samplePercent) => {
    const id = newId()
    const rule = { ageTo: 79 }
    const listed = (await administrator.call(previewApi.whom, { what: asked({ id, rule, samplePercent }), ...lastTwoDays })).rows
    const step = {
      name: '电话',
      unit: 'days',
      fromOffset: 1,
      byOffset: 7,
      channel: 'phone',
      assignee: 'centre',
      questionnaireId: null,
    } as const
    await administrator.call(programmesApi.saveProgramme, {
      id,
      version: 0,
      body: { name: id, level: 'centre', trigger: 'discharged', rule: { classes: ['inpatient'], ...rule }, samplePercent, steps: [step] },
    })
    await administrator.call(programmesApi.activate, { id, from: lastTwoDays.from })

    const taken = await house.sql<{ encounter_id: string }>('select encounter_id from followups.enrolments where programme_id = $1', [id])
    expect(taken.map((t) => t.encounter_id).sort()).toEqual(listed.map((r) => r.encounterId).sort())
  })

  test('names are masked for who may not see them, and each look at a patient is in the trail', async () => {
    const reader = house.who('followups.programmes', 'followups.read', { name: '核对人' })

    expect(await names({ rule: { diagnoses: ['I20'] } }, {}, reader)).toEqual(['李*'])

    const trail = await house.sql(`select patient_id from house.audit where action = 'followups.whom' and actor_id = $1`, [reader.id])
    expect(trail).toEqual([{ patient_id: li }])
  })

  test('a department sees its own; who writes programmes and may see no follow-up sees none, nor does who sees follow-ups and writes none', async () => {
    const head = house.who({ 'followups.programmes': 'department', 'followups.read': 'department' }, 'patients.names', {
      departments: [departmentId],
    })
    expect(await names({}, {}, head)).toEqual(['李雷', '王芳', '赵大'])
    for (const by of [house.who('followups.programmes'), house.who('followups.read')])
      await expect(names({}, {}, by)).rejects.toMatchObject({ code: 'house.forbidden' })
  })

  test('what cannot be read is refused', async () => {
    for (const what of ['{', '{}', asked().replace('inpatient', 'visitor')])
      await expect(administrator.call(previewApi.preview, { what })).rejects.toMatchObject({ code: 'house.invalid' })
  })
})

describe('the dates', () => {
  test('that are shown are those that a patient of this moment gets', async () => {
    house.setNow('2026-12-28T10:20+08:00')
    const days = { name: '停访', fromOn: '2026-12-31', untilOn: '2027-01-03' }
    await administrator.call(programmesApi.saveBlackout, { id: newId(), body: days })
    const common = { channel: 'phone', assignee: 'centre', questionnaireId: null } as const
    const steps = [
      { ...common, name: '次日', unit: 'hours', fromOffset: 72, byOffset: 96 },
      { ...common, name: '一周', unit: 'days', fromOffset: 5, byOffset: 9, days: 'working' },
      { ...common, name: '定期', unit: 'days', fromOffset: 0, byOffset: 7, repeat: { everyMonths: 1, forMonths: 3 } },
    ] as const
    const shown = await administrator.call(previewApi.dates, { what: JSON.stringify({ steps }) })
    const id = newId()
    await administrator.call(programmesApi.saveProgramme, {
      id,
      version: 0,
      body: { name: '日期', level: 'centre', trigger: 'discharged', rule: { classes: ['inpatient'] }, steps: [...steps] },
    })
    await administrator.call(programmesApi.activate, { id })
    const patient = await newPatient()
    house.setNow('2026-12-24T10:20+08:00')
    await goHome(patient)

    const planned = await house.sql<{ name: string; due_from: Date; due_by: Date }>(
      `select s.name, t.due_from, t.due_by from followups.tasks t join followups.steps s on s.version_id = t.version_id and s.position = t.step
        where t.programme_id = $1 order by s.position`,
      [id],
    )
    expect(shown.rows.map((r) => [r.name, new Date(r.dueFrom), new Date(r.dueBy)])).toEqual(
      planned.map((t) => [t.name, t.due_from, t.due_by]),
    )
    expect(shown.rows.map((r) => [r.name, r.movedDays])).toEqual([
      ['次日', 4], // from 31 December to 4 January
      ['一周', 2], // from Saturday the 2nd
      ['定期 1/3', 0],
      ['定期 2/3', 0], // 28 February is a Sunday, on which this step may call
      ['定期 3/3', 0],
    ])
  })
})
