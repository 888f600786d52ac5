import { access } from '@renxin/access'
import { encounters } from '@renxin/encounters'
import { files } from '@renxin/files'
import { filesApi } from '@renxin/files/contract'
import { newId } from '@renxin/kernel'
import { mayContact, patients, registerPatient } from '@renxin/patients'
import { openHouse } from '@renxin/server/testing'
import { loadCalendar, savePerson, saveUnit, staff } from '@renxin/staff'
import { expect, test } from 'vitest'
import { feedbackApi } from '../contract.ts'
import { complaintClosed, complaintOpened, complaintOverdue, opinionRecorded } from './events.ts'
import { feedback } from './index.ts'

const house = await openHouse([access, staff, patients, files, encounters, feedback], {
  now: '2026-09-04T09:00+08:00', // a Friday
  prepare: true,
  calendarOf: loadCalendar,
})
house.house.calendars.clear() // it was read before the holidays were there
const unit = (kind: 'department' | 'ward' | 'office', name: string, departmentId: string | null = null) =>
  house.inside((ctx) => saveUnit(ctx, { id: newId(), kind, code: null, name, departmentId, campusId: null, isActive: true }))
const cardiology = await unit('department', '心血管内科')
const ward = await unit('ward', '心内一病区', cardiology.id)
const surgery = await unit('department', '普外科')
const office = await unit('office', '医务处')
const doctor = await house.inside((ctx) =>
  savePerson(ctx, { id: newId(), number: 'D1', name: '李医生', job: 'doctor', title: null, isActive: true, unitIds: [cardiology.id] }),
)
const wang = await house.inside((ctx) => registerPatient(ctx, { id: newId(), name: '王芳', phone: '13800138000' }))

const all = [
  'feedback.read',
  'feedback.record',
  'feedback.handle',
  'feedback.answer',
  'patients.names',
  'files.read',
  'files.attach',
] as const
const officer = house.who(...all)
const ofDepartment = {
  'feedback.read': 'department',
  'feedback.record': 'department',
  'feedback.answer': 'department',
  'files.read': 'department',
  'files.attach': 'department',
} as const
const heart = house.who(ofDepartment, { departments: [cardiology.id], name: '心内科主任' })
const surgeon = house.who(ofDepartment, { departments: [surgery.id], name: '普外科主任' })

const heard = (fields: object = {}) => ({
  id: newId(),
  kind: 'complaint' as const,
  text: '等了两个小时没人管',
  patientId: wang.id,
  unitIds: [ward.id],
  source: 'call' as const,
  ...fields,
})
const openCase = async (fields: object = {}) => {
  const { id } = await officer.call(feedbackApi.record, heard(fields))
  return officer.call(feedbackApi.complaint, { id })
}
const answered = async (fields: object = {}) => {
  const { id } = await openCase(fields)
  await officer.call(feedbackApi.assign, { id, unitIds: [ward.id] })
  return heart.call(feedbackApi.answer, { id, unitId: ward.id, cause: '当班人手不足', measure: '增加中午班' })
}
const verified = async (fields: object = {}) => {
  const { id } = await answered(fields)
  return officer.call(feedbackApi.verify, { id })
}
const told = { result: '已致歉，患者表示理解', toldBy: 'phone' as const }

test('a complaint heard in a call is a case with a number and five working days, and planned contact stops', async () => {
  const complaint = await openCase()

  expect(complaint).toMatchObject({
    patientName: '王芳',
    status: 'accepted',
    answerBy: '2026-09-11',
    daysLeft: 5,
    urgency: 'calm',
    isAnnounced: true,
  })
  expect(complaint.number).toMatch(/^TS2026-\d{4}$/)
  expect(await house.events(complaintOpened)).toContainEqual({ complaintId: complaint.id, patientId: wang.id })
  expect(await house.events(opinionRecorded)).toContainEqual({ opinionId: complaint.id, patientId: wang.id })
  const may = await mayContact(house.ctx, [wang.id], { purpose: 'followup' })
  expect(may.get(wang.id)).toMatchObject({ allowed: false, reason: 'openComplaint' })
})

