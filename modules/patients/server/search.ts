import type { Input, Reply } from '@renxin/kernel'
import { askDrawnUp, type Context, sql } from '@renxin/server'
import { type MatchKind, patientErrors, type patientsApi, type Relation, type SearchHit } from '../contract.ts'
import type { Piece } from './bulk.ts'
import { patientVisible } from './care.ts'
import { lastFourIndex } from './fold.ts'
import { classShown, shownName } from './privacy/shown.ts'
import { type Term, termsOf } from './search-terms.ts'
import { areaCodeOf, getSettings } from './settings.ts'
import { showName } from './show-name.ts'
import type { PatientRow } from './tables.ts'

type Api = typeof patientsApi
type Person = Pick<
  PatientRow,
  'id' | 'name' | 'sex' | 'birthOn' | 'deceasedAt' | 'medicalRecordNumber' | 'identityClass' | 'payer' | 'bed'
> &
  Pick<SearchHit, 'privacy'>
type Hit = { patientId: string; kind: MatchKind; key: string | null; relation: Relation | null }

/**
 * The one search box: each term is the beginning of a name from any character on, of its reading or initials, of a number or a bed;
 * or a whole phone or identity number; or their last four. Several terms must all hold.
 */
export async function search(ctx: Context, { q, limit }: Input<Api['search']>): Promise<Reply<Api['search']>> {
  const isLocalNumber = /(?:^|\s)\d{7,8}(?:\s|$)/.test(q) // only such a number wants the area code
  const terms = termsOf(ctx, q, isLocalNumber ? await areaCodeOf(ctx) : undefined)
  const [first, ...others] = terms
  if (!first) throw patientErrors.searchTooShort()
  if (first.lastFour && others.length === 0) await countNarrowSearch(ctx)

  const rows = await met(
    ctx,
    { ...first, end: first.key + END, fourth: first.lastFour ? lastFourIndex(ctx, first.lastFour) : undefined },
    others,
    limit,
  )
  const byPatient = Map.groupBy(rows, (r) => r.patientId)
  return {
    rows: [...byPatient.values()].slice(0, limit).flatMap(([person, ...more]) => (person ? [shown(ctx, person, [person, ...more])] : [])),
    more: byPatient.size > limit || (rows[0]?.met ?? 0) >= mostHits(limit),
  }
}

const END = '\u{10ffff}'

/** One person may be met by several keys. */
const mostHits = (limit: number) => 3 * (limit + 1)

/** A term as it is asked for: keys from its own to `end`, and `fourth`, its last four as they are kept. */
type Asked = Term & { end: string; fourth: Buffer | undefined }

/** `met`: how many hits there are of all. */
type Met = Hit & Person & { met: number }

/** The first people who are met, one more than are shown, with all their hits. */
async function met(ctx: Context, asked: Asked, others: readonly Term[], limit: number): Promise<Met[]> {
  const most = mostHits(limit)
  const statement = (first: Asked) => sql<Met>`
    with hits as materialized (
      select h.*, row_number() over (order by nth, key, kind, patient_id) as rank from (${sql.join(sourcesOf(ctx, first, others, most), sql` union all `)}) h),
    people as (select patient_id, min(rank) as first from hits group by 1 order by 2 limit ${sql.lit(limit + 1)})
    select hits.patient_id, hits.kind, hits.key, hits.relation, (select count(*) from hits)::int as met,
           p.id, ${shownName} as name, ${classShown} as privacy, p.sex, p.birth_on, p.deceased_at, p.medical_record_number, p.identity_class, p.payer, p.bed
      from people join patients.patients p on p.id = people.patient_id join hits on hits.patient_id = people.patient_id
     order by people.first, hits.rank`
  if (others.length > 0) return (await statement(asked).execute(ctx.db)).rows
  if (ctx.actor.scope !== 'hospital') return (await statement(asked).execute(ctx.lookUp)).rows // of one term, each source has one index that it can take
  const { key, end, phone, identityCard, fourth } = asked
  return askDrawnUp(
    ctx.lookUp,
    `patients.search ${most} ${!phone} ${!identityCard} ${!fourth}`,
    { key, end, phone, identityCard, fourth },
    statement,
  )
}

