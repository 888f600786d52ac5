import { type CheckFile, checksApi, followupsApi, qualityApi, reviewsApi, type Sampled, supervisionApi } from '@renxin/followups/contract'
import { addMonths, newId, wallTime } from '@renxin/kernel'
import { type House, inHospital, sql } from '@renxin/server'
import { type Desk, deskOf } from './doors.ts'
import { worseDepartment } from './fill-accounts.ts'
import { makeRandom, type Random } from './random.ts'

const CHECKED = 24

/** Of those drawn last month the centre has checked some, the director's department first, and published what it found. */
export async function fillChecks(house: House, hospitalId: number, seed: number, accounts: ReadonlyMap<string, string>): Promise<void> {
  const adminId = accounts.get('admin')
  if (!adminId) return
  const centre = deskOf(house, hospitalId, { id: adminId, name: '何静(随访管理员)' })
  const random = makeRandom(seed + 11)
  const month = addMonths(`${wallTime(house.now(), 'Asia/Shanghai').slice(0, 7)}-01`, -1).slice(0, 7)
  const { rows } = await centre(checksApi.checks, { month, limit: 200 })
  const isTheirs = (s: Sampled) => s.departmentName === worseDepartment
  const isOnRecord = (s: Sampled) => s.levels.some((l) => l.recorded === 'talked')
  const reached = rows.filter((s, at) => s.reachedAt !== null && (isOnRecord(s) || at % 10 === 0))
  const chosen = [...reached.filter(isTheirs).slice(0, CHECKED / 3), ...reached.filter((s) => !isTheirs(s))].slice(0, CHECKED)
  for (const { id } of chosen) {
    const { levels } = await centre(checksApi.checkFile, { id })
    for (const work of levels) await centre(checksApi.saveCheck, { id, level: work.level, revision: 0, ...findingOf(random, work) })
  }
  if (chosen.length > 0) await centre(checksApi.publishResult, { month })
  await judgeCalls(house, centre, random)
  await lookIntoSpots(house, hospitalId, random, accounts)
}

const DAY = 86_400_000

/** Of those drawn for a spot check supervisors have looked into most, ten days after the discharge; what was called they accepted, what is open they urged. */
async function lookIntoSpots(house: House, hospitalId: number, random: Random, accounts: ReadonlyMap<string, string>): Promise<void> {
  const { rows } = await inHospital(house, hospitalId, (ctx) =>
    sql<{ id: string; isOpen: boolean; isTheirs: boolean; dischargedAt: Date }>`
      select t.id, t.is_open, u.name = ${worseDepartment} as is_theirs, c.discharged_at
        from followups.draw_frame f join followups.draws d on d.id = f.draw_id join staff.unit_cards u on u.id = d.department_id
        join encounters.cards c on c.id = f.encounter_id
        join followups.tasks t on t.encounter_id = f.encounter_id and t.programme_id in (select p.id from followups.programmes p where p.level = 'department')
       where f.level = 'supervisor' and f.is_drawn and (t.is_open or t.status = 'done' and t.closed_at < c.discharged_at + interval '10 days') and c.discharged_at < ${new Date(house.now().getTime() - 10 * DAY)}
       order by d.until_on desc, t.id limit 150`.execute(ctx.db),
  )
  for (const { id, isOpen, isTheirs, dischargedAt } of rows) {
    if (!random.chance(isTheirs ? 0.5 : 0.75)) continue
    const then: House = { ...house, now: () => new Date(dischargedAt.getTime() + 10 * DAY), calendars: new Map() }
    const [name, displayName] = isTheirs ? ['director', '高建国(骨科主任)'] : ['admin', '何静(随访管理员)']
    const supervisor = deskOf(then, hospitalId, { id: accounts.get(name ?? '') ?? '', name: displayName ?? '' })
    if (isOpen) await supervisor(supervisionApi.urge, { ids: [id] })
    else await supervisor(reviewsApi.acceptTask, { id })
  }
}

const JUDGED = 12
const ITEMS = ['opening', 'identity', 'manner', 'neutral', 'record', 'concern', 'closing'] as const

/** Of the calls of this month some were judged: most items done, now and then one in part, and nothing out of the ordinary in most of them. */
async function judgeCalls(house: House, centre: Desk, random: Random): Promise<void> {
  const { versionId } = await centre(qualityApi.qualityForm, {})
  const from = `${wallTime(house.now(), 'Asia/Shanghai').slice(0, 7)}-01`
  const { rows } = await centre(followupsApi.board, { show: 'done', from, limit: 200 })
  for (const { id } of rows.filter((t) => t.assigneeId !== null && t.channel === 'phone').slice(0, JUDGED)) {
    const answers = Object.fromEntries(
      ITEMS.map((item) => [item, [item === 'concern' && random.chance(0.7) ? 'na' : random.chance(0.85) ? 'good' : 'partly']]),
    )
    await centre(qualityApi.checkQuality, { id, checkId: newId(house.now().getTime()), versionId, answers })
  }
}

/** Most of it is true: of a hundred calls that are on record six were not made, and of eight the patient tells otherwise. */
function findingOf(random: Random, { talk, said }: CheckFile['levels'][number]) {
  if (!talk) return { call: 'none', answers: 'none', note: '' } as const
  if (random.chance(0.06)) return { call: 'untrue', answers: said ? 'differ' : 'none', note: '患者说没有接到过科室的电话。' } as const
  const isOther = said !== null && random.chance(0.08)
  return {
    call: 'confirmed',
    answers: said ? (isOther ? 'differ' : 'agree') : 'none',
    note: isOther ? '伤口情况与记录不同。' : '',
  } as const
}
