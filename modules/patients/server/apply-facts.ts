import { newId } from '@renxin/kernel'
import { type Context, sql } from '@renxin/server'
import { rowsAs } from './bulk.ts'
import { type Drafts, saveDrafts, takeForWriting } from './drafts.ts'
import type { Identifier, PatientFacts } from './facts.ts'
import { type Draft, draftOf, emptyPatient, isDocument, tell } from './fold.ts'
import { mergePatients } from './merge.ts'
import { type Resolved, resolve } from './resolve.ts'
import { keysOfNumber } from './search-keys.ts'
import { areaCodeOf } from './settings.ts'

/**
 * Tells the customer file what messages, rows or forms say of persons: a handful of statements however many there are. Answers the patient of each,
 * in their order. All orders of arrival end in the same state; whoever it is about is found by any of the numbers, and made where there is none.
 */
export async function applyPatientFacts(
  ctx: Context,
  facts: readonly PatientFacts[],
  options: { source?: 'his' | 'manual' } = {},
): Promise<string[]> {
  const ids: string[] = []
  for (const part of partsUpToMerges(facts)) ids.push(...(await applyPart(ctx, part, options.source ?? 'his', ids)))
  return ids
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

async function applyPart(ctx: Context, facts: PatientFacts[], source: 'his' | 'manual', before: string[]): Promise<string[]> {
  const contacts = facts.some((f) => f.phones !== undefined || f.kin !== undefined)
  const tools = { ctx, source, areaCode: facts.some(mayLackAreaCode) ? await areaCodeOf(ctx) : undefined }
  const tellAll = ({ ids, recordNumbers }: Resolved, draftOfId: (id: string) => Draft | undefined) =>
    facts.forEach((fact, at) => {
      const draft = draftOfId(ids[at] ?? '')
      if (draft) tell(draft, fact, tools, recordNumbers[at])
    })

  let created = new Map<string, Draft>()
  const resolved = await resolve(ctx, facts, (r) => {
    created = new Map([...r.fresh].map((id) => [id, draftOf(emptyPatient(id, ctx.clock.now()), [], true)]))
    tellAll(r, (id) => created.get(id))
    return [...created.values()].map((d) => d.row)
  })
  const known = resolved.ids.filter((id) => !created.has(id))
  const taken = await takeForWriting(ctx, known, { contacts })
  const drafts: Drafts = { ...taken, of: (id) => created.get(id) ?? taken.of(id), all: [...created.values(), ...taken.all] }
  const wasDeceased = new Set(taken.all.flatMap(({ row }) => (row.deceasedAt ? [row.id] : [])))
  tellAll(resolved, (id) => (created.has(id) ? undefined : taken.of(id)))
  if (resolved.retireNumbers.length > 0) retireRecordNumber(drafts, resolved, facts)
  await saveDrafts(ctx, [...new Set(resolved.ids.map((id) => drafts.of(id)))], wasDeceased, keysOfNew(resolved, drafts))

  const ids = resolved.ids.map((id) => drafts.of(id).row.id)
  await saveNumbers(ctx, resolved, drafts)
  await saveConflicts(ctx, resolved, drafts)
  for (const retiredId of new Set(resolved.retire)) {
    const survivorId = ids.at(-1)
    if (!survivorId) continue
    await mergePatients(ctx, { survivorId, retiredId })
    const now = (id: string) => (id === retiredId ? survivorId : id)
    before.splice(0, before.length, ...before.map(now))
    ids.splice(0, ids.length, ...ids.map(now))
  }
  return ids
}

/** Only a landline may come without its area code. */
function mayLackAreaCode({ phones, kin }: PatientFacts): boolean {
  const numbers = [...(phones ?? []), ...(kin ?? []).flatMap((k) => k.phones)]
  return numbers.some(({ number }) => !/^1[3-9]\d{9}$/.test(number))
}

/** The record number shown must not be one that was retired just now. */
function retireRecordNumber(drafts: Drafts, { ids, recordNumbers, retireNumbers }: Resolved, facts: readonly PatientFacts[]): void {
  const [id, fact] = [ids.at(-1), facts.at(-1)]
  if (!id || !fact) return
  const { row } = drafts.of(id)
  if (!retireNumbers.some((n) => n.type === 'MR' && n.value === row.medicalRecordNumber)) return
  row.medicalRecordNumber = recordNumbers.at(-1) ?? null
  row.saidAt.medicalRecordNumber = fact.sourceAt.getTime()
}

/** What new numbers can be searched by. */
const keysOfNew = ({ added }: Resolved, drafts: Drafts) =>
  added
    .filter((n) => !isDocument(n))
    .flatMap((n) => keysOfNumber(n.value).map((key) => ({ ...key, patientId: drafts.moved.get(n.patientId) ?? n.patientId })))

async function saveNumbers(ctx: Context, { retireNumbers }: Resolved, drafts: Drafts): Promise<void> {
  // Claimed for somebody who was merged while we waited.
  for (const [retiredId, survivorId] of drafts.moved) await moveNumbers(ctx, retiredId, survivorId)
  if (retireNumbers.length > 0) await markRetired(ctx, retireNumbers)
}

const moveNumbers = (ctx: Context, from: string, to: string) =>
  sql`update patients.identifiers set patient_id = ${to}::uuid, is_retired = true where patient_id = ${from}::uuid`.execute(ctx.db)

const markRetired = (ctx: Context, numbers: readonly Identifier[]) =>
  sql`update patients.identifiers i set is_retired = true from ${rowsAs('n', { system: 'text', type: 'text', value: 'text' }, numbers)}
      where i.system = n.system and i.type = n.type and i.value = n.value`.execute(ctx.db)

async function saveConflicts(ctx: Context, { conflicts }: Resolved, drafts: Drafts): Promise<void> {
  const rows = conflicts
    .map((c) => ({ ...c, id: newId(), patientId: drafts.moved.get(c.patientId) ?? c.patientId, seenAt: ctx.clock.now() }))
    .filter((c) => c.patientId !== c.otherId)
  if (rows.length === 0) return
  const columns = { id: 'uuid', patient_id: 'uuid', other_id: 'uuid', cause: 'text', seen_at: 'timestamptz' }
  await sql`
    insert into patients.conflicts (id, patient_id, other_id, cause, seen_at)
    select n.* from ${rowsAs('n', columns, rows)}
    where not exists (select from patients.conflicts o where o.patient_id = n.other_id and o.other_id = n.patient_id)
    on conflict do nothing`.execute(ctx.db)
}
