import { type Context, type CopySection, openText, type Subject, sql } from '@renxin/server'
import { maskName } from '../../person/masking.ts'
import { maskPhone } from '../../person/phone.ts'
import { isDocument } from '../fold.ts'
import type { ContactRow, PatientRow, PersonRow } from '../tables.ts'

type Kept = CopySection['rows'][number]

/** What the customer file knows of a person, for that person. Of others who stand in it no more is shown than that they do. */
export async function copyPatient(ctx: Context, { files }: Subject): Promise<CopySection[]> {
  const these = [...files]
  const rowsOf = async <T extends object>(what: ReturnType<typeof sql<T>>): Promise<T[]> => (await what.execute(ctx.db)).rows
  const people = await rowsOf(
    sql<PatientRow>`select * from patients.patients where id = any(${these}::uuid[]) order by merged_into nulls first, id`,
  )
  const contacts = await rowsOf(
    sql<ContactRow>`select * from patients.contacts where patient_id = any(${these}::uuid[]) order by relation, rank, id`,
  )
  return [
    { section: 'person', rows: people.map((row) => personOf(ctx, row)) },
    {
      section: 'numbers',
      rows: (
        await rowsOf(sql<{ system: string; type: string; value: string; isRetired: boolean }>`
          select system, type, value, is_retired from patients.identifiers where patient_id = any(${these}::uuid[]) order by type, value`)
      ).filter((n) => !isDocument(n)),
    },
    { section: 'contacts', rows: contacts.map((row) => contactOf(ctx, row)) },
    {
      section: 'people',
      rows: (
        await rowsOf(sql<PersonRow & { relation: string; tiedAt: Date }>`
          select p.*, t.relation, t.tied_at from patients.people_ties t join patients.people p on p.id = t.person_id
           where t.patient_id = any(${these}::uuid[]) order by t.tied_at`)
      ).map(({ name, relation, kind, phone, tiedAt }) => ({
        name: maskName(name),
        relation,
        kind,
        phone: phone && maskPhone(openText(ctx, phone)),
        at: tiedAt.toISOString(),
      })),
    },
    {
      section: 'ownFields',
      rows: (
        await rowsOf(sql<
          { label: string; textValue: string | null; numberValue: number | null; dateValue: string | null; sealed: Buffer | null } & Said
        >`
          select d.label, v.text_value, v.number_value, v.date_value, v.sealed, v.said_at, v.source
            from patients.field_values v join patients.field_definitions d on d.id = v.field_id
           where v.object_id = any(${these}::uuid[]) order by d.label, v.position`)
      ).map((v) => ({
        field: v.label,
        value: v.sealed ? openText(ctx, v.sealed) : (v.textValue ?? v.numberValue ?? v.dateValue),
        ...saidOf(v),
      })),
    },
    {
      section: 'allergies',
      rows: (
        await rowsOf(sql<{ name: string; severity: string | null; reaction: string | null; isGone: boolean; saidAt: Date }>`
          select name, severity, reaction, is_gone, said_at from patients.allergies where patient_id = any(${these}::uuid[]) order by name`)
      ).map(({ saidAt, ...a }) => ({ ...a, at: saidAt.toISOString(), source: 'his' })),
    },
    {
      section: 'cautions',
      rows: (
        await rowsOf(sql<{ kind: string; text: string; notedAt: Date; endedAt: Date | null }>`
          select kind, text, noted_at, ended_at from patients.cautions where patient_id = any(${these}::uuid[]) order by noted_at`)
      ).map((c) => ({ kind: c.kind, text: c.text, at: c.notedAt.toISOString(), until: c.endedAt?.toISOString() ?? null })),
    },
    {
      section: 'groups',
      rows: await rowsOf(sql<Kept>`
        select g.name, 'tag' as kind, to_char(t.tagged_at at time zone ${ctx.hospital.zone}, 'YYYY-MM-DD') as at
          from patients.tagged t join patients.tags g on g.id = t.tag_id where t.patient_id = any(${these}::uuid[])
        union all
        select s.name, 'segment', m.since::text from patients.segment_members m join patients.segments s on s.id = m.segment_id
         where m.patient_id = any(${these}::uuid[])
        union all
        select s.name, case when k.is_in then 'putIn' else 'takenOut' end, to_char(k.marked_at at time zone ${ctx.hospital.zone}, 'YYYY-MM-DD')
          from patients.segment_marks k join patients.segments s on s.id = k.segment_id where k.patient_id = any(${these}::uuid[])
        order by 1, 2`),
    },
    {
      section: 'wishes',
      rows: (
        await rowsOf(sql<{ kind: string; value: string; refusedAt: Date }>`
          select kind, value, refused_at from patients.refusals where patient_id = any(${these}::uuid[]) order by refused_at`)
      )
        .map((r): Kept => ({ kind: r.kind, value: r.value, at: r.refusedAt.toISOString() }))
        .concat(
          await rowsOf(sql<Kept>`
            select 'privacy' as kind, class as value, to_char(set_at at time zone ${ctx.hospital.zone}, 'YYYY-MM-DD') as at
              from patients.privacy where patient_id = any(${these}::uuid[]) and class <> 'none' order by set_at, said_patient_id`),
        ),
    },
    {
      section: 'contacted',
      rows: (
        await rowsOf(sql<{ at: Date; purpose: string | null }>`
          select at, purpose from patients.contact_log where patient_id = any(${these}::uuid[]) order by at`)
      ).map((c) => ({ at: c.at.toISOString(), purpose: c.purpose })),
    },
    {
      section: 'requests',
      rows: (
        await rowsOf(sql<{ kind: string; asker: string; state: string; receivedAt: Date; doneAt: Date | null }>`
          select kind, asker, state, received_at, done_at from patients.rights_requests where patient_id = any(${these}::uuid[]) order by received_at`)
      ).map((r) => ({
        kind: r.kind,
        asker: r.asker,
        state: r.state,
        at: r.receivedAt.toISOString(),
        until: r.doneAt?.toISOString() ?? null,
      })),
    },
    {
      section: 'merges',
      rows: (
        await rowsOf(sql<{ mergedAt: Date; partedAt: Date | null }>`
          select merged_at, parted_at from patients.merges where survivor_id = any(${these}::uuid[]) or retired_id = any(${these}::uuid[]) order by merged_at`)
      ).map((m) => ({ at: m.mergedAt.toISOString(), until: m.partedAt?.toISOString() ?? null })),
    },
  ]
}

