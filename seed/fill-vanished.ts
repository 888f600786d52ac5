import { planProgramme } from '@renxin/followups'
import { addDays, momentAt, wallTime } from '@renxin/kernel'
import { type Context, type House, inHospital, sql } from '@renxin/server'
import { currentVersion, findQuestionnaireByKey, type NewResponse, recordManyResponses } from '@renxin/surveys'
import { type Attempt, type Closing, writeAttempts, writeClosings, writeContacts } from './fill-work.ts'
import { makeRandom, type Random } from './random.ts'

const ZONE = 'Asia/Shanghai'
/** The programme has run for so many days. */
const DAYS = 75
const NURSES = ['nurse', 'nurse2', 'nurse3', 'nurse4']

type Task = { id: string; patientId: string; encounterId: string; dueFrom: Date }
type Answers = NewResponse['answers']

/** Who was not seen again within a month was asked why: most answered, some were not reached, and those of the last days wait. */
export async function fillVanished(house: House, hospitalId: number, seed: number, accounts: ReadonlyMap<string, string>): Promise<void> {
  const random = makeRandom(seed + 10) // its own draws
  const now = house.now()
  await inHospital(house, hospitalId, async (ctx) => {
    const tasks = await planVanished(ctx)
    const questionnaire = await findQuestionnaireByKey(ctx, 'revisit-reasons')
    if (!questionnaire) return
    const { id: versionId } = await currentVersion(ctx, questionnaire.id)
    const worked = tasks.flatMap((task) => work(random, task, now, accounts.get(random.pick(NURSES)) ?? '', versionId))
    await recordManyResponses(ctx, worked.flatMap((w) => w.response ?? [])) // biome-ignore format: one thought
    await writeAttempts(ctx, worked.map((w) => w.attempt)) // biome-ignore format: one thought
    await writeContacts(ctx, worked.filter((w) => w.response).map((w) => w.attempt)) // biome-ignore format: one thought
    await writeClosings(ctx, worked.map((w) => w.closing)) // biome-ignore format: one thought
  })
}

async function planVanished(ctx: Context): Promise<Task[]> {
  const from = momentAt(ZONE, addDays(ctx.clock.today(), -DAYS))
  const { rows } = await sql<{ id: string }>`
    update followups.programmes set active_from = ${from} where key = 'vanished30d' returning id`.execute(ctx.db)
  for (const { id } of rows) await planProgramme(ctx, id)
  const planned = await sql<Task>`
    select id, patient_id, encounter_id, due_from from followups.task_rows
     where trigger = 'vanished' and status = 'todo' and due_from < ${ctx.clock.now()} order by due_from, encounter_id`.execute(ctx.db)
  return planned.rows
}

type Worked = { attempt: Attempt; closing: Closing; response: NewResponse | null }

function work(random: Random, task: Task, now: Date, by: string, versionId: string): Worked[] {
  const on = addDays(wallTime(task.dueFrom, ZONE).slice(0, 10), random.int(0, 5))
  const at = momentAt(ZONE, on, `${random.int(9, 16)}:${random.int(10, 59)}`.padStart(5, '0'))
  if (at > now || random.chance(0.12)) return []
  const isTalk = random.chance(0.78)
  const outcome = isTalk ? random.weighted([['reached', 80], ['relativeAnswered', 20]] as const) : 'noAnswer' // biome-ignore format: one thought
  const response: NewResponse | null = isTalk
    ? {
        id: random.id(at),
        versionId,
        patientId: task.patientId,
        encounterId: task.encounterId,
        answers: answersOf(random),
        channel: 'phone',
        respondent: outcome === 'relativeAnswered' ? 'relative' : 'patient',
        by,
        completedAt: new Date(at.getTime() + 140_000),
      }
    : null
  const attempt: Attempt = { id: random.id(at), task: task.id, patient: task.patientId, by, channel: 'phone', at, outcome, next: null }
  const closing: Closing = {
    id: task.id,
    outcome,
    response: response?.id ?? null,
    at: new Date(at.getTime() + 150_000),
    day: on,
    by,
    tries: 1,
  }
  return [{ attempt, closing, response }]
}

const REASONS = [
  ['well', 26], ['elsewhere', 14], ['community', 13], ['far', 13], ['busy', 12], ['no-booking', 8], ['not-told', 7], ['cost', 4], ['too-ill', 3], ['dissatisfied', 2],
] as const // biome-ignore format: a table
const COMPLAINTS = ['上次等了一上午，话没说完就结束了。', '开的检查约到两周以后，跑了三趟。', '问了两个窗口，说法不一样。']

function answersOf(random: Random): Answers {
  const reason = random.weighted(REASONS)
  const wants = ['no-booking', 'not-told', 'busy', 'far'].includes(reason) ? 0.55 : 0.12
  return {
    reason: [reason],
    ...(reason === 'dissatisfied' && { 'reason-text': [random.pick(COMPLAINTS)] }),
    'wants-booking': [random.chance(wants) ? 'yes' : random.chance(0.4) ? 'own' : 'no'],
  }
}
