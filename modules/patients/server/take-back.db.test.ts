import { newId } from '@renxin/kernel'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { patientsApi } from '../contract.ts'
import { applyPatientFacts, mergePatients, type PatientFacts, patientChanges, patients, withdrawPatientFacts } from './index.ts'

const house = await openHouse([staff, patients], { now: '2026-09-04T09:00+08:00' })
const clerk = house.who('patients.read', 'patients.names', 'patients.edit')

let last = 0
const number = () => `B${String(++last).padStart(6, '0')}`
const at = (hour: number) => new Date(Date.UTC(2026, 8, 1, hour))
const mr = (value: string) => [{ system: 'HIS', type: 'MR', value }]
const tell = async (fact: PatientFacts, origin?: string) => {
  const [id = ''] = await house.inside((ctx) => applyPatientFacts(ctx, [fact], { origin }))
  return id
}
const takeBack = (origin: string, ids: string[]) => house.inside((ctx) => withdrawPatientFacts(ctx, origin, ids))

/** Everything that a page shows or a search finds of a patient; what is sealed by its blind index. */
const seen = async (id: string) => ({
  row: await house.sql(
    `select name, name_pinyin, sex, birth_on, encode(identity_card_index, 'hex') as card, identity_card_valid, district, ethnic, marital, job, payer,
       identity_class, deceased_at, medical_record_number, merged_into, said_at from patients.patients where id = $1`,
    [id],
  ),
  contacts: await house.sql(
    `select relation, name, encode(phone_index, 'hex') as phone, kind, source, rank, is_former, is_void, is_preferred
     from patients.contacts where patient_id = $1 order by relation, phone_index`,
    [id],
  ),
  numbers: await house.sql('select system, type, value from patients.identifiers where patient_id = $1 order by 1, 2, 3', [id]),
  keys: await house.sql('select key, kind, position from patients.search_keys where patient_id = $1 order by 1, 2', [id]),
})

const some = <T>(values: readonly T[]) => fc.option(fc.constantFrom(...values), { nil: undefined })
const said = fc.record(
  {
    name: some(['王芳', '王方', '欧阳娜娜']),
    sex: some(['female', 'male'] as const),
    birthOn: some(['1970-05-06', '1971-05-06']),
    identityCard: some(['000001197005062242', '000001195603122154']),
    payer: some(['自费', '医保']),
    address: some([{ full: '江苏省无锡市梁溪区人民路1号' }, { full: '江苏省无锡市滨湖区太湖路2号' }]),
    phones: some([[{ number: '13900000201' }], [{ number: '13900000202' }, { number: '13900000201' }]]),
    kin: some([[{ name: '王小军', relation: 'son', phones: [{ number: '13900000203' }] }], []]),
    deceased: some([{}, false] as const),
  },
  { requiredKeys: [] },
)
const withoutGaps = (fact: object) => Object.fromEntries(Object.entries(fact).filter(([, value]) => value !== undefined))

