import { access, createUser, openEmergency } from '@renxin/access'
import { newId } from '@renxin/kernel'
import { auditMany, type Context } from '@renxin/server'
import { openHouse } from '@renxin/server/testing'
import { resolvePeople, resolveUnits, savePerson, staff, unitKey } from '@renxin/staff'
import { readXlsx } from 'hucre/xlsx'
import { expect, test } from 'vitest'
import { privacyApi, type UnusualFilters, unusualApi } from '../../contract.ts'
import { applyPatientFacts, noteCare, patients } from '../index.ts'

const house = await openHouse([staff, access, patients], { prepare: true, now: '2026-09-04T09:00+08:00' })
const auditor = house.who('access.audit', 'access.exportAudit', { name: '审计员' })
const officer = house.who('patients.classify', 'patients.manage', 'patients.read', 'patients.seeVip', 'patients.seeStaff', 'patients.seeSensitive', 'patients.seeUnpublished') // biome-ignore format: one line
const units = ['心内一病区', '骨科一病区'].map((name, i) => ({ kind: 'ward' as const, code: `W${i}`, name }))
const unitIds = await house.inside((ctx) => resolveUnits(ctx, units))
const [heart = '', bones = ''] = units.map((u) => unitIds.get(unitKey(u) ?? ''))

let count = 0
/** Somebody of the staff with an account. */
async function worker(name: string, ward: string | null, role = 'clinician') {
  const n = ++count
  const person = { number: `K${n}`, name, job: 'nurse' as const }
  return house.inside(async (ctx) => {
    const personId = [...(await resolvePeople(ctx, [person])).values()][0] ?? ''
    await savePerson(ctx, { id: personId, ...person, title: null, unitIds: ward ? [ward] : [], isActive: true })
    const { id } = await createUser(ctx, {
      name: `u${n}`,
      displayName: name,
      password: 'renxin-Trial-1',
      roleKeys: [role],
      personId,
    })
    return { id, name }
  })
}
type Worker = Awaited<ReturnType<typeof worker>>

type Facts = Omit<Parameters<typeof applyPatientFacts>[1][number], 'sourceAt' | 'identifiers'>
async function patient(facts: Facts, ward: string | null = bones) {
  const identifiers = [{ system: 'HIS', type: 'MR', value: `H${++count}` }]
  return house.inside(async (ctx) => {
    const [id = ''] = await applyPatientFacts(ctx, [{ sourceAt: house.now(), identifiers, ...facts }])
    if (ward) await noteCare(ctx, [{ patientId: id, unitIds: [ward] }])
    return id
  })
}

/** Opens these files, one request each, or one list of all. */
const look = ({ id, name }: Worker, ids: readonly string[], { isList = false } = {}) =>
  house.inside(async (ctx) => {
    for (const patientIds of isList ? [ids] : ids.map((i) => [i])) {
      const as: Context = { ...ctx, actor: { ...ctx.actor, kind: 'person', id, name }, requestId: newId() }
      await auditMany(as, patientIds.map((patientId) => ({ action: isList ? 'patients.list' : 'patients.file', patientId }))) // biome-ignore format: one line
    }
  })
async function weigh() {
  for (let left = 1; left > 0; ) {
    await house.tick('house.seal')
    left = (await house.sql<{ n: number }>('select count(*)::int as n from house.unsealed_audit'))[0]?.n ?? 0
  }
  await house.tick('patients.unusual')
}
const told = async (filters: UnusualFilters = {}) => (await auditor.call(unusualApi.unusual, { ...filters, limit: 200 })).rows
const toldOf = async ({ id }: Worker, as = auditor) =>
  (await as.call(unusualApi.unusual, { actorId: id, limit: 200 })).rows.map((r) => [r.rule, r.reason?.by, r.looks]).toSorted()

const CARD = '110101196003120011'
const nurse = await worker('王晓芳', heart)
const own = await patient({ name: '王晓芳', identityCard: CARD, address: { full: '无锡市梁溪区人民路12号3栋501室' }, phones: [{ number: '13800138000' }], kin: [{ name: '王大山', relation: '父亲', phones: [{ number: '13900139000' }] }] }, null) // biome-ignore format: one line
await officer.call(privacyApi.addStaffNumbers, { numbers: [CARD, '11010519491231002X'], replaces: true, reason: '职工名单' })

