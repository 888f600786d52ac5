import { newId } from '@renxin/kernel'
import { rightsApi } from '@renxin/patients/contract'
import { beforeAll, describe, expect, test } from 'vitest'
import { byImport, type Cage, fill, mayStay, mustGo, openCage, said, whereabouts } from './canaries.fixture.ts'

let cage: Cage
let patientId: string
beforeAll(async () => {
  cage = await openCage()
  patientId = await fill(cage)
}, 120_000)

const ask = (kind: 'copy' | 'erasure', id = patientId) =>
  cage.clerk.call(rightsApi.recordRight, {
    id: newId(),
    patientId: id,
    kind,
    asker: 'patient',
    proof: 'identityCard',
    details: mustGo.details,
  })

test('before anything is erased every word that was put in stands somewhere', async () => {
  const { segmentName: _, details: _d, ...put } = mustGo
  const there = (await whereabouts(cage, put)).map((w) => w.split(' ')[0])

  expect(Object.keys(put).filter((name) => !there.includes(name))).toEqual([])
})

test('a copy holds what all rooms know of a person, with other people masked, and each taking stands in the trail', async () => {
  const { id } = await ask('copy')

  const copy = await cage.clerk.call(rightsApi.takeCopy, { id })

  const text = JSON.stringify(copy.sections)
  for (const own of [
    mustGo.phone,
    mustGo.handPhone,
    mustGo.job,
    mustGo.payer,
    mustGo.field,
    mustGo.secret,
    mustGo.caution,
    mustGo.praise,
    mustGo.note,
    mustGo.answer,
    ...Object.values(mayStay),
  ])
    expect(text).toContain(own)
  for (const other of [mustGo.kinPhone, mustGo.kinName, mustGo.personName, mustGo.personPhone]) expect(text).not.toContain(other)
  expect(copy.sections.map((s) => s.section)).toEqual(
    expect.arrayContaining(['person', 'contacts', 'visits', 'reports', 'followups', 'answers', 'opinions', 'sources']),
  )
  expect(
    await cage.house.sql("select 1 from house.audit where action = 'patients.copyTaken' and patient_id = $1", [patientId]),
  ).toHaveLength(1)
  expect(await cage.house.sql('select number, route, format, filters, rows > 0 as is_filled from house.exports')).toEqual([
    { number: Number(copy.serial.slice(3)), route: 'patients.takeCopy', format: 'page', filters: [], is_filled: true }, // and of whom it is, the list does not say
  ])
})

describe('an erasure', () => {
  test('says beforehand what must stay and why, with the years that the law names', async () => {
    const { id } = await ask('erasure')

    const { rows, isKnown } = await cage.clerk.call(rightsApi.weighErasure, { id })

    expect(isKnown).toBe(true)
    expect(rows).toContainEqual({ reason: 'medicalRecord', what: 'stays', count: 1, until: '2056-09-03' })
    expect(rows).toContainEqual({ reason: 'complaintFile', what: 'complaints', count: 1, until: null })
    await cage.clerk.call(rightsApi.withdrawRight, { id })
  })

  test('is not carried out by whoever took it in, nor by somebody without the permission', async () => {
    const { id } = await cage.chief.call(rightsApi.recordRight, {
      id: newId(),
      patientId,
      kind: 'erasure',
      asker: 'patient',
      proof: 'identityCard',
    })

    await expect(cage.chief.call(rightsApi.erase, { id, hasRead: true })).rejects.toMatchObject({ code: 'patients.secondPerson' })
    await expect(cage.clerk.call(rightsApi.erase, { id, hasRead: true })).rejects.toMatchObject({ kind: 'forbidden' })
    await expect(
      cage.house.sql("update patients.rights_requests set state = 'done', done_at = now(), decided_by = recorded_by where id = $1", [id]),
    ).rejects.toThrow(/second_person/)
    await cage.chief.call(rightsApi.withdrawRight, { id })
  })

  test('that fails in the middle leaves everything as it was', async () => {
    const { id } = await ask('erasure')
    const before = await whereabouts(cage, mustGo)
    await cage.house.ownerSql(
      `create function public.fail() returns trigger language plpgsql as $$ begin raise exception 'the light went out'; end $$`,
    )
    await cage.house.ownerSql('create trigger fail before delete on patients.contacts for each row execute function public.fail()')

    await expect(cage.chief.call(rightsApi.erase, { id, hasRead: true })).rejects.toThrow()

    expect(await whereabouts(cage, mustGo)).toEqual(before)
    await cage.house.ownerSql('drop trigger fail on patients.contacts')
    expect(await cage.clerk.call(rightsApi.rightsRequest, { id })).toMatchObject({ state: 'open' })
    await cage.clerk.call(rightsApi.withdrawRight, { id })
  })

  test('takes away what may go, through all rooms, and tells how much; records, complaint and name stay', async () => {
    const { id } = await ask('erasure')

    const done = await cage.chief.call(rightsApi.erase, { id, hasRead: true })
    await cage.house.settle()

    expect(done).toMatchObject({ state: 'done', decidedByName: '周主任' })
    expect(done.counts).toMatchObject({ 'patients.contacts': expect.any(Number), 'integration.messages': 3, 'surveys.responses': 1 })
    expect(await whereabouts(cage, mustGo)).toEqual([])
    const stays = (await whereabouts(cage, mayStay)).map((w) => w.split(' ')[0])
    expect(new Set(stays)).toEqual(new Set(Object.keys(mayStay)))
  })

  test('holds against the hospital’s systems: what they send again brings nothing of it back', async () => {
    await cage.send(said('A08', '20260905100000', 'Q9', { visit: 'QUEV1' }))
    await cage.send(said('A08', '20260905110000', 'Q10'))
    await cage.send(said('A31', '20260905120000', 'Q11').replace(/NK1[^\r]*\r/, ''))
    await cage.put({
      resourceType: 'Patient', id: 'que', identifier: [{ system: 'HIS', type: { coding: [{ code: 'MR' }] }, value: 'QUE001' }], name: [{ text: mayStay.name }],
      telecom: [{ system: 'phone', value: mustGo.fhirPhone }], address: [{ text: mustGo.fhirStreet }], contact: [{ name: { text: mustGo.kinName } }],
    }) // biome-ignore format: a resource
    await cage.house.settle()
    await cage.house.tick('integration.clearErased')

    expect(await whereabouts(cage, mustGo)).toEqual([])
  })

  test('holds against a file that somebody imports again: nothing of it comes back into the customer file', async () => {
    await byImport(cage.house, cage.clerk)

    expect(await cage.house.sql('select 1 from patients.contacts where patient_id = $1', [patientId])).toEqual([])
    expect(await cage.house.sql('select address, job from patients.patients where id = $1', [patientId])).toEqual([
      { address: null, job: null },
    ])
    await cage.house.tick('integration.clearErased')
    expect(await whereabouts(cage, mustGo)).toEqual([])
  })

  test('leaves room for a new visit, of which a fresh record is kept', async () => {
    await cage.send(said('A01', '20260920093000', 'Q11', { visit: 'QUEV2' }))

    const visits = await cage.house.sql<{ number: string }>('select number from encounters.cards where patient_id = $1 order by number', [
      patientId,
    ])
    expect(visits.map((v) => v.number)).toEqual(['QUEV1', 'QUEV2'])
    expect(await cage.house.sql('select 1 from patients.contacts where patient_id = $1', [patientId])).toEqual([])
    await cage.house.tick('integration.clearErased')
    expect(await whereabouts(cage, mustGo)).toEqual([])
  })
})

