import { type RawBuilder, sql } from 'kysely'
import type { Actor } from './context.ts'

type Columns = {
  department?: string | readonly string[]
  ward?: string | readonly string[]
  /** Columns that hold an account (compared with `actor.id`). */
  own?: readonly string[]
  /** Columns that hold a member of staff (compared with `actor.personId`). */
  ownPerson?: readonly string[]
  /** The column that holds the patient: whoever is admitted to one sees the row. */
  patient?: string
}

const nothing = sql<boolean>`false`

/**
 * What this actor may see, as a condition of the query. A list names the columns that place a row; a scope for which
 * no column is named sees nothing.
 */
export function visibleTo(actor: Actor, columns: Columns): RawBuilder<boolean> {
  switch (actor.scope) {
    case 'hospital':
      return sql<boolean>`true`
    case 'department':
      return anyOf([
        ...inUnits(columns.department, actor.departments),
        ...inUnits(columns.ward, actor.wards),
        ...mine(actor, columns),
        ...inUnits(columns.patient, actor.admitted ?? []),
      ])
    case 'ward':
      return anyOf([...inUnits(columns.ward, actor.wards), ...mine(actor, columns), ...inUnits(columns.patient, actor.admitted ?? [])])
    case 'own':
      return anyOf([...mine(actor, columns), ...inUnits(columns.patient, actor.admitted ?? [])])
  }
}

const inUnits = (columns: Columns['department'], units: readonly string[]) =>
  units.length === 0 ? [] : [columns ?? []].flat().map((c) => sql<boolean>`${sql.ref(c)} = any(${units}::uuid[])`)

const mine = (actor: Actor, columns: Columns) => [
  ...(columns.own ?? []).map((c) => sql<boolean>`${sql.ref(c)} = ${actor.id}::uuid`),
  ...(actor.personId ? (columns.ownPerson ?? []).map((c) => sql<boolean>`${sql.ref(c)} = ${actor.personId}::uuid`) : []),
]

const anyOf = (claims: RawBuilder<boolean>[]) => (claims.length === 0 ? nothing : sql<boolean>`(${sql.join(claims, sql` or `)})`)
