import { cohortsApi } from '@renxin/followups/contract'
import { addDays, newId, wallTime } from '@renxin/kernel'
import { type House, inHospital, sql } from '@renxin/server'
import { findQuestionnaireByKey } from '@renxin/surveys'
import { deskOf } from './doors.ts'
import { worseDepartment } from './fill-accounts.ts'
import { fillWork } from './fill-work.ts'
import { makeRandom } from './random.ts'

const ZONE = 'Asia/Shanghai'
/** The study was frozen so many days ago, of those who went home in the two months before. */
const FROZEN = 120
const PERIOD = 60
const MOST_LOST = 2
/** A hospital of a few hundred people has hardly anybody with one operation in two months. */
const FEWEST = 20

/** A study of the director's department: its first visits were answered, some were not, and those of half a year are to come. */
export async function fillStudy(house: House, hospitalId: number, seed: number, accounts: ReadonlyMap<string, string>): Promise<void> {
  const researcherId = accounts.get('researcher')
  const now = house.now()
  const then = new Date(now.getTime() - FROZEN * 86_400_000)
  const day = wallTime(then, ZONE).slice(0, 10)
  const { departmentId, questionnaireId } = await inHospital(house, hospitalId, async (ctx) => {
    const { rows } = await sql<{ id: string }>`
      select id from staff.unit_cards where name = ${worseDepartment} and kind = 'department' limit 1`.execute(ctx.db)
    return { departmentId: rows[0]?.id, questionnaireId: (await findQuestionnaireByKey(ctx, 'recovery'))?.id }
  })
  if (!researcherId || !departmentId || !questionnaireId) return
  const atThen: House = { ...house, now: () => then, calendars: new Map() }
  const who = { id: researcherId, name: '沈岩(研究人员)' }
  const researcher = deskOf(atThen, hospitalId, who)
  const period = { classes: ['inpatient' as const], from: addDays(day, -PERIOD), to: addDays(day, -1) }
  const replaced = {
    name: '髋膝关节置换患者恢复情况研究',
    filter: { ...period, departmentIds: [departmentId], operations: ['81.51', '81.54'] },
  }
  const count = async (filter: object) => (await researcher(cohortsApi.cohortPreview, { what: JSON.stringify(filter) })).members
  const isSmall = (await count(replaced.filter)) < FEWEST // then everybody of two weeks is asked
  const { name, filter } = isSmall ? { name: '出院患者恢复情况研究', filter: { ...period, from: addDays(day, -14) } } : replaced
  const members = await count(filter)
  if (members === 0) return
  const visit = (name: string, after: number, who: 'centre' | 'both') =>
    ({ name, unit: 'months', after, beforeDays: 10, afterDays: 14, who, questionnaireId }) as const
  const id = newId(then.getTime())
  const body = {
    name,
    purpose: '观察出院后 2、3、6 个月的恢复、疼痛和用药情况。',
    leadName: '高建国',
    filter,
    visits: [visit('2 个月', 2, 'centre'), visit('3 个月', 3, 'both'), visit('6 个月', 6, 'centre')],
  }
  await researcher(cohortsApi.saveCohort, { id, revision: 0, body })
  const { programmeId } = await researcher(cohortsApi.freezeCohort, { id, revision: 1, members })
  await fillWork(house, hospitalId, makeRandom(seed + 12), accounts, now, () => {}, programmeId)
  const today = deskOf(house, hospitalId, who)
  const { rows } = await today(cohortsApi.cohortMembers, { id, position: 1, side: 'centre', state: 'missing' })
  for (const [at, { encounterId }] of rows.slice(0, MOST_LOST).entries())
    await today(cohortsApi.setMember, {
      ...{ id, encounterId, leftOn: addDays(wallTime(now, ZONE).slice(0, 10), -7) },
      ...(at === 0 ? { status: 'withdrawn', note: '家属来电，不再参加。' } : { status: 'lost', note: '号码停用，家属也联系不上。' }),
    })
}
