import { access } from '@renxin/access'
import { newId } from '@renxin/kernel'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { type IdentityClass, identityApi, listsApi, patientsApi, segmentsApi } from '../../contract.ts'
import { applyPatientFacts, mergePatients, partPatients, patients } from '../index.ts'

const house = await openHouse([staff, access, patients], { now: '2026-09-04T09:00+08:00', prepare: true })
const keeper = house.who('patients.read', 'patients.names', 'patients.edit', 'patients.manage', { name: '陈静' })
const follow = () => house.tick('patients.identityClasses')

const tell = async (identityClass: string | null, at = '2026-09-01T00:00Z', number: string = newId()) => {
  const identifiers = [{ system: 'HIS', type: 'MR', value: number }]
  const [id = ''] = await house.inside((ctx) =>
    applyPatientFacts(ctx, [{ identifiers, sourceAt: new Date(at), name: '赵建国', identityClass }]),
  )
  return { id, number }
}
const classOf = async (id: string) => (await keeper.call(patientsApi.file, { id })).identityClass
const listed = async () => (await keeper.call(identityApi.identityClasses, {})).rows
const named = async (name: string) => {
  const found = (await listed()).find((k) => k.name === name)
  if (!found) throw new Error(`no class ${name}`)
  return found
}
const save = ({ id, name, synonyms, position, isActive }: IdentityClass) =>
  keeper.call(identityApi.saveIdentityClass, { id, name, synonyms, position, isActive })
const define = (name: string, synonyms: string[] = []) => save({ id: newId(), name, synonyms, position: 50, isActive: true })

describe('the list', () => {
  test('begins with the classes a hospital knows, and made again leaves alone what the hospital changed', async () => {
    expect((await listed()).slice(0, 8).map((k) => k.name)).toEqual(['地方', '军人', '军人家属', '老干部', '战士', '干部', '企业', '其他'])
    await save({ ...(await named('企业')), name: '企业职工', synonyms: [], isActive: false })
    await save({ ...(await named('其他')), synonyms: ['外宾'] })
    const before = await listed()

    await house.inside(async (ctx) => patients.prepare?.(ctx))
    await house.inside(async (ctx) => patients.prepare?.(ctx))

    expect(await listed()).toEqual(before)
    expect(await named('企业职工')).toMatchObject({ isActive: false, synonyms: ['企业'] })
  })

  test('takes a word for one class only', async () => {
    await define('离休人员', ['离休'])

    await expect(define('离休干部', ['离休'])).rejects.toMatchObject({
      code: 'patients.classWordTaken',
      details: { word: '离休', name: '离休人员' },
    })
    await expect(define(' 离休 ')).rejects.toMatchObject({ code: 'patients.classWordTaken' })
    expect((await listed()).map((k) => k.name)).not.toContain('离休干部')
  })

  test('is for those who manage the rules', async () => {
    await expect(house.who('patients.read').call(identityApi.identityClasses, {})).rejects.toMatchObject({ kind: 'forbidden' })
  })
})

describe('what a system says', () => {
  test('becomes the hospital’s own word, also of a class that is switched off', async () => {
    const kept = await define('教职工', ['教师', 'Staff A'])

    const { id } = await tell('教师')
    const { id: other } = await tell('ｓｔａｆｆ  a ')
    expect([await classOf(id), await classOf(other)]).toEqual(['教职工', '教职工'])

    await save({ ...kept, isActive: false })
    expect(await classOf((await tell('教师')).id)).toBe('教职工')
  })

  test('of many persons at once is brought to the list person by person, in whatever order it arrives', async () => {
    await define('学生', ['在校生'])
    const said = [
      ['在校生', '2026-09-01T00:00Z'],
      ['学生会', '2026-09-02T00:00Z'],
      ['在校生', '2026-09-03T00:00Z'],
    ] as const
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([0, 1, 2], { minLength: 3 }), async (order) => {
        const number = `S${newId()}`
        const facts = order.map((i) => ({
          identifiers: [{ system: 'HIS', type: 'MR', value: number }],
          sourceAt: new Date(said[i]?.[1] ?? ''),
          identityClass: said[i]?.[0] ?? null,
        }))
        const [id = ''] = await house.inside((ctx) => applyPatientFacts(ctx, facts))
        expect(await classOf(id)).toBe('学生')
      }),
      { numRuns: 6 },
    )
  })

  test('and is not in the list stays as it was said, and so does a deletion', async () => {
    const { id, number } = await tell('远洋船员')
    expect(await classOf(id)).toBe('远洋船员')

    await tell(null, '2026-09-02T00:00Z', number)
    expect(await classOf(id)).toBeNull()
  })

  test('by hand is taken the same way', async () => {
    const { id } = await tell('地方')

    await keeper.call(patientsApi.change, { patientId: id, identityClass: '军属' })

    expect(await classOf(id)).toBe('军人家属')
  })
})

