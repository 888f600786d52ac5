import { saveDestination, saveSource, saveView } from '@renxin/integration'
import { addDays, newId, wallTime } from '@renxin/kernel'
import { type Context, type House, inHospital, sql } from '@renxin/server'
import { departments } from './departments.ts'
import { type HisDatabase, hisCodes, hisMappings } from './his.ts'
import { APPLICATION } from './messages.ts'
import { makeRandom, type Random } from './random.ts'
import { panels } from './records.ts'
import { drawTeams } from './staff.ts'

const HOUR = 3_600_000
const COUNTED_DAYS = 31
const AHEAD_DAYS = 14
const WRITTEN_BACK = 12
/** Results stand in the view from the moment at which they are given out: one an hour, the first ones the day before. */
const RESULTS = { fromHour: -20, toHour: 72 } as const

const there = (at: Date) => wallTime(at, 'Asia/Shanghai')

/**
 * The doors beside the messages: the views of the HIS, which the poller reads by itself as soon as a server runs, and the table in which the HIS reads what is
 * written back. What the views say is what the hospital knows already, but for a row that nobody can read, a code that nobody knows, and what is still to come.
 */
export async function fillHis(house: House, hospitalId: number, seed: number, his: HisDatabase): Promise<void> {
  const random = makeRandom(seed + 6)
  const now = house.now()
  const stays = await inHospital(house, hospitalId, staysIn)
  await his.run(
    `insert into ks select * from jsonb_to_recordset($1) as r (ksdm text, ksmc text, lb char(1), tybz char(1), gxsj timestamp)`,
    [JSON.stringify(departments.map((d) => ({ ksdm: d.code, ksmc: d.name, lb: 'K', tybz: '0', gxsj: there(now) })))],
  )
  await his.run(
    `insert into ry select * from jsonb_to_recordset($1) as r (gh text, xm text, rylb text, zc text, tybz char(1), gxsj timestamp)`,
    [JSON.stringify(people(now))],
  )
  await his.run(
    `insert into cy select * from jsonb_to_recordset($1) as r (zylsh text, bah text, xm text, xb char(1), csrq date, ryrq timestamp, cyrq timestamp,
       ksdm text, ksmc text, bqmc text, cwh text, zgysgh text, zgys text, hljb char(1), icd10 text, zdmc text, lyfs char(1), scbz char(1), gxsj timestamp)`,
    [JSON.stringify(discharges(random, stays, now))],
  )
  await his.run(
    `insert into jy select * from jsonb_to_recordset($1) as r (bgdh text, zylsh text, bah text, bgmc text, xmdm text, xmmc text, jyjg text, dw text, ckfw text,
       ycbz text, cysj timestamp, bgsj timestamp, shr text, gxsj timestamp)`,
    [JSON.stringify(results(random, stays, now))],
  )
  await inHospital(house, hospitalId, (ctx) => openDoors(ctx, his))
  await inHospital(house, hospitalId, (ctx) => writeBackLast(house, ctx))
}

const VIEWS = [
  ['places', 'v_ksbq', ['ksdm'], 86_400],
  ['staff', 'v_ryzd', ['gh'], 86_400],
  ['discharges', 'v_cyhz', ['zylsh'], 300],
  ['reports', 'v_jyjg', ['bgdh', 'xmdm'], 300],
] as const

async function openDoors(ctx: Context, { reader, resultsRole }: HisDatabase): Promise<void> {
  const sourceId = newId()
  const charset = 'declared' as const
  const name = 'HIS 视图库'
  await saveSource(ctx, {
    id: sourceId,
    name,
    kind: 'postgres',
    ...reader,
    password: '',
    tls: false,
    charset,
    authority: APPLICATION,
    isActive: true,
  })
  for (const [subject, view, keys, everySeconds] of VIEWS)
    await saveView(ctx, {
      id: newId(), sourceId, subject, from: { schema: 'public', name: view }, keys: [...keys], update: 'gxsj', mapping: hisMappings[subject],
      codes: hisCodes[subject], everySeconds, startOn: addDays(ctx.clock.today(), -COUNTED_DAYS), isActive: true,
    }) // biome-ignore format: a view
  await saveDestination(ctx, {
    id: newId(),
    name: 'HIS 结果表',
    way: 'table',
    readerRole: resultsRole,
    takesFollowups: true,
    takesComplaints: true,
    takesComplaintFlag: true,
    isActive: true,
  })
}

/** What was finished last is written back to the table that the HIS reads, by those who hear of it every day. */
async function writeBackLast(house: House, ctx: Context): Promise<void> {
  const { rows } = await sql<{ id: string; name: string; payload: object; at: Date }>`
    (select t.id, ${'followups.taskCompleted'} as name, t.closed_at as at,
       jsonb_build_object('taskId', t.id, 'patientId', t.patient_id, 'encounterId', t.encounter_id, 'responseId', t.response_id) as payload
     from followups.task_rows t where t.status = 'done' and t.encounter_id is not null order by t.closed_at desc limit ${WRITTEN_BACK})
    union all
    (select o.id, ${'feedback.complaintClosed'}, o.closed_at,
       jsonb_build_object('complaintId', o.id, 'patientId', o.patient_id, 'encounterId', o.encounter_id)
     from feedback.opinion_rows o where o.kind = 'complaint' and o.status = 'closed' and o.patient_id is not null order by o.closed_at desc limit ${WRITTEN_BACK})
    order by at`.execute(ctx.db)
  const listeners = house.modules
    .flatMap((m) => (m.name === 'integration' ? m.listeners : []))
    .filter((l) => l.name.startsWith('writeBack'))
  for (const { event, take } of listeners) {
    const events = rows.filter((r) => r.name === event).map(({ id, at, payload }) => ({ payload, meta: { id, at } }))
    if (events.length > 0) await take(ctx, events)
  }
}

