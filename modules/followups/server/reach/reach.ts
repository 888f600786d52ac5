import type { PhoneCard } from '@renxin/patients'
import { type Context, sql } from '@renxin/server'
import type { Outcome, Reach } from '../../contract.ts'
import { db } from '../tables.ts'
import { pickedUp, proposeHour, proposeNumber, type Try } from './rules.ts'

/** So many of the last tries are learned from. */
const LEARNED_FROM = 100

/** How a patient's numbers fared, and which of them to ring next and when. */
export async function readReach(
  ctx: Context,
  patientId: string,
  phones: readonly (PhoneCard & { isBad: boolean })[],
  hours: { from: string; until: string },
): Promise<{ reach: Reach; faredBy: (contactId: string) => { tries: number; answered: number } }> {
  const tries = await triesOf(ctx, patientId)
  const [from, until] = [Math.ceil(hourOf(hours.from)), Math.ceil(hourOf(hours.until))]
  return {
    reach: { ...proposeNumber(phones, tries), ...proposeHour(tries, { from, until }) },
    faredBy: (contactId) => {
      const own = tries.filter((t) => t.contactId === contactId)
      return { tries: own.length, answered: own.filter((t) => t.isAnswered).length }
    },
  }
}

/** `08:30` as 8.5. */
const hourOf = (time: string): number => Number(time.slice(0, 2)) + Number(time.slice(3, 5)) / 60

async function triesOf(ctx: Context, patientId: string): Promise<Try[]> {
  const rows = await db(ctx)
    .selectFrom('followups.attempts')
    .where('patientId', '=', patientId)
    .where('channel', '=', 'phone')
    .where('outcome', 'is not', null)
    .where('outcome', '<>', 'notRecorded')
    .select(['contactId', 'startedAt', 'outcome'])
    .orderBy('startedAt', 'desc')
    .orderBy('id', 'desc')
    .limit(LEARNED_FROM)
    .execute()
  const today = ctx.clock.today()
  return rows.map(({ contactId, startedAt, outcome }) => ({
    contactId,
    hour: Number(ctx.clock.timeOf(startedAt).slice(0, 2)),
    isAnswered: (pickedUp as readonly (string | null)[]).includes(outcome),
    isToday: ctx.clock.dayOf(startedAt) === today,
  }))
}

/** Who answered a call that took place: the patient, or whose telephone it was, or whom the nurse says. */
export async function whoAnswered(
  ctx: Context,
  said: { outcome: Outcome; answeredBy: string | undefined; attemptId: string },
  relationOf: (contactId: string) => string | undefined,
): Promise<string> {
  if (said.outcome === 'reached') return 'self'
  if (said.answeredBy && said.answeredBy !== 'self') return said.answeredBy
  const attempt = await db(ctx).selectFrom('followups.attempts').where('id', '=', said.attemptId).select('contactId').executeTakeFirst()
  const relation = attempt?.contactId ? relationOf(attempt.contactId) : undefined
  return relation && relation !== 'self' ? relation : 'other'
}

type Caller = { byId: string; byName: string; at: Date }

/** Who has called this patient today; nobody else may until tomorrow. */
export async function callerOfToday(ctx: Context, patientId: string): Promise<Caller | undefined> {
  return db(ctx)
    .selectFrom('followups.callDays')
    .where('patientId', '=', patientId)
    .where('calledOn', '=', ctx.clock.today())
    .select(['byId', 'byName', 'calledAt as at'])
    .executeTakeFirst()
}

/** Takes the day for whoever calls, where nobody has it; answers who has it now. Two who dial at once wait here for one another. */
export async function takeDay(ctx: Context, patientId: string): Promise<Caller | undefined> {
  await db(ctx)
    .insertInto('followups.callDays')
    .values({ patientId, calledOn: ctx.clock.today(), byId: ctx.actor.id, byName: ctx.actor.name, calledAt: ctx.clock.now() })
    .onConflict((c) => c.constraint('call_days_pkey').doNothing())
    .execute()
  return callerOfToday(ctx, patientId)
}

/**
 * Whether somebody else called the patient of task `t` today. Counted rather than asked by `exists`, which PostgreSQL makes a join of: then all tasks are read before
 * the first of a queue is known.
 */
export const isCalledByOther = (ctx: Context) => sql<boolean>`
  ((select count(*) from followups.call_days c where c.patient_id = t.patient_id and c.called_on = ${ctx.clock.today()}::date and c.by_id <> ${ctx.actor.id}::uuid) > 0)`
