import { applyEncounterFacts, applyRecords } from '@renxin/encounters'
import { addDays, newId, wallTime } from '@renxin/kernel'
import { type AllergyFact, applyPatientFacts } from '@renxin/patients'
import { fieldsApi, overviewApi, patientsApi, peopleApi, segmentsApi } from '@renxin/patients/contract'
import { type Context, type House, inHospital, sql } from '@renxin/server'
import { drawCheckUp } from './check-ups.ts'
import { type Desk, deskOf } from './doors.ts'
import { drawMobile } from './people.ts'
import { makeRandom, type Random } from './random.ts'

const AT_ONCE = 100

/** One adult in eighty comes for a check-up once a year; half of them did last year too. */
export async function fillCheckUps(house: House, hospitalId: number, seed: number): Promise<void> {
  const random = makeRandom(seed + 2) // its own draws, as every part has that came later
  const today = wallTime(house.now(), 'Asia/Shanghai').slice(0, 10)
  const people = await inHospital(house, hospitalId, examined)
  const drawn = people.flatMap(({ id, sex }, i) => {
    const on = addDays(today, -random.int(1, 170))
    const years = i % 2 === 0 ? [0, 1] : [0]
    return years.map((ago) => drawCheckUp(random, { patientId: id, sex, number: `T${ago}${String(i).padStart(6, '0')}`, on: addDays(on, -366 * ago) }))
  }) // biome-ignore format: a check-up a year
  for (let from = 0; from < drawn.length; from += AT_ONCE) {
    const some = drawn.slice(from, from + AT_ONCE)
    await inHospital(house, hospitalId, async (ctx) => {
      await applyEncounterFacts(
        ctx,
        some.map((d) => d.visit),
      )
      await applyRecords(
        ctx,
        some.flatMap((d) => d.records),
      )
    })
  }
}

async function examined(ctx: Context): Promise<{ id: string; sex: string }[]> {
  const { rows } = await sql<{ id: string; sex: string }>`
    select id, sex from patients.cards
     where right(medical_record_number, 2) in ('17', '97') and right(medical_record_number, 3) < '625' and deceased_at is null
       and birth_on < ${addDays(ctx.clock.today(), -20 * 365)}
     order by medical_record_number`.execute(ctx.db)
  return rows
}

const ALLERGIES: readonly AllergyFact[] = [
  { code: null, name: '青霉素', kind: 'drug', severity: 'severe', reaction: '皮疹、胸闷' },
  { code: null, name: '头孢曲松', kind: 'drug', severity: 'moderate', reaction: '皮疹' },
  { code: null, name: '碘对比剂', kind: 'drug', severity: 'moderate', reaction: '荨麻疹' },
  { code: null, name: '海鲜', kind: 'food', severity: 'mild', reaction: '瘙痒' },
]
const CAUTIONS = [
  ['other', '听力差，请大声慢讲，必要时联系家属'],
  ['other', '不愿谈论病情，先与女儿沟通'],
  ['incompatibility', '不规则抗体阳性，备血请提前联系输血科'],
  ['payer', '异地医保，出院前请核对备案'],
] as const

/** What people of the hospital wrote into files by hand: groups, warnings, fields of its own, people beside the patients, phones that were put right. */
export async function fillByHand(house: House, hospitalId: number, seed: number, accounts: ReadonlyMap<string, string>): Promise<void> {
  const random = makeRandom(seed + 3)
  const admin = deskOf(house, hospitalId, { id: accounts.get('admin') ?? '', name: '何静' })
  const nurse = deskOf(house, hospitalId, { id: accounts.get('nurse') ?? '', name: '周敏' })
  const ids = await inHospital(house, hospitalId, recentPatients)
  await inHospital(house, hospitalId, (ctx) =>
    applyPatientFacts(
      ctx,
      ids
        .filter((_, i) => i % 9 === 0)
        .map((id) => ({ id, identifiers: [], sourceAt: ctx.clock.now(), allergies: [random.pick(ALLERGIES)] })),
    ),
  )
  for (const [i, [kind, text]] of [...CAUTIONS, ...CAUTIONS].entries()) {
    const patientId = ids[i * 7 + 3]
    if (patientId) await nurse(overviewApi.addCaution, { patientId, id: newId(), kind, text })
  }
  await groupPatients(house, hospitalId, admin)
  await ownFields(admin, random, ids)
  await otherPeople(admin, random, ids)
  for (const patientId of ids.slice(10, 14)) {
    const { contacts } = await nurse(patientsApi.file, { id: patientId })
    const old = contacts.find((c) => c.relation === 'self' && !c.isVoid)
    if (!old) continue
    await nurse(patientsApi.addContact, { patientId, id: newId(), number: drawMobile(random), relation: 'self' })
    await nurse(patientsApi.changeContact, { contactId: old.id, isVoid: true })
  }
}

