import { newId } from '@renxin/kernel'
import { applyPatientFacts } from '@renxin/patients'
import { overviewApi } from '@renxin/patients/contract'
import { beforeEach, expect, test } from 'vitest'
import { openFhir, type Resource } from './testing.fixture.ts'

const { house, put, send, get, found, asker } = await openFhir()
const nurse = asker('patients.read', 'patients.names', 'patients.edit')
let patientId = ''
let count = 0

beforeEach(async () => {
  count += 1
  house.advance({ minutes: 1 })
  const identifiers = [{ system: 'HIS', type: 'MR', value: `F${count}` }]
  ;[patientId = ''] = await house.inside((ctx) => applyPatientFacts(ctx, [{ identifiers, name: '钱一', sourceAt: house.now() }]))
})

const flag = (more: object = {}): Resource => ({
  resourceType: 'Flag',
  id: `f${count}`,
  status: 'active',
  category: [{ text: 'incompatibility' }],
  code: { text: '装有心脏起搏器，勿做磁共振' },
  subject: { reference: `Patient/${patientId}` },
  ...more,
})
const cautions = async () =>
  (await nurse.call(overviewApi.head, { id: patientId })).alerts.flatMap((a) =>
    a.cautionId ? [{ id: a.cautionId, said: `${a.kind} ${a.text}` }] : [],
  )
const said = async () => (await cautions()).map((c) => c.said)

test('a Flag stands in the head of the file, with its kind; changed, it says the new words; sent twice, it is one', async () => {
  expect((await put(flag())).status).toBe(201)
  await put(flag())
  expect(await said()).toEqual(['incompatibility 装有心脏起搏器，勿做磁共振'])

  await put(flag({ code: { text: '起搏器已取出，伤口未愈' }, category: [{ text: '其他系统的类别' }] }))

  expect(await said()).toEqual(['other 起搏器已取出，伤口未愈'])
})

test.each([
  ['is inactive', { status: 'inactive' }],
  ['was entered in error', { status: 'entered-in-error' }],
  ['has had its time', { period: { start: '2026-01-01', end: '2026-02-01' } }],
])('a Flag that %s is no caution any more, and is one again when it is active again', async (_, more) => {
  await put(flag())
  await put(flag(more))
  expect(await said()).toEqual([])

  await put(flag({ code: { text: '又有效' } }))

  expect(await said()).toEqual(['incompatibility 又有效'])
})

test('with the Flag that is deleted the caution goes', async () => {
  await put(flag())
  await send('DELETE', `Flag/f${count}`)

  expect(await said()).toEqual([])
})

test('what one of us has dealt with is inactive for whoever asks, and comes back only with other words', async () => {
  await put(flag())
  const [caution] = await cautions()
  await nurse.call(overviewApi.endCaution, { cautionId: caution?.id ?? '' })

  expect((await get(`Flag/f${count}`)).body).toMatchObject({ status: 'inactive', period: { end: expect.any(String) } })
  expect(await found(`Flag?patient=Patient/${patientId}&status=active`)).toEqual([])
  expect(await found(`Flag?patient=Patient/${patientId}&status=inactive`)).toEqual([`f${count}`])
  expect((await get(`Flag?patient=Patient/${patientId}&status=active&_summary=count`)).body.total).toBe(0)

  await put(flag({ author: { display: '心电图室' } }))
  expect(await said()).toEqual([])
  await put(flag({ code: { text: '换了新的起搏器' } }))
  expect(await said()).toEqual(['incompatibility 换了新的起搏器'])
})

test('a caution that a nurse wrote is ended by a Flag under its id', async () => {
  const id = newId()
  await nurse.call(overviewApi.addCaution, { patientId, id, kind: 'payer', text: '欠费待结' })
  const shown = (await get(`Flag/${id}`)).body

  await put({ ...shown, status: 'inactive' })

  expect(shown).toMatchObject({ status: 'active', code: { text: '欠费待结' } })
  expect(await said()).toEqual([])
  expect(await found(`Flag?patient=Patient/${patientId}`)).toEqual([id])
})

test('a Flag that comes before its patient waits for him', async () => {
  await put(flag({ subject: { reference: `Patient/late${count}` } }))
  await put({
    resourceType: 'Patient',
    id: `late${count}`,
    identifier: [{ type: { coding: [{ code: 'MR' }] }, system: 'HIS', value: `F${count}` }],
    name: [{ text: '钱一' }],
  })

  expect(await said()).toEqual(['incompatibility 装有心脏起搏器，勿做磁共振'])
})
