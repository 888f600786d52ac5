import { createHmac } from 'node:crypto'
import { createServer, type RequestListener } from 'node:http'
import { newId } from '@renxin/kernel'
import { patients, registerPatient } from '@renxin/patients'
import { allowLoopback } from '@renxin/server'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { imagesApi } from '../../images-contract.ts'
import { recordsApi } from '../../records-contract.ts'
import { applyRecords, encounters } from '../index.ts'
import { noOrthanc, type Orthanc, openOrthanc } from './orthanc-of-test.ts'
import { findStudies, knockArchive } from './qido.ts'

const house = await openHouse([staff, patients, encounters], { now: '2026-09-10T09:00+08:00' })
const admin = house.who('integration.manage')
const doctor = house.who('encounters.read', 'encounters.results')
const sharedKey = 'a key that the viewer knows'
const patientId = newId()

let counter = 0
async function reportOf(accessionNumber: string | null): Promise<string> {
  const number = `I${++counter}`
  await house.inside((ctx) =>
    applyRecords(ctx, [
      { is: 'report', source: 'RIS', number, sourceAt: house.now(), patientId, kind: 'imaging', status: 'final', accessionNumber },
    ]),
  )
  const { rows } = await doctor.call(recordsApi.reports, { patientId, limit: 200 })
  return rows.find((r) => r.number === number)?.id ?? ''
}

const archive = (fields: object = {}) => ({
  id: newId(),
  name: `影像系统${++counter}`,
  qidoUrl: 'http://127.0.0.1:9',
  auth: 'none' as const,
  viewerUrl: 'https://viewer.example/?study={studyUid}&order={accessionNumber}&token={token}',
  tokenSecret: sharedKey,
  ...fields,
})
const use = async (fields: object) => {
  for (const { id } of (await admin.call(imagesApi.archives, {})).rows) await admin.call(imagesApi.removeArchive, { id })
  return admin.call(imagesApi.saveArchive, archive(fields))
}

const closers: (() => Promise<unknown>)[] = []
afterAll(() => Promise.all(closers.map((close) => close())))
/** A peer that is not as it should be. */
async function peer(answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(async () => server.closeAllConnections() ?? server.close())
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
}
const study = (studyUid: string, accession: string, on: string) => ({
  '0020000D': { vr: 'UI', Value: [studyUid] },
  '00080050': { vr: 'SH', Value: [accession] },
  '00080020': { vr: 'DA', Value: [on] },
})
const answering = (body: unknown, status = 200) =>
  peer((_, reply) => void reply.writeHead(status, { 'content-type': 'application/dicom+json' }).end(JSON.stringify(body)))
const open = (qidoUrl: string) => ({ qidoUrl, auth: 'none' as const, authUser: '', secret: '' })

beforeAll(() => registerPatient(house.ctx, { id: patientId, name: '赵建国', identityCard: '11010519491231002X' }))

if (noOrthanc) test('a real archive finds the study of a report', (t) => t.skip(noOrthanc))
else
  describe('a real archive', () => {
    let orthanc: Orthanc
    let studyUid: string
    const at = () => ({ qidoUrl: orthanc.url, auth: 'basic' as const, authUser: orthanc.user, authSecret: orthanc.password })
    beforeAll(async () => {
      orthanc = await openOrthanc()
      closers.push(() => orthanc.close())
      studyUid = await orthanc.addStudy({ PatientID: '0700001', PatientName: 'Zhao^Jianguo', AccessionNumber: 'CT20260901', StudyDate: '20260901' }) // biome-ignore format: one line
      await orthanc.addStudy({ PatientID: '0700002', PatientName: 'Qian^Er', AccessionNumber: 'CT20260902', StudyDate: '20260902' }) // biome-ignore format: one line
    }, 60_000)

    test('finds the study of a report, and the link names it, holds for minutes and tells nothing of the patient', async () => {
      await use({ ...at(), tokenSeconds: 120 })

      const { url, expiresAt } = await doctor.call(imagesApi.viewImages, { id: await reportOf('CT20260901') })

      const link = new URL(url)
      const [payload = '', signature] = (link.searchParams.get('token') ?? '').split('.')
      const said = JSON.parse(Buffer.from(payload, 'base64url').toString())
      expect([link.host, link.searchParams.get('study'), link.searchParams.get('order')]).toEqual([
        'viewer.example',
        studyUid,
        'CT20260901',
      ])
      expect(signature).toBe(createHmac('sha256', sharedKey).update(payload).digest('base64url'))
      expect(said).toEqual({ studyUid: studyUid, accessionNumber: 'CT20260901', exp: house.now().getTime() / 1000 + 120, nonce: expect.stringMatching(/^[\w-]{22}$/) }) // biome-ignore format: one line
      expect(expiresAt).toBe('2026-09-10T01:02:00.000Z')
      expect(decodeURIComponent(url)).not.toMatch(/Zhao|0700001|赵|1101/)
    })

    test('gives another nonce each time, and leaves a trace with the patient', async () => {
      await use(at())
      const id = await reportOf('CT20260901')

      const links = [await doctor.call(imagesApi.viewImages, { id }), await doctor.call(imagesApi.viewImages, { id })]

      expect(new Set(links.map((l) => l.url)).size).toBe(2)
      const rows = await house.sql('select patient_id from house.audit where action = $1 and object_id = $2', ['encounters.viewImages', id])
      expect(rows).toEqual([{ patient_id: patientId }, { patient_id: patientId }])
    })

    test('shows nobody else’s images where an accession number is a pattern, and says what it does not have', async () => {
      await use(at())

      for (const accession of ['CT2026*', 'CT2026090?', 'CT999'])
        await expect(doctor.call(imagesApi.viewImages, { id: await reportOf(accession) })).rejects.toMatchObject({
          code: 'encounters.studyNotFound',
        })
    })

    test('is asked before it is used, and a wrong password is told as such', async () => {
      expect(await admin.call(imagesApi.testArchive, at())).toMatchObject({ outcome: 'answered' })
      expect(await admin.call(imagesApi.testArchive, { ...at(), authSecret: 'wrong' })).toMatchObject({
        outcome: 'unauthorized',
        status: 401,
      })
    })
  })

