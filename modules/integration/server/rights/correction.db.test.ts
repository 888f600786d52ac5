import { newId } from '@renxin/kernel'
import { type Correctable, rightsApi } from '@renxin/patients/contract'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { importsApi } from '../../imports-contract.ts'
import { workOnce } from '../imports/loop.ts'
import { type Cage, openCage } from './canaries.fixture.ts'

let cage: Cage
beforeAll(async () => {
  cage = await openCage()
}, 120_000)

/** Each test has a person of its own, whom the hospital's system calls by the wrong name, sex and address. */
let record: string
let id: string
let count = 0
beforeEach(async () => {
  count += 1
  cage.house.setNow('2026-09-04T09:00+08:00')
  record = `COR${count}`
  await hl7('20260902090000')
  id = (await cage.house.sql<{ id: string }>('select id from patients.cards where medical_record_number = $1', [record]))[0]?.id ?? ''
})

type Word = { name?: string; sex?: string; street?: string; number?: string }
const wrong = { name: '章小明', sex: 'M', street: '旧街1号', number: '13922220001' }

const hl7 = (at: string, word: Word = {}, mr = record) => {
  const { name, sex, street, number } = { ...wrong, ...word }
  return cage.send(
    [
      `MSH|^~\\&|HIS|甲院|CRM||${at}||ADT^A08|${mr}-${at}|P|2.5|||||UNICODE UTF-8`,
      `EVN|A08|${at}`,
      `PID|1||${mr}^^^HIS^MR||${name}||19600102|${sex}|||${street}^^杭州^浙江||${number}^PRN^CP`,
    ].join('\r'),
  )
}
const fhir = (name: string, gender: string) =>
  cage.put({
    resourceType: 'Patient', id: record.toLowerCase(), identifier: [{ system: 'HIS', type: { coding: [{ code: 'MR' }] }, value: record }],
    name: [{ text: name }], gender, meta: { lastUpdated: cage.house.ctx.clock.now().toISOString() },
  }) // biome-ignore format: a resource

async function importFile(name: string, sex: string) {
  const upload = newId()
  const rows = [['病案号', '姓名', '性别'], [record, name, sex]] // biome-ignore format: a table
  const base64 = Buffer.from(rows.map((r) => r.join(',')).join('\n')).toString('base64')
  await cage.clerk.call(importsApi.upload, { id: upload, kind: 'patients', name: '一览.csv', base64 })
  await cage.clerk.call(importsApi.check, { id: upload })
  while (await workOnce(cage.house.house, cage.house.hospitalId));
  await cage.clerk.call(importsApi.applyImport, { id: upload })
  while (await workOnce(cage.house.house, cage.house.hospitalId));
}

async function correct(right: Partial<Record<Correctable, string>>, patientId = id) {
  const items = Object.entries(right).map(([field, value]) => ({ field: field as Correctable, value })) // the keys of the argument
  const asked = { id: newId(), patientId, kind: 'correction', asker: 'patient', proof: 'identityCard', items } as const
  await cage.clerk.call(rightsApi.recordRight, asked)
  return cage.clerk.call(rightsApi.decideCorrection, { id: asked.id, decisions: items.map(({ field }) => ({ field, isAccepted: true })) })
}
const file = async (patientId = id) =>
  (await cage.house.sql<{ name: string; sex: string }>('select name, sex from patients.cards where id = $1', [patientId]))[0]