/** Those who went home lately, whom one meets first. */
async function recentPatients(ctx: Context): Promise<string[]> {
  const { rows } = await sql<{ patientId: string }>`
    select patient_id from encounters.cards where class = 'inpatient' and status = 'discharged' and disposition <> '5'
     order by discharged_at desc, number limit 300`.execute(ctx.db)
  return [...new Set(rows.map((r) => r.patientId))]
}

/** Lists that departments keep: by the category of the main diagnosis. */
const LISTS = [
  ['慢病', ['E11', 'I10', 'J44', 'N18'], 60, '慢病管理名单'],
  ['专病', ['I63', 'I61', 'C34'], 40, '专病随访名单'],
  ['重点', ['A41', 'I21'], 12, '科室重点关注'],
] as const

async function groupPatients(house: House, hospitalId: number, admin: Desk): Promise<void> {
  const { rows: segments } = await admin(segmentsApi.segments, {})
  for (const [name, codes, most, reason] of LISTS) {
    const segment = segments.find((s) => s.name === name)
    if (!segment) continue
    const listed = await inHospital(house, hospitalId, async (ctx) => {
      const { rows } = await sql<{ patientId: string }>`
        select distinct patient_id from encounters.cards
         where left(main_diagnosis_code, 3) = any(${[...codes]}::text[]) and status = 'discharged' and disposition <> '5'
         order by patient_id limit ${most}`.execute(ctx.db)
      return rows
    })
    for (const { patientId } of listed) await admin(segmentsApi.mark, { patientId, segmentId: segment.id, isIn: true, reason })
  }
}

async function ownFields(admin: Desk, random: Random, ids: readonly string[]): Promise<void> {
  const options = ['已签约', '未签约', '外院签约']
  const field = await admin(fieldsApi.saveField, {
    id: newId(), object: 'patient', key: 'familyDoctor', label: '家庭医生', kind: 'choice', options, isRequired: false, pattern: null, least: null, most: null,
    position: 1, isActive: true, isSearchable: true, isInList: false, isSensitive: false, riskOption: null,
  }) // biome-ignore format: a field
  for (const patientId of ids.slice(0, 40)) await admin(fieldsApi.setFields, { patientId, values: { [field.id]: random.pick(options) } })
}

const PEOPLE = [
  ['community', '城东街道社区卫生服务中心 家医团队', '城东街道社区卫生服务中心', '慢病患者转介联系人'],
  ['payer', '示范市医保经办大厅', '示范市医疗保障局', '异地备案咨询'],
  ['manager', '刘淑华', '示范市企业退休职工管理处', '老干部体检联系人'],
  ['staff', '总值班', '仁心示范医院', '夜间投诉转接'],
  ['family', '王秀兰', null, '三位患者的共同联系人'],
] as const

async function otherPeople(admin: Desk, random: Random, ids: readonly string[]): Promise<void> {
  for (const [kind, name, organisation, note] of PEOPLE)
    await admin(peopleApi.savePerson, { id: newId(), kind, name, organisation, note, phone: drawMobile(random) })
  const { rows } = await admin(peopleApi.people, { kind: 'family' })
  const [shared] = rows
  for (const patientId of ids.slice(20, 23))
    if (shared) await admin(peopleApi.tiePerson, { personId: shared.id, patientId, relation: 'daughter' })
}
