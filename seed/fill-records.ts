import { applyRecords } from '@renxin/encounters'
import { addDays } from '@renxin/kernel'
import { type Context, type House, inHospital, sql } from '@renxin/server'
import { makeRandom } from './random.ts'
import { drawOperation, drawRecords, type OperatedStay, operated, type RecordedStay } from './records.ts'

const STAYS_AT_ONCE = 120

/** Results, a discharge summary and the next appointment for a third of those who went home in the last thirty days: whom one follows up now. */
export async function fillRecords(house: House, hospitalId: number, seed: number, onProgress: (share: number) => void): Promise<void> {
  const random = makeRandom(seed + 1) // its own draws: what else is in the hospital stays as it was
  const stays = await inHospital(house, hospitalId, recordedStays)
  for (let from = 0; from < stays.length; from += STAYS_AT_ONCE) {
    const facts = stays.slice(from, from + STAYS_AT_ONCE).flatMap((stay) => drawRecords(random, stay, house.now()))
    await inHospital(house, hospitalId, (ctx) => applyRecords(ctx, facts))
    onProgress((from + STAYS_AT_ONCE) / stays.length)
  }
}

/** Operations of the half year, so that studies choose by them. */
export async function fillOperations(house: House, hospitalId: number, seed: number): Promise<void> {
  const random = makeRandom(seed + 14)
  const stays = await inHospital(house, hospitalId, operatedStays)
  for (let from = 0; from < stays.length; from += STAYS_AT_ONCE) {
    const facts = stays.slice(from, from + STAYS_AT_ONCE).flatMap((stay) => drawOperation(random, stay))
    await inHospital(house, hospitalId, (ctx) => applyRecords(ctx, facts))
  }
}

async function operatedStays(ctx: Context): Promise<OperatedStay[]> {
  const { rows } = await sql<OperatedStay>`
    select e.patient_id, e.number, e.main_diagnosis_code as diagnosis_code, e.admitted_at, e.discharged_at, a.number as doctor_number, a.name as doctor_name
      from encounters.cards e join staff.person_cards a on a.id = e.attending_id
     where e.class = 'inpatient' and e.status = 'discharged' and left(e.main_diagnosis_code, 3) = any(${operated}::text[])
     order by e.number`.execute(ctx.db)
  return rows
}

async function recordedStays(ctx: Context): Promise<RecordedStay[]> {
  const { rows } = await sql<RecordedStay>`
    select e.patient_id, e.number, p.sex, d.name as department, e.main_diagnosis_code as diagnosis_code, e.main_diagnosis_name as diagnosis,
           e.admitted_at, e.discharged_at, a.number as doctor_number, a.name as doctor_name
      from encounters.cards e
      join patients.cards p on p.id = e.patient_id
      join staff.unit_cards d on d.id = e.department_id
      join staff.person_cards a on a.id = e.attending_id
     where e.class = 'inpatient' and e.status = 'discharged' and right(e.number, 1) in ('1', '4', '7')
       and e.discharged_on >= ${addDays(ctx.clock.today(), -30)} and e.main_diagnosis_code is not null
       and e.disposition <> '5' and p.birth_on < e.admitted_at::date - 18 * 365 -- the reference ranges are those of adults
     order by e.number`.execute(ctx.db)
  return rows
}
