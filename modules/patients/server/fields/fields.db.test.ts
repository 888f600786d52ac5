import { access } from '@renxin/access'
import { newId } from '@renxin/kernel'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { type FieldDefinition, fieldsApi, overviewApi, patientsApi } from '../../contract.ts'
import { applyPatientFacts, mergePatients, partPatients, patients, registerPatient } from '../index.ts'

const house = await openHouse([staff, access, patients], { now: '2026-09-04T09:00+08:00' })
const keeper = house.who('patients.read', 'patients.names', 'patients.edit', 'patients.manage', 'patients.unmask', { name: '陈静' })

const define = (said: Partial<FieldDefinition> & Pick<FieldDefinition, 'key' | 'kind'>) =>
  keeper.call(fieldsApi.saveField, {
    id: newId(),
    object: 'patient',
    label: said.key,
    options: [],
    isRequired: false,
    pattern: null,
    least: null,
    most: null,
    position: 0,
    isActive: true,
    isSearchable: false,
    isInList: false,
    isSensitive: false,
    riskOption: null,
    ...said,
  })
const register = async () => (await registerPatient(house.ctx, { id: newId(), name: '赵建国' })).id
const tell = (id: string, extra: Record<string, unknown>, at: string) =>
  house.inside((ctx) => applyPatientFacts(ctx, [{ id, identifiers: [], sourceAt: new Date(at), extra }]))
const contentIn = async (id: string, field: FieldDefinition) =>
  (await keeper.call(fieldsApi.fieldValues, { patientId: id })).values.find((v) => v.fieldId === field.id)

let living: FieldDefinition
let score: FieldDefinition
let diseases: FieldDefinition
let secret: FieldDefinition
let code: FieldDefinition
beforeAll(async () => {
  living = await define({ key: 'living', label: '居住情况', kind: 'choice', options: ['独居', '与家人同住'], riskOption: '独居' })
  score = await define({ key: 'score', kind: 'number', least: '0', most: '100' })
  diseases = await define({ key: 'diseases', kind: 'multiple', options: ['高血压', '糖尿病', '冠心病'] })
  secret = await define({ key: 'secret', kind: 'text', isSensitive: true })
  code = await define({ key: 'code', kind: 'text', isSearchable: true })
})

describe('a field of the hospital’s own', () => {
  test('is filled in by hand, checked on the server, and its history stands in the audit trail', async () => {
    const id = await register()

    await keeper.call(fieldsApi.setFields, { patientId: id, values: { [living.id]: '与家人同住', [score.id]: 60 } })
    await keeper.call(fieldsApi.setFields, { patientId: id, values: { [score.id]: 80 } })

    expect(await contentIn(id, score)).toMatchObject({ value: 80, source: 'manual' })
    expect(await contentIn(id, living)).toMatchObject({ value: '与家人同住' })
    await expect(keeper.call(fieldsApi.setFields, { patientId: id, values: { [score.id]: 101 } })).rejects.toMatchObject({
      code: 'patients.fieldOutOfRange',
    })
    const trail = await house.sql<{ detail: unknown }>(
      `select detail from house.audit where action = 'patients.fieldsChanged' and patient_id = $1 order by at, id`,
      [id],
    )
    expect(trail.map((r) => r.detail)).toContainEqual([{ key: 'score', before: 60, after: 80 }])
  })

  test('is said by systems with its time: the latest counts in whatever order it comes, and a hand corrects until something later is said', async () => {
    const saids = [
      ['2026-09-01T00:00Z', { score: '10', diseases: '高血压' }],
      ['2026-09-02T00:00Z', { score: '20', diseases: ['糖尿病', '冠心病'] }],
      ['2026-09-03T00:00Z', { score: null }],
    ] as const
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([0, 1, 2, 0, 2], { minLength: 5 }), async (order) => {
        const id = await register()
        for (const i of order) await tell(id, saids[i]?.[1] ?? {}, saids[i]?.[0] ?? '')
        expect((await contentIn(id, diseases))?.value).toEqual(['糖尿病', '冠心病'])
        expect((await contentIn(id, score))?.value).toBeNull()
      }),
      { numRuns: 15 },
    )
    const id = await register()
    await tell(id, { score: 10 }, '2026-09-01T00:00Z')
    await keeper.call(fieldsApi.setFields, { patientId: id, values: { [score.id]: 50 } })
    await tell(id, { score: 20 }, '2026-09-02T00:00Z')
    expect((await contentIn(id, score))?.value).toBe(50)
    await tell(id, { score: 90 }, '2026-09-05T00:00Z')
    expect(await contentIn(id, score)).toMatchObject({ value: 90, source: 'his' })
  })

  test('a content that a field does not take leaves what was there, and so does a key nobody defined', async () => {
    const id = await register()
    await tell(id, { score: 10 }, '2026-09-01T00:00Z')

    await tell(id, { score: '很多', living: '桥洞', unknown: 'x' }, '2026-09-02T00:00Z')

    expect((await contentIn(id, score))?.value).toBe(10)
    expect(await contentIn(id, living)).toBeUndefined()
  })

  test('that is sensitive is sealed, hidden, and shown for a reason', async () => {
    const id = await register()
    await keeper.call(fieldsApi.setFields, { patientId: id, values: { [secret.id]: '曾有自杀意念' } })

    expect(await contentIn(id, secret)).toMatchObject({ value: null, isHidden: true })
    const [row] = await house.sql<{ text_value: string; search_key: string | null }>(
      'select text_value, search_key from patients.field_values where field_id = $1',
      [secret.id],
    )
    expect(JSON.stringify(row)).not.toContain('自杀')
    expect(await keeper.call(fieldsApi.revealField, { patientId: id, fieldId: secret.id, reason: '危机干预' })).toMatchObject({
      value: '曾有自杀意念',
    })
    const trail = await house.sql(`select detail::text as d from house.audit where patient_id = $1 and detail is not null`, [id])
    expect(JSON.stringify(trail)).not.toContain('自杀')
  })

  test('that is searchable finds its patients in the one search box', async () => {
    const id = await register()
    await keeper.call(fieldsApi.setFields, { patientId: id, values: { [code.id]: 'ZX-00917' } })

    const { rows } = await keeper.call(patientsApi.search, { q: 'zx-009' })

    expect(rows.find((r) => r.id === id)?.matches).toMatchObject([{ kind: 'ownField' }])
    expect((await keeper.call(patientsApi.search, { q: '赵 zx-00917' })).rows.map((r) => r.id)).toContain(id)
  })

  test('an option that the hospital calls a risk stands in the head', async () => {
    const id = await register()
    await keeper.call(fieldsApi.setFields, { patientId: id, values: { [living.id]: '独居' } })

    expect((await keeper.call(overviewApi.head, { id })).risks).toEqual([{ kind: 'ownField', text: '居住情况：独居', days: null }])
  })

  test('of two files that become one the latest word is shown and found, whichever of them it was said of', async () => {
    const [survivorId, retiredId] = [await register(), await register()]
    const found = async (q: string) => (await keeper.call(patientsApi.search, { q })).rows.map((r) => r.id)
    await tell(survivorId, { score: 10, code: 'QJ-71' }, '2026-09-01T00:00Z')
    await tell(retiredId, { score: 20 }, '2026-09-02T00:00Z')

    await house.inside((ctx) => mergePatients(ctx, { survivorId, retiredId }))
    expect((await contentIn(survivorId, score))?.value).toBe(20)
    expect((await contentIn(survivorId, code))?.value).toBe('QJ-71')
    await tell(retiredId, { code: 'QJ-82' }, '2026-09-03T00:00Z')

    expect((await contentIn(survivorId, code))?.value).toBe('QJ-82')
    expect([await found('qj-71'), await found('qj-82')]).toEqual([[], [survivorId]])
    await house.inside((ctx) => partPatients(ctx, { survivorId, retiredId, reason: '两个人' }))

    expect([(await contentIn(survivorId, score))?.value, (await contentIn(survivorId, code))?.value]).toEqual([10, 'QJ-71'])
    expect([(await contentIn(retiredId, score))?.value, (await contentIn(retiredId, code))?.value]).toEqual([20, 'QJ-82'])
    expect([await found('qj-71'), await found('qj-82')]).toEqual([[survivorId], [retiredId]])
  })
})

