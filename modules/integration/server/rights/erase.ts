import { type Context, type Leaving, sealText, sql, tick } from '@renxin/server'
import { sealCells } from '../imports/store.ts'
import { eraseResources } from './erase-fhir.ts'

/** What stands where a message was. */
const EMPTY = 'tMSH|^~\\&|'
const MOST_AT_ONCE = 5000

/** Clears the words of what came of a person from other systems, and of what went to them. */
export async function eraseMessages(ctx: Context, who: Leaving): Promise<Record<string, number>> {
  const these = sql`any(${[...who.files]}::uuid[])`
  const counts: Record<string, number> = {}
  const count = async (table: string, what: ReturnType<typeof sql>) => {
    counts[table] = Number((await what.execute(ctx.db)).numAffectedRows ?? 0)
  }
  await count(
    'integration.messages',
    emptied(ctx, sql`
      select v.id, v.status, v.reason from encounters.cards e join integration.messages v on v.visit_number = e.number where e.patient_id = ${these} or e.said_patient_id = ${these}
      union select p.id, p.status, p.reason from integration.messages p where p.patient_id = ${these}`), // biome-ignore format: SQL
  )
  await sql`delete from integration.outgoing where patient_id = ${these} and status <> 'sent'`.execute(ctx.db)
  await count(
    'integration.outgoing',
    sql`update integration.outgoing set body = null, message = null, answer = null, error = null where patient_id = ${these}`,
  )
  await count('integration.corrections', sql`delete from integration.corrections where patient_id = ${these}`)
  await count('integration.fhir_notices', sql`delete from integration.fhir_notices where patient_id = ${these}`)
  const { rows: numbers } = await sql<{ recordNumbers: string[] | null; visitNumbers: string[] | null }>`
    select (select array_agg(p.medical_record_number) from patients.cards p where p.id = ${these} and p.medical_record_number is not null) as record_numbers,
           (select array_agg(e.number) from encounters.cards e where e.patient_id = ${these} or e.said_patient_id = ${these}) as visit_numbers`.execute(
    ctx.db,
  )
  const { recordNumbers, visitNumbers } = numbers[0] ?? {}
  const { rows: unpublished } = await sql<{
    n: string
  }>`select integration.unpublish(${recordNumbers ?? []}::text[], ${visitNumbers ?? []}::text[]) as n`.execute(ctx.db)
  counts['integration.published'] = Number(unpublished[0]?.n ?? 0)
  await count('integration.link_visits', sql`
    delete from integration.link_visits where medical_record_number = any(${recordNumbers ?? []}::text[]) or visit_number = any(${visitNumbers ?? []}::text[])`) // biome-ignore format: SQL
  await count('integration.view_rows', viewRowsCleared(sql`r.patient_id = ${these}`))
  counts['integration.import_rows'] = await eraseImported(ctx, who)
  counts['integration.fhir_resources'] = await eraseResources(ctx, who)
  ctx.touched.add('integration')
  return counts
}

/** Those among these that need nothing any more lose their words; what waits is a fact that nobody has read yet, and loses them when it is. */
const emptied = (ctx: Context, messages: ReturnType<typeof sql>) => sql`
  update integration.messages m set body = ${sealText(ctx, EMPTY)}, mended = null, mend_reason = null, detail = null, notes = null, status = 'ignored', reason = 'erased'
   where m.id in (select x.id from (${messages}) x where x.status in ('applied', 'ignored') and x.reason is distinct from 'erased' limit ${sql.lit(MOST_AT_ONCE)})`

const viewRowsCleared = (whose: ReturnType<typeof sql>) =>
  sql`update integration.view_rows r set body = null, problems = null where ${whose} and r.status = 'applied' and (r.body is not null or r.problems is not null)`

/** Files that are being undone or looked at keep their rows in number, without a word of this person; their first rows are shown no more. */
const eraseImported = (ctx: Context, { files }: Leaving): Promise<number> =>
  importedCleared(ctx, sql`r.patient_id = any(${[...files]}::uuid[]) or r.said_patient_id = any(${[...files]}::uuid[])`)

/** A file that was taken in keeps no words of those who asked to be forgotten before. */
export const clearImport = (ctx: Context, importId: string): Promise<number> =>
  importedCleared(ctx, sql`r.import_id = ${importId}::uuid and r.patient_id in (select f.patient_id from patients.erased_files f)`)

async function importedCleared(ctx: Context, whose: ReturnType<typeof sql>): Promise<number> {
  const { rows } = await sql<{ importId: string }>`
    update integration.import_rows r set cells = ${sealCells(ctx, [])}, changes = null where ${whose} returning r.import_id`.execute(ctx.db)
  const ids = [...new Set(rows.map((r) => r.importId))]
  if (ids.length === 0) return 0
  await sql`update integration.imports set peek = ${sealText(ctx, '[]')} where id = any(${ids}::uuid[]) and peek <> ''::bytea`.execute(
    ctx.db,
  )
  return rows.length
}

/** The hospital's systems go on sending: of one who asked to be forgotten no message keeps its words longer than it takes to read it. */
export const clearErased = tick('integration.clearErased', { everySeconds: 60 }, async (ctx) => {
  await emptied(ctx, sql`
    select v.id, v.status, v.reason from patients.erased_files f join encounters.cards e on e.patient_id = f.patient_id join integration.messages v on v.visit_number = e.number
    union select p.id, p.status, p.reason from patients.erased_files f join integration.messages p on p.patient_id = f.patient_id and p.visit_number is null`).execute(ctx.db) // biome-ignore format: SQL
  await viewRowsCleared(sql`r.patient_id in (select f.patient_id from patients.erased_files f)`).execute(ctx.db)
})