test('planted looks are each told of by their rule, with the reason, the day and how many; the rows behind them are in the audit', async () => {
  const office = await worker('李主任', null)
  const colleague = await patient({ name: '赵同事', identityCard: '11010519491231002X' })
  const father = await patient({ name: '王大山' })
  const sister = await patient({ name: '王小妹', phones: [{ number: '13800138000' }] })
  const atHome = await patient({ name: '陈明', address: { full: '无锡市梁溪区人民路12号3栋501室' } })
  const upstairs = await patient({ name: '孙立', address: { full: '无锡市梁溪区人民路12号3栋602室' } })
  const namesHer = await patient({ name: '周平', kin: [{ name: '王晓芳', relation: '女儿', phones: [{ number: '13700137000' }] }] })
  const vip = await patient({ name: '钱重要' })
  await officer.call(privacyApi.classify, { patientId: vip, class: 'vip', reason: '院领导嘱托' })
  for (const id of [own, colleague, father, sister, atHome, upstairs, namesHer, vip, vip]) await look(nurse, [id])
  await look(office, [colleague, vip])
  await weigh()

  const seeing = house.who(
    'access.audit',
    'patients.seeVip',
    'patients.seeStaff',
    'patients.seeUnpublished',
    'patients.seeSensitive',
    'patients.names',
  )
  expect(await toldOf(nurse, seeing)).toEqual(
    [
      ['colleague', 'own', 1],
      ['colleague', 'colleague', 1],
      ['family', 'namedByOwn', 1],
      ['family', 'surname', 1],
      ['family', 'namedByPatient', 1],
      ['neighbour', 'address', 1],
      ['neighbour', 'building', 1],
      ['protected', 'vip', 2],
      ...Array.from({ length: 6 }, () => ['unrelated', 'unrelated', 1]),
      ['unrelated', 'unrelated', 2],
    ].toSorted(),
  )
  const [row] = (await seeing.call(unusualApi.unusual, { actorId: nurse.id, rule: 'protected' })).rows
  expect(row).toMatchObject({
    patientId: vip,
    patientName: '钱重要',
    reason: { by: 'vip' },
    day: '2026-09-04',
    state: 'open',
    actorName: '王晓芳',
  })
  // Of a class that the auditor may not see it is not said who, nor why.
  expect(await told({ actorId: office.id })).toMatchObject([{ isProtected: true, patientId: null, reason: null }, { isProtected: true }])
  expect((await toldOf(office, seeing)).map(([rule, by]) => [rule, by])).toEqual([
    ['colleague', 'colleague'],
    ['protected', 'vip'],
  ])
  const { rows } = await auditor.call(unusualApi.unusualCounts, {})
  expect(rows.find((r) => r.rule === 'family')).toEqual({ rule: 'family', open: 3, explained: 0, followUp: 0 })
})

test('each row of the trail is weighed once, and more looks of the same day are added to what is told', async () => {
  const other = await worker('吴医生', heart)
  const stranger = await patient({ name: '何人' })
  await look(other, [stranger])
  await weigh()
  await weigh()
  expect(await toldOf(other)).toEqual([['unrelated', 'unrelated', 1]])

  await look(other, [stranger, stranger])
  await weigh()

  expect(await toldOf(other)).toEqual([['unrelated', 'unrelated', 3]])
})