describe('a definition', () => {
  test('keeps its kind once something stands in it, may be retired, and shares its key with none', async () => {
    const id = await register()
    const field = await define({ key: 'shoe', kind: 'number' })
    expect((await keeper.call(fieldsApi.saveField, { ...field, kind: 'text' })).kind).toBe('text')
    await keeper.call(fieldsApi.setFields, { patientId: id, values: { [field.id]: '42' } })

    await expect(keeper.call(fieldsApi.saveField, { ...field, kind: 'number' })).rejects.toMatchObject({ code: 'patients.fieldKindFixed' })
    await expect(define({ key: 'shoe', kind: 'text' })).rejects.toMatchObject({ code: 'patients.sameFieldKey' })
    await keeper.call(fieldsApi.saveField, { ...field, kind: 'text', isActive: false })
    expect(await contentIn(id, field)).toBeUndefined()
  })

  test('that is required is not emptied by hand', async () => {
    const field = await define({ key: 'must', kind: 'text', isRequired: true })

    const emptied = keeper.call(fieldsApi.setFields, { patientId: await register(), values: { [field.id]: null } })

    await expect(emptied).rejects.toMatchObject({ code: 'patients.fieldIsRequired', details: { field: 'must' } })
  })
})

test('who filters by a content reads an index, as the application’s role', async () => {
  const due = await define({ key: 'due', kind: 'date' })
  const asked = [
    { field: living, column: 'text_value', made: `(array['独居', '与家人同住', '养老院'])[1 + i % 3]`, how: '=', value: '独居' },
    { field: score, column: 'number_value', made: 'i % 100', how: '>=', value: 95 },
    { field: due, column: 'date_value', made: `date '2025-12-01' + i % 365`, how: '<', value: '2026-01-01' },
  ] as const
  for (const { field, column, made } of asked)
    await house.sql(
      `insert into patients.field_values (field_id, said_object_id, object_id, ${column}, said_at, source)
       select $1, o, o, ${made}, now(), 'his' from (select i, gen_random_uuid() as o from generate_series(1, 5000) i) x`,
      [field.id],
    )
  await house.ownerSql('analyze patients.field_values')
  for (const { field, column, how, value } of asked) {
    const plan = await house.sql(
      `explain select object_id from patients.field_values where field_id = $1 and is_shown and ${column} ${how} $2`,
      [field.id, value],
    )
    const text = plan.map((r) => String(r['QUERY PLAN'])).join('\n')
    expect(text).toMatch(/Index (Only )?Scan|Bitmap Index Scan/)
    expect(text).toMatch(new RegExp(`Index Cond: .*${column} ${how}`))
  }
})
