import { type Found, pathParts, sql, type Visit } from '@renxin/server'

/** What is asked of one group of paths: the sources of it, each with the choices by which it is named more closely. */
export type Asked = { path: string; source: string; choice: string | null }

export const askedOf = (paths: readonly string[], prefix: string): Asked[] =>
  paths.filter((p) => p.startsWith(prefix)).map((path) => ({ path, ...pathParts(path) }))

/** The visits as rows `v (patient_id, encounter_id, at)`: `at` is their place, from 1. */
export const visitRows = (visits: readonly Visit[]) =>
  sql`unnest(${visits.map((v) => v.patientId)}::uuid[], ${visits.map((v) => v.encounterId)}::uuid[]) with ordinality as v (patient_id, encounter_id, at)`

/** What was found, each beside the visit that it is of. */
export function byVisit<R extends { at: number }>(
  visits: readonly Visit[],
  rows: readonly R[],
  foundOf: (row: R) => readonly Found[],
): Found[][] {
  const found: Found[][] = visits.map(() => [])
  for (const row of rows) found[Number(row.at) - 1]?.push(...foundOf(row))
  return found
}

/** A value of a path, where there is one. */
export function found(path: string, value: string | number | null | undefined, from: Pick<Found, 'at' | 'of' | 'system'>): Found[] {
  return value === null || value === undefined || value === '' ? [] : [{ path, value, ...from }]
}
