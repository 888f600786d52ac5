import { setRevisitThresholds } from '@renxin/analytics'
import { applyEncounterFacts, type EncounterFacts } from '@renxin/encounters'
import { addDays, momentAt } from '@renxin/kernel'
import { type Context, type House, inHospital, sql } from '@renxin/server'
import { departments } from './departments.ts'
import { makeRandom, type Random } from './random.ts'

const AT_ONCE = 1000
const MOST_VISITS = 4
/** Departments whose patients come back less than they should, so that there is something to see; all others lie between 78 and 94 of a hundred. */
const RARE: Readonly<Record<string, number>> = { 骨科: 0.6, 急诊病房: 0.55, 眼科: 0.72 }

type Seen = {
  patientId: string
  department: string
  departmentCode: string
  doctorNumber: string
  doctorName: string
  on: string
  diagnosisCode: string | null
  diagnosisName: string | null
  isStay: boolean
}

/** Who went home comes back to the clinic, most within a month; who was seen there often comes again. And what people were seen for is said, too. */
export async function fillRevisits(house: House, hospitalId: number, seed: number): Promise<void> {
  const random = makeRandom(seed + 9) // its own draws: what else is in the hospital stays as it was
  const today = new Date(house.now())
  const seen = await inHospital(house, hospitalId, seenBefore)
  const shares = new Map<string, number>()
  const facts = seen.flatMap((visit) => {
    const { department } = visit
    const share = shares.get(department) ?? RARE[department] ?? 0.78 + 0.16 * random.next()
    shares.set(department, share)
    return comeBack(random, visit, share, today)
  })
  const numbered = facts
    .toSorted((a, b) => a.sourceAt.getTime() - b.sourceAt.getTime())
    .map((fact, i) => ({ ...fact, number: `R${String(i + 1).padStart(8, '0')}` }))
  await inHospital(house, hospitalId, (ctx) => setRevisitThresholds(ctx, { discharged: 80, outpatient: 55 }))
  const diagnosed = await inHospital(house, hospitalId, (ctx) => tellDiagnoses(ctx, random))
  const all: EncounterFacts[] = [...diagnosed, ...numbered]
  for (let from = 0; from < all.length; from += AT_ONCE)
    await inHospital(house, hospitalId, (ctx) => applyEncounterFacts(ctx, all.slice(from, from + AT_ONCE)))
}

async function seenBefore(ctx: Context): Promise<Seen[]> {
  const { rows } = await sql<Seen>`
    select e.patient_id, d.name as department, d.code as department_code, a.number as doctor_number, a.name as doctor_name,
           coalesce(e.discharged_on, (e.admitted_at at time zone ${ctx.hospital.zone})::date) as on,
           e.main_diagnosis_code as diagnosis_code, e.main_diagnosis_name as diagnosis_name, e.class <> 'outpatient' as is_stay
      from encounters.cards e
      join patients.cards p on p.id = e.patient_id
      join staff.unit_cards d on d.id = e.department_id
      join staff.person_cards a on a.id = e.attending_id
     where (e.class = 'inpatient' and e.status = 'discharged' and e.disposition not in ('2', '3', '5') or e.class = 'outpatient' and e.status = 'inProgress')
       and p.deceased_at is null
     order by e.number`.execute(ctx.db)
  return rows
}

function comeBack(random: Random, seen: Seen, share: number, now: Date): Omit<EncounterFacts, 'number'>[] {
  const visits: Omit<EncounterFacts, 'number'>[] = []
  const diagnosis = seen.diagnosisCode
    ? { code: seen.diagnosisCode, name: seen.diagnosisName ?? '' }
    : drawDiagnosis(random, seen.department)
  let [on, chance] = [seen.on, seen.isStay ? share : 0.42]
  while (visits.length < MOST_VISITS) {
    const isInTime = random.chance(chance)
    if (!isInTime && !random.chance(0.25)) break
    on = addDays(on, isInTime ? Math.max(3, Math.min(30, Math.round(random.logNormal(13, 0.5)))) : random.int(31, 60))
    const at = momentAt('Asia/Shanghai', on, `${String(random.int(8, 16)).padStart(2, '0')}:${String(random.int(0, 59)).padStart(2, '0')}`)
    if (at > now) break
    visits.push({
      patientId: seen.patientId,
      event: 'register',
      sourceAt: at,
      class: 'outpatient',
      departmentCode: seen.departmentCode,
      departmentName: seen.department,
      attending: { number: seen.doctorNumber, name: seen.doctorName },
      admittedAt: at,
      diagnoses: [{ ...diagnosis, system: 'ICD10CN', type: 'working', rank: 1 }],
    })
    chance = 0.5
  }
  return visits
}

const byName = new Map(departments.map((d) => [d.name, d]))

function drawDiagnosis(random: Random, department: string): { code: string; name: string } {
  const [code, name] = random.pick(byName.get(department)?.diagnoses ?? [['Z00.000', '健康查体'] as const])
  return { code, name }
}

/** What each out-patient was seen for, as the doctor writes it after the registration. */
async function tellDiagnoses(ctx: Context, random: Random): Promise<EncounterFacts[]> {
  const { rows } = await sql<{ number: string; patientId: string; department: string; at: Date }>`
    select e.number, e.patient_id, d.name as department, e.admitted_at as at
      from encounters.cards e join staff.unit_cards d on d.id = e.department_id
     where e.class = 'outpatient' and e.status = 'inProgress' and e.main_diagnosis_code is null order by e.number`.execute(ctx.db)
  return rows.map(({ number, patientId, department, at }) => ({
    number,
    patientId,
    event: 'update',
    sourceAt: new Date(at.getTime() + 20 * 60_000),
    diagnoses: [{ ...drawDiagnosis(random, department), system: 'ICD10CN', type: 'working', rank: 1 }],
  }))
}
