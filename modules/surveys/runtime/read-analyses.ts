import { asText, extensionsOf, extensionValue, type Json, urls } from './fhir.ts'
import type { Analysis, AnalysisKind, Item } from './model.ts'

export const analysisKinds = ['distribution', 'mean', 'cross'] as const satisfies readonly AnalysisKind[]
/** By what answers may be told apart, besides the answers to another question (`question:<linkId>`). */
export const dimensions = ['department', 'ward', 'attending', 'sex', 'ageBand', 'month'] as const

/** The first years of life of each band of ages; the last has no end. */
export const ageBands = [0, 18, 45, 60, 75] as const

/** `question:smoking` → `smoking`; undefined for a dimension of another kind. */
export const questionOf = (by: string | null): string | undefined =>
  by?.startsWith('question:') ? by.slice('question:'.length) : undefined

const isKind = (x: unknown): x is AnalysisKind => analysisKinds.some((k) => k === x)

/** The analyses that a questionnaire keeps, in their order. */
export const readAnalyses = (raw: Json): Analysis[] =>
  extensionsOf(raw).flatMap((e) => {
    if (e.url !== urls.analysis) return []
    const kind = extensionValue(e, 'kind')
    const part = (name: string) => asText(extensionValue(e, name))
    return [{ name: part('name'), kind: isKind(kind) ? kind : 'distribution', item: part('item'), by: part('by') || null }]
  })

/** Whether the answers to an item can be looked at so: numbers have a mean, and what is chosen, or comes from the records, is spread. */
export function canAnalyse(item: Item | undefined, kind: AnalysisKind): boolean {
  if (!item) return false
  if (kind === 'mean') return isNumeric(item) || item.options.some((o) => o.score !== null)
  return isSpread(item)
}

/** Whether an item tells answers to others apart. */
export const isSpread = (item: Item): boolean =>
  item.kind === 'choice' || item.kind === 'openChoice' || item.kind === 'boolean' || (item.source !== null && item.kind === 'string')

const isNumeric = ({ kind }: Item): boolean => kind === 'integer' || kind === 'decimal' || kind === 'quantity'
