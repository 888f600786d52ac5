import { houseWords } from '@renxin/ui'
import { type Conditions, type FieldCondition, type FollowupState, FollowupStatus } from '../contract.ts'
import { words } from '../words.ts'

const t = words.lists
const c = t.conditions

const isStatus = (state: FollowupState): state is FollowupStatus => FollowupStatus.safeParse(state).success
export const followupWord = (state: FollowupState): string => (isStatus(state) ? words.standing.followup[state] : t.followup[state])

/** The names of what conditions name by an id. */
export type Names = ReadonlyMap<string, string>

/** Conditions as somebody would say them, a phrase for each: `状态 在院或已出院`, `年龄 ≥ 65`. */
export function phrasesOf(conditions: Conditions, names: Names): string[] {
  const named = (ids: readonly string[] | undefined) => (ids ?? []).map((id) => names.get(id) ?? houseWords.none)
  const list = (label: string, values: readonly string[] | undefined) =>
    values && values.length > 0 ? [`${label} ${values.join('/')}`] : []
  const range = (label: string, from: number | string | undefined, to: number | string | undefined) =>
    from === undefined && to === undefined
      ? []
      : [[label, from !== undefined && t.atLeast({ n: from }), to !== undefined && t.atMost({ n: to })].filter(Boolean).join(' ')]
  const k = conditions
  return [
    ...list(
      c.states,
      k.states?.map((s) => words.standing.state[s]),
    ),
    ...list(
      c.classes,
      k.classes?.map((s) => words.standing.class[s]),
    ),
    ...list(c.departmentIds, named(k.departmentIds)),
    ...list(c.wardIds, named(k.wardIds)),
    ...list(c.attendingIds, named(k.attendingIds)),
    ...list(c.diagnoses, k.diagnoses),
    ...range(c.age, k.ageFrom, k.ageTo),
    ...list(c.sex, k.sex && [houseWords.sex[k.sex]]),
    ...list(c.payers, k.payers),
    ...list(c.identityClasses, k.identityClasses),
    ...list(c.districts, k.districts),
    ...list(c.tagIds, named(k.tagIds)),
    ...list(c.segmentIds, named(k.segmentIds)),
    ...list(c.followups, k.followups?.map(followupWord)),
    ...range(c.discharged, k.dischargedDaysFrom, k.dischargedDaysTo),
    ...range(c.seen, k.seenDaysFrom, k.seenDaysTo),
    ...(k.firstSeenDaysTo === undefined ? [] : [t.firstSeen({ n: k.firstSeenDaysTo })]),
    ...(k.visitsFrom === undefined ? [] : [t.visits({ n: k.visitsFrom })]),
    ...list(
      c.gaps,
      k.gaps?.map((g) => t.gap[g]),
    ),
    ...list(c.deceased, k.deceased && [k.deceased === 'yes' ? words.deceasedYes : words.deceasedNo]),
    ...(k.fields ?? []).flatMap((f) => fieldPhrase(f, names)),
  ]

  function fieldPhrase({ fieldId, any, from, to }: FieldCondition, all: Names): string[] {
    const label = all.get(fieldId) ?? houseWords.none
    return any?.length ? list(label, any) : range(label, from, to)
  }
}
