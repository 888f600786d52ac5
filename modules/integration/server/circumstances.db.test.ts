import { encounters } from '@renxin/encounters'
import { encountersApi } from '@renxin/encounters/contract'
import { patients } from '@renxin/patients'
import { patientsApi } from '@renxin/patients/contract'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { integrationApi } from '../contract.ts'
import { ingest, integration, readFrame } from './index.ts'

const house = await openHouse([staff, patients, encounters, integration], { now: '2025-11-20T09:00+08:00' })
const nurse = house.who('patients.read', 'patients.names', 'encounters.read', 'integration.read', 'integration.mend')

let count = 0
type Said = { record: string; minute: number; pid?: string; rest?: readonly string[] }
const messageOf = ({ record, minute, pid = '', rest = [] }: Said) => {
  count += 1
  const at = `202511050900${String(minute).padStart(2, '0')}`
  const pv1 = `PV1|1|I|内科^^3床${'|'.repeat(16)}V${record}`
  return [`MSH|^~\\&|HIS|甲院|CRM||${at}||ADT^A08|C${count}|P|2.5`, `EVN|A08|${at}`, `PID|1||${record}^^^HIS^MR||钱多多||19600102|F${pid}`, pv1, ...rest].join('\r') // biome-ignore format: one message
}
const take = (...texts: string[]) =>
  house.inside((ctx) =>
    ingest(
      ctx,
      texts.flatMap((text) => readFrame(Buffer.from(text))),
    ),
  )
async function fileOf(record: string) {
  const [found] = await house.sql<{ id: string }>('select id from patients.cards where medical_record_number = $1', [record])
  if (!found) throw new Error('no such file')
  const [visit] = await house.sql<{ id: string }>('select id from encounters.cards where patient_id = $1', [found.id])
  return { file: await nurse.call(patientsApi.file, { id: found.id }), visitId: visit?.id ?? '' }
}
const beyond = `${'|'.repeat(7)}UIG^维吾尔语||BD^佛教${'|'.repeat(6)}新疆喀什${'|'.repeat(5)}CHN^中国`

test('the language, the place of birth and the nationality stand in the file; of a religion only that it is known', async () => {
  await take(messageOf({ record: 'R1', minute: 1, pid: beyond }))

  const { file } = await fileOf('R1')
  expect(file).toMatchObject({ language: '维吾尔语', birthPlace: '新疆喀什', nationality: '中国', hasReligion: true })
  expect(JSON.stringify(file)).not.toContain('佛教')
})

test('the religion is shown for a reason, to those who may see what is masked, and lies sealed', async () => {
  const { file } = await fileOf('R1')
  const allowed = house.who('patients.read', 'patients.unmask')

  expect(await allowed.call(patientsApi.revealReligion, { patientId: file.id, reason: '安排膳食' })).toMatchObject({ religion: '佛教' })
  await expect(nurse.call(patientsApi.revealReligion, { patientId: file.id, reason: '好奇看看' })).rejects.toThrow()
  const [row] = await house.sql<{ lies_open: boolean }>(
    `select position(convert_to('佛教', 'UTF8') in religion) > 0 as lies_open from patients.patients where id = $1`,
    [file.id],
  )
  expect(row).toEqual({ lies_open: false })
})

test('an empty field keeps what is known, and "" deletes it', async () => {
  await take(messageOf({ record: 'R1', minute: 2 }), messageOf({ record: 'R1', minute: 3, pid: `${'|'.repeat(7)}""` }))

  expect((await fileOf('R1')).file).toMatchObject({ language: null, birthPlace: '新疆喀什', hasReligion: true })
})

test('whoever answers for the costs is a contact, and takes no contact away', async () => {
  await take(
    messageOf({ record: 'R2', minute: 1, rest: ['NK1|1|钱小明|SON^儿子||13900000201'] }),
    messageOf({ record: 'R2', minute: 2, rest: ['GT1|1||钱大江|||13900000202|||||FTH^父亲'] }),
    messageOf({ record: 'R2', minute: 3, rest: ['GT1|1||钱多多|||13900000203|||||SEL^本人'] }),
  )

  const { file } = await fileOf('R2')
  expect(file.contacts.map((c) => [c.relation, c.isFormer])).toEqual(
    expect.arrayContaining([
      ['son', false],
      ['parent', false],
    ]),
  )
  expect(file.contacts).toHaveLength(2)
})

