import { newId } from '@renxin/kernel'
import { patients, registerPatient } from '@renxin/patients'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cancelled } from './events.ts'
import { applyEncounterFacts, type EncounterFacts, encounterChanges, encounters, withdrawEncounterFacts } from './index.ts'

const house = await openHouse([staff, patients, encounters], { now: '2025-11-20T09:00+08:00' })
const apply = (facts: EncounterFacts[], origin?: string) => house.inside((ctx) => applyEncounterFacts(ctx, facts, { origin }))
const withdraw = (origin: string, ids: string[]) => house.inside((ctx) => withdrawEncounterFacts(ctx, origin, ids))
const at = (day: number) => new Date(Date.UTC(2025, 10, 1) + day * 86_400_000)

let counter = 0
const newNumber = () => `W${++counter}`
async function newPatient() {
  const id = newId()
  await house.inside((ctx) => registerPatient(ctx, { id, name: '赵建国' }))
  return id
}
const seen = async (number: string) => ({
  encounter: await house.sql(
    `select class, status, status_at, bed, nursing_level, condition, ever_critical, admitted_at, discharged_at, discharged_on, disposition, payer,
       length_of_stay_days, main_diagnosis_name, prior_discharge_on, ward_id, department_id
     from encounters.encounters where number = $1`,
    [number],
  ),
  lists: await house.sql(
    `select 'stay' as list, position, s.bed as value, from_at, to_at from encounters.stays s join encounters.encounters e on e.id = s.encounter_id where e.number = $1
     union all select l.kind, position, value, l.from_at, null from encounters.levels l join encounters.encounters e on e.id = l.encounter_id where e.number = $1
     union all select d.type, rank, d.name, null, null from encounters.diagnoses d join encounters.encounters e on e.id = d.encounter_id where e.number = $1
     order by 1, 2`,
    [number],
  ),
})

const said = fc.record(
  {
    event: fc.constantFrom('admit', 'update', 'discharge', 'transfer', 'cancelDischarge' as const),
    day: fc.integer({ min: 1, max: 9 }),
    bed: fc.constantFrom('1床', '2床', null),
    nursingLevel: fc.constantFrom('特级', '二级'),
    condition: fc.constantFrom('病危', '一般'),
    payer: fc.constantFrom('自费', '医保'),
    disposition: fc.constantFrom('1', '5'),
    wardName: fc.constantFrom('内科', '外科'),
    diagnoses: fc.constantFrom([{ code: 'K81', name: '胆囊炎', system: null, type: 'final' as const, rank: 1 }]),
  },
  { requiredKeys: ['event', 'day'] },
)

describe('statements of an import that are withdrawn', () => {
  test('leave each visit as if they had never been made, whatever came before, between and after', async () => {
    const someone = fc.tuple(said, fc.boolean())
    await fc.assert(
      fc.asyncProperty(fc.array(someone, { minLength: 1, maxLength: 6 }), async (story) => {
        const [one, two, origin] = [newNumber(), newNumber(), newId()]
        const tellOne = async (number: string, withImport: boolean) => {
          const patientId = await newPatient()
          const first: EncounterFacts = { number, patientId, event: 'admit', sourceAt: at(1), class: 'outpatient' }
          const [id = ''] = await apply([first])
          for (const [{ day, ...fact }, ofImport] of story) {
            if (!ofImport)
              await apply([{ ...fact, number, patientId, sourceAt: at(day) } as EncounterFacts]) // the words are the types'
            else if (withImport) await apply([{ ...fact, number, patientId, sourceAt: at(day + 0.01) } as EncounterFacts], origin)
          }
          return id
        }
        const id = await tellOne(one, true)
        await withdraw(origin, [id])
        await tellOne(two, false)

        expect(await seen(one)).toEqual(await seen(two))
      }),
      { numRuns: 40 },
    )
  })

  test('take a visit away that only they told of, and say that it was cancelled', async () => {
    const [number, origin, patientId] = [newNumber(), newId(), await newPatient()]
    const [id = ''] = await apply(
      [{ number, patientId, event: 'discharge', sourceAt: at(9), class: 'inpatient', disposition: '5' }],
      origin,
    )

    expect(await withdraw(origin, [id])).toEqual([{ encounterId: id, outcome: 'removed', kept: [] }])

    expect(await seen(number)).toEqual({ encounter: [], lists: [] })
    expect(await house.events(cancelled)).toContainEqual({ encounterId: id, patientId })
    expect(await house.sql('select deceased_at from patients.cards where id = $1', [patientId])).toEqual([{ deceased_at: null }])
    expect(await withdraw(origin, [id])).toEqual([])
  })

  test('leave a visit cancelled to which something refers', async () => {
    const [number, origin, patientId] = [newNumber(), newId(), await newPatient()]
    const [id = ''] = await apply([{ number, patientId, event: 'admit', sourceAt: at(8), class: 'inpatient' }], origin)
    await house.sql(`insert into encounters.former_numbers (number, encounter_id) values ($1, $2)`, [newNumber(), id])

    expect(await withdraw(origin, [id])).toEqual([{ encounterId: id, outcome: 'cancelled', kept: [] }])

    expect((await seen(number)).encounter).toMatchObject([{ status: 'cancelled' }])
  })

  test('can be told beforehand', async () => {
    const [number, origin, patientId] = [newNumber(), newId(), await newPatient()]
    const [id = ''] = await apply([{ number, patientId, event: 'admit', sourceAt: at(1), class: 'inpatient', bed: '1床' }])
    const [made = ''] = await apply([{ number: newNumber(), patientId, event: 'admit', sourceAt: at(2), class: 'inpatient' }], origin)
    await apply([{ number, patientId, event: 'update', sourceAt: at(3), bed: '2床', attending: { name: '刘洋' } }], origin)

    const changes = await house.inside((ctx) => encounterChanges(ctx, origin, [id, made]))

    expect(changes.find((c) => c.encounterId === id)?.fields).toEqual([
      { field: 'bed', before: '1床', after: '2床' },
      { field: 'attending', before: null, after: null },
    ])
    expect(changes.find((c) => c.encounterId === made)).toEqual({ encounterId: made, isNew: true, fields: [] })
  })
})
