import type { Answers, Form, Item, Value } from './model.ts'
import { answersTo, enabledItems, isConcealed, isQuestion } from './visible.ts'

export const problemCodes = [
  'required',
  'noSuchQuestion',
  'oneAnswerOnly',
  'tooManyAnswers',
  'tooFewAnswers',
  'notAnOption',
  'exclusiveAlone',
  'wrongKind',
  'notWhole',
  'tooSmall',
  'tooLarge',
  'tooManyDecimals',
  'tooShort',
  'tooLong',
  'notADate',
  'notATime',
  'tooEarly',
  'tooLate',
] as const
export type ProblemCode = (typeof problemCodes)[number]

/** What is wrong with an answer, and the limit that it breaks. */
export type Problem = { linkId: string; code: ProblemCode; limit?: number | string }

/** What keeps these answers from being accepted, in the order of the page. Only what is in force is looked at: hidden answers never count. */
export function checkAnswers(form: Form, answers: Answers, enabled = enabledItems(form, answers)): Problem[] {
  const strange = Object.keys(answers).filter((linkId) => !form.byLinkId.has(linkId))
  return [
    ...[...form.byLinkId.values()].filter((i) => enabled.has(i.linkId)).flatMap((i) => checkItem(i, form, answers, enabled)),
    ...strange.map((linkId) => ({ linkId, code: 'noSuchQuestion' as const })),
  ]
}

function checkItem(item: Item, form: Form, answers: Answers, enabled: ReadonlySet<string>): Problem[] {
  const { linkId } = item
  if (!isQuestion(item) && answersTo(answers, linkId).length > 0) return [{ linkId, code: 'noSuchQuestion' }]
  if (item.kind === 'group') return item.isRequired && !isGroupAnswered(item, answers, enabled) ? [{ linkId, code: 'required' }] : []
  if (!isQuestion(item) || item.source !== null) return [] // what the records say is nobody's mistake in this form

  const given = answersTo(answers, linkId)
  if (given.length === 0) return item.isRequired && mayBeAnswered(item, form) ? [{ linkId, code: 'required' }] : []
  const problem = checkCount(item, given) ?? first(given, (value) => checkValue(item, value))
  return problem ? [{ linkId, ...problem }] : []
}

/** Nobody can be held to a question that he is not shown or cannot change. */
const mayBeAnswered = (item: Item, form: Form): boolean => !item.isReadOnly && !isConcealed(item, form)

function isGroupAnswered(group: Item, answers: Answers, enabled: ReadonlySet<string>): boolean {
  const below = itemsBelow(group).filter((i) => isQuestion(i) && enabled.has(i.linkId))
  const asked = below.filter((i) => !i.isConcealed && !i.isReadOnly)
  return asked.length === 0 || below.some((i) => answersTo(answers, i.linkId).length > 0)
}

const itemsBelow = (item: Item): Item[] => item.items.flatMap((i) => [i, ...itemsBelow(i)])

type Found = Omit<Problem, 'linkId'> | undefined

function checkCount(item: Item, given: readonly Value[]): Found {
  if (given.length > 1 && !item.isMultiple) return { code: 'oneAnswerOnly' }
  if (item.isMultiple && item.maxAnswers !== null && given.length > item.maxAnswers)
    return { code: 'tooManyAnswers', limit: item.maxAnswers }
  if (item.isMultiple && item.minAnswers !== null && given.length < item.minAnswers)
    return { code: 'tooFewAnswers', limit: item.minAnswers }
  if (given.length > 1 && item.options.some((o) => o.isExclusive && given.includes(o.key))) return { code: 'exclusiveAlone' }
  return undefined
}

function checkValue(item: Item, value: Value): Found {
  switch (item.kind) {
    case 'choice':
      return item.options.some((o) => o.key === value) ? undefined : { code: 'notAnOption' }
    case 'openChoice':
      if (typeof value === 'object' && typeof value.other === 'string') return checkText(item, value.other)
      return item.options.some((o) => o.key === value) ? undefined : { code: 'notAnOption' }
    case 'boolean':
      return typeof value === 'boolean' ? undefined : { code: 'wrongKind' }
    case 'integer':
    case 'decimal':
    case 'quantity':
      return checkNumber(item, value)
    case 'date':
    case 'dateTime':
    case 'time':
      return typeof value === 'string' ? checkMoment(item, value) : { code: 'wrongKind' }
    default:
      return typeof value === 'string' ? checkText(item, value) : { code: 'wrongKind' }
  }
}

function checkNumber(item: Item, value: Value): Found {
  if (typeof value !== 'number' || !Number.isFinite(value)) return { code: 'wrongKind' }
  if (item.kind === 'integer' && !Number.isSafeInteger(value)) return { code: 'notWhole' }
  if (typeof item.minValue === 'number' && value < item.minValue) return { code: 'tooSmall', limit: item.minValue }
  if (typeof item.maxValue === 'number' && value > item.maxValue) return { code: 'tooLarge', limit: item.maxValue }
  if (item.decimals !== null && decimalsOf(value) > item.decimals) return { code: 'tooManyDecimals', limit: item.decimals }
  return undefined
}

const decimalsOf = (value: number): number => {
  const [digits = '', exponent = '0'] = String(value).split('e')
  return Math.max(0, (digits.split('.')[1]?.length ?? 0) - Number(exponent))
}

function checkText(item: Item, text: string): Found {
  const length = [...text].length
  if (item.maxLength !== null && length > item.maxLength) return { code: 'tooLong', limit: item.maxLength }
  if (item.minLength !== null && length < item.minLength) return { code: 'tooShort', limit: item.minLength }
  return undefined
}

const forms = {
  date: /^\d{4}-\d{2}-\d{2}$/,
  dateTime: /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2}))?$/, // FHIR R4: with a time of day comes a zone
  time: /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/,
}

function checkMoment(item: Item, value: string): Found {
  const { kind } = item
  if (kind === 'time') return forms.time.test(value) ? undefined : { code: 'notATime' }
  const isDay = kind === 'date' ? forms.date.test(value) : forms.dateTime.test(value)
  if (!isDay || !isRealDay(value.slice(0, 10)) || Number.isNaN(Date.parse(value))) return { code: 'notADate' }
  const [min, max] = [item.minValue, item.maxValue]
  if (typeof min === 'string' && value.slice(0, min.length) < min) return { code: 'tooEarly', limit: min }
  if (typeof max === 'string' && value.slice(0, max.length) > max) return { code: 'tooLate', limit: max }
  return undefined
}

const isRealDay = (day: string): boolean => {
  const at = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day)
}

function first<T, R>(list: readonly T[], find: (x: T) => R | undefined): R | undefined {
  for (const x of list) {
    const found = find(x)
    if (found !== undefined) return found
  }
  return undefined
}
