import { asJson, asList, asText, choiceOf, extensionsOf, extensionValue, isJson, type Json, urls } from './fhir.ts'
import type { Analysis, Form, Item, ItemKind } from './model.ts'
import { canAnalyse, dimensions, isSpread, questionOf } from './read-analyses.ts'
import { deepestItem, mostItems, readForm } from './read-form.ts'
import { redFlagsIn } from './read-red-flags.ts'
import { isQuestion } from './visible.ts'

export const findingCodes = [
  'notAQuestionnaire',
  'noTitle',
  'noQuestions',
  'linkIdMissing',
  'linkIdTwice',
  'tooManyItems',
  'unknownType',
  'typeNotAnswered',
  'optionsElsewhere',
  'noOptions',
  'optionTwice',
  'referenceOption',
  'textMissing',
  'conditionUnknownQuestion',
  'conditionOperator',
  'conditionWithoutAnswer',
  'conditionCircle',
  'dayOnly',
  'groupRepeats',
  'questionsBelowMultiple',
  'requiredButConcealed',
  'expression',
  'modifier',
  'limitsCrossed',
  'sourceMissing',
  'sourceUnknown',
  'sourceKind',
  'analysisItem',
  'analysisBy',
  'flagTwice',
  'flagUnknownQuestion',
  'flagWithoutCondition',
  'flagWithoutAnswer',
  'flagWithoutWords',
  'flagWithoutDeadline',
] as const
export type FindingCode = (typeof findingCodes)[number]

/** Something in a definition that our forms do not do as it says, or that makes it unusable. `detail` is a name out of the file. */
export type Finding = { linkId: string | null; code: FindingCode; weight: 'blocks' | 'limits'; detail: string }

/** What is known of a source by its path: what comes of it, and whether it must be named more closely. */
export type KnownSource = { kind: 'text' | 'longText' | 'number' | 'date' | 'dateTime'; takesChoice?: boolean | undefined }

/** Looks through a definition, whatever it is, and says item by item what cannot be worked with. `sources`: those that the hospital has, where they are known. */
export function inspect(definition: unknown, sources?: ReadonlyMap<string, KnownSource>): { form: Form; findings: Finding[] } {
  const form = readForm(definition)
  const raw = asJson(definition)
  if (raw.resourceType !== 'Questionnaire') {
    return { form, findings: [{ linkId: null, code: 'notAQuestionnaire', weight: 'blocks', detail: asText(raw.resourceType) }] }
  }
  const findings: Finding[] = []
  const add = (linkId: string | null, code: FindingCode, weight: Finding['weight'], detail = '') =>
    findings.push({ linkId, code, weight, detail })

  if (!form.title.text.trim()) add(null, 'noTitle', 'blocks')
  if (![...form.byLinkId.values()].some((i) => isQuestion(i) && !i.isConcealed)) add(null, 'noQuestions', 'blocks')
  inspectExtensions(raw, null, add)
  inspectRedFlags(raw, form, add)
  inspectAnalyses(form, add)
  const seen = new Set<string>()
  let count = 0
  const walk = (element: Json, depth: number) => {
    for (const item of asList(element.item)) {
      count += 1
      if (count > mostItems || depth > deepestItem) return
      const linkId = asText(item.linkId)
      if (!linkId) add(null, 'linkIdMissing', 'blocks', asText(item.text))
      else if (seen.has(linkId) && item.type !== 'display') add(linkId, 'linkIdTwice', 'blocks', asText(item.text))
      if (item.type !== 'display') seen.add(linkId)
      const read = form.byLinkId.get(linkId)
      if (read) inspectItem(item, read, form, add)
      if (read) inspectSource(read, sources, add)
      walk(item, depth + 1)
      if (depth === deepestItem && asList(item.item).length > 0) count = mostItems + 1
    }
  }
  walk(raw, 1)
  if (count > mostItems) add(null, 'tooManyItems', 'blocks', String(mostItems))
  return { form, findings }
}

type Add = (linkId: string | null, code: FindingCode, weight: Finding['weight'], detail?: string) => void

function inspectItem(raw: Json, item: Item, form: Form, add: Add) {
  const { linkId } = item
  const type = asText(raw.type)
  if (item.kind === 'unsupported') inspectUnsupported(raw, linkId, type, add)
  if (item.kind === 'openChoice' && item.options.length === 0 && raw.answerValueSet)
    add(linkId, 'optionsElsewhere', 'limits', asText(raw.answerValueSet))
  const usable = asList(raw.answerOption).filter((o) => choiceOf(o, 'value'))
  const references = usable.filter((o) => choiceOf(o, 'value')?.name === 'Reference').length
  if (references > 0) add(linkId, 'referenceOption', 'limits', String(references))
  if (usable.length - references > item.options.length) add(linkId, 'optionTwice', 'blocks')
  if (!item.text.text.trim() && item.kind !== 'group' && item.kind !== 'display') add(linkId, 'textMissing', 'limits')
  if (item.kind === 'dateTime' && item.source === null) add(linkId, 'dayOnly', 'limits')
  if (raw.repeats === true && item.kind === 'group') add(linkId, 'groupRepeats', 'limits')
  if (item.isMultiple && item.items.some((i) => i.kind !== 'display')) add(linkId, 'questionsBelowMultiple', 'limits')
  if (item.isRequired && item.isConcealed) add(linkId, 'requiredButConcealed', 'limits')
  const [min, max] = [item.minValue, item.maxValue]
  if (min !== null && max !== null && typeof min === typeof max && min > max) add(linkId, 'limitsCrossed', 'blocks', `${min} > ${max}`)
  inspectConditions(raw, item, form, add)
  inspectExtensions(raw, linkId, add)
}

