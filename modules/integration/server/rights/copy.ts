import { type Context, type CopySection, type Subject, sql } from '@renxin/server'

type Rows = CopySection['rows']

/** By which ways facts came, and to whom some were given. */
export async function copySources(ctx: Context, { files }: Subject): Promise<CopySection[]> {
  const these = sql`any(${[...files]}::uuid[])`
  const moment = (what: ReturnType<typeof sql>) => sql`to_char(${what} at time zone ${ctx.hospital.zone}, 'YYYY-MM-DD HH24:MI')`
  const { rows: sources } = await sql<Rows[number]>`
    select 'hl7' as way, s.name, m.type || coalesce('^' || nullif(m.event, ''), '') as what, count(*)::int as times, ${moment(sql`min(m.received_at)`)} as at, ${moment(sql`max(m.received_at)`)} as until
      from integration.messages m join integration.senders s on s.id = m.sender_id
     where m.id in (select v.id from integration.messages v join encounters.cards e on e.number = v.visit_number where e.patient_id = ${these}
                    union select p.id from integration.messages p where p.patient_id = ${these} and p.visit_number is null)
     group by s.name, m.type, m.event
    union all
    select 'fhir', r.type, '', count(*)::int, ${moment(sql`min(r.changed_at)`)}, ${moment(sql`max(r.changed_at)`)}
      from integration.fhir_resources r where r.patient_id = ${these} group by r.type
    union all
    select 'file', i.name, i.kind, count(*)::int, ${moment(sql`min(i.said_at)`)}, ${moment(sql`max(i.said_at)`)}
      from integration.import_rows r join integration.imports i on i.id = r.import_id where r.patient_id = ${these} or r.said_patient_id = ${these} group by i.name, i.kind
    union all
    select 'view', s.name, v.subject, count(*)::int, ${moment(sql`min(r.read_at)`)}, ${moment(sql`max(r.read_at)`)}
      from integration.view_rows r join integration.views v on v.id = r.view_id join integration.view_sources s on s.id = v.source_id
     where r.patient_id = ${these} group by s.name, v.subject
    order by 1, 2, 3`.execute(ctx.db)
  const { rows: given } = await sql<Rows[number]>`
    select d.name, o.kind, o.status, ${moment(sql`coalesce(o.sent_at, o.created_at)`)} as at
      from integration.outgoing o join integration.destinations d on d.id = o.destination_id where o.patient_id = ${these} order by o.seq`.execute(
    ctx.db,
  )
  return [
    { section: 'sources', rows: sources },
    { section: 'given', rows: given },
  ]
}
