import { createUser } from '@renxin/access'
import { newId } from '@renxin/kernel'
import { readXlsx } from 'hucre/xlsx'
import { expect, test } from 'vitest'
import { followupsApi, qualityApi } from '../../contract.ts'
import { openWard } from '../ward.fixture.ts'

const { house, departmentId, dueCall } = await openWard()
const account = (name: string, displayName: string) =>
  house.inside((ctx) => createUser(ctx, { name, displayName, password: 'Ward12345', roleKeys: [] }))
const [chenId, linId] = [(await account('chenjing', '陈静')).id, (await account('linfang', '林芳')).id]
const work = { 'followups.work': 'hospital', 'followups.read': 'hospital' } as const
const [chen, lin] = [house.who(work, { id: chenId, name: '陈静' }), house.who(work, { id: linId, name: '林芳' })]
const director = house.who(
  { 'followups.supervise': 'department', 'followups.read': 'department' },
  { name: '高建国', departments: [departmentId] },
)
const elsewhere = house.who({ 'followups.supervise': 'department' }, { name: '外科主任', departments: [newId()] })
const centre = house.who('followups.supervise', 'followups.read')
await house.sql('update followups.steps set questionnaire_id = null')

const items = ['opening', 'identity', 'manner', 'neutral', 'record', 'concern', 'closing']
const judged = (of: Record<string, string>, remarks = '') => ({
  ...Object.fromEntries(items.map((item) => [item, [of[item] ?? 'good']])),
  ...(remarks && { remarks: [remarks] }),
})
async function called(who: typeof chen) {
  const { id } = await dueCall()
  await who.call(followupsApi.complete, { id, attemptId: newId(), outcome: 'reached', response: null })
  return id
}
const check = async (id: string, answers: Record<string, string[]>, who = director, checkId = newId()) => {
  const { versionId } = await who.call(qualityApi.qualityForm, {})
  return who.call(qualityApi.checkQuality, { id, checkId, versionId, answers })
}
const month = '2026-09'

test('a call is judged item by item; the points are of what applied, and sent twice it is kept once', async () => {
  const id = await called(chen)
  const checkId = newId()

  const kept = await check(id, judged({ neutral: 'partly', record: 'not', concern: 'na' }, '第三题有诱导'), director, checkId)
  await check(id, judged({ neutral: 'partly', record: 'not', concern: 'na' }, '第三题有诱导'), director, checkId)

  expect(kept).toMatchObject({ taskId: id, ownerName: '陈静', checkedByName: '高建国', points: 9, most: 12, remarks: '第三题有诱导' })
  expect((await director.call(qualityApi.qualityOfTask, { id })).rows).toHaveLength(1)
})

test('nobody judges his own call, one that is not done, one of another department, or by half a form', async () => {
  const id = await called(chen)
  const own = house.who({ ...work, 'followups.supervise': 'hospital' }, { id: chenId, name: '陈静' })

  await expect(check(id, judged({}), own)).rejects.toMatchObject({ code: 'followups.ownWork' })
  await expect(check((await dueCall()).id, judged({}))).rejects.toMatchObject({ code: 'followups.notDone' })
  await expect(check(id, judged({}), elsewhere)).rejects.toMatchObject({ code: 'followups.taskNotFound' })
  await expect(check(id, { opening: ['good'] })).rejects.toMatchObject({ code: 'followups.qualityRefused' })
  await expect(director.call(qualityApi.checkQuality, { id, checkId: newId(), versionId: newId(), answers: {} })).rejects.toMatchObject({
    code: 'surveys.versionNotFound',
  })
  await expect(check(await called(chen), judged({}), director, (await check(id, judged({}))).id)).rejects.toMatchObject({
    code: 'followups.qualityTaken',
  })
})

test('they are listed by month, department and person, and each person’s share is of all points that could be had', async () => {
  await house.sql('delete from followups.quality_checks')
  const [first, second, lins] = [await called(chen), await called(chen), await called(lin)]
  await check(first, judged({}))
  await check(second, judged(Object.fromEntries(items.map((item) => [item, 'not']))))
  await check(lins, judged({ opening: 'partly' }), centre)

  const of = async (more: object, who = director) =>
    (await who.call(qualityApi.qualityChecks, { month, ...more })).rows.map((r) => r.taskId).sort()

  expect(await of({})).toEqual([first, second, lins].sort())
  expect(await of({ ownerId: linId })).toEqual([lins])
  expect(await of({ departmentId: newId() }, centre)).toEqual([])
  expect(await of({ month: '2026-08' })).toEqual([])
  expect(await of({}, elsewhere)).toEqual([])
  expect((await director.call(qualityApi.qualityByPerson, { month })).rows).toEqual([
    { ownerId: chenId, ownerName: '陈静', checks: 2, points: 14, most: 28 },
    { ownerId: linId, ownerName: '林芳', checks: 1, points: 13, most: 14 },
  ])
})

test('the file says what was answered to each item, and names no patient', async () => {
  const file = (await director.call(qualityApi.exportQuality, { month, format: 'xlsx', reason: '月度质控' })) as unknown as {
    name: string
    body: Buffer
  } // a file's handler answers so

  const { sheets } = await readXlsx(new Uint8Array(file.body))

  expect(sheets.map((s) => s.name)).toEqual(['按随访人', '质检记录'])
  const [, each] = sheets
  expect(each?.rows.some((r) => r.includes('开场说明了医院、姓名和来意'))).toBe(true)
  expect(each?.rows.filter((r) => r.includes('没有做到'))).toHaveLength(1)
  expect(JSON.stringify(sheets)).not.toContain('赵')
})
