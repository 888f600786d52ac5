import { type Context, type CopySection, type Holdings, type Leaving, type Subject, sql } from '@renxin/server'

/** Words go, and with them whose they were; what was marked counts on in the figures, of nobody. */
export const holdings: Holdings = {
  tables: {
    'surveys.responses': { copied: 'answers', erased: 'partly', stays: 'figures' },
    'surveys.corrections': { copied: false, erased: 'partly', stays: 'figures' },
    'surveys.answers': { copied: 'answers', erased: 'partly', stays: 'figures' },
  },
  copy: copyAnswers,
  stays: async (ctx, { files }) => {
    const { rows } = await sql<{
      n: number
    }>`select count(*)::int as n from surveys.responses where patient_id = any(${[...files]}::uuid[])`.execute(ctx.db)
    return [{ reason: 'figures', what: 'marks', count: rows[0]?.n ?? 0, until: null }]
  },
  erase: cutLoose,
}

async function copyAnswers(ctx: Context, { files }: Subject): Promise<CopySection[]> {
  const { rows } = await sql<CopySection['rows'][number]>`
    select v.title, to_char(r.completed_at at time zone ${ctx.hospital.zone}, 'YYYY-MM-DD HH24:MI') as at, r.channel, r.respondent,
           (select string_agg(concat_ws(' ', i ->> 'text', (
              select string_agg(coalesce(a -> 'valueCoding' ->> 'display', a ->> 'valueString', a ->> 'valueDate', a ->> 'valueDateTime', a ->> 'valueTime', a ->> 'valueDecimal', a ->> 'valueInteger', a ->> 'valueBoolean'), '、')
                from jsonb_array_elements(case when jsonb_typeof(i -> 'answer') = 'array' then i -> 'answer' else '[]' end) a)), E'\\n')
              from jsonb_path_query(r.resource, '$.**.item[*] ? (exists (@.answer))') i) as answers
      from surveys.responses r join surveys.versions v on v.id = r.version_id
     where r.patient_id = any(${[...files]}::uuid[]) order by r.completed_at`.execute(ctx.db)
  return [{ section: 'answers', rows }]
}

async function cutLoose(ctx: Context, { files }: Leaving): Promise<Record<string, number>> {
  const { rows } = await sql<{ id: string }>`
    update surveys.responses set patient_id = null, said_patient_id = null, encounter_id = null,
           resource = '{"resourceType": "QuestionnaireResponse", "status": "completed"}'
     where patient_id = any(${[...files]}::uuid[]) or said_patient_id = any(${[...files]}::uuid[]) returning id`.execute(ctx.db)
  const ids = rows.map((r) => r.id)
  const answers =
    await sql`update surveys.answers set value_text = null where response_id = any(${ids}::uuid[]) and value_text is not null`.execute(
      ctx.db,
    )
  await sql`update surveys.corrections set reason = '' where response_id = any(${ids}::uuid[])`.execute(ctx.db)
  if (ids.length > 0) ctx.touched.add('surveys')
  return { 'surveys.responses': ids.length, 'surveys.answers': Number(answers.numAffectedRows ?? 0) }
}