/** Each place where the first term may be met, by an index of its own, the surest first (`nth`); the rest of the terms and what the actor may see narrow it. */
function sourcesOf(ctx: Context, first: Asked, others: readonly Term[], most: number): Piece<Hit>[] {
  const narrowed = (id: string) => sql.join([patientVisible(ctx, id), ...others.map((t) => holds(ctx, t, id))], sql` and `)
  const limit = sql`limit ${sql.lit(most)}`
  const sources = [
    sql<Hit>`(select 3 as nth, k.patient_id, k.kind, k.key, null as relation from patients.search_keys k
      where k.key >= ${first.key} and k.key < ${first.end} and ${narrowed('k.patientId')} order by k.key, k.kind, k.patient_id ${limit})`,
  ]
  const phone = (nth: number, kind: MatchKind, is: Piece<boolean>) =>
    sql<Hit>`(select ${sql.lit(nth)} as nth, c.patient_id, ${sql.lit(kind)} as kind, null as key, c.relation from patients.contacts c where ${is} and ${narrowed('c.patientId')} ${limit})`
  const identityCard = (nth: number, kind: MatchKind, is: Piece<boolean>) =>
    sql<Hit>`(select ${sql.lit(nth)} as nth, p.id as patient_id, ${sql.lit(kind)} as kind, null as key, null as relation from patients.patients p where ${is} and ${narrowed('p.id')} ${limit})`
  if (first.phone) sources.push(phone(1, 'phone', sql`c.phone_index = ${first.phone}`))
  if (first.identityCard) sources.push(identityCard(2, 'identityCard', sql`p.identity_card_index = ${first.identityCard}`))
  if (first.fourth) {
    sources.push(phone(4, 'phoneLastFour', sql`c.phone_last4 = ${first.fourth}`))
    sources.push(identityCard(5, 'identityCardLastFour', sql`p.identity_card_last4 = ${first.fourth}`))
  }
  return sources
}

/** Whether a further term holds of the patient in the column `id`. */
function holds(ctx: Context, term: Term, id: string): Piece<boolean> {
  const patient = sql.ref(id)
  const ways = [
    sql`exists (select from patients.search_keys o where o.patient_id = ${patient} and o.key >= ${term.key} and o.key < ${term.key + END})`,
  ]
  if (term.phone) ways.push(sql`exists (select from patients.contacts o where o.patient_id = ${patient} and o.phone_index = ${term.phone})`)
  if (term.identityCard)
    ways.push(sql`exists (select from patients.patients o where o.id = ${patient} and o.identity_card_index = ${term.identityCard})`)
  if (term.lastFour) {
    const lastFour = lastFourIndex(ctx, term.lastFour)
    ways.push(
      sql`exists (select from patients.contacts o where o.patient_id = ${patient} and o.phone_last4 = ${lastFour})`,
      sql`exists (select from patients.patients o where o.id = ${patient} and o.identity_card_last4 = ${lastFour})`,
    )
  }
  return sql<boolean>`(${sql.join(ways, sql` or `)})`
}

const shown = (
  ctx: Context,
  { bed, patientId: _, kind: __, key: ___, relation: ____, met: _____, ...person }: Met,
  hits: readonly Hit[],
): SearchHit => ({
  ...person,
  name: showName(ctx, person.name),
  deceasedAt: person.deceasedAt?.toISOString() ?? null,
  matches: matchesOf(hits, bed),
})

function matchesOf(hits: readonly Hit[], bed: string | null): SearchHit['matches'] {
  const matches = hits.map(({ kind, key, relation }) => ({
    kind,
    text: kind === 'bed' ? bed : kind === 'number' ? (key?.toUpperCase() ?? null) : null,
    relation,
  }))
  return matches.filter((m, i) => matches.findIndex((o) => o.kind === m.kind && o.relation === m.relation) === i)
}

/** Four digits alone meet many people: counted by the hour, so that nobody lists the hospital with them. */
async function countNarrowSearch(ctx: Context): Promise<void> {
  const { lastFourSearchesPerHour } = await getSettings(ctx)
  const hourAt = new Date(Math.floor(ctx.clock.now().getTime() / 3_600_000) * 3_600_000)
  const { rows } = await sql<{ times: number }>`
    insert into patients.narrow_searches as n (actor_id, hour_at, times) values (${ctx.actor.id}::uuid, ${hourAt}, 1)
    on conflict (hospital_id, actor_id, hour_at) do update set times = n.times + 1 returning times`.execute(ctx.db)
  if ((rows[0]?.times ?? 0) > lastFourSearchesPerHour) throw patientErrors.tooManySearches({ perHour: lastFourSearchesPerHour })
}