test('recorded twice by the same key press, it is one case with one number', async () => {
  const said = heard()

  await Promise.all([officer.call(feedbackApi.record, said), officer.call(feedbackApi.record, said)])

  expect(await house.sql('select 1 from feedback.complaints where id = $1', [said.id])).toHaveLength(1)
  expect((await house.events(complaintOpened)).filter((e) => e.complaintId === said.id)).toHaveLength(1)
})

test('cases recorded at the same moment have different numbers', async () => {
  const cases = await Promise.all(Array.from({ length: 8 }, () => openCase()))

  expect(new Set(cases.map((c) => c.number)).size).toBe(8)
})

test('from receipt to closed: assigned, answered by the ward, verified, the patient told; then contact is open again', async () => {
  await house.sql('update patients.holds set released_at = now()')
  const { id } = await verified()

  const closed = await officer.call(feedbackApi.close, { id, ...told })

  expect(closed).toMatchObject({ status: 'closed', outcome: 'resolved', toldBy: 'phone' })
  expect(closed.history.map((h) => [h.kind, h.actorName])).toEqual([
    ['accepted', 'tester'],
    ['assigned', 'tester'],
    ['answered', '心内科主任'],
    ['verified', 'tester'],
    ['closed', 'tester'],
  ])
  const holds = await house.sql('select 1 from patients.holds where object_id = $1 and released_at is null', [id])
  expect(holds).toEqual([])
})

test('of two people closing at once exactly one succeeds, the other is told why, and it is announced once', async () => {
  const { id } = await verified()
  const close = () => officer.call(feedbackApi.close, { id, ...told })

  const outcomes = await Promise.allSettled([close(), close()])

  expect(outcomes.filter((o) => o.status === 'fulfilled')).toHaveLength(1)
  expect(outcomes).toContainEqual(expect.objectContaining({ reason: expect.objectContaining({ code: 'feedback.alreadyClosed' }) }))
  expect((await house.events(complaintClosed)).filter((e) => e.complaintId === id)).toEqual([{ complaintId: id, patientId: wang.id }])
})

test('two units that answer at the same moment leave the case answered', async () => {
  const { id } = await openCase()
  await officer.call(feedbackApi.assign, { id, unitIds: [ward.id, surgery.id] })

  await Promise.all([
    heart.call(feedbackApi.answer, { id, unitId: ward.id, cause: '一', measure: '二' }),
    surgeon.call(feedbackApi.answer, { id, unitId: surgery.id, cause: '三', measure: '四' }),
  ])

  expect(await officer.call(feedbackApi.complaint, { id })).toMatchObject({ status: 'answered' })
})

test('a second department makes it ten working days from receipt, and a second ward of the same does not', async () => {
  const other = await unit('ward', '心内二病区', cardiology.id)
  const { id } = await openCase()

  const sameDepartment = await officer.call(feedbackApi.assign, { id, unitIds: [ward.id, other.id] })
  const twoDepartments = await officer.call(feedbackApi.assign, { id, unitIds: [surgery.id] })

  expect(sameDepartment).toMatchObject({ days: 5, answerBy: '2026-09-11' })
  expect(twoDepartments).toMatchObject({ days: 10, answerBy: '2026-09-18' })
  expect(twoDepartments.history.map((h) => h.kind)).toContain('extended')
})

test('the clock starts at receipt, not when it is written down', async () => {
  const letter = await openCase({ source: 'letter', receivedAt: '2026-09-01T15:00:00+08:00' })

  expect(letter).toMatchObject({ answerBy: '2026-09-08', daysLeft: 2 })
  await expect(officer.call(feedbackApi.record, heard({ receivedAt: '2026-09-05T09:00:00+08:00' }))).rejects.toMatchObject({
    code: 'feedback.notInFuture',
  })
})

test('an answer that does not do goes back with the reason, and the unit answers again', async () => {
  const { id } = await answered()

  const back = await officer.call(feedbackApi.sendBack, { id, unitId: ward.id, reason: '没有写整改时间' })
  const again = await heart.call(feedbackApi.answer, { id, unitId: ward.id, cause: '人手不足', measure: '九月底前增加' })

  expect(back).toMatchObject({ status: 'assigned', answers: [{ returnReason: '没有写整改时间', cause: null }] })
  expect(again).toMatchObject({ status: 'answered', answers: [{ returnReason: null, measure: '九月底前增加' }] })
})

