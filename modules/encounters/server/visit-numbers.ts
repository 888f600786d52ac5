import { newId } from '@renxin/kernel'
import { type Context, sql } from '@renxin/server'
import { noPlans } from './plans.ts'
import type { EncounterState, Fact } from './rules.ts'
import type { Changed } from './write-encounters.ts'

/** A visit with what was said of it: before this batch, and now, in the order of arrival. */
export type Visit = { id: string; number: string; facts: { arrived: number; fact: Fact }[]; kept: Fact[]; isNew: boolean }

/** A number that was asked for: the row that bears it, and the visit that it leads to. */
type Found = { said: string; holderId: string | null; id: string | null; number: string | null }

/**
 * Which visit a number means. A visit may bear several in its life, and two may turn out to be one; each number then leads to the
 * one that is left, whichever of them is heard of first.
 */
export class Visits {
  readonly #byNumber = new Map<string, Visit>()
  /** Numbers that another row bears and cannot give up: that of a visit which was found to be this one. */
  readonly #held = new Map<string, string>()
  readonly #all = new Set<Visit>()
  readonly #retired = new Map<Visit, Visit>()
  readonly #former = new Set<string>()
  readonly #makeId: () => string

  constructor(found: readonly Found[], makeId: () => string = newId) {
    this.#makeId = makeId
    const byId = new Map<string, Visit>()
    for (const { said, holderId, id, number } of found) {
      if (holderId) this.#held.set(said, holderId)
      if (!id || !number) continue
      const visit = byId.get(id) ?? { id, number, facts: [], kept: [], isNew: false }
      byId.set(id, visit)
      this.#all.add(visit)
      this.#byNumber.set(said, visit)
    }
  }

  /** Those that are in the database. */
  get rows(): Visit[] {
    return [...this.#all].filter((v) => !v.isNew)
  }
  /** Those that something is said of and that stand for themselves. */
  get current(): Visit[] {
    return [...this.#all].filter((v) => !this.#retired.has(v) && v.facts.length > 0)
  }
  /** Those that turned out, in this batch, to be another. */
  get retired(): Visit[] {
    return [...this.#retired.keys()].filter((v) => !v.isNew)
  }
  intoOf(visit: Visit): Visit {
    const into = this.#retired.get(visit)
    return into ? this.intoOf(into) : visit
  }
  /** Numbers that lead to a visit without being borne by it. */
  get formerNumbers(): { number: string; encounterId: string }[] {
    return [...this.#former].map((number) => ({ number, encounterId: this.of(number).id }))
  }

  of(number: string): Visit {
    const known = this.#byNumber.get(number)
    if (known) return this.intoOf(known)
    const visit: Visit = { id: this.#makeId(), number, facts: [], kept: [], isNew: true }
    this.#all.add(visit)
    this.#byNumber.set(number, visit)
    return visit
  }

  /** From now on a former number leads to the visit of another; what was said under it counts there. */
  retire(number: string, former: string): void {
    const visit = this.of(number)
    const known = this.#byNumber.get(former)
    const other = known && this.intoOf(known)
    this.#former.add(former)
    if (!other) this.#byNumber.set(former, visit)
    else if (other !== visit) {
      // The one that others know already is the one that stays; two that are known become one under the number said.
      const [stays, goes] = visit.isNew ? [other, visit] : [visit, other]
      stays.facts = [...stays.facts, ...goes.facts].sort((a, b) => (a.arrived < b.arrived ? -1 : a.arrived > b.arrived ? 1 : 0))
      goes.facts = []
      this.#retired.set(goes, stays)
    }
  }

  /** The number it bears: the one that was last said to take another's place, unless another row bears that. */
  numberFor(visit: Visit, newNumber: string | null): string {
    const isOurs = newNumber !== null && this.#byNumber.has(newNumber) && this.of(newNumber) === visit
    const holder = newNumber === null ? undefined : this.#held.get(newNumber)
    return isOurs && newNumber !== null && (!holder || holder === visit.id) ? newNumber : visit.number
  }
}

type Kept = { arrived: number; sourceAt: string; event: Fact['event']; said: Fact['said'] }

/** What these numbers lead to, with what was said of it: a message on its own costs one round trip for both. Asked once the numbers are locked. */
export async function findVisits(ctx: Context, numbers: readonly string[]): Promise<Visits> {
  const { rows } = await sql<Found & { facts: Kept[] | null }>`
    select w.number as said, e.id as holder_id, o.id, o.number, k.facts
      from unnest(${[...numbers]}::text[]) as w (number)
      left join encounters.encounters e on e.number = w.number
      left join encounters.former_numbers f on f.number = w.number
      left join encounters.encounters o on o.id = case when f.encounter_id is null then e.id else f.encounter_id end -- behind the wall coalesce() reaches no index
      left join lateral (
        select jsonb_agg(jsonb_build_object('arrived', a.arrived, 'sourceAt', a.source_at, 'event', a.event, 'said', a.said) order by a.arrived) as facts
          from encounters.facts a where a.encounter_id = o.id) k on true`.execute(ctx.db)
  const visits = new Visits(rows, () => newId(ctx.clock.now().getTime()))
  const told = new Map(rows.map((r) => [r.id, r.facts ?? []]))
  for (const visit of visits.rows) {
    visit.facts = (told.get(visit.id) ?? []).map(({ arrived, sourceAt, event, said }) => ({
      arrived,
      fact: { sourceAt: new Date(sourceAt).toISOString(), event, said },
    }))
    visit.kept = visit.facts.map((f) => f.fact)
  }
  return visits
}

/** How a visit stands that turned out to be another: nothing that was planned for it may happen. */
export const retiredState = (visit: Visit, before: EncounterState): Changed & { isRefold: false } => {
  const saidAt = visit.kept.reduce((latest, f) => (f.sourceAt > latest ? f.sourceAt : latest), '')
  return {
    id: visit.id,
    number: visit.number,
    saidOf: { before: before.patientId, after: before.patientId },
    before,
    after: {
      ...before,
      status: 'cancelled',
      statusAt: before.statusAt,
      onLeaveSince: null,
      ...noPlans,
      dischargedAt: null,
      dischargedOn: null,
      disposition: null,
      lengthOfStayDays: null,
      stays: [],
      levels: [],
      team: [],
      diagnoses: [],
    },
    saidAt,
    isRefold: false,
  }
}

/** Former numbers and their visits; what was said of a visit that turned out to be another goes there. */
export async function writeNumbers(ctx: Context, visits: Visits): Promise<void> {
  const numbers = visits.formerNumbers
  if (numbers.length > 0)
    await sql`
      insert into encounters.former_numbers (number, encounter_id)
      select * from unnest(${numbers.map((n) => n.number)}::text[], ${numbers.map((n) => n.encounterId)}::uuid[])
      on conflict (hospital_id, number) do update set encounter_id = excluded.encounter_id
        where former_numbers.encounter_id <> excluded.encounter_id`.execute(ctx.db)
  for (const visit of visits.retired) {
    const [from, to] = [sql`${visit.id}::uuid`, sql`${visits.intoOf(visit).id}::uuid`]
    await sql`update encounters.facts set encounter_id = ${to} where encounter_id = ${from}`.execute(ctx.db)
    await sql`update encounters.former_numbers set encounter_id = ${to} where encounter_id = ${from}`.execute(ctx.db)
    await sql`update encounters.encounters set merged_into = ${to} where id = ${from} or merged_into = ${from}`.execute(ctx.db)
  }
}
