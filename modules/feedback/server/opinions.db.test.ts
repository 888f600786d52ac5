import { access } from '@renxin/access'
import { encounters } from '@renxin/encounters'
import { files } from '@renxin/files'
import { newId } from '@renxin/kernel'
import { mergePatients, patients, registerPatient } from '@renxin/patients'
import { openHouse } from '@renxin/server/testing'
import { saveUnit, staff } from '@renxin/staff'
import { expect, test } from 'vitest'
import { feedbackApi } from '../contract.ts'
import { opinionWithdrawn } from './events.ts'
import { feedback, recordOpinions } from './index.ts'

const house = await openHouse([access, staff, patients, files, encounters, feedback], { now: '2026-09-04T09:00+08:00', prepare: true })
const unit = (kind: 'department' | 'ward', name: string, departmentId: string | null = null) =>
  house.inside((ctx) => saveUnit(ctx, { id: newId(), kind, code: null, name, departmentId, campusId: null, isActive: true }))
const cardiology = await unit('department', '心血管内科')
const ward = await unit('ward', '心内一病区', cardiology.id)
const surgery = await unit('department', '普外科')
const patient = (name: string) => house.inside((ctx) => registerPatient(ctx, { id: newId(), name }))
const wang = await patient('王芳')
const encounterId = newId()
await house.sql(
  `insert into encounters.encounters (id, patient_id, said_patient_id, number, class, status, status_at, department_id, ward_id, opened_at, discharged_at, discharged_on)
   values ($1, $2, $2, 'ZY001', 'inpatient', 'discharged', '2026-09-03T10:00+08:00', $3, $4, '2026-09-01T10:00+08:00', '2026-09-03T10:00+08:00', '2026-09-03')`,
  [encounterId, wang.id, cardiology.id, ward.id],
)

const nurse = house.who('feedback.read', 'feedback.record', 'patients.names')
const colleague = house.who('feedback.read', 'feedback.record')
const { rows: categories } = await nurse.call(feedbackApi.categories, {})
const heard = (fields: object = {}) => ({ id: newId(), kind: 'praise' as const, patientId: wang.id, source: 'call' as const, ...fields })

test('a hospital starts with eleven kinds, and its own order and names stay', async () => {
  const officer = house.who('feedback.handle', 'feedback.read')
  const first = categories[0]
  if (!first) throw new Error('there are no categories')

  await officer.call(feedbackApi.saveCategory, { id: first.id, name: '态度与沟通', position: 99, isActive: true })
  await house.inside(async (ctx) => feedback.prepare?.(ctx))

  const { rows } = await officer.call(feedbackApi.categories, {})
  expect(categories).toHaveLength(11)
  expect(rows.at(-1)?.name).toBe('态度与沟通')
})

test('an opinion without units counts for the ward of its encounter, and knows its patient from it', async () => {
  const opinion = await nurse.call(feedbackApi.record, heard({ patientId: null, encounterId, categoryId: categories[1]?.id }))

  expect(opinion).toMatchObject({
    patientId: wang.id,
    patientName: '王芳',
    units: [{ id: ward.id }],
    category: '沟通告知',
    complaint: null,
  })
  const rows = await house.sql('select department_id, ward_id, recorded_on, month, status from feedback.opinion_rows where id = $1', [
    opinion.id,
  ])
  expect(rows).toEqual([
    { department_id: cardiology.id, ward_id: ward.id, recorded_on: '2026-09-04', month: '2026-09-01', status: 'noted' },
  ])
})

test('an opinion about a patient and the stay of another is refused', async () => {
  const li = await patient('李强')

  await expect(nurse.call(feedbackApi.record, heard({ patientId: li.id, encounterId }))).rejects.toMatchObject({
    code: 'feedback.patientMismatch',
  })
})

test('opinions are filtered by kind, category, department with its wards, importance and day', async () => {
  const important = await nurse.call(
    feedbackApi.record,
    heard({ kind: 'suggestion', unitIds: [ward.id], isImportant: true, categoryId: categories[3]?.id }),
  )
  const plain = await nurse.call(feedbackApi.record, heard({ kind: 'suggestion', unitIds: [surgery.id] }))
  const ids = async (filter: object) => (await nurse.call(feedbackApi.list, { kind: 'suggestion', ...filter })).rows.map((o) => o.id)

  expect(await ids({})).toEqual(expect.arrayContaining([important.id, plain.id]))
  expect(await ids({ unitId: cardiology.id })).toEqual([important.id])
  expect(await ids({ important: true })).toEqual([important.id])
  expect(await ids({ categoryId: categories[3]?.id })).toEqual([important.id])
  expect(await ids({ to: '2026-09-03' })).toEqual([])
  expect(await ids({ from: '2026-09-04', to: '2026-09-04' })).toHaveLength(2)
})