type Row = {
  zylsh: string
  bah: string
  xm: string
  sex: string
  csrq: string | null
  admittedAt: Date
  dischargedAt: Date | null
  expectedAt: Date | null
  ksdm: string | null
  ksmc: string | null
  bqmc: string | null
  cwh: string | null
  zgysgh: string | null
  zgys: string | null
  level: string | null
  icd10: string | null
  zdmc: string | null
  lyfs: string | null
}

/** Who went home in the days that are counted, and who is in bed. */
async function staysIn(ctx: Context): Promise<Row[]> {
  const { rows } = await sql<Row>`
    select e.number as zylsh, p.medical_record_number as bah, p.name as xm, p.sex, p.birth_on::text as csrq, e.admitted_at, e.discharged_at,
           e.expected_discharge_at as expected_at, d.code as ksdm, d.name as ksmc, w.name as bqmc, e.bed as cwh, a.number as zgysgh, a.name as zgys,
           e.nursing_level as level, e.main_diagnosis_code as icd10, e.main_diagnosis_name as zdmc, e.disposition as lyfs
      from encounters.cards e
      join patients.cards p on p.id = e.patient_id
      left join staff.unit_cards d on d.id = e.department_id
      left join staff.unit_cards w on w.id = e.ward_id
      left join staff.person_cards a on a.id = e.attending_id
     where e.class = 'inpatient' and p.medical_record_number is not null and e.admitted_at is not null
       and (e.status = 'inProgress' or e.status = 'discharged' and e.discharged_on >= ${addDays(ctx.clock.today(), -COUNTED_DAYS)})
     order by e.number`.execute(ctx.db)
  return rows
}

const LEVELS = new Map<string | null, string>(Object.entries(hisCodes.discharges.nursing).map(([code, level]) => [level, code]))

/** Those in bed go home within two weeks, on the day for which it is planned where one is. */
function discharges(random: Random, stays: readonly Row[], now: Date) {
  const rows = stays.map(({ sex, admittedAt, dischargedAt, expectedAt, level, lyfs, ...stay }) => {
    const leaves =
      dischargedAt ?? expectedAt ?? new Date(startOfDay(now, random.int(1, AHEAD_DAYS)).getTime() + random.int(9 * 60, 16 * 60) * 60_000)
    return {
      ...stay,
      xb: sex === 'male' ? '1' : sex === 'female' ? '2' : '9',
      ryrq: there(admittedAt),
      cyrq: there(leaves),
      hljb: LEVELS.get(level) ?? null,
      lyfs: lyfs ?? '1',
      scbz: '0',
      gxsj: there(dischargedAt ? leaves : new Date(leaves.getTime() + random.int(1, 20) * 60_000)),
    }
  })
  const gone = rows.filter((_, i) => stays[i]?.dischargedAt)
  const [first, second] = gone.slice(-2)
  if (second) second.hljb = '8' // which nobody has explained to us
  const yesterday = there(new Date(startOfDay(now, -1).getTime() + 15 * HOUR))
  // As an office hands it on from a spreadsheet that has thrown the digits away.
  return first ? [...rows, { ...first, zylsh: 'I90000001', bah: '1.10101E+17', cyrq: yesterday, gxsj: yesterday }] : rows
}

const startOfDay = (now: Date, days: number) => new Date(`${addDays(there(now).slice(0, 10), days)}T00:00:00+08:00`)

function results(random: Random, stays: readonly Row[], now: Date) {
  const inBed = stays.filter((s) => !s.dischargedAt)
  const [panel] = panels
  if (!panel || inBed.length === 0) return []
  return Array.from({ length: RESULTS.toHour - RESULTS.fromHour }, (_, i) => RESULTS.fromHour + i).flatMap((hour, i) => {
    const stay = inBed[i % inBed.length]
    const given = new Date(now.getTime() + hour * HOUR)
    if (!stay || given.getTime() - HOUR < stay.admittedAt.getTime()) return []
    return panel.analytes(stay.sex).map(({ code, name, unit, low, high, digits, spread }) => {
      const value = Math.max(0, low + (high - low) * (0.5 + spread * random.normal()))
      return {
        bgdh: `JY${String(i + 1).padStart(6, '0')}`, zylsh: stay.zylsh, bah: stay.bah, bgmc: panel.title, xmdm: code, xmmc: name, jyjg: value.toFixed(digits),
        dw: unit, ckfw: `${low}-${high}`, ycbz: value > high ? 'H' : value < low ? 'L' : 'N', cysj: there(new Date(given.getTime() - HOUR)), bgsj: there(given),
        shr: '检验科', gxsj: there(given),
      } // biome-ignore format: a line of a report
    })
  })
}

const TITLES = { 医师: ['主任医师', '副主任医师', '主治医师', '住院医师'], 护士: ['主管护师', '护师', '护士'] } as const

const people = (now: Date) =>
  [...drawTeams().values()].flatMap(({ doctors, nurses }) =>
    ([['医师', doctors], ['护士', nurses]] as const).flatMap(([rylb, all]) =>
      all.map(({ number, name }, i) => ({ gh: number, xm: name, rylb, zc: TITLES[rylb][i % TITLES[rylb].length], tybz: '0', gxsj: there(now) })),
    ),
  ) // biome-ignore format: doctors and nurses
