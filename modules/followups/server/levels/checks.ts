import type { Input } from '@renxin/kernel'
import { showName } from '@renxin/patients'
import { audit, type Context, paged, sql, visibleTo } from '@renxin/server'
import {
  type Check,
  type CheckedLevel,
  type CheckedWork,
  checkErrors,
  checkedLevels,
  type checksApi,
  compareAnswers,
} from '../../contract.ts'
import { db } from '../tables.ts'
import { objectionTo, recordedAs } from './check-rules.ts'
import { answersIn, centreCallsOf, heardByCentre, supervisionOf, talkOf, triesOf } from './record.ts'
import { getSettings } from './settings.ts'

type Api = typeof checksApi

/** Whom the centre's draws chose, as far as the reader may see them. Their names are looked up once a page is cut: a month has thousands of them. */
const sampled = (ctx: Context) =>
  db(ctx)
    .selectFrom('followups.drawFrame as f')
    .innerJoin('followups.draws as d', 'd.id', 'f.drawId')
    .innerJoin('encounters.cards as c', 'c.id', 'f.encounterId')
    .where('f.level', '=', 'centre')
    .where('f.isDrawn', '=', true)
    .where('c.dischargedOn', 'is not', null)
    .where(visibleTo(ctx.actor, { department: 'd.departmentId', ward: 'c.wardId' }))
    .select(['c.id', 'c.patientId', 'd.departmentId'])
    .select(sql<string>`c.discharged_on`.as('dischargedOn'))

type Place = { patientId: string; departmentId: string }

async function named<T extends Place>(ctx: Context, rows: readonly T[]): Promise<(T & { patientName: string; departmentName: string })[]> {
  const anyOf = (ids: readonly string[]) => sql<string>`any(${[...new Set(ids)]}::uuid[])`
  const patients = await db(ctx)
    .selectFrom('patients.cards')
    .where('id', '=', anyOf(rows.map((r) => r.patientId)))
    .select(['id', 'name'])
    .execute()
  const units = await db(ctx)
    .selectFrom('staff.unitCards')
    .where('id', '=', anyOf(rows.map((r) => r.departmentId)))
    .select(['id', 'name'])
    .execute()
  const nameOf = (list: readonly { id: string; name: string }[], id: string) => list.find((one) => one.id === id)?.name ?? ''
  return rows.map((r) => ({
    ...r,
    patientName: showName(ctx, nameOf(patients, r.patientId)),
    departmentName: nameOf(units, r.departmentId),
  }))
}

const itsChecks = sql`from followups.checks k where k.encounter_id = f.encounter_id`
const shows = {
  all: sql<boolean>`true`,
  open: sql<boolean>`(select count(*) ${itsChecks}) < ${sql.lit(checkedLevels.length)}`,
  wrong: sql<boolean>`exists (select ${itsChecks} and (k.call = 'untrue' or k.answers = 'differ'))`,
}

/** Whom the centre drew of a month's discharges, with what is on record of levels 1 and 2 and what was found of it. The latest discharge first. */
export async function listSampled(ctx: Context, { month, departmentId, show, ...cursor }: Input<Api['checks']>) {
  const found = await paged(
    sampled(ctx)
      .where('d.level', '=', 'centre')
      .where('d.month', '=', `${month}-01`)
      .where(shows[show])
      .$if(departmentId !== undefined, (q) => q.where('d.departmentId', '=', departmentId ?? '')),
    cursor,
    ['c.dischargedOn', 'c.id'],
    'desc',
  )
  const ids = found.rows.map((r) => r.id)
  const { leastSeconds } = await getSettings(ctx)
  const [tries, calls, checks] = [await triesOf(ctx, ids), await centreCallsOf(ctx, ids), await checksFor(ctx, ids)]
  const rows = (await named(ctx, found.rows)).map((row) => ({
    ...row,
    reachedAt: calls.get(row.id)?.reachedAt ?? null,
    levels: checkedLevels.map((level) => {
      const of = tries.filter((a) => a.encounterId === row.id && a.level === level)
      const check = checks.find((c) => c.encounterId === row.id && c.level === level)
      return {
        level,
        recorded: recordedAs({ tries: of.length, talk: talkOf(of) ?? null }, leastSeconds),
        check: check ? { call: check.call, answers: check.answers } : null,
      }
    }),
  }))
  return { rows, next: found.next }
}

const checksFor = (ctx: Context, encounterIds: readonly string[]) =>
  db(ctx)
    .selectFrom('followups.checks')
    .where('encounterId', '=', sql<string>`any(${[...encounterIds]}::uuid[])`)
    .selectAll()
    .limit(1000)
    .execute()