/** A form of another house may name what is not kept here; the item then stays empty. */
function inspectSource({ linkId, source, kind }: Item, sources: ReadonlyMap<string, KnownSource> | undefined, add: Add) {
  if (source === null) return
  const [path = '', choice = ''] = source.split(/:(.*)/s)
  if (path === '') return add(linkId, 'sourceMissing', 'blocks')
  const known = sources?.get(path)
  if (sources && !known) return add(linkId, 'sourceUnknown', 'blocks', path)
  if (!known) return
  if (known.takesChoice && choice === '') return add(linkId, 'sourceMissing', 'blocks')
  const fitting: Record<KnownSource['kind'], ItemKind[]> = {
    text: [...texts, 'choice', 'openChoice'],
    longText: texts,
    number: numbers,
    date: ['date', ...texts],
    dateTime: ['dateTime'],
  }
  if (!fitting[known.kind].includes(kind)) add(linkId, 'sourceKind', 'limits', path)
}

const texts: ItemKind[] = ['string', 'text']
const numbers: ItemKind[] = ['integer', 'decimal', 'quantity', ...texts]

function inspectUnsupported(raw: Json, linkId: string, type: string, add: Add) {
  if (type === 'choice' || type === 'coding') {
    const set = asText(raw.answerValueSet)
    if (set) add(linkId, 'optionsElsewhere', 'limits', set)
    else add(linkId, 'noOptions', 'blocks')
  } else if (['attachment', 'reference', 'question'].includes(type)) add(linkId, 'typeNotAnswered', 'limits', type)
  else add(linkId, 'unknownType', 'blocks', type)
}

function inspectConditions(raw: Json, item: Item, form: Form, add: Add) {
  for (const condition of asList(raw.enableWhen)) {
    const question = asText(condition.question)
    if (!form.byLinkId.has(question)) add(item.linkId, 'conditionUnknownQuestion', 'blocks', question)
    if (!['exists', '=', '!=', '>', '<', '>=', '<='].includes(asText(condition.operator)))
      add(item.linkId, 'conditionOperator', 'blocks', asText(condition.operator))
    if (!choiceOf(condition, 'answer')) add(item.linkId, 'conditionWithoutAnswer', 'blocks', question)
  }
  for (const condition of item.conditions) if (condition.isCircular) add(item.linkId, 'conditionCircle', 'blocks', condition.question)
}

/** A rule that could never hold, or that leaves the nurse or the patient without a word, would pass for care that is not there. */
/** An analysis that cannot be worked out is left out of the results; the answers are there all the same. */
function inspectAnalyses(form: Form, add: Add) {
  for (const { name, kind, item, by } of form.analyses) {
    if (!canAnalyse(form.byLinkId.get(item), kind)) add(null, 'analysisItem', 'limits', name)
    else if (!isBy(form, kind, by)) add(null, 'analysisBy', 'limits', name)
  }
}

function isBy(form: Form, kind: Analysis['kind'], by: string | null): boolean {
  if (by === null) return kind !== 'cross'
  const question = questionOf(by)
  if (question === undefined) return dimensions.some((d) => d === by)
  const item = form.byLinkId.get(question)
  return item !== undefined && isSpread(item)
}

function inspectRedFlags(raw: Json, form: Form, add: Add) {
  if (redFlagsIn(raw).length > form.redFlags.length) add(null, 'flagTwice', 'blocks')
  for (const flag of form.redFlags) {
    const name = flag.title.text.trim() || flag.id
    if (flag.conditions.length === 0) add(null, 'flagWithoutCondition', 'blocks', name)
    if (!flag.title.text.trim() || !flag.say.text.trim() || !flag.tell.text.trim()) add(null, 'flagWithoutWords', 'blocks', name)
    if (flag.deadlineMinutes === null) add(null, 'flagWithoutDeadline', 'limits', name)
    for (const { question, operator, expected } of flag.conditions) {
      if (!form.byLinkId.has(question)) add(null, 'flagUnknownQuestion', 'blocks', `${name}: ${question}`)
      const isEmpty = expected.length === 0 || expected.some((e) => e.content === '')
      if (operator !== 'exists' && isEmpty) add(null, 'flagWithoutAnswer', 'blocks', `${name}: ${question}`)
    }
  }
}

/** Expressions (SDC) are kept and not worked out; an unknown modifier forbids use (FHIR R4, 2.4.0.2). */
function inspectExtensions(raw: Json, linkId: string | null, add: Add) {
  for (const e of asList(raw.modifierExtension)) add(linkId, 'modifier', 'blocks', asText(e.url))
  for (const e of [...extensionsOf(raw), ...extensionsOf(asJson(raw._text))]) {
    const url = asText(e.url)
    const value = extensionValue({ extension: [e] }, url)
    if (isJson(value) && typeof value.expression === 'string') add(linkId, 'expression', 'limits', url.split('/').at(-1) ?? url)
    else if (url === `${urls.sdc}sdc-questionnaire-answerOptionsToggleExpression`)
      add(linkId, 'expression', 'limits', url.split('/').at(-1))
  }
}
