import { newId } from '@renxin/kernel'
import { type Context, sql, unveiled } from '@renxin/server'
import { listedClass } from '../person/identity-class.ts'
import { tellAllergies } from './allergies.ts'
import { rowsAs } from './bulk.ts'
import { type Drafts, saveDrafts, takeForWriting } from './drafts.ts'
import type { Identifier, PatientFacts } from './facts.ts'
import { applyExtras } from './fields/values.ts'
import { type Draft, draftOf, emptyPatient, isDocument, tell } from './fold.ts'
import { mergePatients } from './merge.ts'
import { keepBefore } from './origins.ts'
import { type Resolved, resolve } from './resolve.ts'
import { unheld, wakeForgotten } from './rights/held.ts'
import { keysOfNumber } from './search-keys.ts'
import { areaCodeOf } from './settings.ts'

/** `origin`: an import; what was there before it is kept, so that it can be taken back. */
type Options = { source?: 'his' | 'manual'; origin?: string | undefined }

/** Whose facts they were: today's file of that person, and the one whose number was named. They differ where two files are one person now. */
export type Traced = { patientId: string; saidPatientId: string }

/**
 * Tells the customer file what messages, rows or forms say of persons: a handful of statements however many there are. Answers the patient of each,
 * in their order. All orders of arrival end in the same state; whoever it is about is found by any of the numbers, and made where there is none.
 */
export async function applyPatientFacts(ctx: Context, facts: readonly PatientFacts[], options: Options = {}): Promise<string[]> {
  return (await tracePatientFacts(ctx, facts, options)).map((t) => t.patientId)
}

/** The same for callers who keep what was said of a person: it belongs to the file whose number was named, and stays with it when files are parted again. */
export const tracePatientFacts = (ctx: Context, facts: readonly PatientFacts[], options: Options = {}): Promise<Traced[]> =>
  unveiled(ctx, () => trace(ctx, facts, options))

async function trace(ctx: Context, facts: readonly PatientFacts[], { source = 'his', origin }: Options): Promise<Traced[]> {
  const traced: Traced[] = []
  let isMerged = false
  for (const part of partsUpToMerges(facts)) {
    const { ids, rootOf, hasMerged } = await applyPart(ctx, part, { source, origin })
    traced.push(...ids.map((id) => ({ patientId: rootOf(id), saidPatientId: id })))
    isMerged ||= hasMerged
  }
  return isMerged ? withToday(ctx, traced) : traced
}

async function withToday(ctx: Context, traced: readonly Traced[]): Promise<Traced[]> {
  const { rows } = await sql<{ id: string; mergedInto: string | null }>`
    select id, merged_into from patients.patients where id = any(${traced.map((t) => t.saidPatientId)}::uuid[])`.execute(ctx.db)
  const today = new Map(rows.map((r) => [r.id, r.mergedInto ?? r.id]))
  return traced.map((t) => ({ ...t, patientId: today.get(t.saidPatientId) ?? t.patientId }))
}

/** A merge in the middle changes whom the numbers after it mean. */
function partsUpToMerges(facts: readonly PatientFacts[]): PatientFacts[][] {
  const parts: PatientFacts[][] = []
  let part: PatientFacts[] = []
  for (const fact of facts) {
    part.push(fact)
    if (!fact.mergeOf?.length) continue
    parts.push(part)
    part = []
  }
  return part.length > 0 ? [...parts, part] : parts
}

async function applyPart(ctx: Context, facts: PatientFacts[], { source, origin }: Options & { source: 'his' | 'manual' }) {
  const contacts = facts.some((f) => f.phones !== undefined || f.kin !== undefined || f.kinChanges)
  const tools = { ctx, source, areaCode: facts.some(mayLackAreaCode) ? await areaCodeOf(ctx) : undefined }
  /** Of one who asked to be forgotten the hospital's systems are not heard on what was erased. */
  const heard = (fact: PatientFacts, draft: Draft) => (source === 'his' ? unheld(fact, draft.row) : fact)
  const tellAll = ({ ids, recordNumbers, classes }: Resolved, draftOfId: (id: string) => Draft | undefined) =>
    facts.forEach((fact, at) => {
      const draft = draftOfId(ids[at] ?? '')
      if (!draft) return
      const said = heard(fact, draft)
      tell(
        draft,
        { ...said, identityClass: listedClass(classes, said.identityClass) },
        tools,
        draft.row.isForgotten ? undefined : recordNumbers[at],
      )
    })

  let created = new Map<string, Draft>()
  const resolved = await resolve(ctx, facts, (r) => {
    created = new Map([...r.fresh].map((id) => [id, draftOf(emptyPatient(id, ctx.clock.now()), [], true)]))
    tellAll(r, (id) => created.get(id))
    for (const n of r.added) nameByNumber(created.get(n.patientId), n)
    return [...created.values()].map((d) => d.row)
  })
  const known = resolved.ids.filter((id) => !created.has(id))
  const taken = await takeForWriting(ctx, known, { contacts })
  await wakeForgotten(ctx, taken.all, facts.map((fact, at) => ({ fact, id: resolved.ids[at] ?? '' }))) // biome-ignore format: one thought
  const draftOfId = (id: string) => created.get(id) ?? taken.of(id)
  tellAll(resolved, (id) => (created.has(id) ? undefined : taken.of(id)))
  if (resolved.retireNumbers.length > 0) retireRecordNumber(draftOfId, resolved, facts)
  if (origin) {
    const moments = facts.map((fact, at) => ({ draft: draftOfId(resolved.ids[at] ?? ''), at: fact.sourceAt }))
    await keepBefore(ctx, { origin, said: moments, fresh: resolved.fresh, added: resolved.added })
  }
  await saveNumbers(ctx, resolved, taken)
  await saveDrafts(ctx, [...new Set([...resolved.ids.map(draftOfId), ...created.values()])], taken, keysOfNew(resolved))
  await saveConflicts(ctx, resolved, taken)

  const said = facts.map((fact, at) => heard(fact, draftOfId(resolved.ids[at] ?? '')))
  const extras = said.flatMap(({ extra, sourceAt }, at) => (extra ? [{ objectId: resolved.ids[at] ?? '', saidAt: sourceAt, extra }] : []))
  await applyExtras(ctx, ['patient'], extras, { origin })

  const allergic = said.flatMap((fact, at) =>
    fact.allergies !== undefined || fact.allergyChanges ? [{ ...fact, patientId: resolved.ids[at] ?? '' }] : [],
  )
  if (allergic.length > 0) await tellAllergies(ctx, allergic)

  const [survivorId, last] = [resolved.ids.at(-1), facts.at(-1)]
  const retire = survivorId && last ? [...new Set(resolved.retire)] : []
  for (const retiredId of retire) if (survivorId && last) await mergePatients(ctx, { survivorId, retiredId, saidAt: last.sourceAt })
  return { ids: resolved.ids, rootOf: taken.rootOf, hasMerged: retire.length > 0 }
}