test('no step is taken out of turn', async () => {
  const { id } = await openCase()

  await expect(officer.call(feedbackApi.verify, { id })).rejects.toMatchObject({ code: 'feedback.notNow', caseStatus: 'accepted' })
  await expect(officer.call(feedbackApi.close, { id, ...told })).rejects.toMatchObject({ code: 'feedback.notNow' })
  await expect(officer.call(feedbackApi.reopen, { id, reason: '不满意' })).rejects.toMatchObject({ code: 'feedback.notNow' })
  await officer.call(feedbackApi.close, { id, ...told, outcome: 'onTheSpot' })
  await expect(officer.call(feedbackApi.assign, { id, unitIds: [ward.id] })).rejects.toMatchObject({ code: 'feedback.alreadyClosed' })
})

test('reopened, the clock begins anew, the units asked again answer anew, and contact stops again', async () => {
  const { id } = await verified()
  await officer.call(feedbackApi.close, { id, ...told })
  house.setNow('2026-09-08T09:00+08:00')

  const reopened = await officer.call(feedbackApi.reopen, { id, reason: '患者仍不满意' })
  const asked = await officer.call(feedbackApi.assign, { id, unitIds: [ward.id] })
  house.setNow('2026-09-04T09:00+08:00')

  expect(reopened).toMatchObject({ status: 'reopened', answerBy: '2026-09-15', result: null })
  expect(asked).toMatchObject({ status: 'assigned', answers: [{ cause: null }] })
  expect(asked.history.find((h) => h.kind === 'answered')?.note).toContain('增加中午班')
  expect(await house.sql('select 1 from patients.holds where object_id = $1 and released_at is null', [id])).toHaveLength(1)
})

test('a department sees what concerns it or its wards and what it is asked, and nothing else', async () => {
  const ours = await openCase()
  const theirs = await openCase({ unitIds: [surgery.id] })
  const asked = await openCase({ unitIds: [surgery.id] })
  await officer.call(feedbackApi.assign, { id: asked.id, unitIds: [cardiology.id] })

  const seen = (await heart.call(feedbackApi.complaints, { limit: 200 })).rows.map((r) => r.id)

  expect(seen).toEqual(expect.arrayContaining([ours.id, asked.id]))
  expect(seen).not.toContain(theirs.id)
  await expect(heart.call(feedbackApi.complaint, { id: theirs.id })).rejects.toMatchObject({ code: 'feedback.notFound' })
  expect((await heart.call(feedbackApi.complaint, { id: ours.id })).patientName).toBe('王*')
  const stranger = await house.stranger(...all)
  expect((await stranger.call(feedbackApi.complaints, {})).rows).toEqual([])
})

test('a unit answers for itself only', async () => {
  const { id } = await openCase()
  await officer.call(feedbackApi.assign, { id, unitIds: [ward.id, surgery.id] })

  await expect(heart.call(feedbackApi.answer, { id, unitId: surgery.id, cause: '一', measure: '二' })).rejects.toMatchObject({
    code: 'feedback.notYourUnit',
  })
  await expect(heart.call(feedbackApi.answer, { id, unitId: cardiology.id, cause: '一', measure: '二' })).rejects.toMatchObject({
    code: 'feedback.notAssigned',
  })
  const { rows } = await heart.call(feedbackApi.complaints, { which: 'toAnswer', limit: 200 })
  expect(rows.map((r) => r.id)).toContain(id)
})

