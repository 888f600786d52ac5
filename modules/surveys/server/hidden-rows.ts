import { hideSmall } from '../contract.ts'

/** The answers of one value of a dimension in one ward, by what they said. */
export type Cell = { departmentId: string; wardId: string; key: string; counts: readonly number[]; people: number }

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)
const addUp = (cells: readonly Cell[]): number[] =>
  cells.reduce<number[]>((total, { counts }) => counts.map((n, i) => n + (total[i] ?? 0)), [])
const peopleOf = (cells: readonly Cell[]): number => sum(cells.map((c) => c.people))
const isMixed = (counts: readonly number[]) => counts.length < 2 || counts.filter((n) => n > 0).length > 1

/** Which units are too few for a question, over all that the reader may see: what one filter hides no other shows. */
export function hiddenUnits(units: readonly { departmentId: string; wardId: string; people: number }[], least: number) {
  const hidden = hideSmall(
    units.map((u) => ({ group: u.departmentId, counts: [u.people] })),
    least,
  )
  return {
    ward: (wardId: string) => units.some((u, at) => u.wardId === wardId && hidden.parts.has(at)),
    /** Of a department, or of everything that the reader may see. */
    total: (departmentId: string | undefined) => (departmentId ? hidden.groups.has(departmentId) : hidden.isTotalHidden),
  }
}

/** Where several options may be chosen the counts are not of people, and all that they say of people is how many those are. */
export const ofPeople = (cells: readonly Cell[]): readonly Cell[] =>
  cells.every((c) => sum(c.counts) === c.people) ? cells : cells.map((c) => ({ ...c, counts: [c.people] }))

/**
 * The rows of a table that are hidden: values of a dimension with too few answers, and those from which such could be reckoned. `everybody`: what all answered,
 * where one person may stand in several rows; what is left beside a row is then what those said who are not in it. Undefined: nothing of the table may be shown.
 */
export function hiddenRows(cells: readonly Cell[], least: number, everybody?: readonly Cell[]): ReadonlySet<string> | undefined {
  const rows = [...Map.groupBy(cells, (c) => c.key)].map(([key, of]) => ({ key, counts: addUp(of) }))
  if (!everybody) {
    const { parts, isTotalHidden } = hideSmall(
      rows.map(({ counts }) => ({ group: '', counts })),
      least,
    )
    return isTotalHidden ? undefined : new Set(rows.filter((_, at) => parts.has(at)).map((r) => r.key))
  }
  const total = addUp(everybody)
  const isHidden = (counts: readonly number[]) => {
    const rest = total.map((n, i) => n - (counts[i] ?? 0))
    const { parts, isTotalHidden } = hideSmall(
      [counts, rest].map((c) => ({ group: '', counts: c })),
      least,
    )
    return isTotalHidden || parts.size > 0
  }
  return new Set(rows.filter((r) => isHidden(r.counts)).map((r) => r.key))
}

/**
 * The departments whose own table is not shown. A department's table and the one of the whole hospital have their rows in common, so a department is shown with all
 * its rows or not at all: not where a row has too few answers, nor where those that are hidden could be reckoned by taking the shown ones away.
 */
export function hiddenDepartments(cells: readonly Cell[], least: number): ReadonlySet<string> {
  const departments = [...Map.groupBy(cells, (c) => c.departmentId)].map(([id, of]) => ({
    id,
    people: peopleOf(of),
    rows: Map.groupBy(of, (c) => c.key),
  }))
  const hidden = new Set(
    departments.filter(({ rows }) => [...rows.values()].some((of) => peopleOf(of) > 0 && peopleOf(of) < least)).map((d) => d.id),
  )
  const keys = [...new Set(cells.map((c) => c.key))]
  const isSafe = (key: string) => {
    const left = departments.filter((d) => hidden.has(d.id)).flatMap((d) => d.rows.get(key) ?? [])
    const ofRow = cells.filter((c) => c.key === key)
    const people = peopleOf(left)
    if (people === 0) return true
    const several = new Set(left.filter((c) => c.people > 0).map((c) => c.departmentId)).size > 1
    return several && people >= least && (isMixed(addUp(left)) || !isMixed(addUp(ofRow)))
  }
  const bySize = departments.toSorted((a, b) => a.people - b.people)
  while (hidden.size > 0 && !keys.every(isSafe)) {
    const next = bySize.find((d) => !hidden.has(d.id))
    if (!next) break
    hidden.add(next.id)
  }
  return hidden
}