test('at night: who has no nights in the history is told of, who often works at night is not; an emergency is told of as that', async () => {
  const [day, night, doctor] = [await worker('白班', null), await worker('夜班', null), await worker('急诊医生', heart)]
  const someone = await patient({ name: '郑某' })
  for (let n = 0; n < 3; n += 1) {
    house.setNow(`2026-09-0${5 + n}T23:30+08:00`)
    await look(night, [someone])
    await weigh()
  }
  house.setNow('2026-09-08T02:30+08:00')
  await house.inside((ctx) =>
    openEmergency({ ...ctx, actor: { ...ctx.actor, id: doctor.id, name: doctor.name } }, { patientId: someone, reason: '急诊抢救' }),
  )
  for (const who of [day, night, doctor]) await look(who, [someone])
  await weigh()

  const on8 = (await told({ from: '2026-09-08', to: '2026-09-08' })).map((r) => [r.actorName, r.rule, r.reason])
  expect(on8.toSorted()).toEqual(
    [
      ['白班', 'night', { by: 'night', nights: 0, days: 0 }],
      ['急诊医生', 'emergency', { by: 'emergency' }],
    ].toSorted(),
  )
})

test('an ordinary week of three shifts and an office stays silent, and the day on which somebody reads through the lists does not', async () => {
  const nurses = await Promise.all(['甲', '乙', '丙', '丁', '戊', '己'].map((n, i) => worker(`护士${n}`, i < 3 ? heart : bones)))
  const callers = await Promise.all(['子', '丑', '寅', '卯'].map((n) => worker(`随访${n}`, null, 'followupNurse')))
  const wards = new Map<string, string[]>()
  for (const ward of [heart, bones])
    wards.set(ward, await Promise.all(Array.from({ length: 30 }, (_, i) => patient({ name: `普通${i}` }, ward))))
  const everybody = [...wards.values()].flat()
  let seed = 7
  const random = (n: number) => {
    seed = (seed * 48271) % 2147483647
    return seed % n
  }
  const some = (from: readonly string[], n: number) => Array.from({ length: n }, () => from[random(from.length)] ?? '')
  const before = (await told()).length
  house.setNow('2026-10-01T00:00+08:00')
  for (let n = 0; n < 7; n += 1) {
    const today = `2026-10-0${n + 1}`
    for (const [at, who] of nurses.entries()) {
      const shift = (n + at) % 3 // day, evening, night
      house.setNow(`${today}T${['09:10', '19:20', '03:05'][shift]}+08:00`)
      await look(who, some(wards.get(at < 3 ? heart : bones) ?? [], 8 + random(10)))
    }
    house.setNow(`${today}T14:00+08:00`)
    for (const who of callers) await look(who, everybody.slice(0, 35 + random(20)), { isList: true })
    await weigh()
  }

  expect((await told()).length - before).toBe(0) // false alarms of 7 days, 10 people, some 700 opened files and 1200 rows of lists

  const [snoop] = callers
  if (!snoop) throw new Error('there are four')
  house.setNow('2026-10-08T14:00+08:00')
  const many = await Promise.all(Array.from({ length: 60 }, (_, i) => patient({ name: `更多${i}` })))
  await look(snoop, [...everybody, ...many], { isList: true })
  await weigh()
  expect((await told({ from: '2026-10-08' })).map((r) => [r.actorName, r.rule, r.looks, r.reason?.by])).toEqual([
    [snoop.name, 'volume', 120, 'peers'],
  ])
})

test('the auditor says what he found and whom he asked; it is in the trail, his own looks another decides', async () => {
  const [row] = await told({ actorId: nurse.id, rule: 'family' })
  const id = row?.id ?? ''

  const decided = await auditor.call(unusualApi.decideUnusual, { id, state: 'explained', asked: '护士长', note: '父亲住院，已提醒' })

  expect(decided).toMatchObject({ state: 'explained', asked: '护士长', note: '父亲住院，已提醒', decidedBy: '审计员' })
  expect((await told({ actorId: nurse.id, rule: 'family', state: 'open' })).length).toBe(2)
  const after = await auditor.call(unusualApi.decideUnusual, { id, state: 'followUp', asked: null, note: '转人事处' })
  expect(after).toMatchObject({ state: 'followUp', asked: null })
  const traces = await house.sql<{ detail: { before: object } }>(
    `select detail from house.audit where action = 'patients.unusualDecided' order by id`,
  )
  expect(traces.map((t) => t.detail.before)).toContainEqual({
    state: 'explained',
    asked: '护士长',
    note: '父亲住院，已提醒',
    decidedBy: '审计员',
  })
  const herself = house.who('access.audit', { id: nurse.id })
  await expect(herself.call(unusualApi.decideUnusual, { id, state: 'explained', asked: null, note: '没事' })).rejects.toMatchObject({
    code: 'patients.ownLook',
  })
  await expect(
    auditor.call(unusualApi.decideUnusual, { id: newId(), state: 'explained', asked: null, note: '没事' }),
  ).rejects.toMatchObject({ code: 'patients.unusualNotFound' })
  await expect(house.who('patients.read').call(unusualApi.unusual, {})).rejects.toMatchObject({ code: 'house.forbidden' })
  expect((await (await house.stranger('access.audit')).call(unusualApi.unusual, {})).rows).toEqual([])
})

