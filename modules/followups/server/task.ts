import { mayContact, phonesOf } from '@renxin/patients'
import { type Context, sql, type Visit } from '@renxin/server'
import { currentVersion, fillForms, getVersion, showFilled } from '@renxin/surveys'
import { readForm, type Version } from '@renxin/surveys/contract'
import { handoversOf } from './leaves/index.ts'
import { callerOfToday, readReach } from './reach/reach.ts'
import { getRow, shown } from './rows.ts'
import { db } from './tables.ts'

/** Everything the nurse sees before and while she talks: who he is, what he went through, what was tried, what is asked. */
export async function getTask(ctx: Context, { id }: { id: string }) {
  const row = await getRow(ctx, id)
  const [step, stay, phones, gate, draft, attempts, previous] = [
    await stepOf(ctx, id),
    await stayOf(ctx, row.encounterId),
    await phonesOf(ctx, row.patientId),
    await gateOf(ctx, row.patientId),
    await draftOf(ctx, id),
    await attemptsOf(ctx, id),
    await previousOf(ctx, row.patientId),
  ]
  const versionId = draft?.versionId ?? null // a conversation that has begun goes on with what it began with
  const version = versionId
    ? await getVersion(ctx, versionId)
    : step.questionnaireId
      ? await currentVersion(ctx, step.questionnaireId)
      : null
  const bad = await badNumbers(ctx, row.patientId)
  const numbers = phones.map((p) => ({ ...p, isBad: bad.has(p.id) }))
  const { reach, faredBy } = await readReach(ctx, row.patientId, numbers, { from: step.callFrom, until: step.callUntil })
  const caller = await callerOfToday(ctx, row.patientId)
  return {
    ...shown(ctx, row),
    triesAllowed: step.tries,
    contacts: numbers.map((n) => ({ ...n, ...faredBy(n.id) })),
    reach: row.isOpen && row.channel === 'phone' ? reach : null,
    calledToday: caller && caller.byId !== ctx.actor.id ? { byName: caller.byName, at: caller.at } : null,
    gate,
    stay,
    questionnaire: version && {
      versionId: version.id,
      title: version.title,
      definition: version.definition,
      filled: row.isOpen ? await filledFor(ctx, version, row) : null,
    },
    draft,
    attempts,
    handovers: await handoversOf(ctx, id),
    previous,
  }
}

/** Read anew each time until the task is completed: then it is kept with the response. */
async function filledFor(ctx: Context, { definition }: Version, visit: Visit) {
  const form = readForm(definition)
  const [values = []] = await fillForms(ctx, [{ form, visit }])
  return showFilled(ctx, form, values)
}

const stepOf = (ctx: Context, taskId: string) =>
  db(ctx)
    .selectFrom('followups.tasks as t')
    .innerJoin('followups.steps as s', (on) => on.onRef('s.versionId', '=', 't.versionId').onRef('s.position', '=', 't.step'))
    .innerJoin('followups.versions as v', 'v.id', 't.versionId')
    .where('t.id', '=', taskId)
    .select(['s.questionnaireId', 's.tries', 'v.callFrom', 'v.callUntil'])
    .executeTakeFirstOrThrow()

async function stayOf(ctx: Context, encounterId: string) {
  const c = await db(ctx)
    .selectFrom('encounters.cards as c')
    .leftJoin('staff.personCards as a', 'a.id', 'c.attendingId')
    .leftJoin('staff.personCards as n', 'n.id', 'c.nurseId')
    .where('c.id', '=', encounterId)
    .selectAll('c')
    .select(['a.name as attendingName', 'n.name as nurseName'])
    .executeTakeFirst()
  if (!c) return null
  const burdens = {
    everCritical: c.everCritical,
    everSerious: c.everSerious,
    everSpecialNursing: c.everSpecialNursing,
    everLevelOne: c.everLevelOne,
  }
  return {
    ...c,
    ever: Object.entries(burdens).flatMap(([name, was]) => (was ? [name] : [])),
    diagnoses: c.mainDiagnosisName ? [{ code: c.mainDiagnosisCode, name: c.mainDiagnosisName }] : [],
  }
}

export async function gateOf(ctx: Context, patientId: string) {
  const said = (await mayContact(ctx, [patientId], { purpose: 'followup' })).get(patientId)
  return { allowed: said?.allowed ?? false, reason: said?.reason ?? null, until: said?.until ?? null }
}

/** Numbers that turned out to be somebody else's, or nobody's, whichever task it was found out by. */
export async function badNumbers(ctx: Context, patientId: string): Promise<ReadonlySet<string>> {
  const found = await db(ctx)
    .selectFrom('followups.attempts')
    .where('patientId', '=', patientId)
    .where('outcome', 'in', ['wrongNumber', 'voidNumber'])
    .select('contactId')
    .limit(100)
    .execute()
  return new Set(found.flatMap((a) => a.contactId ?? []))
}

const draftOf = async (ctx: Context, taskId: string) =>
  (await db(ctx).selectFrom('followups.drafts').where('taskId', '=', taskId).selectAll().executeTakeFirst()) ?? null

const attemptsOf = (ctx: Context, taskId: string) =>
  db(ctx)
    .selectFrom('followups.attempts')
    .where('taskId', '=', taskId)
    .selectAll()
    .orderBy('startedAt', 'desc')
    .orderBy('id', 'desc')
    .limit(50)
    .execute()

const previousOf = (ctx: Context, patientId: string) =>
  db(ctx)
    .selectFrom('surveys.responseCards as r')
    .where('r.patientId', '=', patientId)
    .select(['r.id', 'r.questionnaireTitle as title', 'r.completedAt'])
    .select(sql<number | null>`r.score_mean::float8`.as('scoreMean'))
    .orderBy('r.completedAt', 'desc')
    .limit(5)
    .execute()
