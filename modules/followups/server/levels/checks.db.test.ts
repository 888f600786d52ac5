import { newId } from '@renxin/kernel'
import { createQuestionnaire, publishQuestionnaire } from '@renxin/surveys'
import type { Definition } from '@renxin/surveys/contract'
import { describe, expect, test } from 'vitest'
import { type CheckedLevel, checksApi, followupsApi, levelsApi, reviewsApi, supervisionApi } from '../../contract.ts'
import { openWard } from '../ward.fixture.ts'

const { house, departmentId, nurse, newPatient, goHome, taskOf } = await openWard('2026-08-20T09:00+08:00')
const own = { departments: [departmentId] }
const centre = house.who('followups.draws', 'followups.sample', 'followups.checks', 'followups.check', { name: '何静' })
const caller = house.who('followups.work', 'followups.read', 'followups.checks', 'followups.check', { name: '周敏' })
const supervisor = house.who({ 'followups.supervise': 'department', 'followups.checks': 'department' }, { ...own, name: '李主任' })
const otherSupervisor = house.who({ 'followups.checks': 'department' }, { departments: [newId()] })
const li = house.who({ 'followups.work': 'ward', 'followups.read': 'ward' }, { id: nurse.id, name: '李秀英' })
const MONTH = '2026-09'

const definition: Definition = {
  resourceType: 'Questionnaire',
  title: '恢复情况',
  item: [
    {
      linkId: 'wound',
      type: 'choice',
      text: '伤口怎么样？',
      answerOption: ['healing', 'open'].map((code) => ({ valueCoding: { code, display: code } })),
    },
    { linkId: 'words', type: 'text', text: '还有什么要说？' },
  ],
}
const [questionnaireId, versionId] = [newId(), newId()]
await house.inside(async (ctx) => {
  await createQuestionnaire(ctx, { id: questionnaireId, definition })
  await publishQuestionnaire(ctx, { id: questionnaireId, versionId, revision: 0 })
})
await house.sql('update followups.steps set questionnaire_id = $1', [questionnaireId]) // both levels ask the same

/** Dials, talks so long, and writes down the answer. */
async function talk(who: typeof li, id: string, seconds: number, wound: string) {
  const { contacts } = await who.call(followupsApi.task, { id })
  const attemptId = newId()
  await who.call(followupsApi.dial, { id, attemptId, contactId: contacts[0]?.id ?? '' })
  house.advance({ seconds })
  const response = { id: newId(), versionId, answers: { wound: [wound], words: [`${seconds} 秒`] } }
  await who.call(followupsApi.complete, { id, attemptId, outcome: 'reached', response })
}

let phone = 0
/** Went home on the fifth. `called`: how long level 1 talked on the seventh; `heard`: what he tells the centre on the twenty-first. */
async function homeOnFifth({ called, heard, away = {} }: { called?: number; heard?: string; away?: Parameters<typeof goHome>[1] }) {
  house.setNow('2026-09-01T09:00+08:00')
  phone += 1
  const patientId = await newPatient('赵建国', { phones: [`1380013800${phone}`] })
  const { encounterId } = await goHome(patientId, away)
  return { patientId, id: encounterId, called, heard }
}
const people = {
  honest: await homeOnFifth({ called: 90, heard: 'healing' }),
  short: await homeOnFifth({ called: 12, heard: 'healing' }),
  never: await homeOnFifth({ called: 90, heard: 'open' }),
  uncalled: await homeOnFifth({ heard: 'healing' }),
  unheard: await homeOnFifth({ called: 90 }),
  elsewhere: await homeOnFifth({
    away: { departmentCode: '0312', departmentName: '普外科', wardCode: '0312W1', wardName: '普外科一病区' },
  }),
}
house.setNow('2026-09-07T10:00+08:00')
for (const { patientId, called } of Object.values(people))
  if (called) await talk(li, (await taskOf(patientId, 'department7d')).id, called, 'healing')
