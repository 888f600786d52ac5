import { newId } from '@renxin/kernel'
import { atEnd, type Context, sql, unveiled } from '@renxin/server'
import { flaggedResponses, type RaisedByAnswers } from '@renxin/surveys'
import { refreshRisk } from '../risk.ts'
import { accounts } from '../windows.ts'
import { dueAtOf } from './rules.ts'
import { db } from './tables.ts'

/**
 * Raises the red flags of recorded answers, whichever way they came, in the transaction that records them: each rule once for a response, however often it is sent.
 * The work goes to the attending doctor of the visit, else to whoever answers for red flags in the department, else it is anybody's there.
 */
export async function raiseFlags(ctx: Context, responseIds: readonly string[]): Promise<void> {
  await unveiled(ctx, async () => {
    const flagged = await flaggedResponses(ctx, responseIds)
    if (flagged.length === 0) return
    await insertFlags(ctx, flagged.flatMap(({ responseId, versionId, raised }) => raised.map((r) => ({ responseId, versionId, ...r })))) // biome-ignore format: one thought
  })
}

type Raised = RaisedByAnswers & { responseId: string; versionId: string }

export async function insertFlags(ctx: Context, raised: readonly Raised[]): Promise<void> {
  const now = ctx.clock.now()
  const said = raised.map((r) => ({
    id: newId(now.getTime()),
    response_id: r.responseId,
    rule_id: r.ruleId,
    version_id: r.versionId,
    severity: r.severity,
    title: r.title || r.ruleId,
    due_at: dueAtOf(now, r.deadlineMinutes),
  }))
  const { rows } = await sql<{
    id: string
    patientId: string
    doctorName: string | null
    responseId: string
    raisedBy: string
    raisedByName: string
  }>`
    insert into followups.flags (id, response_id, rule_id, version_id, patient_id, said_patient_id, encounter_id, department_id, ward_id, severity, title,
                                 raised_at, raised_by, raised_by_name, due_at, doctor_id, doctor_name)
    select f.id, f.response_id, f.rule_id, f.version_id, r.patient_id, coalesce(c.said_patient_id, r.patient_id), r.encounter_id, r.department_id, r.ward_id,
           f.severity, f.title, ${now}, r.recorded_by, coalesce(u.display_name, ${ctx.actor.name}), f.due_at, who.id, who.name
      from jsonb_populate_recordset(null::followups.flags, ${JSON.stringify(said)}::jsonb) f
      join surveys.response_cards r on r.id = f.response_id
      left join encounters.cards c on c.id = r.encounter_id
      left join access.user_cards u on u.id = r.recorded_by
      left join ${accounts} a on a.person_id = r.attending_id
      left join followups.flag_duties d on d.department_id = r.department_id
      left join access.user_cards h on h.id = d.account_id and not h.is_disabled
      cross join lateral (select coalesce(a.id, h.id) as id, case when a.id is not null then a.display_name else h.display_name end as name) who
     where r.patient_id is not null
    on conflict on constraint flags_raised_once do nothing
    returning id, patient_id, doctor_name, response_id, raised_by, raised_by_name`.execute(ctx.db)
  if (rows.length === 0) return
  ctx.touched.add('followups')
  await atEnd(ctx, refreshRisk, rows.map((r) => r.patientId)) // biome-ignore format: one thought
  await db(ctx)
    .insertInto('followups.flagSteps')
    .values(
      rows.map((r) => ({
        id: newId(now.getTime()),
        flagId: r.id,
        at: now,
        kind: 'raised' as const,
        byId: r.raisedBy,
        byName: r.raisedByName,
        toName: r.doctorName,
        responseId: r.responseId,
      })),
    )
    .execute()
}

/** What the nurse notes of it in the call: by which task it was heard, and which of the rules the patient was told what to do. */
export async function noteCall(
  ctx: Context,
  { responseId, taskId, told }: { responseId: string; taskId: string; told: readonly string[] },
): Promise<void> {
  const flags = await db(ctx)
    .updateTable('followups.flags')
    .set({ taskId, toldAt: sql<Date | null>`case when rule_id = any(${[...told]}::text[]) then ${ctx.clock.now()}::timestamptz end` })
    .where('responseId', '=', responseId)
    .returning(['id', 'toldAt'])
    .execute()
  const spoken = flags.filter((f) => f.toldAt !== null)
  if (spoken.length > 0)
    await noteSteps(ctx, spoken.map((f) => ({ flagId: f.id, kind: 'told' }))) // biome-ignore format: one thought
}

type Step = {
  flagId: string
  kind: 'told' | 'given' | 'taken' | 'passed' | 'closed' | 'kept' | 'withdrawn'
  toName?: string | null
  responseId?: string
  note?: string
}

/** Writes down what happened with red flags, by the one who is at work. */
export async function noteSteps(ctx: Context, steps: readonly Step[]): Promise<void> {
  if (steps.length === 0) return
  const at = ctx.clock.now()
  await db(ctx)
    .insertInto('followups.flagSteps')
    .values(
      steps.map(({ flagId, kind, toName = null, responseId = null, note = '' }) => ({
        id: newId(at.getTime()),
        flagId,
        at,
        kind,
        byId: ctx.actor.id,
        byName: ctx.actor.name,
        toName,
        responseId,
        note,
      })),
    )
    .execute()
}
