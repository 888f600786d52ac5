import { encodeMessage, type FieldIn, type SegmentIn } from '@renxin/hl7'
import { ingest, readFrame, workOnce } from '@renxin/integration'
import { importsApi } from '@renxin/integration/contract'
import { newId, wallTime } from '@renxin/kernel'
import { type House, inHospital, sql } from '@renxin/server'
import { type Ward, wards } from './departments.ts'
import { deskOf } from './doors.ts'
import type { Known } from './fill-people.ts'
import { APPLICATION, adt, FACILITY, stamp, type Visit } from './messages.ts'
import { drawMobile, type Person } from './people.ts'
import { makeRandom, type Random } from './random.ts'
import { drawTeams } from './staff.ts'

const HOUR = 3_600_000
const BRANCH = '南山分院'
const LABORATORY = '检验科'

/**
 * A day of the interfaces: the HIS registers out-patients, the laboratory sends results, a branch hospital writes the number of the visit elsewhere, and the
 * check-up system knows some people by numbers of its own. All of it comes as messages, read as those of a hospital are.
 */
export async function fillMessages(
  house: House,
  hospitalId: number,
  seed: number,
  byWard: ReadonlyMap<Ward, readonly Known[]>,
): Promise<void> {
  const random = makeRandom(seed + 4)
  const now = house.now()
  const ago = (hours: number) => new Date(now.getTime() - hours * HOUR)
  const known = [...byWard].flatMap(([ward, people]) => people.map(({ person }) => ({ ward, person })))
  const visit = visitor(random)
  const send = (at: Date, ...texts: string[]) =>
    inHospital({ ...house, now: () => at }, hospitalId, (ctx) =>
      ingest(
        ctx,
        texts.flatMap((text) => readFrame(Buffer.from(text))),
      ),
    )

  for (let hours = 22; hours >= 1; hours -= 1) {
    const isOpen = Number(wallTime(ago(hours), 'Asia/Shanghai').slice(11, 13)) in { 8: 1, 9: 1, 10: 1, 11: 1, 13: 1, 14: 1, 15: 1, 16: 1 }
    const arrivals = Array.from({ length: isOpen ? random.int(4, 7) : random.int(0, 1) }, () => visit(random.pick(known), ago(hours)))
    if (arrivals.length > 0) await send(ago(hours), ...arrivals.map((v) => adt('A04', v, v.admittedAt, `M${v.number}`)))
  }
  const beds = await inHospital(house, hospitalId, inBed)
  await send(ago(1), ...planned(random, beds, ago(1)))
  for (const [i, bed] of beds.slice(0, 3).entries())
    for (const [hours, value, flag] of i === 0 ? RISING : STEADY) await send(ago(hours), potassium(bed, ago(hours), value, flag))
  await send(ago(3), ...known.slice(40, 49).map((k) => ofBranch(adt('A01', visit(k, ago(4)), ago(3), `B${k.person.medicalRecordNumber}`))))
  const doubled = known.filter((k) => k.person.medicalRecordNumber < 'D0000400' && k.person.phones.length > 0).slice(0, 3)
  await send(
    ago(2),
    ...doubled.map((k, i) => ofCheckUps(adt('A04', visit({ ...k, person: strangerOf(k.person, i) }, ago(2)), ago(2), `T${i}`))),
  )
}

/** Potassium in one who needs somebody now, and in others. The laboratory sets the marks, with its own limits. */
const RISING = [[46, '4.6', 'N'], [22, '5.7', 'H'], [5, '6.8', 'HH']] as const // biome-ignore format: values of one person
const STEADY = [[28, '3.9', 'N'], [6, '4.2', 'N']] as const // biome-ignore format: values of one person

function visitor(random: Random) {
  const teams = drawTeams()
  let n = 0
  return ({ ward, person }: { ward: Ward; person: Person }, at: Date): Visit => {
    const team = teams.get(ward)
    if (!team) throw new Error(`no team works on ${ward.name}`)
    n += 1
    return {
      number: `MZ${stamp(at).slice(0, 8)}${String(n).padStart(4, '0')}`,
      person,
      class: 'O',
      ward,
      bed: '',
      doctor: random.pick(team.doctors),
      nurse: random.pick(team.nurses),
      level: '三级',
      condition: '一般',
      admittedAt: new Date(at.getTime() - random.int(0, 50) * 60_000),
    }
  }
}

type InBed = { number: string; medicalRecordNumber: string; name: string; ward: string }

async function inBed(ctx: Parameters<Parameters<typeof inHospital>[2]>[0]): Promise<InBed[]> {
  const { rows } = await sql<InBed>`
    select e.number, p.medical_record_number, p.name, w.name as ward
      from encounters.cards e join patients.cards p on p.id = e.patient_id join staff.unit_cards w on w.id = e.ward_id
     where e.class = 'inpatient' and e.status = 'inProgress' and e.admitted_at < ${new Date(ctx.clock.now().getTime() - 50 * HOUR)}
     order by e.number limit 240`.execute(ctx.db)
  return rows
}

