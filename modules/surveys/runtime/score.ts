import type { Answers, Form, Item, Option, Value, Verdict } from './model.ts'
import { answersTo, enabledItems, isQuestion } from './visible.ts'

export type Score = {
  sum: number
  /** Per scored question; null where nothing was scored. */
  mean: number | null
  /** Questions that were scored. */
  count: number
}
export type Scores = { total: Score; groups: ReadonlyMap<string, Score>; nps: number | null }

/** What one answer is worth: the option's score, or the number itself on a scale. "Not applicable" is worth nothing, which is not zero. */
export function scoreOf(item: Item, value: Value): number | null {
  const option = optionOf(item, value)
  if (option) return option.isNotApplicable ? null : option.score
  return item.isScale && typeof value === 'number' && Number.isFinite(value) ? value : null
}

export const optionOf = (item: Item, value: Value): Option | undefined =>
  typeof value === 'object' ? undefined : item.options.find((o) => o.key === value)

/** A question with several answers is worth their sum. */
export function scoreOfQuestion(item: Item, given: readonly Value[]): number | null {
  const scores = given.map((v) => scoreOf(item, v)).filter((s) => s !== null)
  return scores.length === 0 ? null : scores.reduce((a, b) => a + b, 0)
}

/** Sums and means of the whole and of each group, over what is in force. The net promoter answer is on a scale of its own and stands beside. */
export function scoreAnswers(form: Form, answers: Answers, enabled = enabledItems(form, answers)): Scores {
  const scored: { item: Item; score: number }[] = []
  let nps: number | null = null
  for (const item of form.byLinkId.values()) {
    if (!enabled.has(item.linkId) || !isQuestion(item)) continue
    const score = scoreOfQuestion(item, answersTo(answers, item.linkId))
    if (score === null) continue
    if (item.measure === 'nps') nps ??= score
    else scored.push({ item, score })
  }
  const groups = new Map<string, Score>()
  for (const group of form.byLinkId.values()) {
    if (group.kind !== 'group') continue
    groups.set(group.linkId, summed(scored.filter(({ item }) => isBelow(form, item, group.linkId)).map((s) => s.score)))
  }
  return { total: summed(scored.map((s) => s.score)), groups, nps }
}

function summed(scores: readonly number[]): Score {
  const sum = scores.reduce((a, b) => a + b, 0)
  return { sum, count: scores.length, mean: scores.length === 0 ? null : sum / scores.length }
}

function isBelow(form: Form, item: Item, group: string): boolean {
  for (let at = item.parent; at !== null; at = form.byLinkId.get(at)?.parent ?? null) if (at === group) return true
  return false
}

/**
 * What an answer says in the words of the figures. On the five-point scale 5 and 4 are satisfied, 3 has no opinion, 2 and 1 are dissatisfied;
 * on another scale the same fifths of its length. 9 and 10 promote, 0 to 6 detract.
 */
export function verdictOf(item: Item, value: Value): Verdict | null {
  if (item.measure === null) return null
  if (optionOf(item, value)?.isNotApplicable) return 'notApplicable'
  const score = scoreOf(item, value)
  if (score === null) return null
  if (item.measure === 'nps') return score >= 9 ? 'promoter' : score >= 7 ? 'passive' : 'detractor'
  const { lowest, highest } = scaleOf(item)
  if (highest <= lowest) return 'noOpinion'
  const place = (score - lowest) / (highest - lowest)
  return place >= 0.75 ? 'satisfied' : place <= 0.25 ? 'dissatisfied' : 'noOpinion'
}

/** The ends of an item's scale. */
export function scaleOf(item: Item): { lowest: number; highest: number } {
  const scores = item.options.flatMap((o) => (o.score === null || o.isNotApplicable ? [] : [o.score]))
  if (scores.length > 0) return { lowest: Math.min(...scores), highest: Math.max(...scores) }
  return { lowest: Number(item.minValue ?? 1), highest: Number(item.maxValue ?? 5) }
}

/** The share of scores at the top of the scale: "very satisfied" alone, or with `boxes` 2 the two best. Null without scores. */
export function topBoxShare(item: Item, scores: readonly number[], boxes = 1): number | null {
  if (scores.length === 0) return null
  const steps = [...new Set(item.options.flatMap((o) => (o.score === null || o.isNotApplicable ? [] : [o.score])))].sort((a, b) => b - a)
  const least = steps[boxes - 1] ?? scaleOf(item).highest - (boxes - 1)
  return scores.filter((s) => s >= least).length / scores.length
}

/** Promoters less detractors, of a hundred; null without answers. */
export function netPromoterScore(counts: { promoter: number; passive: number; detractor: number }): number | null {
  const n = counts.promoter + counts.passive + counts.detractor
  return n === 0 ? null : (100 * (counts.promoter - counts.detractor)) / n
}

/** Satisfied of those who took a side or had none; "not applicable" is not among them. Null without answers. */
export function satisfiedShare(counts: { satisfied: number; noOpinion: number; dissatisfied: number }): number | null {
  const n = counts.satisfied + counts.noOpinion + counts.dissatisfied
  return n === 0 ? null : counts.satisfied / n
}