/** Of a retired number of which nothing was heard yet there is nothing else to show. */
function nameByNumber(draft: Draft | undefined, { type, value }: Identifier): void {
  if (draft && type === 'MR' && draft.row.medicalRecordNumber === null) draft.row.medicalRecordNumber = value
}

/** Only a landline may come without its area code. */
function mayLackAreaCode({ phones, kin, kinChanges }: PatientFacts): boolean {
  const numbers = [...(phones ?? []), ...[...(kin ?? []), ...(kinChanges ?? [])].flatMap((k) => k.phones)]
  return numbers.some(({ number }) => !/^1[3-9]\d{9}$/.test(number))
}

/** The record number shown must not be one that was retired just now. */
function retireRecordNumber(
  draftOfId: (id: string) => Draft,
  { ids, recordNumbers, retireNumbers }: Resolved,
  facts: readonly PatientFacts[],
): void {
  const [id, fact] = [ids.at(-1), facts.at(-1)]
  if (!id || !fact) return
  const { row } = draftOfId(id)
  if (!retireNumbers.some((n) => n.type === 'MR' && n.value === row.medicalRecordNumber)) return
  row.medicalRecordNumber = recordNumbers.at(-1) ?? null
  row.saidAt.medicalRecordNumber = fact.sourceAt.getTime()
}

/** What new numbers can be searched by. */
const keysOfNew = ({ added }: Resolved) =>
  added.filter((n) => !isDocument(n)).flatMap((n) => keysOfNumber(n.value).map((key) => ({ ...key, patientId: n.patientId })))

async function saveNumbers(ctx: Context, { ids, today, retireNumbers }: Resolved, taken: Drafts): Promise<void> {
  // Claimed for somebody who was merged, or parted, while we waited.
  for (const id of new Set(ids)) {
    const [thought, is] = [today.get(id), taken.rootOf(id)]
    if (thought !== undefined && thought !== is) await followNumbers(ctx, id, thought, is)
  }
  if (retireNumbers.length > 0) await markRetired(ctx, retireNumbers, true)
}

const followNumbers = (ctx: Context, id: string, from: string, to: string) =>
  sql`update patients.identifiers set patient_id = ${to}::uuid where patient_id = ${from}::uuid and said_patient_id = ${id}::uuid`.execute(
    ctx.db,
  )

export const markRetired = (ctx: Context, numbers: readonly Identifier[], isRetired: boolean) =>
  sql`update patients.identifiers i set is_retired = ${isRetired} from ${rowsAs('n', { system: 'text', type: 'text', value: 'text' }, numbers)}
      where i.system = n.system and i.type = n.type and i.value = n.value`.execute(ctx.db)

/** Kept for the files of which it was said; where the two are one person today it is not shown. */
async function saveConflicts(ctx: Context, { conflicts, today }: Resolved, taken: Drafts): Promise<void> {
  const todayOf = (id: string) => (taken.all.some((d) => d.row.id === id) ? taken.rootOf(id) : (today.get(id) ?? id))
  const rows = conflicts.map((c) => ({
    id: newId(),
    patientId: todayOf(c.patientId),
    otherId: todayOf(c.otherId),
    saidPatientId: c.patientId,
    saidOtherId: c.otherId,
    cause: c.cause,
    seenAt: ctx.clock.now(),
  }))
  if (rows.length === 0) return
  const columns = {
    id: 'uuid',
    patient_id: 'uuid',
    other_id: 'uuid',
    said_patient_id: 'uuid',
    said_other_id: 'uuid',
    cause: 'text',
    seen_at: 'timestamptz',
  }
  await sql`
    insert into patients.conflicts (${sql.raw(Object.keys(columns).join(', '))})
    select n.* from ${rowsAs('n', columns, rows)}
    where not exists (select from patients.conflicts o where o.said_patient_id = n.said_other_id and o.said_other_id = n.said_patient_id)
    on conflict do nothing`.execute(ctx.db)
}
