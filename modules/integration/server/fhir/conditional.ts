import { FhirProblem, parseSearch, type Resource } from '@renxin/fhir'
import type { Context } from '@renxin/server'
import { find } from './find.ts'
import { resourcesOf } from './read.ts'
import { pairsOf, permitType, type Setting } from './setting.ts'

type One = { id: string; version: number; changedAt: Date; resource: Resource | null }

/** The one resource that answers a search; none, or a refusal where several do. */
export async function findOne(ctx: Context, setting: Setting, type: string, search: string): Promise<One | undefined> {
  permitType(ctx, 'read', type)
  const query = parseSearch(type, pairsOf(search), setting)
  if (query.clauses.length === 0) throw new FhirProblem(412, 'multiple-matches', `a condition on ${type} that any of them meets`)
  const found = await find(ctx, setting, query, undefined, 2)
  if (found.length > 1) throw new FhirProblem(412, 'multiple-matches', `several of ${type} answer the condition`)
  const [one] = found
  if (!one) return undefined
  const [shown] = await resourcesOf(ctx, setting, type, [one])
  return {
    id: one.id,
    version: one.head?.version ?? 1,
    changedAt: one.head?.changedAt ?? ctx.clock.now(),
    resource: shown?.resource ?? null,
  }
}