type Said = { saidAt: Date; source: 'his' | 'manual' }
const saidOf = ({ saidAt, source }: Said) => ({ source, at: saidAt.toISOString() })

/** The whole of it, and when it was last said: the person who asks is this one. */
function personOf(ctx: Context, row: PatientRow): Kept {
  const last = Math.max(...Object.values(row.saidAt).flatMap((at) => at ?? []), row.createdAt.getTime())
  return {
    name: row.name,
    sex: row.sex,
    birthOn: row.birthOn,
    identityCard: row.identityCard && openText(ctx, row.identityCard),
    medicalRecordNumber: row.medicalRecordNumber,
    address: row.address && openText(ctx, row.address),
    district: row.district,
    ethnic: row.ethnic,
    marital: row.marital,
    job: row.job,
    language: row.language,
    birthPlace: row.birthPlace,
    nationality: row.nationality,
    religion: row.religion && openText(ctx, row.religion),
    payer: row.payer,
    identityClass: row.identityClass,
    bed: row.bed,
    deceasedAt: row.deceasedAt?.toISOString() ?? null,
    isMerged: row.mergedInto !== null,
    at: new Date(last).toISOString(),
  }
}

/** One's own number whole; that of somebody else as a mask, and the name too. */
function contactOf(ctx: Context, row: ContactRow): Kept {
  const number = openText(ctx, row.phone)
  const isOwn = row.relation === 'self'
  return {
    relation: row.relation,
    name: row.name && (isOwn ? row.name : maskName(row.name)),
    phone: isOwn ? number : maskPhone(number),
    isFormer: row.isFormer || row.isVoid,
    ...saidOf(row),
  }
}