/** One in five of those in bed is to go home tomorrow or the day after, one in ten to be moved; of as many more only the day is expected. */
function planned(random: Random, beds: readonly InBed[], at: Date): string[] {
  const some = beds.slice(0, Math.ceil(beds.length * 0.4))
  return some.map((bed, i) => {
    const on = stamp(at).slice(0, 8)
    const day = wallTime(new Date(at.getTime() + random.int(1, 2) * 24 * HOUR), 'Asia/Shanghai').slice(0, 10).replaceAll('-', '')
    const [event, when] = i % 4 === 2 ? ['A15', `${day}1500`] : i % 4 === 3 ? ['A08', ''] : ['A16', `${day}1000`]
    const pv1: Record<number, FieldIn> = { 1: '1', 2: 'I', 19: bed.number, ...(event === 'A15' && { 42: [random.pick(wards).name] }) }
    const id = `PL${on}${bed.number}`
    return encodeMessage([
      ['MSH', APPLICATION, FACILITY, 'CRM', FACILITY, stamp(at), '', ['ADT', event], id, 'P', '2.5', '', '', '', '', 'CHN', 'UNICODE UTF-8'],
      ['EVN', event, stamp(at), ...(when ? [`${when}00`] : [])],
      ['PID', '1', '', [bed.medicalRecordNumber, '', '', APPLICATION, 'MR'], '', bed.name],
      ['PV1', ...Array.from({ length: 42 }, (_, n) => pv1[n + 1])],
      ...(event === 'A15' ? [] : [['PV2', ...Array<undefined>(8), `${day}1000`] satisfies SegmentIn]),
    ])
  }) // biome-ignore format: a segment a line
}

function potassium(bed: InBed, at: Date, value: string, flag: string): string {
  const number = `LK${bed.number}${stamp(at).slice(4, 10)}`
  const obr: Record<number, FieldIn> = {
    1: '1',
    3: [number, 'LIS'],
    4: ['DJZ', '电解质', 'L'],
    7: stamp(at),
    22: stamp(at),
    24: 'LAB',
    25: 'F',
  }
  return encodeMessage([
    ['MSH', 'LIS', LABORATORY, 'CRM', FACILITY, stamp(at), '', ['ORU', 'R01', 'ORU_R01'], number, 'P', '2.5', '', '', '', '', 'CHN', 'UNICODE UTF-8'],
    ['PID', '1', '', [bed.medicalRecordNumber, '', '', 'HIS', 'MR'], '', bed.name],
    ['PV1', '1', 'I', [bed.ward], ...Array<string>(15).fill(''), bed.number],
    ['OBR', ...Array.from({ length: 25 }, (_, i) => obr[i + 1])],
    ['OBX', '1', 'NM', ['K', '钾', 'L'], '', value, 'mmol/L', '3.5-5.3', flag, '', '', 'F', '', '', stamp(at)],
  ]) // biome-ignore format: a segment a line
}

const lines = (text: string, change: (fields: string[]) => string[]) =>
  text
    .split('\r')
    .map((line) => change(line.split('|')).join('|'))
    .join('\r')

/** The branch hospital says MSH-4 otherwise and writes the number of the visit into PV1-50, so that its admissions wait. */
const ofBranch = (text: string) =>
  lines(text, (fields) => {
    if (fields[0] === 'MSH') return fields.with(3, BRANCH)
    if (fields[0] !== 'PV1') return fields
    return Array.from({ length: 51 }, (_, i) => (i === 50 ? (fields[19] ?? '') : i === 19 ? '' : (fields[i] ?? '')))
  })

const ofCheckUps = (text: string) => lines(text, (fields) => (fields[0] === 'MSH' ? fields.with(2, 'TJ').with(3, '健康管理中心') : fields))

/** The same person as a system knows them that was told less: another number, no identity card, and once the name by its sound. */
const strangerOf = (person: Person, i: number): Person => ({
  ...person,
  medicalRecordNumber: `TJ${String(90_001 + i)}`,
  identityCard: null,
  kin: null,
})

/** A list of relatives that a ward sister kept in a spreadsheet, brought in by the wizard: most rows say something new, one number has lost a digit. */
export async function fillImport(house: House, hospitalId: number, seed: number, accounts: ReadonlyMap<string, string>): Promise<void> {
  const random = makeRandom(seed + 5)
  const engineer = deskOf(house, hospitalId, { id: accounts.get('system') ?? '', name: '罗宁' })
  const { rows } = await inHospital(house, hospitalId, (ctx) =>
    sql<{ number: string; name: string }>`
      select medical_record_number as number, name from patients.cards
       where right(medical_record_number, 1) = '5' and deceased_at is null order by medical_record_number limit 30`.execute(ctx.db),
  )
  const shared = drawMobile(random) // a couple who give one number for both
  const table = rows.map(({ number, name }, i) => {
    const phone = i < 2 ? shared : drawMobile(random)
    return [number, name, i === 7 ? phone.slice(0, 10) : phone, ['儿子', '女儿', '配偶'][i % 3], `${name.slice(0, 1)}先生`].join(',')
  })
  const text = ['病案号,姓名,联系人电话,联系人关系,联系人姓名', ...table, `合计,${table.length}人,,,`].join('\r\n')
  const id = newId()
  await engineer(importsApi.upload, { id, kind: 'patients', name: '家属电话补录.csv', base64: Buffer.from(text).toString('base64') })
  await engineer(importsApi.check, { id })
  const work = async () => {
    while (await workOnce(house, hospitalId));
  }
  await work()
  await engineer(importsApi.applyImport, { id })
  await work()
}
