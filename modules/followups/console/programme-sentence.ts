import type { ProgrammeBody, Rule, Step } from '../contract.ts'
import { timesOf } from '../contract.ts'
import { words } from '../words.ts'

const b = words.builder

/** The names of what a programme names by an id: departments, wards, questionnaires. */
export type Names = ReadonlyMap<string, string>
/** A part of the sentence, and the part of the form where it is said. */
export type Phrase = { text: string; part: 'rule' | 'steps' | 'variants' | 'course'; at?: number }

/** The whole programme as somebody would say it. */
export function sentenceOf(body: ProgrammeBody, names: Names): Phrase[] {
  const { rule, trigger, samplePercent } = body
  const whom = b.whom({ trigger: b.triggers[trigger], classes: rule.classes.map((c) => words.class[c]).join('、') })
  const drawn = samplePercent < 100 ? b.drawn({ n: samplePercent }) : ''
  return [
    { part: 'rule', text: whom + conditionsOf(rule, names) + drawn },
    ...body.steps.map((step, at): Phrase => ({ part: 'steps', at, text: stepPhrase(step, body, names) })),
    ...body.variants.map((v, at): Phrase => {
      const departments = v.departmentIds.map((id) => names.get(id) ?? '…').join('、')
      return { part: 'variants', at, text: b.ownSteps({ names: departments, n: v.steps.length }) }
    }),
    { part: 'course', text: coursePhrase(body) },
  ]
}

function conditionsOf(rule: Rule, names: Names): string {
  const named = (ids: readonly string[]) => ids.map((id) => names.get(id) ?? '…').join('、')
  const { ageFrom, ageTo, stayFromDays, stayToDays } = rule
  const said = [
    rule.departmentIds.length > 0 && named(rule.departmentIds),
    rule.wardIds.length > 0 && named(rule.wardIds),
    rule.diagnoses.length > 0 && b.withDiagnoses({ codes: rule.diagnoses.join('、') }),
    between(ageFrom, ageTo, b.ages, b.agesFrom, b.agesTo),
    between(stayFromDays, stayToDays, b.stays, b.staysFrom, b.staysTo),
    rule.sex && words.sexOnly[rule.sex],
    rule.ever.length > 0 && rule.ever.map((e) => words.ever[e]).join('/'),
  ].filter((s): s is string => Boolean(s))
  return said.length > 0 ? b.conditions({ list: said.join('，') }) : b.everybody
}

type Saying<T> = (said: T) => string
function between(
  from: number | null,
  to: number | null,
  both: Saying<{ from: number; to: number }>,
  least: Saying<{ from: number }>,
  most: Saying<{ to: number }>,
): string | null {
  if (from !== null && to !== null) return both({ from, to })
  if (from !== null) return least({ from })
  return to !== null ? most({ to }) : null
}

function stepPhrase(step: Step, { trigger }: Pick<ProgrammeBody, 'trigger'>, names: Names): string {
  const title = step.questionnaireId ? (names.get(step.questionnaireId) ?? '…') : null
  return [
    `${step.name || b.unnamed}：`,
    whenOf(step, b.triggers[trigger]),
    b.does({ who: words.assigneeRules[step.assignee], how: words.channels[step.channel] }),
    title && b.asks({ title }),
    step.days === 'working' && b.onWorkingDays,
    b.tries({ n: step.tries }),
  ]
    .filter(Boolean)
    .join('')
}

function whenOf({ unit, fromOffset: from, byOffset: to, repeat }: Step, anchor: string): string {
  if (repeat) return b.again({ every: repeat.everyMonths, times: timesOf({ repeat }), from, to })
  if (from === 0) return b.fromSameDay({ anchor, to, unit: words.units[unit] })
  if (from === to) return b.oneDay({ anchor, from })
  return b.window({ anchor, from, to, unit: words.units[unit] })
}

function coursePhrase({ trigger, onReturn, onTransfer, onDeath, onRefusal }: ProgrammeBody): string {
  const returns = trigger === 'visited' ? b.returnsToClinic : b.returns
  return [
    trigger !== 'admitted' && returns({ what: b.returnChoices[onReturn] }),
    trigger === 'discharged' && b.transfers({ what: b.endChoices[onTransfer] }),
    b.deaths({ what: b.endChoices[onDeath] }),
    b.refusals({ what: b.refusalChoices[onRefusal] }),
  ]
    .filter(Boolean)
    .join('；')
}
