import { type Context, sql } from '@renxin/server'
import type { Change, Fact, MessageFile } from '../contract.ts'
import { factsOf } from './facts.ts'
import { openMessage } from './incoming.ts'
import { mappingsOf, read } from './ingest.ts'
import { ownFieldsNamed } from './own-fields.ts'
import { load, textOf } from './replay.ts'
import type { Translation } from './translation.ts'

const MOST_VISITS = 10
const MOST_MESSAGES = 100

/** `personAt`: when it spoke of the person; of one who is no authority on him that is long ago. */
type Told = { id: string; at: number; personAt: number; facts: ReadonlyMap<string, Fact> }
type Message = Pick<MessageFile, 'id' | 'patientId' | 'status'> & { visitNumber: string | null; sentAt: Date | string | null }

/**
 * What a message did: its facts beside those of the other messages of the same patient and visit, read by today's mapping. What a
 * message leaves out stays as an earlier one had it, so each field is compared with the last that spoke of it.
 */
export async function changesOf(ctx: Context, message: Message, said: Translation): Promise<{ changes: Change[]; unchanged: number }> {
  const hasEffect = message.status === 'applied' || message.status === 'waiting'
  if (!message.patientId || !hasEffect) return { changes: [], unchanged: 0 }
  const mine = message.status === 'applied' ? said : { ...said, visit: undefined, also: [], records: [] }
  return compare(told(message.id, ctx.clock.now(), mine), await others(ctx, message.id, message.patientId))
}

/** Pure: what one message said that those before it had not. Time of the source decides, then arrival; ids are in the order of arrival. */
export function compare(mine: Told, others: readonly Told[]): { changes: Change[]; unchanged: number } {
  const changes: Change[] = []
  let unchanged = 0
  for (const [key, fact] of mine.facts) {
    const at = (t: Told) => (fact.about === 'patient' ? t.personAt : t.at)
    const spoke = others.filter((o) => o.facts.has(key)).toSorted((a, b) => at(a) - at(b) || (a.id < b.id ? -1 : 1))
    const isBefore = (o: Told) => at(o) < at(mine) || (at(o) === at(mine) && o.id < mine.id)
    const was = spoke.findLast(isBefore)?.facts.get(key)?.value ?? null
    const newer = spoke.find((o) => !isBefore(o) && o.id < mine.id)?.facts.get(key)?.value
    if (newer !== undefined && newer !== fact.value) changes.push({ ...fact, before: was, outcome: 'overtaken' })
    else if (was === fact.value || (was === null && fact.value === '')) unchanged += 1
    else changes.push({ ...fact, before: was, outcome: was === null ? 'new' : 'changed' })
  }
  return { changes, unchanged }
}

/** The other messages that told of this patient: those of the latest visits, and those of no visit. */
async function others(ctx: Context, id: string, patientId: string): Promise<Told[]> {
  const { rows } = await sql<{ id: string }>`
    select m.id from integration.messages m
    where m.id <> ${id}::uuid and m.patient_id is not null and m.status in ('applied', 'waiting') and m.id in (
      select v.id from integration.messages v where v.visit_number = any(array(
        select e.number from encounters.cards e where e.patient_id = ${patientId}::uuid order by e.admitted_at desc limit ${MOST_VISITS}))
      union all
      select p.id from integration.messages p where p.patient_id = ${patientId}::uuid and p.visit_number is null)
    order by m.id desc limit ${MOST_MESSAGES}`.execute(ctx.db)
  if (rows.length === 0) return []
  const kept = await load(
    ctx,
    rows.map((r) => r.id),
  )
  const own = await ownFieldsNamed(ctx, mappingsOf(kept.map((k) => k.sender)))
  return kept.flatMap((one) => {
    const message = openMessage(textOf(ctx, one))
    return message ? [told(one.id, ctx.clock.now(), read(ctx, { message }, { ...one.sender, isActive: true }, own))] : []
  })
}

/** Not compared: who and which visit it is, and when it was said. */
const keys = new Set([
  'patient.identifiers',
  'patient.sourceAt',
  'encounter.number',
  'encounter.event',
  'encounter.sourceAt',
  'encounter.occurredAt',
])

function told(id: string, now: Date, said: Pick<Translation, 'person' | 'visit' | 'also' | 'records' | 'master' | 'sentAt'>): Told {
  const facts = factsOf(said).filter((f) => !keys.has(`${f.about}.${f.field}`))
  const status = said.visit && statusAfter[said.visit.event]
  if (status) facts.unshift({ about: 'encounter', field: 'status', value: status })
  const visit = said.visit?.number ?? ''
  const personAt = (said.person?.sourceAt ?? said.sentAt ?? now).getTime()
  const at = (said.visit?.sourceAt ?? said.records?.[0]?.sourceAt)?.getTime() ?? personAt
  return { id, at, personAt, facts: new Map(facts.map((f) => [keyOf(f, visit), f])) }
}

/** What is the same thing said by two messages: a field of the person, of this visit, of the record of this number. */
function keyOf({ about, of, field }: Fact, visit: string): string {
  if (about === 'encounter') return `${about} ${of ?? visit} ${field}`
  return `${about} ${of ?? ''} ${field}`
}

const statusAfter: Readonly<Record<string, string>> = {
  admit: 'inProgress',
  register: 'inProgress',
  toInpatient: 'inProgress',
  toOutpatient: 'inProgress',
  preadmit: 'planned',
  discharge: 'discharged',
  cancelAdmit: 'cancelled',
  cancelPreadmit: 'cancelled',
  cancelDischarge: 'inProgress',
}
