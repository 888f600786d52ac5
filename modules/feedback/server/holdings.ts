import { type Context, type CopySection, type Holdings, type Leaving, type Subject, sql } from '@renxin/server'

/** A complaint's file stays as it is. Of praise, suggestions and remarks only the figure stays, of nobody. */
export const holdings: Holdings = {
  tables: {
    'feedback.opinions': { copied: 'opinions', erased: 'partly', stays: 'complaintFile' },
    'feedback.complaints': { copied: 'opinions', erased: 'never', stays: 'complaintFile' },
    'feedback.complaint_units': { copied: false, erased: 'never', stays: 'complaintFile' },
    'feedback.rectifications': { copied: false, erased: 'never', stays: 'complaintFile' },
    'feedback.history': { copied: false, erased: 'never', stays: 'complaintFile' },
  },
  copy: copyOpinions,
  stays: async (ctx, who) => {
    const { rows } = await sql<{ complaints: number; others: number }>`
      select count(*) filter (where ${isComplaint})::int as complaints, count(*) filter (where not ${isComplaint})::int as others
        from feedback.opinions o where ${of(who)}`.execute(ctx.db)
    return [
      { reason: 'complaintFile', what: 'complaints', count: rows[0]?.complaints ?? 0, until: null },
      { reason: 'figures', what: 'opinions', count: rows[0]?.others ?? 0, until: null },
    ]
  },
  erase: eraseOpinions,
}

const of = ({ files }: Subject) => sql`(o.patient_id = any(${[...files]}::uuid[]) or o.said_patient_id = any(${[...files]}::uuid[]))`
const isComplaint = sql`(o.kind = 'complaint' or exists (select from feedback.complaints k where k.id = o.id))`

/** What was said and what the person was told of it. Whom it was said about, and what the units wrote to each other, is theirs. */
async function copyOpinions(ctx: Context, who: Subject): Promise<CopySection[]> {
  const { rows } = await sql<CopySection['rows'][number]>`
    select o.kind, c.name as category, to_char(o.received_at at time zone ${ctx.hospital.zone}, 'YYYY-MM-DD HH24:MI') as at, o.source, o.text,
           k.number, k.status, k.result
      from feedback.opinions o
      left join feedback.categories c on c.id = o.category_id
      left join feedback.complaints k on k.id = o.id
     where ${of(who)} order by o.received_at`.execute(ctx.db)
  return [{ section: 'opinions', rows }]
}

async function eraseOpinions(ctx: Context, who: Leaving): Promise<Record<string, number>> {
  const words = await sql`
    update feedback.opinions o set text = '', speaker_name = null, speaker_phone = null, patient_id = null, said_patient_id = null, encounter_id = null,
           origin = null, origin_id = null
     where ${of(who)} and not ${isComplaint}`.execute(ctx.db)
  // The answers out of which a complaint came are nobody's from now on: the way from its file to them is closed.
  await sql`update feedback.opinions o set origin_id = null where ${of(who)} and o.origin = 'surveys.response'`.execute(ctx.db)
  ctx.touched.add('feedback')
  return { 'feedback.opinions': Number(words.numAffectedRows ?? 0) }
}
