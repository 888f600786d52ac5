import { encountersApi } from '@renxin/encounters/contract'
import { beforeAll, expect, test } from 'vitest'
import { importSender, ingest, readFrame } from '../index.ts'
import { openFhir, type Resource } from './testing.fixture.ts'

const { house, put, get, found, asker } = await openFhir()
const reader = asker('encounters.read')
const PART = 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType'
const part = (code: string, display: string, more: object = {}) => ({
  type: [{ coding: [{ system: PART, code }] }],
  individual: { display },
  ...more,
})
const visit = (participant: object[], more: object = {}): Resource => ({
  resourceType: 'Encounter',
  id: 'v1',
  identifier: [{ value: 'Z1' }],
  status: 'in-progress',
  class: { code: 'IMP' },
  subject: { reference: 'Patient/zhou' },
  period: { start: '2026-09-01T09:00:00+08:00' },
  participant,
  ...more,
})
async function shown() {
  const [row] = await house.sql<{ id: string }>("select id from encounters.cards where number = 'Z1'")
  const { attending, nurse, team } = await reader.call(encountersApi.file, { id: row?.id ?? '' })
  return { attending: attending?.name, nurse: nurse?.name, team: team.map((t) => `${t.role} ${t.person.name}`) }
}
const later = async (resource: Resource) => {
  house.advance({ minutes: 1 })
  expect((await put(resource)).status).toBeLessThan(300)
}

beforeAll(async () => {
  await put({ resourceType: 'Patient', id: 'zhou', identifier: [{ type: { coding: [{ code: 'MR' }] }, system: 'HIS', value: 'H1' }], name: [{ text: '周晓燕' }] }) // biome-ignore format: one person
})

test('whoever an Encounter names has a part in the visit: who treats, who admitted, the nurse, whoever was asked, and others by the sender’s word', async () => {
  await later(
    visit([
      part('ATND', '李主任'),
      part('ADM', '王收治'),
      part('CON', '陈会诊'),
      part('ATND', '赵教授'),
      { type: [{ text: '责任护士' }], individual: { display: '孙护士' } },
      { type: [{ text: '营养师' }], individual: { display: '钱营养' } },
      { type: [{ text: '陪护' }], individual: { reference: 'RelatedPerson/r1', display: '周家属' } },
    ]),
  )

  expect(await shown()).toEqual({
    attending: '李主任',
    nurse: '孙护士',
    team: ['AD 王收治', 'AT 赵教授', 'CP 陈会诊', '营养师 钱营养'],
  })
})

test('whose part is over, or who is not named any more, is of the team no longer; what another system said stays', async () => {
  await house.inside((ctx) => importSender(ctx, {}, { application: 'HIS', facility: '甲院' }))
  house.advance({ minutes: 1 })
  const at = '20260904090500'
  const text = [`MSH|^~\\&|HIS|甲院|CRM||${at}||ADT^A08|R1|P|2.5|||||CHN|UNICODE UTF-8`, `EVN|A08|${at}`, 'PID|1||H1^^^HIS^MR||周晓燕', `PV1|1|I${'|'.repeat(17)}Z1`, 'ROL|1|AD|FHCP|D9^吴家医'].join('\r') // biome-ignore format: one message
  await house.inside((ctx) => ingest(ctx, readFrame(Buffer.from(text))))
  house.advance({ minutes: 10 })

  const over = { period: { end: '2026-09-03' } }
  await later(visit([part('ATND', '李主任'), part('ADM', '王收治'), part('CON', '陈会诊', over)]))

  expect((await shown()).team).toEqual(['AD 王收治', 'FHCP 吴家医'])
})

test('a visit is found by whoever has a part in it, whichever system said so', async () => {
  const person = async (name: string) =>
    (await house.sql<{ id: string }>('select id from staff.person_cards where name = $1', [name]))[0]?.id
  const at = '20260904091000'
  const text = [`MSH|^~\\&|HIS|甲院|CRM||${at}||ADT^A01|R2|P|2.5|||||CHN|UNICODE UTF-8`, `EVN|A01|${at}`, 'PID|1||H2^^^HIS^MR||赵丽', `PV1|1|I|||||D71^何主任${'|'.repeat(12)}Z2`, 'ROL|1|AD|FHCP|D9^吴家医'].join('\r') // biome-ignore format: one message
  await house.inside((ctx) => ingest(ctx, readFrame(Buffer.from(text))))
  const [other] = await house.sql<{ id: string }>("select id from encounters.cards where number = 'Z2'")
  const by = async (name: string) => (await found(`Encounter?practitioner=Practitioner/${await person(name)}`)).toSorted()

  expect(await by('何主任')).toEqual([other?.id])
  expect(await by('吴家医')).toEqual([other?.id, 'v1'].toSorted())
  expect(await by('李主任')).toEqual(['v1'])
  expect(await found(`Encounter?practitioner.name=何主任`)).toEqual([other?.id])
  expect(await found(`Encounter?practitioner=Practitioner/nobody`)).toEqual([])
})

test('parts that end with the stay itself are no parts that were given up', async () => {
  const end = { period: { end: '2026-09-04T09:20:00+08:00' } }
  const period = { start: '2026-09-01T09:00:00+08:00', end: '2026-09-04T09:20:00+08:00' }
  house.advance({ hours: 1 })
  await later(visit([part('ATND', '李主任', end), part('CON', '陈会诊', end)], { status: 'finished', period }))

  expect(await shown()).toMatchObject({ attending: '李主任', team: ['CP 陈会诊', 'FHCP 吴家医'] })
})

test('a visit that came by HL7 alone reads with all who have a part in it, each once', async () => {
  const at = '20260904110500'
  const text = [`MSH|^~\\&|HIS|甲院|CRM||${at}||ADT^A01|R2|P|2.5|||||CHN|UNICODE UTF-8`, `EVN|A01|${at}`, 'PID|1||H2^^^HIS^MR||郑一', `PV1|1|I|||||D1^李主任${'|'.repeat(12)}Z2`, 'ROL|1|AD|AT|D1^李主任', 'ROL|2|AD|AD|D2^王收治', 'ROL|3|AD|^责任护士|N1^孙护士', 'ROL|4|AD|FHCP|D9^吴家医', 'ROL|5|AD|^营养师|D8^钱营养'].join('\r') // biome-ignore format: one message
  await house.inside((ctx) => ingest(ctx, readFrame(Buffer.from(text))))
  const [id] = await found('Encounter?identifier=Z2')

  const { body } = await get(`Encounter/${id}`)

  const said = (
    body.participant as { type: { text?: string; coding?: { code: string }[] }[]; individual: { reference: string; display: string } }[]
  ).map(({ type: [type], individual }) => [type?.coding?.[0]?.code ?? type?.text, individual.display]) // as it was read: each with a type and a person
  expect(said).toEqual([
    ['ATND', '李主任'],
    ['责任护士', '孙护士'],
    ['ADM', '王收治'],
    ['FHCP', '吴家医'],
    ['营养师', '钱营养'],
  ])
  const [first] = body.participant as { individual: { reference: string } }[] // as above
  expect((await get(first?.individual.reference ?? '')).body).toMatchObject({ resourceType: 'Practitioner', name: [{ text: '李主任' }] })
})