const { settings, programmeId } = await centre.call(levelsApi.levelSettings, {})
await centre.call(levelsApi.saveLevelSettings, { settings: { ...settings, samplePercent: 100, spotPercent: 100 }, programmeId })
house.setNow('2026-09-14T09:00+08:00')
await house.tick('followups.draw')
await supervisor.call(supervisionApi.urge, { ids: [(await taskOf(people.uncalled.patientId, 'department7d')).id] })
house.setNow('2026-09-21T10:00+08:00')
for (const { patientId, heard } of Object.values(people))
  if (heard) await talk(caller, (await taskOf(patientId, 'satisfaction30d')).id, 60, heard)

const fileOf = async (id: string, level: CheckedLevel = 'department') => {
  const file = await caller.call(checksApi.checkFile, { id })
  return { ...file, work: file.levels.find((l) => l.level === level) }
}
type Finding = { call: 'confirmed' | 'untrue' | 'unclear' | 'none'; answers: 'agree' | 'differ' | 'unclear' | 'none'; note?: string }
const check = (of: { id: string }, finding: Finding, revision = 0, who = caller) =>
  who.call(checksApi.saveCheck, { id: of.id, level: 'department', revision, ...finding })

describe('a check of what the lower levels did', () => {
  test('shows who called, when, how long, what was answered then and what is said now', async () => {
    const { work, centre: call } = await fileOf(people.honest.id)

    expect(call).toMatchObject({ isAsking: true, byName: '周敏', reachedAt: '2026-09-21T02:01:00.000Z' })
    expect(work).toMatchObject({ recorded: 'talked', talk: { byName: '李秀英', seconds: 90, isShort: false }, check: null })
    expect(work?.tries).toMatchObject([{ outcome: 'reached', channel: 'phone', at: '2026-09-07T02:00:00.000Z' }])
    expect(work?.said).toMatchObject({ title: '恢复情况', answers: { wound: ['healing'] }, now: { wound: ['healing'] } })
  })

  test('shows of level 2 its urges and whether it drew the patient too', async () => {
    const { work } = await fileOf(people.uncalled.id, 'supervisor')

    expect(work).toMatchObject({ recorded: 'none', tries: [], spottedOn: '2026-09-07', urges: [{ byName: '李主任', toName: '李秀英' }] })
  })

  test('of a call that was too short needs a word to find it true, and is counted as short by the length that held then', async () => {
    expect((await fileOf(people.short.id)).work).toMatchObject({ recorded: 'short', talk: { seconds: 12, isShort: true } })

    await expect(check(people.short, { call: 'confirmed', answers: 'agree' })).rejects.toMatchObject({ code: 'followups.noteNeeded' })
    await check(people.short, { call: 'confirmed', answers: 'agree', note: '患者说讲清楚了' })
    await centre.call(levelsApi.saveLevelSettings, {
      settings: { ...settings, samplePercent: 100, spotPercent: 100, leastSeconds: 5 },
      programmeId,
    })

    expect(
      await house.sql('select seconds, least_seconds, is_short from followups.checks where encounter_id = $1', [people.short.id]),
    ).toEqual([{ seconds: 12, least_seconds: 30, is_short: true }])
  })

  test('of answers that are other now says so, and is not taken as agreeing without a word', async () => {
    expect((await fileOf(people.never.id)).work?.said).toMatchObject({ answers: { wound: ['healing'] }, now: { wound: ['open'] } })
    await expect(check(people.never, { call: 'confirmed', answers: 'agree' })).rejects.toMatchObject({ code: 'followups.noteNeeded' })
  })

  test('of a call that never was needs a word, and its answers cannot agree', async () => {
    await expect(check(people.never, { call: 'untrue', answers: 'agree', note: '没有人打过' })).rejects.toMatchObject({
      code: 'followups.neverAgrees',
    })
    await expect(check(people.never, { call: 'untrue', answers: 'differ' })).rejects.toMatchObject({ code: 'followups.noteNeeded' })

    const { levels } = await check(people.never, { call: 'untrue', answers: 'differ', note: '没有人打过' })

    expect(levels[0]?.check).toMatchObject({ call: 'untrue', answers: 'differ', revision: 1, checkedByName: '周敏' })
    const { rows } = await caller.call(checksApi.checks, { month: MONTH, show: 'wrong' })
    expect(rows.map((r) => r.id)).toEqual([people.never.id])
  })

  test('confirms nothing that is not on record, and nothing of whom the centre did not reach', async () => {
    await expect(check(people.uncalled, { call: 'confirmed', answers: 'none' })).rejects.toMatchObject({
      code: 'followups.nothingOnRecord',
    })
    await check(people.uncalled, { call: 'none', answers: 'none' })
    await expect(check(people.unheard, { call: 'confirmed', answers: 'unclear' })).rejects.toMatchObject({ code: 'followups.notAsked' })
    await check(people.unheard, { call: 'unclear', answers: 'unclear' })
  })

  test('of two who write at once is the one’s, the other is told; changed, what it said before is kept and audited', async () => {
    const both = await Promise.allSettled([
      check(people.honest, { call: 'confirmed', answers: 'agree' }),
      check(people.honest, { call: 'unclear', answers: 'unclear' }, 0, centre),
    ])
    expect(both.map((b) => b.status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect(both.find((b) => b.status === 'rejected')).toMatchObject({ reason: { code: 'followups.checkChanged' } })
    const { work } = await fileOf(people.honest.id)
    house.advance({ minutes: 1 })

    await check(people.honest, { call: 'confirmed', answers: 'agree', note: '再次核对' }, 1, centre)

    const after = (await fileOf(people.honest.id)).work
    expect(after?.check).toMatchObject({ call: 'confirmed', note: '再次核对', revision: 2, checkedByName: '何静' })
    expect(after?.earlier).toMatchObject([{ call: work?.check?.call, checkedByName: work?.check?.checkedByName, revision: 1 }])
    await check(people.honest, { call: 'confirmed', answers: 'agree', note: '再次核对' }, 1, centre) // sent twice
    expect((await fileOf(people.honest.id)).work?.check?.revision).toBe(2)
    const trail = await house.sql<{ detail: { before: object | null } }>(
      `select detail from house.audit where action = 'followups.levelChecked' and object_id = $1 order by at`,
      [people.honest.id],
    )
    expect(trail.map((t) => t.detail.before)).toEqual([null, { call: work?.check?.call, answers: work?.check?.answers }])
    await expect(house.sql(`update followups.check_changes set call = 'confirmed'`)).rejects.toThrow(/permission denied/)
  })

  test('says that its answers were put right since, and is of the corrected ones once it was made again', async () => {
    const task = await taskOf(people.honest.patientId, 'department7d')
    const [{ response_id: formerId } = { response_id: '' }] = await house.sql<{ response_id: string }>(
      'select response_id from followups.tasks where id = $1',
      [task.id],
    )
    expect((await fileOf(people.honest.id)).work?.isCorrectedSince).toBe(false)
    const chief = house.who({ 'followups.supervise': 'department' }, own)
    await chief.call(reviewsApi.correctTask, {
      id: task.id,
      formerId,
      responseId: newId(),
      answers: { wound: ['open'] },
      reason: '听录音核对',
    })
    expect((await fileOf(people.honest.id)).work).toMatchObject({ isCorrectedSince: true, said: { answers: { wound: ['open'] } } })

    await check(people.honest, { call: 'confirmed', answers: 'agree', note: '再次核对' }, 2, centre)

    expect((await fileOf(people.honest.id)).work).toMatchObject({ isCorrectedSince: false, check: { revision: 3 } })
  })

  test('is there once for each level, whatever writes it, and of drawn stays alone', async () => {
    const twice = house.sql(
      `insert into followups.checks (encounter_id, level, revision, call, answers, note, tries, least_seconds, checked_at, checked_by, checked_by_name)
       values ($1, 'department', 1, 'none', 'none', '', 0, 30, now(), $1, 'x')`,
      [people.uncalled.id],
    )
    await expect(twice).rejects.toThrow(/checks_pkey/)
    const undrawn = await goHome(await newPatient())
    await expect(check({ id: undrawn.encounterId }, { call: 'none', answers: 'none' })).rejects.toMatchObject({
      code: 'followups.sampledNotFound',
    })
    house.setNow('2026-09-22T10:00+08:00')
  })

  test('is written by the centre alone; a department’s supervisor reads those of the department', async () => {
    await expect(check(people.honest, { call: 'unclear', answers: 'unclear' }, 3, supervisor)).rejects.toMatchObject({
      code: 'house.forbidden',
    })
    expect((await supervisor.call(checksApi.checks, { month: MONTH })).rows).toHaveLength(5)
    expect((await caller.call(checksApi.checks, { month: MONTH })).rows).toHaveLength(6)
    expect((await supervisor.call(checksApi.checkFile, { id: people.never.id })).levels[0]).toMatchObject({ check: { note: '没有人打过' } })
    await expect(supervisor.call(checksApi.checkFile, { id: people.elsewhere.id })).rejects.toMatchObject({
      code: 'followups.sampledNotFound',
    })
    expect((await otherSupervisor.call(checksApi.checks, { month: MONTH })).rows).toEqual([])
  })
})

describe('the result of a month', () => {
  const resultOf = (who: typeof centre, version?: number) => who.call(checksApi.levelResult, { month: MONTH, ...(version && { version }) })
  const first = async (who: typeof centre, version?: number) =>
    (await resultOf(who, version)).rows.find((r) => r.departmentId === departmentId && r.level === 'department')

  test('is the centre’s until it is published, and then every department sees its own and the hospital', async () => {
    expect(await resultOf(supervisor)).toMatchObject({ versions: [], shown: null, rows: [], now: null })
    expect((await resultOf(centre)).now?.[0]).toMatchObject({ departmentId: null, drawn: 6, reached: 4, checked: 5 })
    await expect(supervisor.call(checksApi.publishResult, { month: MONTH })).rejects.toMatchObject({ code: 'house.forbidden' })
    await expect(centre.call(checksApi.publishResult, { month: '2026-08' })).rejects.toMatchObject({ code: 'followups.nothingToPublish' })

    expect(await centre.call(checksApi.publishResult, { month: MONTH })).toEqual({ version: 1 })

    expect(await first(supervisor)).toMatchObject({
      departmentName: '心血管内科', drawn: 5, reached: 4, checked: 5, confirmed: 2, untrue: 1, unclear: 1, notCalled: 1, tooShort: 1,
      agree: 2, differ: 1, notCompared: 2, truth: { count: 2, n: 3 }, agreement: { count: 2, n: 3 },
    }) // biome-ignore format: a row
    const { low, high } = (await first(supervisor))?.truth ?? { low: 0, high: 0 }
    expect([low.toFixed(4), high.toFixed(4)]).toEqual(['0.2077', '0.9385']) // Wilson, 2 of 3
    expect((await resultOf(supervisor)).rows.map((r) => r.departmentName)).toEqual([null, null, '心血管内科', '心血管内科'])
    expect((await resultOf(otherSupervisor)).rows.map((r) => [r.departmentId, r.drawn])).toEqual([
      [null, 6],
      [null, 6],
    ])
  })

  test('is told to those whose department it judges until they have looked at it, and again when another version comes', async () => {
    const newsOf = async (who: typeof centre) => (await who.call(checksApi.publishedNews, {})).rows
    const [news] = await newsOf(supervisor)
    expect(news).toMatchObject({ month: MONTH, version: 1, publishedByName: '何静', isSeen: false })
    expect(news?.figures.map((f) => [f.departmentName, f.level, f.drawn])).toEqual([
      ['心血管内科', 'department', 5],
      ['心血管内科', 'supervisor', 5],
    ])
    expect((await newsOf(centre)).map((n) => [n.isSeen, n.figures[0]?.departmentId])).toEqual([[true, null]])
    const elsewhere = house.who({ 'followups.checks': 'department' }, { departments: [newId()] })
    expect(await newsOf(elsewhere)).toEqual([])

    await supervisor.call(checksApi.seeResult, { month: MONTH, version: 1 })
    await supervisor.call(checksApi.seeResult, { month: MONTH, version: 1 })

    expect((await newsOf(supervisor)).map((n) => n.isSeen)).toEqual([true])
    const colleague = house.who({ 'followups.checks': 'department' }, own)
    expect((await newsOf(colleague)).map((n) => n.isSeen)).toEqual([false])
    await expect(supervisor.call(checksApi.seeResult, { month: MONTH, version: 9 })).rejects.toMatchObject({ kind: 'not_found' })
  })

  test('is frozen: a later correction changes nothing of it, and published again it is another version that says why and what', async () => {
    await expect(centre.call(checksApi.publishResult, { month: MONTH, note: '再发' })).rejects.toMatchObject({
      code: 'followups.nothingNew',
    })
    await check(people.never, { call: 'confirmed', answers: 'differ', note: '家属接过电话' }, 1, centre)

    expect(await first(supervisor)).toMatchObject({ confirmed: 2, untrue: 1 })
    await expect(house.sql('update followups.published_rows set confirmed = 9')).rejects.toThrow(/permission denied/)
    await expect(house.sql('delete from followups.publications')).rejects.toThrow(/permission denied/)
    await expect(centre.call(checksApi.publishResult, { month: MONTH })).rejects.toMatchObject({ code: 'followups.reasonNeeded' })
    const both = await Promise.allSettled([1, 2].map(() => centre.call(checksApi.publishResult, { month: MONTH, note: '更正一例' })))

    expect(both.map((b) => b.status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect(await resultOf(supervisor)).toMatchObject({
      shown: 2,
      versions: [{ version: 2, note: '更正一例', publishedByName: '何静' }, { version: 1 }],
      changes: [
        { departmentName: '心血管内科', level: 'department', count: 'confirmed', before: 2, after: 3 },
        { departmentName: '心血管内科', level: 'department', count: 'untrue', before: 1, after: 0 },
      ],
    })
    const { rows: news } = await supervisor.call(checksApi.publishedNews, {})
    expect(news.map((n) => [n.version, n.isSeen, n.figures[0]?.confirmed])).toEqual([[2, false, 3]])
    expect(await first(supervisor, 1)).toMatchObject({ confirmed: 2, untrue: 1 })
    expect((await resultOf(otherSupervisor)).changes).toEqual([])
  })

  test('is shown of all departments where the hospital wants it so', async () => {
    await centre.call(levelsApi.saveLevelSettings, { settings: { ...settings, showsAll: true }, programmeId })

    expect(new Set((await resultOf(otherSupervisor)).rows.map((r) => r.departmentName))).toEqual(new Set([null, '心血管内科', '普外科']))
  })

  test('is taken as a file with its reason by whoever sees it, and another hospital has none of it', async () => {
    const file = (await supervisor.call(checksApi.exportResult, { month: MONTH, version: 1, format: 'csv', reason: '科务会' })) as {
      body: Buffer
    } // a file's handler answers so

    expect(String(file.body)).toMatch(/科务会[\s\S]*心血管内科,一级（科室）,5,4,5,2,1,1,1,1,2,1,2,66\.7,20\.8,93\.9/)
    const stranger = await house.stranger('followups.checks', 'followups.check', 'followups.sample')
    expect(await stranger.call(checksApi.levelResult, { month: MONTH })).toMatchObject({ versions: [], rows: [], now: [] })
    await expect(stranger.call(checksApi.checkFile, { id: people.honest.id })).rejects.toMatchObject({ code: 'followups.sampledNotFound' })
  })
})
