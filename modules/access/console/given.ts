import { type Scope, Scope as scopes } from '../contract.ts'

/** What a role gives: permissions with how far they reach. */
export type Given = Readonly<Record<string, Scope>>

/** Counts what would come or reach further, and what would go or reach less far. */
export function changesIn(before: Given, after: Given): { more: number; less: number } {
  const reach = (scope: Scope | undefined) => (scope ? scopes.options.indexOf(scope) : -1)
  const all = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  const more = all.filter((p) => reach(after[p]) > reach(before[p])).length
  return { more, less: all.filter((p) => reach(after[p]) < reach(before[p])).length }
}
