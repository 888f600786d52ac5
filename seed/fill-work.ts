import { tellPatients } from '@renxin/followups'
import { addDays, type LocalDate, momentAt, wallTime } from '@renxin/kernel'
import { type Context, type House, inHospital, sql } from '@renxin/server'
import { currentVersion, findQuestionnaireByKey, type NewResponse, recordManyResponses } from '@renxin/surveys'
import { npsAnswers, recoveryAnswers, satisfactionAnswers, troubleOf } from './answers.ts'
import type { Random } from './random.ts'

const ZONE = 'Asia/Shanghai'
const BATCH = 1000
const COLLEAGUES = ['nurse', 'nurse2', 'nurse3', 'nurse4']

type Task = {
  id: string
  level: string
  questionnaire: string | null
  patientId: string
  encounterId: string
  channel: string
  ward: string | null
  dueFrom: Date
  dueBy: Date
}
export type Attempt = {
  id: string
  task: string
  patient: string
  by: string
  channel: string
  at: Date
  outcome: string
  next: Date | null
}
export type Closing = {
  id: string
  outcome: string
  response: string | null
  at: Date
  day: LocalDate
  by: string
  tries: number
}
type Trying = { id: string; tries: number; outcome: string; at: Date; next: Date }

/** What the centre and the wards have done: the tasks of half a year are worked off, all but those of the last days. `programmeId`: of one programme alone. */
export async function fillWork(
  house: House,
  hospitalId: number,
  random: Random,
  accounts: ReadonlyMap<string, string>,
  now: Date,
  onProgress: (share: number) => void,
  programmeId: string | null = null,
): Promise<void> {
  const today = wallTime(now, ZONE).slice(0, 10)
  const tasks = await inHospital(house, hospitalId, (ctx) => readTasks(ctx, programmeId))
  const versions = await inHospital(house, hospitalId, versionsOf)
  const nurses = COLLEAGUES.map((name) => ({ id: accounts.get(name) ?? '', name }))

  for (let from = 0; from < tasks.length; from += BATCH) {
    const attempts: Attempt[] = []
    const closed: Closing[] = []
    const trying: Trying[] = []
    const responses: NewResponse[] = []
    for (const task of tasks.slice(from, from + BATCH)) {
      const done = work(random, task, now, today, random.pick(nurses).id, versions)
      attempts.push(...done.attempts)
      if (done.closing) closed.push(done.closing)
      else if (done.trying) trying.push(done.trying)
      if (done.response) responses.push(done.response)
    }
    await inHospital(house, hospitalId, async (ctx) => {
      await recordManyResponses(ctx, responses)
      await writeAttempts(ctx, attempts)
      await writeContacts(ctx, attempts.filter((a) => TALKS.has(a.outcome))) // biome-ignore format: one thought
      await writeClosings(ctx, closed)
      await writeTrying(ctx, trying)
      await tellPatients(ctx, attempts.map((a) => a.patient)) // biome-ignore format: one thought
    })
    onProgress(Math.min(1, (from + BATCH) / tasks.length))
  }
}

async function readTasks(ctx: Context, programmeId: string | null): Promise<Task[]> {
  const { rows } = await sql<Task>`
    select t.id, p.level, q.key as questionnaire, t.patient_id, t.encounter_id, t.channel, w.name as ward, t.due_from, t.due_by
    from followups.tasks t
    join followups.programmes p on p.id = t.programme_id
    join followups.steps s on s.version_id = t.version_id and s.position = t.step
    left join surveys.questionnaire_cards q on q.id = s.questionnaire_id
    left join staff.unit_cards w on w.id = t.ward_id
    where t.is_open and t.due_from < ${ctx.clock.now()} and (${programmeId}::uuid is null or p.id = ${programmeId}::uuid) order by t.due_from, t.id`.execute(
    ctx.db,
  )
  return rows
}

async function versionsOf(ctx: Context): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>()
  for (const key of ['recovery', 'inpatient-satisfaction', 'nps']) {
    const questionnaire = await findQuestionnaireByKey(ctx, key)
    const version = questionnaire && (await currentVersion(ctx, questionnaire.id))
    if (version) found.set(key, version.id)
  }
  return found
}

/** One task as it was worked: up to three tries on two days, and what came of it. Recent ones are left for today. */
function work(random: Random, task: Task, now: Date, today: LocalDate, by: string, versions: ReadonlyMap<string, string>) {
  const attempts: Attempt[] = []
  const first = workingMoment(random, task)
  const isFresh = first.getTime() > now.getTime() - 30 * 3_600_000
  const isForgotten = random.chance(task.level === 'department' ? 0.32 : 0.1)
  if (first > now || isForgotten || (isFresh && random.chance(0.8))) {
    return isForgotten && task.dueBy.getTime() < now.getTime() - 10 * 86_400_000
      ? { attempts, closing: closingOf(task, 'noAnswer', null, first, by, 1) }
      : { attempts }
  }
  let at = first
  for (let n = 1; n <= 3; n += 1) {
    const isAnswered = task.channel === 'bedside' ? random.chance(0.97) : random.chance(n === 1 ? 0.62 : 0.35)
    const outcome = isAnswered
      ? random.weighted([
          ['reached', 78],
          ['relativeAnswered', 17],
          ['refused', 4],
        ] as const)
      : random.weighted([
          ['noAnswer', 66],
          ['busy', 14],
          ['off', 12],
          ['wrongNumber', 5],
          ['voidNumber', 3],
        ] as const)
    const next = new Date(at.getTime() + (n === 1 ? 2.5 : 22) * 3_600_000)
    attempts.push({
      id: random.id(at),
      task: task.id,
      patient: task.patientId,
      by,
      channel: task.channel,
      at,
      outcome,
      next: isAnswered || n === 3 ? null : next,
    })
    if (isAnswered || n === 3) {
      const isTalk = outcome === 'reached' || outcome === 'relativeAnswered'
      const response = isTalk ? answered(random, task, at, by, outcome, today, versions) : null
      return { attempts, closing: closingOf(task, outcome, response?.id ?? null, at, by, n), response }
    }
    if (next > now) return { attempts, trying: { id: task.id, tries: n, outcome, at, next } }
    at = next
  }
  return { attempts }
}