describe('files', () => {
  beforeEach(follow)

  test('follow a class that is called otherwise, and the segments and filters that name it too', async () => {
    const kept = await define('随军')
    const { id } = await tell('随军')
    const conditions = { identityClasses: ['随军', '战士'], ageFrom: 1 }
    const segment = await keeper.call(segmentsApi.saveSegment, {
      id: newId(),
      kind: 'own',
      name: '随军',
      conditions,
      position: 90,
      isActive: true,
    })
    const view = await keeper.call(listsApi.saveView, { id: newId(), name: '随军', conditions, roleIds: [] })

    await save({ ...kept, name: '随军人员' })
    await follow()

    expect(await classOf(id)).toBe('随军人员')
    expect(await named('随军人员')).toMatchObject({ synonyms: ['随军'], files: 1, isMore: false })
    const rule = (await keeper.call(segmentsApi.segments, {})).rows.find((s) => s.id === segment.id)?.conditions
    expect(rule).toMatchObject({ ageFrom: 1 })
    expect(rule?.identityClasses?.toSorted()).toEqual(['战士', '随军人员'].toSorted())
    const kept2 = (await keeper.call(listsApi.views, {})).rows.find((v) => v.id === view.id)
    expect(kept2?.conditions.identityClasses).toContain('随军人员')
    expect(await classOf((await tell('随军')).id)).toBe('随军人员')
  })

  test('that hold a word from before it was in the list follow too, each of two that are one person by itself', async () => {
    const [{ id: survivorId }, { id: retiredId }, { id: plain }] = [await tell('伤残军人'), await tell('残疾军人'), await tell('残疾军人')]
    await house.inside((ctx) => mergePatients(ctx, { survivorId, retiredId }))

    await define('优抚对象', ['伤残军人', '残疾军人'])
    await follow()

    expect([await classOf(survivorId), await classOf(plain)]).toEqual(['优抚对象', '优抚对象'])
    await house.inside((ctx) => partPatients(ctx, { survivorId, retiredId, reason: '两个人' }))
    expect([await classOf(survivorId), await classOf(retiredId)]).toEqual(['优抚对象', '优抚对象'])
  })

  test('that were brought to a new name are still told anew by what a system says later, and not by what it said before', async () => {
    const { id, number } = await tell('侨眷', '2026-09-02T00:00Z')
    await define('侨属', ['侨眷'])
    await follow()
    expect(await classOf(id)).toBe('侨属')

    await tell('地方', '2026-09-01T00:00Z', number)
    expect(await classOf(id)).toBe('侨属')
    await tell('地方', '2026-09-03T00:00Z', number)
    expect(await classOf(id)).toBe('地方')
  })
})

describe('who chooses', () => {
  test('is offered the list in its order, then what else stands in files, marked', async () => {
    await tell('名单外的人')
    await tell('停用的类别')
    const retired = await define('停用的类别')
    await save({ ...retired, isActive: false })
    await save({ ...(await define('没人的类别')), isActive: false })

    const { identityClasses } = await keeper.call(listsApi.choices, {})

    expect(identityClasses.slice(0, 3).map((c) => c.name)).toEqual(['地方', '军人', '军人家属'])
    expect(identityClasses).toContainEqual({ name: '停用的类别', state: 'retired' })
    expect(identityClasses).toContainEqual({ name: '名单外的人', state: 'unlisted' })
    expect(identityClasses.map((c) => c.name)).not.toContain('没人的类别')
    const { rows } = await keeper.call(identityApi.unlistedClasses, {})
    expect(rows).toContainEqual({ name: '名单外的人', files: 1, isMore: false })
    expect(rows.map((r) => r.name)).not.toContain('停用的类别')
  })
})