describe('an archive', () => {
  test('that does not answer in time, is not there or is something else is told as such, and soon', async () => {
    const slow = await peer(() => {})
    const page = await peer((_, reply) => void reply.end('<html>'))

    expect(await knockArchive(open(slow), 50)).toMatchObject({ outcome: 'timeout' })
    expect(await knockArchive(open('http://127.0.0.1:9'))).toMatchObject({ outcome: 'unreachable' })
    expect(await knockArchive(open(page))).toMatchObject({ outcome: 'notDicomweb', status: 200 })
    expect(await knockArchive(open(await answering({}, 500)))).toMatchObject({ outcome: 'notDicomweb', status: 500 })
    await use({ qidoUrl: page, name: '西区影像' })
    await expect(doctor.call(imagesApi.viewImages, { id: await reportOf('A1') })).rejects.toMatchObject({
      code: 'encounters.archiveSilent',
      archive: '西区影像',
    })
  })

  test('that leads to this machine is not asked once that is not allowed', async () => {
    let asked = 0
    const here = await peer((_, reply) => void reply.end(`${++asked}`))
    allowLoopback(false)

    const answer = await knockArchive(open(here))

    allowLoopback(true)
    expect([answer.outcome, asked]).toEqual(['closedAddress', 0])
  })

  test('sends our credentials nowhere else', async () => {
    const heard: unknown[] = []
    const thief = await peer((request, reply) => void reply.end(`[${heard.push(request.headers.authorization)}]`))
    const honest = await peer((_, reply) => void reply.writeHead(302, { location: thief }).end())

    const answer = await knockArchive({ qidoUrl: honest, auth: 'basic', authUser: 'u', secret: 's' })

    expect([answer.outcome, heard]).toEqual(['notDicomweb', []])
  })

  test('that overlooks the question shows nobody else’s images, and of several studies the latest counts', async () => {
    const all = await answering([study('1.1', 'A1', '20260101'), study('1.2', 'A2', '20260901'), study('1.3', 'A1', '20260301'), study('x/../y', 'A1', '20270101')]) // biome-ignore format: one line

    expect(await findStudies(open(all), 'A1')).toEqual([
      { studyUid: '1.3', accessionNumber: 'A1' },
      { studyUid: '1.1', accessionNumber: 'A1' },
    ])
    expect(await findStudies(open(await peer((_, reply) => void reply.writeHead(204).end())), 'A1')).toEqual([])
  })

  test('among several answers for those that are silent', async () => {
    await use({ name: '1 停电的' })
    await admin.call(imagesApi.saveArchive, archive({ name: '2 在用的', qidoUrl: await answering([study('1.7', 'A7', '20260101')]) }))

    expect((await doctor.call(imagesApi.viewImages, { id: await reportOf('A7') })).url).toContain('study=1.7')
  })
})

describe('settings', () => {
  test('keep their secrets: no reply has them, and a password for one address is not sent to another', async () => {
    const saved = await use({ auth: 'basic', authUser: 'u', authSecret: 'secret of the archive' })

    expect(JSON.stringify(await admin.call(imagesApi.archives, {}))).not.toContain('secret of')
    expect(saved).toMatchObject({ hasAuthSecret: true, hasTokenSecret: true })
    const { hasAuthSecret: _, hasTokenSecret: __, ...fields } = saved
    expect(await admin.call(imagesApi.saveArchive, { ...fields, name: '改名' })).toMatchObject({ name: '改名', hasAuthSecret: true })
    await expect(admin.call(imagesApi.saveArchive, { ...fields, qidoUrl: 'http://elsewhere' })).rejects.toMatchObject({
      code: 'encounters.archiveSecretNeeded',
    })
  })

  test.each([
    'javascript:alert(1)?{studyUid}',
    'https://{studyUid}.example/?x',
    'https://viewer.example/?x={name}&{studyUid}',
    'https://viewer.example/',
  ])('take no viewer at %s', async (viewerUrl) => {
    await expect(admin.call(imagesApi.saveArchive, archive({ viewerUrl }))).rejects.toMatchObject({ code: 'house.invalid' })
  })

  test('of two archives have two names', async () => {
    const { name } = await use({})

    await expect(admin.call(imagesApi.saveArchive, archive({ name }))).rejects.toMatchObject({ code: 'encounters.archiveNameTaken' })
  })
})

test('a report without a study, and a hospital without an archive, are told as such', async () => {
  await use({})
  await expect(doctor.call(imagesApi.viewImages, { id: await reportOf(null) })).rejects.toMatchObject({ code: 'encounters.noImages' })
  const id = await reportOf('A9')
  expect(await doctor.call(recordsApi.report, { id })).toMatchObject({ hasImages: true })

  await admin.call(imagesApi.removeArchive, { id: (await admin.call(imagesApi.archives, {})).rows[0]?.id ?? '' })

  expect(await doctor.call(recordsApi.report, { id })).toMatchObject({ hasImages: false })
  await expect(doctor.call(imagesApi.viewImages, { id })).rejects.toMatchObject({ code: 'encounters.noArchive' })
})