/** In the first half of the window, between nine and half past five. */
function workingMoment(random: Random, task: Task): Date {
  const span = task.dueBy.getTime() - task.dueFrom.getTime()
  const near = new Date(task.dueFrom.getTime() + span * random.next() * 0.6)
  const day = wallTime(near, ZONE).slice(0, 10)
  const time = random.chance(0.55)
    ? `${random.int(9, 10).toString().padStart(2, '0')}:${random.int(10, 59)}`
    : `${random.int(14, 16)}:${random.int(10, 59)}`
  const at = momentAt(ZONE, day, time)
  return at < task.dueFrom ? momentAt(ZONE, addDays(day, 1), time) : at
}

const closingOf = (task: Task, outcome: string, response: string | null, at: Date, by: string, tries: number): Closing => ({
  id: task.id,
  outcome,
  response,
  at: new Date(at.getTime() + 150_000),
  day: wallTime(at, ZONE).slice(0, 10),
  by,
  tries,
})

function answered(
  random: Random,
  task: Task,
  at: Date,
  by: string,
  outcome: string,
  today: LocalDate,
  versions: ReadonlyMap<string, string>,
): NewResponse | null {
  const versionId = task.questionnaire ? versions.get(task.questionnaire) : undefined
  if (!versionId || random.chance(0.06)) return null
  const trouble = troubleOf(task.ward, wallTime(at, ZONE).slice(0, 10), today)
  const answers =
    task.questionnaire === 'nps'
      ? npsAnswers(random, trouble)
      : task.questionnaire === 'recovery'
        ? recoveryAnswers(random)
        : satisfactionAnswers(random, trouble)
  return {
    id: random.id(at),
    versionId,
    patientId: task.patientId,
    encounterId: task.encounterId,
    answers,
    channel: 'phone',
    respondent: outcome === 'relativeAnswered' ? 'relative' : 'patient',
    by,
    completedAt: new Date(at.getTime() + 140_000),
  }
}

const rows = (list: readonly object[]) => sql`${JSON.stringify(list)}::jsonb`

export const writeAttempts = (ctx: Context, attempts: readonly Attempt[]) =>
  sql`insert into followups.attempts (id, task_id, patient_id, by_id, by_name, channel, started_at, ended_at, outcome, next_at)
      select a.id, a.task, a.patient, a.by, u.display_name, a.channel, a.at, a.at + interval '2 minutes', a.outcome, a.next
      from jsonb_to_recordset(${rows(attempts)}) as a (id uuid, task uuid, patient uuid, by uuid, channel text, at timestamptz, outcome text, next timestamptz)
      join access.user_cards u on u.id = a.by`.execute(ctx.db)

const TALKS = new Set(['reached', 'relativeAnswered', 'refused', 'callLater'])

/** Somebody was spoken to: it counts against how often the patient may be turned to. */
export const writeContacts = (ctx: Context, talks: readonly Attempt[]) =>
  sql`insert into patients.contact_log (id, patient_id, said_patient_id, at)
      select a.id, a.patient, a.patient, a.at from jsonb_to_recordset(${rows(talks)}) as a (id uuid, patient uuid, at timestamptz)`.execute(
    ctx.db,
  )

export const writeClosings = (ctx: Context, closings: readonly Closing[]) =>
  sql`update followups.tasks t set status = 'done', outcome = c.outcome, response_id = c.response, closed_at = c.at, closed_on = c.day, closed_by = c.by,
             tries = c.tries, last_outcome = c.outcome, last_tried_at = c.at,
             assignee_id = coalesce(t.assignee_id, u.id), assignee_name = coalesce(t.assignee_name, u.display_name), claimed_at = coalesce(t.claimed_at, c.at)
      from jsonb_to_recordset(${rows(closings)}) as c (id uuid, outcome text, response uuid, at timestamptz, day date, by uuid, tries int)
      join access.user_cards u on u.id = c.by
      where t.id = c.id`.execute(ctx.db)

const writeTrying = (ctx: Context, trying: readonly Trying[]) =>
  sql`update followups.tasks t set tries = c.tries, last_outcome = c.outcome, last_tried_at = c.at, next_at = c.next
      from jsonb_to_recordset(${rows(trying)}) as c (id uuid, tries int, outcome text, at timestamptz, next timestamptz) where t.id = c.id`.execute(
    ctx.db,
  )