describe('an import that is taken back', () => {
  test('leaves a patient as he was, whatever it said of him', async () => {
    await fc.assert(
      fc.asyncProperty(said, said, said, async (first, ofImport, again) => {
        const [origin, record] = [newId(), number()]
        const id = await tell({
          identifiers: mr(record),
          sourceAt: at(1),
          name: '王芳',
          ...withoutGaps({ ...first, identityCard: undefined }),
        })
        const before = await seen(id)
        const facts = { identifiers: [...mr(record), ...mr(number())], sourceAt: at(2) }
        await tell({ ...facts, ...withoutGaps({ ...ofImport, identityCard: undefined }) }, origin)
        await tell({ ...facts, ...withoutGaps({ ...again, identityCard: undefined }) }, origin) // two rows of one file

        const [result] = await takeBack(origin, [id])

        expect(result).toEqual({ patientId: id, outcome: 'restored', kept: [] })
        expect(await seen(id)).toEqual(before)
      }),
      { numRuns: 40 },
    )
  })

  test('leaves what the hospital’s system or one of us said afterwards as if it had never been', async () => {
    await fc.assert(
      fc.asyncProperty(said, said, said, async (first, ofImport, later) => {
        const [origin, one, two] = [newId(), number(), number()]
        const tellAll = async (record: string, withImport: boolean) => {
          const fact = (hour: number, more: object) => ({
            identifiers: mr(record),
            sourceAt: at(hour),
            ...withoutGaps({ ...more, identityCard: undefined, phones: undefined, kin: undefined }),
          })
          const id = await tell({ ...fact(1, first), name: '王芳' })
          if (withImport) await tell(fact(2, ofImport), origin)
          await tell(fact(3, later))
          return id
        }
        const [id, other] = [await tellAll(one, true), await tellAll(two, false)]

        await takeBack(origin, [id])

        const shown = async (which: string) => {
          const { row } = await seen(which)
          return row.map(({ medical_record_number: _, ...rest }) => rest)
        }
        expect(await shown(id)).toEqual(await shown(other))
      }),
      { numRuns: 40 },
    )
  })

  test('removes whom it made, with every trace by which he could be found', async () => {
    const [origin, record] = [newId(), number()]
    const id = await tell(
      { identifiers: mr(record), sourceAt: at(2), name: '赵一鸣', identityCard: '000001195603122154', phones: [{ number: '13900000301' }] },
      origin,
    )

    expect(await takeBack(origin, [id])).toEqual([{ patientId: id, outcome: 'removed', kept: [] }])

    expect(await seen(id)).toEqual({ row: [], contacts: [], numbers: [], keys: [] })
    const again = await tell({ identifiers: mr(record), sourceAt: at(3), name: '赵一鸣' })
    expect(again).not.toBe(id)
  })

  test('keeps whom it made when others have spoken of him or refer to him, and says why', async () => {
    const origin = newId()
    const [spoken, referred, free] = [number(), number(), number()]
    const ids: string[] = []
    for (const record of [spoken, referred, free])
      ids.push(await tell({ identifiers: mr(record), sourceAt: at(2), name: '孙大圣' }, origin))
    await tell({ identifiers: mr(spoken), sourceAt: at(3), payer: '自费' })
    await house.sql('insert into patients.refusals (patient_id, said_patient_id, kind, value, refused_at) values ($1, $1, $2, $3, now())', [
      ids[1],
      'purpose',
      'survey',
    ])

    const results = await takeBack(origin, ids)

    expect(new Map(results.map((r) => [r.patientId, r.kept[0]?.reason ?? r.outcome]))).toEqual(
      new Map([
        [ids[0], 'changedSince'],
        [ids[1], 'inUse'],
        [ids[2], 'removed'],
      ]),
    )
    expect(await takeBack(origin, ids)).toEqual([])
  })

  test('says which field somebody changed since, and keeps a number that one of us marked', async () => {
    const [origin, record] = [newId(), number()]
    const id = await tell({ identifiers: mr(record), sourceAt: at(1), name: '王芳', payer: '自费', phones: [{ number: '13900000401' }] })
    await tell({ identifiers: mr(record), sourceAt: at(2), name: '王方', payer: '医保', phones: [{ number: '13900000402' }] }, origin)
    await house.sql(`update patients.contacts set is_preferred = true where patient_id = $1 and not is_former`, [id])
    await tell({ identifiers: mr(record), sourceAt: at(3), payer: '公费' })

    const [result] = await takeBack(origin, [id])

    expect(result?.kept).toEqual([
      { field: 'payer', reason: 'changedSince' },
      { field: 'phones', reason: 'changedSince' },
    ])
    const file = await clerk.call(patientsApi.file, { id })
    expect(file).toMatchObject({ name: '王芳', payer: '公费' })
    expect(file.contacts.map((c) => c.masked).sort()).toEqual(['139****0401', '139****0402'])
  })

  test('leaves two files that are one person as they were, whichever of them it named', async () => {
    const [origin, one, two] = [newId(), number(), number()]
    const survivorId = await tell({
      identifiers: mr(one),
      sourceAt: at(1),
      name: '王芳',
      payer: '自费',
      phones: [{ number: '13900000601' }],
    })
    const retiredId = await tell({ identifiers: mr(two), sourceAt: at(2), name: '王芳', job: '教师', phones: [{ number: '13900000602' }] })
    await house.inside((ctx) => mergePatients(ctx, { survivorId, retiredId }))
    const before = [await seen(survivorId), await seen(retiredId)]
    await tell({ identifiers: mr(two), sourceAt: at(3), name: '王方', job: '医生', phones: [{ number: '13900000603' }] }, origin)
    expect(await seen(survivorId)).not.toEqual(before[0])

    expect(await takeBack(origin, [survivorId, retiredId])).toEqual([{ patientId: retiredId, outcome: 'restored', kept: [] }])

    expect([await seen(survivorId), await seen(retiredId)]).toEqual(before)
  })

  test('can say beforehand what it changes', async () => {
    const [origin, record] = [newId(), number()]
    const id = await tell({ identifiers: mr(record), sourceAt: at(1), name: '王芳', phones: [{ number: '13900000501' }] })
    await tell({ identifiers: mr(record), sourceAt: at(2), name: '王方', phones: [{ number: '13900000502' }] }, origin)
    const made = await tell({ identifiers: mr(number()), sourceAt: at(2), name: '新人' }, origin)

    const changes = await house.inside((ctx) => patientChanges(ctx, origin, [id, made]))

    expect(changes).toEqual([
      {
        patientId: id,
        isNew: false,
        fields: [
          { field: 'name', before: '王芳', after: '王方' },
          { field: 'phones', before: null, after: null },
        ],
      },
      { patientId: made, isNew: true, fields: [] },
    ])
  })
})