test('reminded at half the time, on the eve and once when it is late; the list says so in working days', async () => {
  await house.sql("update feedback.complaints set status = 'withdrawn' where status <> 'closed'")
  const { id } = await openCase()
  const kinds = async () => (await officer.call(feedbackApi.complaint, { id })).history.map((h) => h.kind)

  for (const day of ['2026-09-07', '2026-09-08', '2026-09-09', '2026-09-10', '2026-09-11', '2026-09-14', '2026-09-15']) {
    house.setNow(`${day}T10:00+08:00`)
    await house.tick('feedback.remind')
  }
  const late = await officer.call(feedbackApi.complaint, { id })
  const counts = await officer.call(feedbackApi.counts, {})
  house.setNow('2026-09-04T09:00+08:00')

  expect(await kinds()).toEqual(['accepted', 'remindedHalfway', 'remindedEve', 'overdue'])
  expect(late).toMatchObject({ urgency: 'overdue', daysLeft: -2 })
  expect(counts).toMatchObject({ open: 1, overdue: 1, dueSoon: 0 })
  expect((await house.events(complaintOverdue)).filter((e) => e.complaintId === id)).toHaveLength(1)
})

test('the most urgent stands first, page after page', async () => {
  const later = await openCase()
  const sooner = await openCase({ source: 'letter', receivedAt: '2026-08-31T15:00:00+08:00' })

  const ids = []
  for (let after: string | undefined; ; ) {
    const page = await officer.call(feedbackApi.complaints, { limit: 3, ...(after ? { after } : {}) })
    ids.push(...page.rows.map((r) => r.id))
    if (!page.next) break
    after = page.next
  }

  expect(ids.indexOf(sooner.id)).toBeLessThan(ids.indexOf(later.id))
  expect(new Set(ids).size).toBe(ids.length)
  const { rows } = await officer.call(feedbackApi.complaints, { search: later.number.slice(2) })
  expect(rows.map((r) => r.id)).toEqual([later.id])
})

test('a rectification has its evidence from the unit, is finished once and verified by the officer', async () => {
  const { id } = await answered()
  const rectificationId = newId()
  await officer.call(feedbackApi.addRectification, {
    id,
    rectificationId,
    unitId: ward.id,
    measure: '增设午班',
    responsibleId: doctor.id,
    dueOn: '2026-09-30',
  })

  const evidence = {
    id: newId(),
    aboutKind: 'feedback.rectification',
    aboutId: rectificationId,
    name: '排班表.txt',
    base64: Buffer.from('午班').toString('base64'),
  }
  await heart.call(filesApi.attach, evidence)
  await expect(surgeon.call(filesApi.list, { kind: 'feedback.rectification', id: rectificationId })).rejects.toMatchObject({
    code: 'feedback.notFound',
  })
  await expect(officer.call(feedbackApi.verifyRectification, { id, rectificationId })).rejects.toMatchObject({
    code: 'feedback.notFinished',
  })
  await heart.call(feedbackApi.finishRectification, { id, rectificationId, note: '已排班' })
  await expect(heart.call(feedbackApi.finishRectification, { id, rectificationId, note: '又一次' })).rejects.toMatchObject({
    code: 'feedback.alreadyFinished',
  })
  const done = await officer.call(feedbackApi.verifyRectification, { id, rectificationId })

  expect(done.rectifications).toMatchObject([
    { responsible: { name: '李医生' }, isLate: false, finishedByName: '心内科主任', verifiedByName: 'tester' },
  ])
  expect((await officer.call(filesApi.list, { kind: 'feedback.rectification', id: rectificationId })).rows).toMatchObject([
    { name: '排班表.txt', patientId: wang.id },
  ])
})

test('the history of a case cannot be altered by the application', async () => {
  await expect(house.sql("update feedback.history set note = 'x'")).rejects.toMatchObject({
    message: expect.stringContaining('permission denied'),
  })
})

test('the phone of who came in person is sealed, and shown only to who handles complaints', async () => {
  const walkIn = await openCase({ patientId: null, source: 'walkIn', speakerName: '张建国', speakerPhone: '13900139000' })

  expect(walkIn).toMatchObject({ patientId: null, speakerName: '张建国', speakerPhone: '13900139000' })
  const seen = await heart.call(feedbackApi.complaint, { id: walkIn.id })
  expect(seen).toMatchObject({ speakerName: '张*国', speakerPhone: null })
  expect(await house.sql("select 1 from feedback.opinions where position('13900139000'::bytea in speaker_phone) > 0")).toEqual([])
  expect(office.kind).toBe('office')
})
