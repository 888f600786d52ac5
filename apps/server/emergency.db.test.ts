import { newId } from '@renxin/kernel'
import { expect, test } from 'vitest'
import { openFrontDoor } from './front-door.fixture.ts'

const { house, heart, bones, patientOf, account, ask, signIn } = await openFrontDoor()
const foreign = await patientOf('钱桂英', bones, { medicalRecordNumber: 'ZY2001', phone: '13800138001' })
const other = await patientOf('孙国强', bones, { medicalRecordNumber: 'ZY2002', phone: '13800138001' })
const mine = await patientOf('赵建国', heart, { medicalRecordNumber: 'ZY1001' })

const staff = async (...roles: string[]) => {
  const { name, id } = await account(roles.length > 0 ? roles : ['clinician'], [heart])
  const session = await signIn(name)
  return {
    id,
    session,
    /** After a while without use he signs in again. */
    again: () => signIn(name),
    get: (url: string) => ask(session, url),
    post: (url: string, body: object) => ask(session, url, { method: 'POST', body }),
    file: async (patientId: string) => (await ask(session, `/api/patients/patients/${patientId}`)).status,
    open: (number: string, reason = '急诊抢救，需了解过敏史') =>
      ask(session, '/api/patients/emergency', { method: 'POST', body: { number, reason } }),
  }
}

test('a foreign patient is not there; opened in an emergency, exactly that patient is, to the minute, and nobody else’s session sees more', async () => {
  const [doctor, colleague] = [await staff(), await staff()]
  expect([await doctor.file(foreign), await doctor.file(newId())]).toEqual([404, 404])
  const contact = await house.sql<{ id: string }>('select id from patients.contacts where patient_id = $1', [foreign])
  const reveal = () => doctor.post(`/api/patients/contacts/${contact[0]?.id}/reveal`, { reason: '联系家属' })
  expect((await reveal()).status).toBe(404)

  const opened = await doctor.open('ZY2001')

  expect(opened.body).toEqual({ patientId: foreign, until: '2026-09-04T05:00:00.000Z' })
  expect([await doctor.file(foreign), await doctor.file(other), await colleague.file(foreign)]).toEqual([200, 404, 404])
  expect((await doctor.get('/api/patients/search?q=ZY2001')).body.rows).toMatchObject([{ id: foreign }])
  expect((await doctor.get(`/api/encounters/timeline/${foreign}`)).status).toBe(200)
  expect((await reveal()).body).toMatchObject({ number: '13800138001' })

  const bannerOf = async (session: typeof doctor.session, id: string) =>
    (await ask(session, `/api/patients/heads/${id}`)).body.emergencyUntil
  expect(await bannerOf(doctor.session, foreign)).toBe('2026-09-04T05:00:00.000Z')
  expect(await bannerOf(doctor.session, mine)).toBeNull()

  house.advance({ hours: 3, minutes: 59, seconds: 58 })
  const again = await doctor.again()
  const fileNow = async () => (await ask(again, `/api/patients/patients/${foreign}`)).status
  expect(await fileNow()).toBe(200)
  house.advance({ seconds: 2 })
  expect(await fileNow()).toBe(404)
})

test('it opens the file to read: nothing of the patient is changed', async () => {
  const doctor = await staff('clinician', 'departmentFollowupAdministrator')
  await doctor.open('ZY2001')

  const tagged = await ask(doctor.session, `/api/patients/patients/${foreign}`, { method: 'PUT', body: { name: '改名' } })

  expect(await doctor.file(foreign)).toBe(200)
  expect(tagged.status).toBe(404)
})

test('only a whole number of one person opens a file; one tried in vain leaves its trace; one’s own patient needs none', async () => {
  const doctor = await staff()

  expect((await doctor.open('ZY20')).body.code).toBe('patients.numberUnknown')
  expect((await doctor.open('13800138001')).body.code).toBe('patients.numberOfSeveral')
  expect((await doctor.open('ZY2001', '急')).status).toBe(400)
  expect((await doctor.open('ZY1001')).body).toEqual({ patientId: mine, until: null })
  expect((await (await staff('followupNurse')).open('ZY2001')).status).toBe(403)
  expect(
    await house.sql(`select refusal, reason from house.audit where actor_id = $1 and refusal like 'patients.%' order by refusal desc`, [
      doctor.id,
    ]),
  ).toEqual([
    { refusal: 'patients.numberUnknown', reason: '急诊抢救，需了解过敏史' },
    { refusal: 'patients.numberOfSeveral', reason: '急诊抢救，需了解过敏史' },
  ])
})

test('nobody opens file after file: ten in an hour are the most, those sent at once counted too', async () => {
  const doctor = await staff()

  const answers = await Promise.all(Array.from({ length: 12 }, () => doctor.open('ZY2002')))

  const made = await house.sql('select 1 from access.emergencies where user_id = $1', [doctor.id])
  expect(made).toHaveLength(10)
  expect(answers.every((a) => a.status === 200 || a.body.code === 'access.tooManyEmergencies')).toBe(true)
})

test('the auditor finds each opening, unreviewed first, masked, and says what he found; the trail keeps it', async () => {
  await house.sql('delete from access.emergencies')
  const [doctor, auditor] = [await staff(), await staff('auditor')]
  await doctor.open('ZY2001')
  const list = async (query: string) => (await auditor.get(`/api/patients/emergencies${query}`)).body.rows
  const [waiting] = await list('?isReviewed=false')
  expect(waiting).toMatchObject({ userId: doctor.id, patientId: foreign, reason: '急诊抢救，需了解过敏史', reviewedAt: null })
  expect(waiting.patientName).toBe('钱*英')

  const review = await auditor.post(`/api/patients/emergencies/${waiting.id}/review`, { isProper: false, note: '患者当日未到急诊' })

  expect(review.body).toMatchObject({ isProper: false, note: '患者当日未到急诊' })
  expect(await list('?isReviewed=false')).toEqual([])
  expect(await list('?isReviewed=true')).toMatchObject([{ id: waiting.id, isProper: false }])
  expect((await doctor.get('/api/patients/emergencies')).status).toBe(403)
  expect(
    await house.sql(`select action, patient_id from house.audit where object_id = $1 and action like 'access.%' order by action`, [
      waiting.id,
    ]),
  ).toEqual([
    { action: 'access.emergencyOpened', patient_id: foreign },
    { action: 'access.emergencyReviewed', patient_id: foreign },
  ])
})

test('an emergency opens the file of a VIP as well, to whoever may see none; the auditor who may see none reads that it happened, not of whom', async () => {
  const vip = await patientOf('周永福', bones, { medicalRecordNumber: 'ZY9001' })
  await house.sql(`insert into patients.privacy (said_patient_id, patient_id, class, by_rule) values ($1, $1, 'vip', 'department')`, [vip])
  const [doctor, auditor] = [await staff(), await staff('auditor')]
  expect(await doctor.file(vip)).toBe(404)

  expect((await doctor.open('ZY9001')).body.patientId).toBe(vip)

  const seen = await doctor.get(`/api/patients/patients/${vip}`)
  expect([seen.status, seen.body.name]).toEqual([200, '周永福'])
  const row = (await auditor.get('/api/patients/emergencies')).body.rows.find((r: { userId: string }) => r.userId === doctor.id)
  expect(row).toMatchObject({ patientId: null, patientName: null, reason: null })
  house.advance({ hours: 4 })
  expect((await ask(await doctor.again(), `/api/patients/patients/${vip}`)).status).toBe(404)
})
