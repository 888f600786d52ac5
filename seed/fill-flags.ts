import { contentApi, flagsApi, followupsApi } from '@renxin/followups/contract'
import { addDays, wallTime } from '@renxin/kernel'
import { type Context, type House, inHospital, sql } from '@renxin/server'
import { deskOf } from './doors.ts'
import { worseDepartment } from './fill-accounts.ts'
import { makeRandom } from './random.ts'

/** What a patient says today, in words that are an emergency wherever they are said; the rest of his answers are those of one who is mending. */
const answers = {
  recovery: ['fair'],
  pain: ['mild'],
  fever: ['none'],
  wound: ['healing'],
  medication: ['as-told'],
  'eating-sleep': ['less'],
  'self-care': ['some'],
  revisit: ['known'],
  guidance: ['all'],
  discomfort: ['yes'],
  'discomfort-text': ['今天早上下楼时胸痛了几分钟，歇一会儿好些了。'],
}

/** One red flag that is open: the follow-up nurse heard it in a call this morning, and the head of the department answers for it. */
export async function fillFlag(house: House, hospitalId: number, seed: number, accounts: ReadonlyMap<string, string>): Promise<void> {
  const random = makeRandom(seed + 7)
  const found = await inHospital(house, hospitalId, dueCall)
  const [directorId, nurseId] = [accounts.get('director'), accounts.get('nurse')]
  if (!found || !directorId || !nurseId) return
  const nurse = deskOf(house, hospitalId, { id: nurseId, name: '周敏(随访护士)' })
  await deskOf(house, hospitalId, { id: directorId, name: '高建国(骨科主任)' })(flagsApi.setFlagDuty, {
    departmentId: found.departmentId,
    accountId: directorId,
  })
  const now = house.now()
  await nurse(followupsApi.complete, {
    id: found.id,
    attemptId: random.id(now),
    outcome: 'reached',
    note: '患者说现在不痛，已请家属陪同。',
    response: { id: random.id(now), versionId: found.versionId, answers },
    told: ['emergency-words'],
  })
}

/** A call about recovery in that department which may be made now and which nobody has taken. */
async function dueCall(ctx: Context): Promise<{ id: string; versionId: string; departmentId: string } | undefined> {
  const { rows } = await sql<{ id: string; versionId: string; departmentId: string }>`
    select t.id, q.current_version_id as version_id, t.department_id
      from followups.tasks t
      join followups.steps s on s.version_id = t.version_id and s.position = t.step
      join surveys.questionnaire_cards q on q.id = s.questionnaire_id and q.key = 'recovery'
      join staff.unit_cards d on d.id = t.department_id and d.name = ${worseDepartment}
     where t.is_open and t.assignee_id is null and t.channel = 'phone' and t.next_at <= ${ctx.clock.now()}
     order by t.due_by, t.id limit 1`.execute(ctx.db)
  return rows[0]
}

/** What that department tells in its calls, and what the centre asks of key patients beside. */
export async function fillContent(house: House, hospitalId: number, seed: number, accounts: ReadonlyMap<string, string>): Promise<void> {
  const random = makeRandom(seed + 8)
  const adminId = accounts.get('admin')
  if (!adminId) return
  const admin = deskOf(house, hospitalId, { id: adminId, name: '何静(随访管理员)' })
  const now = house.now()
  const today = wallTime(now, 'Asia/Shanghai').slice(0, 10)
  const { rows } = await inHospital(house, hospitalId, (ctx) =>
    sql<{ departmentId: string; groupId: string; questionnaireId: string }>`
      select d.id as department_id, g.id as group_id, q.id as questionnaire_id
        from staff.unit_cards d, patients.group_cards g, surveys.questionnaire_cards q
       where d.name = ${worseDepartment} and g.kind = 'segment' and g.name = '老干部' and q.key = 'level-three'`.execute(ctx.db),
  )
  const [found] = rows
  if (!found) return
  await admin(contentApi.saveNews, {
    id: random.id(now),
    body: {
      departmentId: found.departmentId,
      title: '周六骨科门诊',
      text: '本月起骨科周六上午开放复查门诊，可以电话预约。',
      fromOn: today,
      untilOn: addDays(today, 30),
    },
  })
  await admin(contentApi.saveExtra, {
    id: random.id(now),
    body: { name: '老干部附加问卷', groupId: found.groupId, questionnaireId: found.questionnaireId, fromOn: today, untilOn: null },
  })
}
