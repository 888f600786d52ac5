import { newId } from '@renxin/kernel'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { beforeAll, expect, test } from 'vitest'
import { duplicatesApi, overviewApi, patientsApi } from '../contract.ts'
import { checkDigitOf } from '../person/identity-card.ts'
import { compare } from './find-duplicates.ts'
import { applyPatientFacts, mayContact, noteCare, type PatientFacts, patients, phonesOf, registerPatient, setBedKey } from './index.ts'

const house = await openHouse([staff, patients], { now: '2026-09-04T09:00+08:00' })
const clerk = house.who('patients.read', 'patients.names', 'patients.edit')
const wards = Array.from({ length: 50 }, () => newId())
const ofWard = house.who({ 'patients.read': 'ward', 'patients.names': 'ward' }, { wards: wards.slice(0, 1) })

const surnames = Array.from('王李张刘陈杨赵黄周吴')
const given = Array.from('明芳伟娜静敏强磊军洋勇艳杰娟涛超霞平刚桂')
const CROWD = 6000
const birthOf = (i: number) => `${1950 + (i % 50)}-0${1 + Math.floor(i / 1000)}-01`
const cardOf = (i: number) => {
  const body = `320200${birthOf(i).replaceAll('-', '')}${String(i % 1000).padStart(3, '0')}`
  return body + checkDigitOf(body)
}
const factOf = (i: number): PatientFacts => ({
  identifiers: [{ system: 'HIS', type: 'MR', value: `0${String(700_000 + i)}` }],
  sourceAt: new Date('2026-09-01T00:00Z'),
  name: `${surnames[i % 10]}${given[Math.floor(i / 10) % 20]}${given[Math.floor(i / 200) % 20]}`,
  identityCard: cardOf(i),
  birthOn: birthOf(i),
  phones: [{ number: `139${String(10_000_000 + i * 7)}` }],
  payer: '自费',
})

beforeAll(async () => {
  for (let from = 0; from < CROWD; from += 500) {
    const facts = Array.from({ length: 500 }, (_, i) => factOf(from + i))
    const ids = await house.inside((ctx) => applyPatientFacts(ctx, facts))
    await house.inside((ctx) =>
      noteCare(
        ctx,
        ids.map((patientId, i) => ({ patientId, unitIds: [wards[i % wards.length] ?? ''] })),
      ),
    )
  }
  await house.ownerSql('analyze')
}, 60_000)

const search = async (q: string, who = clerk) => (await who.call(patientsApi.search, { q })).rows
const register = async (said: Partial<Parameters<typeof registerPatient>[1]>) =>
  (await registerPatient(house.ctx, { id: newId(), name: '无名', ...said })).id

test('one box finds by every part of a name, its reading, its initials, and says why', async () => {
  const id = await register({ name: '尉迟恭敬' })

  const why = async (q: string) => (await search(q)).filter((r) => r.id === id).flatMap((r) => r.matches.map((m) => m.kind))
  expect(await why('尉迟')).toEqual(['name'])
  expect(await why('恭敬')).toEqual(['name'])
  expect(await why('yuchig')).toEqual(['pinyin'])
  expect(await why('gongjing')).toEqual(['pinyin'])
  expect(await why('YCGJ')).toEqual(['initials'])
  expect(await why('cgj')).toEqual(['initials'])
  expect(await why('尉 敬')).toEqual(['name'])
  expect(await why('y c g')).toEqual(['initials'])
})

test('one box finds by phone, last four, identity card, hospital number and bed', async () => {
  const id = await register({ name: '卜一', phone: '0510-82345671', identityCard: '11010519491231002X', medicalRecordNumber: '00098765' })
  await setBedKey(house.ctx, id, '心内3-12床')

  const hit = async (q: string) => (await search(q)).find((r) => r.id === id)?.matches
  expect(await hit('051082345671')).toEqual([{ kind: 'phone', text: null, relation: 'self' }])
  expect(await hit('0510-8234 5671')).toEqual([{ kind: 'phone', text: null, relation: 'self' }])
  expect(await hit('11010519491231002x')).toEqual([{ kind: 'identityCard', text: null, relation: null }])
  expect(await hit('卜 5671')).toEqual([{ kind: 'phoneLastFour', text: null, relation: 'self' }])
  expect(await hit('002X 卜')).toEqual([{ kind: 'identityCardLastFour', text: null, relation: null }])
  expect(await hit('00098765')).toEqual([{ kind: 'number', text: '00098765', relation: null }])
  expect(await hit('98765')).toEqual([{ kind: 'number', text: '98765', relation: null }])
  expect(await hit('心内3-1')).toEqual([{ kind: 'bed', text: '心内3-12床', relation: null }])
  await setBedKey(house.ctx, id, null)
  expect(await hit('心内3-1')).toBeUndefined()
})