/** Everything about one patient who was drawn: what levels 1 and 2 did for him, what he said to them and to the centre, and what was found. */
export async function getCheckFile(ctx: Context, { id }: { id: string }) {
  const drawn = await sampled(ctx).where('f.encounterId', '=', id).executeTakeFirst()
  const [row] = drawn ? await named(ctx, [drawn]) : []
  if (!row) throw checkErrors.sampledNotFound({ id })
  const { leastSeconds } = await getSettings(ctx)
  const [tries, calls, checks, earlier] = [
    await triesOf(ctx, [id]),
    await centreCallsOf(ctx, [id]),
    await checksFor(ctx, [id]),
    await earlierOf(ctx, id),
  ]
  const [supervision, heard] = [await supervisionOf(ctx, id), await heardByCentre(ctx, calls.get(id))]
  const levels = []
  for (const level of checkedLevels) {
    const of = tries.filter((a) => a.level === level)
    const talk = talkOf(of)
    const check = checks.find((c) => c.level === level)
    const isSecond = level === 'supervisor'
    levels.push({
      level,
      recorded: recordedAs({ tries: of.length, talk: talk ?? null }, leastSeconds),
      tries: of,
      talk: talk ? { at: talk.at, byName: talk.byName, seconds: talk.seconds, isShort: isShort(talk.seconds, leastSeconds) } : null,
      urges: isSecond ? supervision.urges : [],
      spottedOn: isSecond ? supervision.spottedOn : null,
      said: await saidIn(ctx, talk?.responseId ?? null, heard),
      check: check ?? null,
      isCorrectedSince: (check?.responseId ?? null) !== null && talk?.responseId !== check?.responseId,
      responseId: talk?.responseId ?? null,
      earlier: earlier.filter((c) => c.level === level),
    })
  }
  const call = calls.get(id)
  return {
    ...row,
    leastSeconds,
    centre: {
      taskId: call?.taskId ?? null,
      reachedAt: call?.reachedAt ?? null,
      byName: call?.byName ?? null,
      isAsking: call !== undefined && (call.reachedAt !== null || call.isRunning),
    },
    levels,
  }
}

const isShort = (seconds: number | null, leastSeconds: number) => seconds !== null && seconds < leastSeconds

/** The answers of a level's call, and beside them what the patient told the centre where it asked the same questionnaire. */
async function saidIn(ctx: Context, responseId: string | null, heard: readonly string[]): Promise<CheckedWork['said']> {
  const said = await answersIn(ctx, responseId)
  if (!said) return null
  const { questionnaireId, questionnaireTitle: title, definition, answers } = said
  for (const other of heard) {
    const told: typeof said | null = await answersIn(ctx, other)
    if (told?.questionnaireId === questionnaireId) return { title, definition, answers, now: told.answers }
  }
  return { title, definition, answers, now: null }
}

const earlierOf = (ctx: Context, encounterId: string) =>
  db(ctx)
    .selectFrom('followups.checkChanges')
    .where('encounterId', '=', encounterId)
    .selectAll()
    .orderBy('revision', 'desc')
    .limit(100)
    .execute()

/** Keeps what the centre found of one level. What it said before is kept beside it; of two who write at once the second is told. */
export async function saveCheck(ctx: Context, { id, level, revision, call, answers, note }: Input<Api['saveCheck']>) {
  const file = await getCheckFile(ctx, { id })
  const work = file.levels.find((l) => l.level === level)
  if (!work) throw checkErrors.sampledNotFound({ id })
  const finding = { call, answers, note }
  const differing = work.said?.now ? compareAnswers(work.said.definition, work.said.answers, work.said.now) : []
  const objection = objectionTo(finding, {
    hasTalk: work.talk !== null,
    hasAnswers: work.said !== null,
    isShort: work.talk?.isShort ?? false,
    differing: differing.filter((d) => d.isSame === false).length,
    isAsking: file.centre.isAsking,
  })
  if (objection) throw checkErrors[objection]({ id, level })
  const before = await standing(ctx, id, level)
  const isSame = before?.call === call && before.answers === answers && before.note === note
  if (isSame && !work.isCorrectedSince) return file // sent twice
  if ((before?.revision ?? 0) !== revision) throw changedBy(before)
  const record = {
    tries: work.tries.length,
    calledAt: work.talk?.at ?? null,
    callerName: work.talk?.byName ?? null,
    seconds: work.talk?.seconds ?? null,
    leastSeconds: file.leastSeconds,
    responseId: work.said ? work.responseId : null,
  }
  await keep(ctx, { id, level, before, set: { ...finding, ...record, revision: revision + 1, ...signed(ctx) } })
  await audit(ctx, {
    action: 'followups.levelChecked',
    patientId: file.patientId,
    objectId: id,
    detail: { level, before: before ? { call: before.call, answers: before.answers } : null, after: { call, answers } },
  })
  return getCheckFile(ctx, { id })
}

const changedBy = (other: Standing) => checkErrors.checkChanged({ byName: other?.checkedByName ?? '', at: other?.checkedAt ?? null })

const signed = (ctx: Context) => ({ checkedAt: ctx.clock.now(), checkedBy: ctx.actor.id, checkedByName: ctx.actor.name })

const standing = (ctx: Context, id: string, level: CheckedLevel) =>
  db(ctx)
    .selectFrom('followups.checks')
    .where('encounterId', '=', id)
    .where('level', '=', level)
    .select(['revision', 'call', 'answers', 'note', 'checkedAt', 'checkedBy', 'checkedByName'])
    .forUpdate()
    .executeTakeFirst()

type Standing = Awaited<ReturnType<typeof standing>>
type Row = Pick<Check, 'call' | 'answers' | 'note' | 'revision'> &
  ReturnType<typeof signed> & {
    tries: number
    calledAt: Date | null
    callerName: string | null
    seconds: number | null
    leastSeconds: number
    responseId: string | null
  }
type Kept = { id: string; level: CheckedLevel; before: Standing; set: Row }

async function keep(ctx: Context, { id, level, before, set }: Kept): Promise<void> {
  if (!before) {
    const made = await db(ctx)
      .insertInto('followups.checks')
      .values({ encounterId: id, level, ...set })
      .onConflict((c) => c.doNothing())
      .executeTakeFirst()
    if (made.numInsertedOrUpdatedRows === 0n) throw changedBy(await standing(ctx, id, level))
    return
  }
  await db(ctx)
    .insertInto('followups.checkChanges')
    .values({ encounterId: id, level, ...before })
    .execute()
  await db(ctx).updateTable('followups.checks').set(set).where('encounterId', '=', id).where('level', '=', level).execute()
}