test('with own scope one sees what one recorded', async () => {
  const own = house.who({ 'feedback.read': 'own', 'feedback.record': 'own' })
  await nurse.call(feedbackApi.record, heard())
  const { id } = await own.call(feedbackApi.record, { ...heard(), patientId: null, encounterId: null })

  expect((await own.call(feedbackApi.list, {})).rows.map((o) => o.id)).toEqual([id])
  await expect(own.call(feedbackApi.record, heard())).rejects.toMatchObject({ code: 'feedback.patientNotFound' }) // nor does one learn of whom
})

test('who recorded an opinion adds the words later; a colleague may not', async () => {
  const { id } = await nurse.call(feedbackApi.record, heard())
  const words = { id, categoryId: null, grade: null, isImportant: false, text: '感谢张护士', unitIds: [surgery.id], personIds: [] }

  expect(await nurse.call(feedbackApi.amend, words)).toMatchObject({ text: '感谢张护士', units: [{ id: surgery.id }] })
  await expect(colleague.call(feedbackApi.amend, words)).rejects.toMatchObject({ code: 'feedback.notYours' })
})

test('what was pressed by mistake is taken back: gone from lists, announced, and the patient may be contacted again', async () => {
  const { id } = await nurse.call(feedbackApi.record, heard({ kind: 'complaint' }))

  const back = await nurse.call(feedbackApi.withdraw, { id })

  expect(back.withdrawnAt).not.toBeNull()
  expect((await nurse.call(feedbackApi.list, { kind: 'complaint' })).rows.map((o) => o.id)).not.toContain(id)
  expect((await nurse.call(feedbackApi.complaints, {})).rows.map((o) => o.id)).not.toContain(id)
  expect(await house.sql('select 1 from feedback.opinion_rows where id = $1', [id])).toEqual([])
  expect(await house.events(opinionWithdrawn)).toContainEqual({ opinionId: id, patientId: wang.id })
  expect(await house.sql('select 1 from patients.holds where object_id = $1 and released_at is null', [id])).toEqual([])
})

test('a complaint that units were asked about is not taken back', async () => {
  const officer = house.who('feedback.read', 'feedback.record', 'feedback.handle')
  const { id } = await officer.call(feedbackApi.record, heard({ kind: 'complaint', unitIds: [ward.id] }))
  await officer.call(feedbackApi.assign, { id, unitIds: [ward.id] })

  await expect(officer.call(feedbackApi.withdraw, { id })).rejects.toMatchObject({ code: 'feedback.notNow' })
})

test('the time line tells of a patient’s opinions, the latest first, and follows him through a merge', async () => {
  const [survivor, retired] = [await patient('陈静'), await patient('陈静')]
  await nurse.call(feedbackApi.record, heard({ patientId: retired.id, text: '谢谢' }))
  house.advance({ minutes: 1 })
  await nurse.call(feedbackApi.record, heard({ patientId: retired.id, kind: 'complaint', unitIds: [ward.id] }))

  await house.inside((ctx) => mergePatients(ctx, { survivorId: survivor.id, retiredId: retired.id, reason: '同一人' }))
  await house.settle()

  const { rows } = await nurse.call(feedbackApi.timeline, { patientId: survivor.id })
  expect(rows.map((e) => [e.kind, e.tone, e.link?.page])).toEqual([
    ['complaint', 'bad', 'feedback.complaint'],
    ['praise', 'good', undefined],
  ])
})

test('a thousand opinions are recorded together', async () => {
  const many = Array.from({ length: 1000 }, (_, i) => ({
    id: newId(),
    kind: 'praise' as const,
    source: 'survey' as const,
    unitIds: [i % 2 ? ward.id : surgery.id],
  }))

  await house.inside((ctx) => recordOpinions(ctx, many))

  expect(await house.sql("select count(*)::int as n from feedback.opinion_rows where source = 'survey'")).toEqual([{ n: 1000 }])
})

test('every opinion that is shown leaves a trace with its patient', async () => {
  const reader = house.who('feedback.read')
  const { id } = await nurse.call(feedbackApi.record, heard())

  await reader.call(feedbackApi.opinion, { id })

  expect(await house.sql('select action, patient_id from house.audit where actor_id = $1', [reader.id])).toEqual([
    { action: 'feedback.opinion', patient_id: wang.id },
  ])
})