test('an organisation that answers for the costs is the payer where no other is said', async () => {
  const unit = `GT1|1||${'|'.repeat(18)}市第一机械厂`
  await take(messageOf({ record: 'R3', minute: 1, rest: [unit] }))

  expect((await fileOf('R3')).file.payer).toBe('市第一机械厂')
})

test('the visit says why the patient came, the accident behind it and who has which part in it', async () => {
  await take(
    messageOf({
      record: 'R4',
      minute: 1,
      rest: [
        'PV2|||^车祸后胸痛两小时',
        'ROL|1|AD|CP^会诊|D31^王^志强~D32^李^梅',
        'ROL|2|AD|ZRHS^责任护士|N7^陈^静',
        'ACC|202511050730|V^交通事故|环城高速',
      ],
    }),
  )

  const { visitId } = await fileOf('R4')
  const stay = await nurse.call(encountersApi.file, { id: visitId })
  expect(stay).toMatchObject({
    admitReason: '车祸后胸痛两小时',
    accident: { at: '2025-11-04T23:30:00.000Z', kind: '交通事故', place: '环城高速' },
    nurse: { name: '陈静' },
  })
  expect(stay.team.map((m) => `${m.role} ${m.person.name}`)).toEqual(['CP 王志强', 'CP 李梅', '责任护士 陈静'])
})

test('who takes a part back has it no more; other parts stay', async () => {
  await take(messageOf({ record: 'R4', minute: 2, rest: ['ROL|1|DE|CP^会诊|D31^王^志强'] }))

  const { visitId } = await fileOf('R4')
  expect((await nurse.call(encountersApi.file, { id: visitId })).team.map((m) => m.role)).toEqual(['责任护士'])
})

test('what is told beside the stay ends alike whatever the order and however often it comes', async () => {
  const said = (record: string) => [
    messageOf({ record, minute: 1, pid: beyond, rest: ['ROL|1|AD|CP^会诊|D31^王^志强', 'PV2|||^胸痛'] }),
    messageOf({
      record,
      minute: 2,
      rest: ['ROL|1|AD|CP^会诊|D32^李^梅', 'ACC|20251105|W^工伤|车间', 'GT1|1||钱大江|||13900000202|||||FTH^父亲'],
    }),
    messageOf({ record, minute: 3, pid: `${'|'.repeat(7)}CHI^汉语`, rest: ['ROL|1|AD|AT^主管|D33^赵^云', 'PV2|||""'] }),
    messageOf({ record, minute: 4, rest: ['ROL|1|DE|AT|D33', 'NK1|1|钱小明|SON^儿子||13900000201'] }),
  ]
  const state = async (record: string) => {
    const { file, visitId } = await fileOf(record)
    const { team, admitReason, accident, nurse: who } = await nurse.call(encountersApi.file, { id: visitId })
    return {
      team: team.map((m) => [m.role, m.person.name]),
      ...{ admitReason, accident, who, language: file.language, religion: file.hasReligion, nationality: file.nationality },
      contacts: file.contacts.map((c) => [c.relation, c.masked, c.isFormer]).sort(),
    }
  }
  await take(...said('R50'))
  const inOrder = await state('R50')
  expect(inOrder).toMatchObject({ team: [['CP', '李梅']], admitReason: null, accident: { kind: '工伤' }, language: '汉语' })

  let record = 50
  const order = fc.shuffledSubarray([0, 1, 2, 3, 0, 2], { minLength: 6 })
  await fc.assert(
    fc.asyncProperty(order, async (places) => {
      record += 1
      const texts = said(`R${record}`)
      for (const at of places) await take(texts[at] ?? '')
      expect(await state(`R${record}`)).toEqual(inOrder)
    }),
    { numRuns: 12 },
  )
})

test('under a message stands what is not read of it, and is kept', async () => {
  await take(
    messageOf({ record: 'R9', minute: 1, rest: ['UB2|1|2|A1', 'GT1|1|G7|钱大江||甲街 1 号|13900000202', 'PV2|||^胸痛||||||||||||||||N'] }),
  )
  const { rows } = await nurse.call(integrationApi.messages, { number: 'VR9' })

  const raw = await nurse.call(integrationApi.raw, { id: rows[0]?.id ?? '' })

  const unread = raw.segments.flatMap((s) => s.fields.filter((f) => f.isUnread).map((f) => f.path))
  expect(unread).toEqual(expect.arrayContaining(['UB2-2', 'UB2-3', 'GT1-2', 'GT1-5', 'PV2-19']))
  expect(unread).not.toContain('PV2-3')
  expect(unread).not.toContain('PID-3')
  expect(unread.some((path) => path.startsWith('MSH'))).toBe(false)
})
