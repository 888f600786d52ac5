import {
  answerComplaint,
  assignComplaint,
  closeComplaint,
  listCategories,
  type NewOpinion,
  recordOpinions,
  verifyComplaint,
} from '@renxin/feedback'
import { addDays, type LocalDate, momentAt, wallTime } from '@renxin/kernel'
import { type Context, type House, inHospital, sql } from '@renxin/server'
import { troubleOf } from './answers.ts'
import { WORSE_WARD } from './departments.ts'
import type { Random } from './random.ts'

const ZONE = 'Asia/Shanghai'

const TEXTS: Record<string, string[]> = {
  attitude: ['值班护士态度不好，问两句就不耐烦。', '收费窗口的工作人员说话很冲。'],
  communication: ['手术前没有讲清楚要花多少钱。', '换药方案变了，没有人告诉家属。'],
  process: ['出院手续跑了三个窗口。', '转科以后化验又重新做了一遍。'],
  waiting: ['做彩超等了四个小时。', '办出院从早上等到下午。'],
  fees: ['清单里有没有做过的检查。', '自费药没有事先说明。'],
  quality: ['拆线以后伤口又裂开了。', '输液的地方肿了没有人处理。'],
  environment: ['病房空调不制冷，晚上睡不着。', '卫生间下水堵了两天。'],
  other: ['停车场经常满。', '希望食堂多一些清淡的菜。'],
}
const PRAISE = ['护士长特别负责，每天都来看。', '主治医生讲得很耐心。', '夜班护士反应很快，非常感谢。', '整个病区都很好。']
const SHARES = [
  ['attitude', 22],
  ['communication', 16],
  ['process', 12],
  ['waiting', 10],
  ['fees', 15],
  ['quality', 12],
  ['environment', 8],
  ['other', 5],
] as const

type Talk = {
  taskId: string
  patientId: string
  encounterId: string
  departmentId: string | null
  wardId: string | null
  ward: string | null
  at: Date
  byId: string
  byName: string
}

/** What patients said on those calls: praise of one in fourteen, suggestions of one in twenty-five, complaints of one in eighty; most complaints are closed. */
export async function fillFeedback(
  house: House,
  hospitalId: number,
  random: Random,
  now: Date,
  onProgress: (share: number) => void,
): Promise<void> {
  const today = wallTime(now, ZONE).slice(0, 10)
  const { talks, categories } = await inHospital(house, hospitalId, async (ctx) => ({
    talks: await readTalks(ctx),
    categories: (await listCategories(ctx)).rows,
  }))
  const categoryOf = (key: string) => categories.find((c) => c.key === key)?.id
  const said = talks.flatMap((talk) => opinionOf(random, talk, today, categoryOf))
  for (let from = 0; from < said.length; from += 500) {
    await inHospital(house, hospitalId, (ctx) => recordOpinions(ctx, said.slice(from, from + 500)))
    onProgress((0.6 * from) / said.length)
  }
  const complaints = said.filter((o) => o.kind === 'complaint' && o.departmentIds.length > 0)
  for (const [i, complaint] of complaints.entries()) {
    const receivedOn = wallTime(new Date(complaint.receivedAt), ZONE).slice(0, 10)
    await workOff(house, hospitalId, random, complaint, receivedOn, now, today)
    onProgress(0.6 + (0.4 * i) / complaints.length)
  }
}

async function readTalks(ctx: Context): Promise<Talk[]> {
  const { rows } = await sql<Talk>`
    select t.id as task_id, t.patient_id, t.encounter_id, t.department_id, t.ward_id, w.name as ward, t.closed_at as at, t.closed_by as by_id, u.display_name as by_name
    from followups.tasks t left join staff.unit_cards w on w.id = t.ward_id join access.user_cards u on u.id = t.closed_by
    where t.status = 'done' and t.outcome in ('reached', 'relativeAnswered') order by t.closed_at, t.id`.execute(ctx.db)
  return rows
}

type Said = NewOpinion & { receivedAt: Date; departmentIds: string[] }

