import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createUser } from '@renxin/access'
import { applyEncounterFacts } from '@renxin/encounters'
import { followupsApi } from '@renxin/followups/contract'
import { newId } from '@renxin/kernel'
import { applyPatientFacts, mergePatients, type PatientFacts, registerPatient } from '@renxin/patients'
import { overviewApi, patientsApi } from '@renxin/patients/contract'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { importSender, ingest, readFrame } from '../index.ts'
import { tellOnce } from './hooks.ts'
import { saveHookHosts } from './subscriptions.ts'
import { openFhir, type Resource } from './testing.fixture.ts'

/** What subscribers hear of that came by HL7, views and hands alone. */
const { house, put, asker } = await openFhir()
const nurse = asker('patients.read', 'patients.names', 'patients.edit', 'followups.read', 'followups.work', 'followups.assign')
const heard: Resource[] = []
const subscriber = createServer((request, response) => {
  const parts: Buffer[] = []
  request.on('data', (part: Buffer) => parts.push(part))
  request.on('end', () => {
    heard.push(JSON.parse(Buffer.concat(parts).toString('utf8')))
    response.writeHead(200).end()
  })
})
const TYPES = ['Patient', 'RelatedPerson', 'Coverage', 'AllergyIntolerance', 'Flag', 'Task']

beforeAll(async () => {
  await new Promise<void>((done) => subscriber.listen(0, '127.0.0.1', done))
  await house.inside((ctx) => saveHookHosts(ctx, { hosts: ['127.0.0.1'] }))
  await house.inside((ctx) => importSender(ctx, {}, { application: 'HIS', facility: '甲院' }))
  const { port } = subscriber.address() as AddressInfo // a TCP listener has a port
  for (const type of TYPES)
    await put({
      resourceType: 'Subscription',
      id: `of-${type}`,
      status: 'requested',
      reason: '同步',
      criteria: type,
      channel: { type: 'rest-hook', endpoint: `http://127.0.0.1:${port}/hook`, payload: 'application/fhir+json' },
    })
})
afterAll(() => subscriber.close())

let patientId = ''
let count = 0
const number = () => [{ system: 'HIS', type: 'MR', value: `S${count}` }]

async function tell(said: Partial<PatientFacts>): Promise<void> {
  house.advance({ minutes: 1 })
  ;[patientId = ''] = await house.inside((ctx) => applyPatientFacts(ctx, [{ identifiers: number(), sourceAt: house.now(), ...said }]))
}
/** What was told since it was last asked, of one type. */
async function told(type: string): Promise<Resource[]> {
  await house.settle()
  while ((await tellOnce(house.house)) > 0);
  return heard.splice(0).filter((r) => r.resourceType === type)
}

beforeEach(async () => {
  count += 1
  await tell({
    name: '钱一',
    birthOn: '1960-01-02',
    address: { full: '浙江杭州甲路一号', district: '浙江杭州' },
    phones: [{ number: '13800138000' }],
  })
  await told('Patient')
})

test.each([
  ['name', { name: '钱大一' }, { name: [{ text: '钱大一' }] }],
  ['day of birth', { birthOn: '1961-01-02' }, { birthDate: '1961-01-02' }],
  ['address', { address: { full: '浙江宁波乙路二号', district: '浙江宁波' } }, { address: [{ district: '浙江宁波' }] }],
  ['telephone', { phones: [{ number: '13900139000' }] }, { telecom: [{ value: '13900139000' }] }],
])('a changed %s is told, once, and what is said again as it was is not', async (_, said, shown) => {
  await tell(said)
  expect(await told('Patient')).toMatchObject([{ id: patientId, ...shown }])

  await tell(said)
  expect(await told('Patient')).toEqual([])
})

test.each([
  ['A01', 'PV1|1|I||||||||||||||||VN'],
  ['A04', 'PV1|1|O||||||||||||||||VN'],
  ['A28', 'ZZZ|1'],
])(
  'a file that an HL7 message %s makes is told once, with its kin and who pays, and so is one that somebody registers',
  async (event, pv1) => {
    const sent = (n: string) => [`MSH|^~\\&|HIS|甲院|CRM||20260904090000||ADT^${event}|${event}${n}|P|2.5|||||CHN|UNICODE UTF-8`, `EVN|${event}|20260904090000`, `PID|1||N${event}^^^HIS^MR||冯新`, 'NK1|1|冯父|FTH^父亲||13900000007', 'IN1|1|01^城镇职工', pv1.replace('VN', `V${event}`)].join('\r') // biome-ignore format: one message
    const take = (n: string) => house.inside((ctx) => ingest(ctx, readFrame(Buffer.from(sent(n)))))
    await take('1')
    await house.settle()
    while ((await tellOnce(house.house)) > 0);
    const all = heard.splice(0)

    expect(all.filter((r) => r.resourceType === 'Patient')).toMatchObject([{ name: [{ text: '冯新' }] }])
    expect(all.filter((r) => r.resourceType === 'RelatedPerson')).toMatchObject([{ name: [{ text: '冯父' }] }])
    expect(all.filter((r) => r.resourceType === 'Coverage')).toMatchObject([{ type: { text: '城镇职工' } }])
    await take('2')
    expect(await told('Patient')).toEqual([])

    await house.inside((ctx) => registerPatient(ctx, { id: newId(), name: '褚手工' }))
    expect(await told('Patient')).toMatchObject([{ name: [{ text: '褚手工' }] }])
  },
)