describe('a person of whom nothing has to stay', () => {
  const lead = '雀小路'

  test('is forgotten by name and number, is known again only by keyed hashes, and comes back with a visit', async () => {
    await cage.send(said('A28', '20260902093000', 'L1', { record: 'LEAD1', name: lead }))
    const [{ id: leadId = '' } = {}] = await cage.house.sql<{ id: string }>(
      "select id from patients.cards where medical_record_number = 'LEAD1'",
    )
    const { id } = await ask('erasure', leadId)
    await cage.chief.call(rightsApi.erase, { id, hasRead: true })
    expect(await whereabouts(cage, { lead, number: 'LEAD1', phone: mustGo.phone })).toEqual([])

    await cage.send(said('A31', '20260921093000', 'L2', { record: 'LEAD1', name: lead }))
    await cage.house.tick('integration.clearErased')
    expect(await whereabouts(cage, { lead, number: 'LEAD1', phone: mustGo.phone })).toEqual([])
    expect(await cage.house.sql("select 1 from patients.cards where id = $1 and name = ''", [leadId])).toHaveLength(1)

    await cage.send(said('A01', '20260922093000', 'L3', { record: 'LEAD1', name: lead, visit: 'LEADV' }))
    expect(await cage.house.sql('select name from patients.cards where id = $1', [leadId])).toEqual([{ name: lead }])
    expect(await cage.house.sql('select 1 from patients.contacts where patient_id = $1', [leadId])).toEqual([])
    await cage.house.tick('integration.clearErased')
  })

  test('of two merged files both halves are erased, also when they are parted later', async () => {
    await cage.send(said('A28', '20260902093000', 'M1', { record: 'MER1', name: '雀并一' }))
    await cage.send(said('A28', '20260902093100', 'M2', { record: 'MER2', name: '雀并二' }))
    await cage.send(
      [
        'MSH|^~\\&|HIS|甲院|CRM||20260903093000||ADT^A40|M3|P|2.5|||||UNICODE UTF-8',
        'EVN|A40|20260903093000',
        'PID|1||MER1^^^HIS^MR||雀并一',
        'MRG|MER2^^^HIS^MR',
      ].join('\r'),
    )
    const [{ id: survivorId = '' } = {}] = await cage.house.sql<{ id: string }>(
      "select id from patients.cards where medical_record_number = 'MER1' and merged_into is null",
    )
    const { id } = await ask('erasure', survivorId)
    await cage.chief.call(rightsApi.erase, { id, hasRead: true })
    await cage.house.settle()
    expect(await whereabouts(cage, { one: '雀并一', other: '雀并二', phone: mustGo.phone, street: mustGo.street })).toEqual([])

    await cage.send(
      [
        'MSH|^~\\&|HIS|甲院|CRM||20260923093000||ADT^A37|M4|P|2.5|||||UNICODE UTF-8',
        'EVN|A37|20260923093000',
        'PID|1||MER1^^^HIS^MR||雀并一',
        'PID|2||MER2^^^HIS^MR||雀并二',
      ].join('\r'),
    )
    await cage.house.tick('integration.clearErased')
    expect(await whereabouts(cage, { one: '雀并一', other: '雀并二', phone: mustGo.phone, street: mustGo.street })).toEqual([])
  })
})