test('a phone that a family shares finds all of them', async () => {
  const [mother, child] = [await register({ name: '家母', phone: '13877778888' }), await register({ name: '家子', phone: '13877778888' })]

  expect((await search('13877778888')).map((r) => r.id).sort()).toEqual([mother, child].sort())
})

test('a name too common shows 20 and asks for more; a second term narrows', async () => {
  const { rows, more } = await clerk.call(patientsApi.search, { q: '王' })
  expect([rows.length, more]).toEqual([20, true])

  const narrowed = await clerk.call(patientsApi.search, { q: '王 0700010' })
  expect(narrowed.rows.map((r) => r.medicalRecordNumber)).toEqual(['0700010'])
})

test('four digits are no listing tool: they are counted by the hour', async () => {
  const curious = house.who('patients.read')
  const tries = Array.from({ length: 60 }, (_, i) => String(1000 + i))
  for (const q of tries) await curious.call(patientsApi.search, { q })

  await expect(curious.call(patientsApi.search, { q: '1999' })).rejects.toMatchObject({ code: 'patients.tooManySearches' })
  await expect(curious.call(patientsApi.search, { q: '1999 王' })).resolves.toBeDefined()
  house.advance({ hours: 1 })
  await expect(curious.call(patientsApi.search, { q: '1999' })).resolves.toBeDefined()
})

test('what people type by mistake finds nothing and harms nothing', async () => {
  for (const q of ["'; drop table", '%', '_', '\\', '𠮷', '%00', '0', '----', '138 0000']) await expect(search(q)).resolves.toBeDefined()
  await expect(search('···')).rejects.toMatchObject({ code: 'patients.searchTooShort' })
})

test('every look-up and list takes an index, as the application’s role', async () => {
  const [{ id = '' } = {}] = await search('王明')
  const queries = await watch(async () => {
    for (const q of ['王明', '明芳', 'wangm', 'wm', '13910000007', '0007', '0007 王', '王 0007', cardOf(7), '0700', '070']) {
      await search(q)
      await search(q, ofWard)
    }
    await clerk.call(patientsApi.file, { id })
    await clerk.call(patientsApi.card, { id })
    await clerk.call(overviewApi.head, { id })
    await clerk.call(patientsApi.timeline, { patientId: id })
    await clerk.call(patientsApi.list, {})
    await ofWard.call(patientsApi.list, {})
    await clerk.call(patientsApi.list, { deceased: 'yes' })
    await clerk.call(patientsApi.list, { tagId: newId() })
    await house.inside((ctx) => mayContact(ctx, [id], { purpose: 'followup' }))
    await house.inside((ctx) => phonesOf(ctx, id))
    await house.inside((ctx) => compare(ctx, [id]))
    await clerk.call(duplicatesApi.duplicates, {})
    await house.inside((ctx) =>
      applyPatientFacts(
        ctx,
        Array.from({ length: 20 }, (_, i) => factOf(i)),
      ),
    )
  })

  const reads = queries.filter((q) => /^\s*(select|with|insert|update|delete)/i.test(q.text) && /"?patients"?\./.test(q.text))
  expect(reads.length).toBeGreaterThan(40)
  for (const { text, params } of reads) {
    const plan = (await house.sql(`explain ${text}`, params)).map((r) => String(r['QUERY PLAN'])).join('\n')
    expect(plan, text).not.toMatch(/Seq Scan on (patients|identifiers|contacts|search_keys|care_units)\b/)
  }
}, 60_000)

test('the head of a file costs five statements, whatever it holds', async () => {
  const [{ id = '' } = {}] = await search('王明')

  const queries = await watch(() => clerk.call(overviewApi.head, { id }))

  expect(queries.filter((q) => /"?patients"?\./.test(q.text))).toHaveLength(5)
})

/** The statements that the application sends meanwhile. */
async function watch(work: () => Promise<unknown>): Promise<{ text: string; params: unknown[] }[]> {
  const seen: { text: string; params: unknown[] }[] = []
  const { pool } = house.house
  const connect = pool.connect.bind(pool)
  Object.assign(pool, {
    connect: async () => {
      const client = await connect()
      const query = client.query.bind(client)
      const release = client.release.bind(client)
      Object.assign(client, {
        query: (asked: string | { text: string; values: unknown[] }) => {
          seen.push(typeof asked === 'string' ? { text: asked, params: [] } : { text: asked.text, params: asked.values })
          return typeof asked === 'string' ? query(asked) : query(asked)
        },
        release: (error?: Error) => {
          Object.assign(client, { query, release })
          release(error)
        },
      })
      return client
    },
  })
  await work()
  Object.assign(pool, { connect })
  return seen
}