test('what is changed and changed back is told both times, also of a person who was sent by FHIR', async () => {
  const sent: Resource = {
    resourceType: 'Patient',
    id: `p${count}`,
    identifier: [{ type: { coding: [{ code: 'MR' }] }, system: 'HIS', value: `S${count}` }],
    name: [{ text: '钱一' }],
  }
  house.advance({ minutes: 1 })
  await put(sent)
  expect((await told('Patient')).map((p) => p.id)).toEqual([`p${count}`])

  await tell({ name: '钱二' })
  const away = await told('Patient')
  await tell({ name: '钱一' })
  const back = await told('Patient')

  const nameIn = (all: Resource[]) => all.map((p) => [p.id, (p.name as { text: string }[])[0]?.text]) // as sent above
  expect([nameIn(away), nameIn(back)]).toEqual([[[`p${count}`, '钱二']], [[`p${count}`, '钱一']]])
})

test('kin who are new or were put right by hand are told, and those who are as they were are not', async () => {
  await tell({ kin: [{ name: '钱二', relation: '儿子', phones: [{ number: '13900000001' }] }] })
  expect(await told('RelatedPerson')).toMatchObject([{ name: [{ text: '钱二' }], telecom: [{ value: '13900000001' }] }])

  await nurse.call(patientsApi.addContact, { patientId, id: newId(), number: '13900000002', relation: 'daughter', name: '钱三' })

  expect(await told('RelatedPerson')).toMatchObject([{ name: [{ text: '钱三' }], telecom: [{ value: '13900000002' }] }])
})

test('another payer is told', async () => {
  await tell({ payer: '城镇职工' })
  await told('Coverage')
  await tell({ payer: '自费' })

  expect(await told('Coverage')).toMatchObject([{ type: { text: '自费' }, beneficiary: { reference: `Patient/${patientId}` } }])
})

test('an allergy that comes is told; of one that was sent by FHIR it is told that it went', async () => {
  const allergy = (name: string) => ({ code: null, name, kind: 'drug' as const, severity: null, reaction: null })
  await tell({ allergies: [allergy('青霉素')] })
  expect(await told('AllergyIntolerance')).toMatchObject([{ code: { text: '青霉素' } }])
  await tell({ allergies: [allergy('青霉素')] })
  expect(await told('AllergyIntolerance')).toEqual([])
  house.advance({ minutes: 1 })
  await put({
    resourceType: 'AllergyIntolerance',
    id: `al${count}`,
    code: { text: '头孢' },
    patient: { reference: `Patient/${patientId}` },
  })
  await told('AllergyIntolerance')

  await tell({ allergies: null })

  expect(await told('AllergyIntolerance')).toMatchObject([{ id: `al${count}`, clinicalStatus: { coding: [{ code: 'inactive' }] } }])
})

test('a caution that a nurse writes, and that she has dealt with it, are told', async () => {
  const id = newId()
  await nurse.call(overviewApi.addCaution, { patientId, id, kind: 'other', text: '听力差，说慢些' })
  const written = await told('Flag')
  await nurse.call(overviewApi.endCaution, { cautionId: id })

  expect(written).toMatchObject([{ id, status: 'active', code: { text: '听力差，说慢些' } }])
  expect(await told('Flag')).toMatchObject([{ id, status: 'inactive' }])
})

test('tasks are told when they are planned, given to somebody and then to somebody else, and when what they were for is withdrawn', async () => {
  house.advance({ days: 1 })
  const at = house.now()
  const visit = (event: 'admit' | 'discharge' | 'cancelDischarge') =>
    house.inside((ctx) =>
      applyEncounterFacts(ctx, [
        { number: `V${count}`, patientId, event, class: 'inpatient', sourceAt: house.now(), admittedAt: at, dischargedAt: event === 'discharge' ? at : undefined }, // biome-ignore format: one fact
      ]),
    )
  await visit('admit')
  house.advance({ hours: 1 })
  await visit('discharge')

  const planned = await told('Task')
  expect(planned.length).toBeGreaterThan(0)
  expect(planned).toEqual(planned.map(() => expect.objectContaining({ status: 'requested', for: { reference: `Patient/${patientId}` } })))
  expect(planned.filter((t) => t.owner)).toEqual([])

  const [task] = planned
  const worker = (name: string) =>
    house.inside((ctx) => createUser(ctx, { name: `${name}${count}`, displayName: name, password: 'Ward12345', roleKeys: [] }))
  for (const name of ['李秀英', '陈静']) {
    await nurse.call(followupsApi.assign, { ids: [task?.id ?? ''], among: [(await worker(name)).id] })
    expect(await told('Task')).toMatchObject([{ id: task?.id, owner: { display: name } }])
  }

  house.advance({ hours: 1 })
  await visit('cancelDischarge')
  const ids = planned.map((t) => t.id)
  const stopped = (await told('Task')).filter((t) => ids.includes(t.id)) // a programme for those in the house begins beside them
  expect(stopped.map((t) => t.id).sort()).toEqual(ids.sort())
  expect(new Set(stopped.map((t) => t.status))).toEqual(new Set(['cancelled']))
})

test('of files that became one it is told under the one that is left', async () => {
  const survivorId = patientId
  count += 1
  await tell({ name: '钱一' })
  await house.inside((ctx) => mergePatients(ctx, { survivorId, retiredId: patientId }))
  await told('Patient')

  await tell({ name: '钱百' })

  expect(await told('Patient')).toMatchObject([{ id: survivorId, name: [{ text: '钱百' }] }])
})