test('what the auditor does to see all this is no look; the list leaves as a file with its reasons in words', async () => {
  const before = (await told()).length
  await weigh()
  expect((await told()).length).toBe(before)

  const file = (await auditor.call(unusualApi.exportUnusual, { rule: 'neighbour', format: 'xlsx', reason: '季度审计' })) as { body: Buffer } // the answer of a route with a file
  const { sheets } = await readXlsx(new Uint8Array(file.body))
  expect(JSON.stringify(sheets[0]?.rows)).toContain('与查看人同住一栋楼')
  expect(await house.sql(`select rows from house.exports where route = 'patients.exportUnusual'`)).toEqual([{ rows: 2 }])
})

test('the file is the page: what was found since is left out, and what has changed since refuses it', async () => {
  const { asOf } = await auditor.call(unusualApi.unusual, { rule: 'neighbour' })
  const take = () => auditor.call(unusualApi.exportUnusual, { rule: 'neighbour', asOf, format: 'xlsx', reason: '季度审计' })
  house.advance({ minutes: 1 })
  const moved = await patient({ name: '何搬来', address: { full: '无锡市梁溪区人民路12号3栋702室' } })
  await look(nurse, [moved])
  await weigh()
  expect(await told({ rule: 'neighbour' })).toHaveLength(3)

  const { sheets } = await readXlsx(new Uint8Array(((await take()) as { body: Buffer }).body)) // the answer of a route with a file
  const known = (await told({ rule: 'neighbour' })).find((r) => r.patientId !== moved)
  await auditor.call(unusualApi.decideUnusual, { id: known?.id ?? '', state: 'explained', asked: null, note: '同楼邻居' })

  expect(JSON.stringify(sheets[0]?.rows)).not.toContain('何搬来')
  expect(
    (await house.sql(`select rows from house.exports where route = 'patients.exportUnusual' order by number desc limit 1`))[0],
  ).toEqual({ rows: 2 })
  await expect(take()).rejects.toMatchObject({ code: 'patients.looksChanged' })
})

test('the thresholds are the hospital’s own, and a change of them is in the trail', async () => {
  const settings = await auditor.call(unusualApi.unusualSettings, {})
  expect(settings).toMatchObject({
    nightFrom: '22:00',
    nightTo: '06:00',
    usualNights: 3,
    historyDays: 28,
    factor: 3.5,
    leastSeen: 50,
    off: [],
  })

  await auditor.call(unusualApi.saveUnusualSettings, { ...settings, off: ['unrelated'] })
  house.setNow('2026-10-09T10:00+08:00')
  const other = await worker('冯医生', heart)
  await look(other, [await patient({ name: '某人' })])
  await weigh()

  expect(await toldOf(other)).toEqual([])
  expect(await house.sql(`select 1 from house.audit where action = 'patients.unusualRulesChanged'`)).toHaveLength(1)
})

test('thresholds that are set before the first round take nothing from its history', async () => {
  await house.sql('delete from patients.unusual_rules')
  const early = await worker('早查的人', heart)
  await look(early, [await patient({ name: '早先的人' })])
  await house.tick('house.seal')
  house.advance({ hours: 1 })

  await auditor.call(unusualApi.saveUnusualSettings, await auditor.call(unusualApi.unusualSettings, {}))
  await weigh()

  expect(await toldOf(early)).toEqual([['unrelated', 'unrelated', 1]])
})