describe('a correction by right', () => {
  test('holds when the hospital’s systems send the old word again, by message, by FHIR and by file', async () => {
    expect(await correct({ name: '张晓明', sex: 'female' })).toMatchObject({ state: 'done' })

    await hl7('20260905090000')
    expect(await file()).toEqual({ name: '张晓明', sex: 'female' })
    cage.house.setNow('2026-09-06T09:00+08:00')
    await fhir(wrong.name, 'male')
    expect(await file()).toEqual({ name: '张晓明', sex: 'female' })
    await importFile(wrong.name, '男')
    expect(await file()).toEqual({ name: '张晓明', sex: 'female' })
    await fhir('张晓铭', 'female') // by these doors a new word comes in
    expect(await file()).toEqual({ name: '张晓铭', sex: 'female' })
    cage.house.setNow('2026-09-07T09:00+08:00')
    await importFile('张晓鸣', '女')
    expect(await file()).toEqual({ name: '张晓鸣', sex: 'female' })
  })

  test('leaves room for what is really new; the old word is not taken after that either', async () => {
    await correct({ name: '张晓明' })

    await hl7('20260907090000', { name: '张明' })
    expect(await file()).toMatchObject({ name: '张明' })
    await hl7('20260908090000')
    expect(await file()).toMatchObject({ name: '张明' })
  })

  test('holds no longer once the hospital’s system says the right word itself: what it says then is its own news', async () => {
    await correct({ sex: 'female' })

    await hl7('20260907090000', { sex: 'F' })
    await hl7('20260906090000')
    expect(await file()).toMatchObject({ sex: 'female' })
    await hl7('20260908090000', { sex: 'M' })
    expect(await file()).toMatchObject({ sex: 'male' })
  })

  test('of an address and a telephone holds, too: the address is the right one, and the right number is called first', async () => {
    await correct({ address: '新街2号', phone: '13922220002' })

    await hl7('20260907090000')

    const copy = newId()
    await cage.clerk.call(rightsApi.recordRight, { id: copy, patientId: id, kind: 'copy', asker: 'patient', proof: 'identityCard' })
    const { sections } = await cage.clerk.call(rightsApi.takeCopy, { id: copy })
    expect(sections.find((s) => s.section === 'person')?.rows[0]).toMatchObject({ address: '新街2号' })
    expect(sections.find((s) => s.section === 'contacts')?.rows).toContainEqual(
      expect.objectContaining({ phone: '13922220002', relation: 'self', isFormer: false }),
    )
    expect(
      await cage.house.sql(
        'select source, is_preferred as "isPreferred", is_former as "isFormer" from patients.contacts where patient_id = $1 and is_preferred',
        [id],
      ),
    ).toEqual([{ source: 'manual', isPreferred: true, isFormer: false }])
  })

  test('holds for all files that are one: neither a file merged before nor one merged after brings the old word back', async () => {
    const [first, second, third] = [record, `${record}B`, `${record}C`]
    const merge = (mr: string, at: string) =>
      cage.send(
        [
          `MSH|^~\\&|HIS|甲院|CRM||${at}||ADT^A40|${mr}-${at}|P|2.5|||||UNICODE UTF-8`,
          `EVN|A40|${at}`,
          `PID|1||${first}^^^HIS^MR`,
          `MRG|${mr}^^^HIS^MR`,
        ].join('\r'),
      )
    await hl7('20260902100000', {}, second)
    await merge(second, '20260902110000')
    await correct({ name: '张晓明' })

    await hl7('20260907090000', {}, second)
    expect(await file()).toMatchObject({ name: '张晓明' })
    await hl7('20260908090000', {}, third)
    await merge(third, '20260908100000')
    expect(await file()).toMatchObject({ name: '张晓明' })
  })

  test('can itself be corrected back, and then the other word is the one that is not taken again', async () => {
    await correct({ name: '张晓明' })
    cage.house.setNow('2026-09-09T09:00+08:00')
    await correct({ name: wrong.name })

    await hl7('20260910090000', { name: '张晓明' })
    expect(await file()).toMatchObject({ name: wrong.name })
    await hl7('20260911090000')
    expect(await file()).toMatchObject({ name: wrong.name })
  })
})

test('only hashes are kept of what was corrected away', async () => {
  await correct({ name: '张晓明' })
  const [{ held = '' } = {}] = await cage.house.sql<{ held: string }>(
    'select corrected_away::text as held from patients.patients where id = $1',
    [id],
  )
  expect(held).toMatch(/"print": "[0-9a-f]{32,}"/)
  expect(held).not.toContain(wrong.name)
})