function opinionOf(random: Random, talk: Talk, today: LocalDate, categoryOf: (key: string) => string | undefined): Said[] {
  const trouble = troubleOf(talk.ward, wallTime(talk.at, ZONE).slice(0, 10), today)
  const kind = random.weighted([
    ['praise', 7 - 5 * trouble],
    ['suggestion', 4 + 3 * trouble],
    ['complaint', 0.7 + 5 * trouble],
    ['none', 88],
  ] as const)
  if (kind === 'none') return []
  const category = kind === 'praise' ? (random.chance(0.7) ? 'attitude' : 'quality') : random.weighted(SHARES)
  return [
    {
      id: random.id(talk.at),
      kind,
      source: 'call',
      categoryId: categoryOf(category),
      grade:
        kind === 'complaint'
          ? random.weighted([
              ['minor', 60],
              ['moderate', 32],
              ['serious', 8],
            ] as const)
          : undefined,
      isImportant: kind === 'complaint' && random.chance(0.15),
      text: random.pick(kind === 'praise' ? PRAISE : (TEXTS[category] ?? PRAISE)),
      patientId: talk.patientId,
      encounterId: talk.encounterId,
      unitIds: [talk.wardId ?? talk.departmentId].filter((id) => id !== null),
      receivedAt: talk.at,
      by: { id: talk.byId, name: talk.byName },
      departmentIds: talk.departmentId ? [talk.departmentId] : [],
    },
  ]
}

/** Old complaints are answered and closed within their five working days; of the latest some are still open, and the worse ward's are late. */
async function workOff(
  house: House,
  hospitalId: number,
  random: Random,
  complaint: Said,
  receivedOn: LocalDate,
  now: Date,
  today: LocalDate,
): Promise<void> {
  const isRecent = receivedOn > addDays(today, -9)
  const unitIds = complaint.unitIds ?? []
  const at = (days: number, time: string) => momentAt(ZONE, addDays(receivedOn, days), time)
  const step = async (moment: Date, work: (ctx: Context) => Promise<unknown>) => {
    if (moment > now) return false
    await inHospital({ ...house, now: () => moment }, hospitalId, work)
    return true
  }
  if (isRecent && random.chance(0.3)) return
  if (!(await step(at(1, '09:20'), (ctx) => assignComplaint(ctx, { id: complaint.id, unitIds, note: null })))) return
  if (isRecent && random.chance(0.45)) return
  const [unitId] = unitIds
  if (!unitId) return
  const answered = await step(at(3, '15:10'), (ctx) =>
    answerComplaint(ctx, {
      id: complaint.id,
      unitId,
      cause: '当班人手紧，解释不到位。',
      measure: '已向患者说明并致歉，晨会上重申首问负责。',
    }),
  )
  if (!answered) return
  await step(at(4, '10:00'), (ctx) => verifyComplaint(ctx, { id: complaint.id, note: null }))
  await step(at(4, '16:30'), (ctx) =>
    closeComplaint(ctx, {
      id: complaint.id,
      outcome: 'resolved',
      result: '已电话说明处理情况，患者表示认可。',
      toldBy: 'phone',
      toldAt: undefined,
    }),
  )
}

/** One complaint that nobody has answered in time, so that the escalation can be seen: important, of the worse ward, past its last day. */
export async function fillOverdueComplaint(house: House, hospitalId: number, random: Random, now: Date): Promise<void> {
  const today = wallTime(now, ZONE).slice(0, 10)
  const moment = momentAt(ZONE, addDays(today, -12), '10:24')
  await inHospital({ ...house, now: () => moment }, hospitalId, async (ctx) => {
    const { rows } = await sql<{ encounterId: string; patientId: string; wardId: string }>`
      select e.id as encounter_id, e.patient_id, e.ward_id from encounters.cards e join staff.unit_cards w on w.id = e.ward_id
      where w.name = ${WORSE_WARD} and e.discharged_at between ${momentAt(ZONE, addDays(today, -24))} and ${moment} order by e.discharged_at desc limit 1`.execute(
      ctx.db,
    )
    const [stay] = rows
    const { rows: categories } = await listCategories(ctx)
    if (!stay) return
    const id = random.id(moment)
    await recordOpinions(ctx, [
      {
        id,
        kind: 'complaint',
        source: 'hotline',
        categoryId: categories.find((c) => c.key === 'communication')?.id,
        grade: 'serious',
        isImportant: true,
        text: '术后两天没有医生来看伤口，多次询问都说“等一会儿”。要求医院给一个说法。',
        patientId: stay.patientId,
        encounterId: stay.encounterId,
        unitIds: [stay.wardId],
      },
    ])
    await assignComplaint(ctx, { id, unitIds: [stay.wardId], note: null })
  })
}
