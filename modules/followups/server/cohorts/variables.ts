import { daysBetween, type LocalDate } from '@renxin/kernel'
import { answersTo, type Form, type Item, isFilled, isQuestion, type Option, type Value } from '@renxin/surveys/contract'
import type { Answered } from './answers.ts'

export type Code = readonly [value: number, label: string]
/** A question as statistics hold it: one column, or one for each option where several may be chosen. */
export type ItemVariable = {
  /** Its name behind the visit's: of the question's linkId, so that it stays as versions come. */
  stem: string
  linkId: string
  label: string
  kind: 'code' | 'measure' | 'text'
  codes: readonly Code[]
  missing: readonly Code[]
  decimals: number
  /** Its numbers are of a scale, so that they have a mean. */
  isMeasure: boolean
  /** What somebody wrote, or a moment: only with permission. */
  isPlain: boolean
  read: (answered: Answered, anchorOn: LocalDate) => number | string | null
}

export type MissingWords = { none: string; notAsked: string; notApplicable: string; other: string; yes: string; no: string }
export type HowToRead = {
  isIdentified: boolean
  /** Whether the reader may see what was filled from this source of the hospital's records. */
  showsSource: (path: string) => boolean
  words: MissingWords
}

/** No answer; not asked, by the questions before it; "not applicable". Of measures, which may be negative, further out. */
const NONE = -9
const NOT_ASKED = -8
const NOT_APPLICABLE = -7
const MEASURE_NONE = -99_999
const MEASURE_NOT_ASKED = -99_998

/** The questions of a questionnaire over its versions, the newest first: in the words and the kind of the newest that has them. */
export function questionsOf(forms: readonly Form[]): Item[] {
  const found = new Map<string, Item>()
  for (const form of forms)
    for (const item of form.byLinkId.values()) if (isQuestion(item) && !found.has(item.linkId)) found.set(item.linkId, item)
  return [...found.values()]
}

/** What of a questionnaire leaves, and how each answer is read. Free texts, and what the records say of the person, leave only with identification. */
export function variablesOf(forms: readonly Form[], how: HowToRead): ItemVariable[] {
  const taken = new Set<string>()
  return questionsOf(forms).flatMap((item) => {
    if (!leaves(item, how)) return []
    const options = optionsOf(forms, item.linkId)
    return columnsOf(item, options, how).map((column) => ({ ...column, stem: freeName(column.stem, taken) }))
  })
}

/** Whether answers to this question leave. */
export function leaves(item: Item, { isIdentified, showsSource }: HowToRead): boolean {
  if (isFilled(item)) return showsSource(item.source ?? '') && (isIdentified || (!isText(item) && !ofPerson(item)))
  return isIdentified || !isText(item)
}

const isText = ({ kind }: Item) => kind === 'string' || kind === 'text' || kind === 'url'
/** What is known of the patient himself says who he is. */
const ofPerson = ({ source }: Item) => source === null || source === '' || source.startsWith('patient')

/** The options that a question ever had, those of the newest version first. */
function optionsOf(forms: readonly Form[], linkId: string): Option[] {
  const found = new Map<string, Option>()
  for (const form of forms)
    for (const option of form.byLinkId.get(linkId)?.options ?? []) if (!found.has(option.key)) found.set(option.key, option)
  return [...found.values()]
}

function columnsOf(item: Item, options: readonly Option[], how: HowToRead): ItemVariable[] {
  const about = { stem: stemOf(item), linkId: item.linkId, label: item.text.text || item.linkId, isPlain: false, decimals: 0 }
  const { words } = how
  const coded = { ...about, kind: 'code' as const, missing: [[NONE, words.none], [NOT_ASKED, words.notAsked]] as Code[], isMeasure: false } // biome-ignore format: one thought
  const measured = { ...about, kind: 'measure' as const, codes: [], missing: [[MEASURE_NONE, words.none], [MEASURE_NOT_ASKED, words.notAsked]] as Code[], isMeasure: true } // biome-ignore format: one thought
  const single = (missing: { none: number; notAsked: number }, value: (given: Value, anchorOn: LocalDate) => number | null) =>
    reading(item.linkId, missing, (given, anchorOn) => (given[0] === undefined ? null : value(given[0], anchorOn)))
  const far = { none: MEASURE_NONE, notAsked: MEASURE_NOT_ASKED }
  switch (item.kind) {
    case 'choice':
    case 'openChoice':
      if (item.isMultiple)
        return [
          ...options.map((o) => ({ key: o.key, label: o.label.text })),
          ...(item.kind === 'openChoice' ? [{ key: null, label: words.other }] : []),
        ].map((o, at) => ({
          ...coded,
          stem: `${about.stem}_${at + 1}`,
          label: `${about.label}：${o.label}`,
          codes: [[0, words.no], [1, words.yes]], // biome-ignore format: one thought
          read: reading(item.linkId, near, (given) => Number(given.some((v) => (o.key === null ? typeof v === 'object' : v === o.key)))),
        }))
      return [choiceColumn(item, options, coded, words)]
    case 'boolean':
      return [{ ...coded, codes: [[0, words.no], [1, words.yes]], read: single(near, (v) => (typeof v === 'boolean' ? Number(v) : null)) }] // biome-ignore format: one thought
    case 'integer':
    case 'decimal':
    case 'quantity':
      return [{ ...measured, decimals: item.kind === 'integer' ? 0 : 2, read: single(far, (v) => (typeof v === 'number' ? v : null)) }]
    case 'date':
    case 'dateTime':
      return [
        {
          ...measured,
          isMeasure: false,
          read: single(far, (v, anchorOn) => (typeof v === 'string' ? daysBetween(anchorOn, v.slice(0, 10)) : null)),
        },
      ]
    case 'time':
      return [{ ...measured, isMeasure: false, read: single(far, (v) => minutesOf(v)) }]
    default:
      return [
        {
          ...about,
          kind: 'text',
          codes: [],
          missing: [],
          isMeasure: false,
          isPlain: true,
          read: ({ answers, enabled }) =>
            enabled.has(item.linkId) ? answersTo(answers, item.linkId).map(textOf).join('；') || null : null,
        },
      ]
  }
}

const near = { none: NONE, notAsked: NOT_ASKED }

function reading(
  linkId: string,
  { none, notAsked }: typeof near,
  value: (given: readonly Value[], anchorOn: LocalDate) => number | null,
): ItemVariable['read'] {
  return ({ answers, enabled }, anchorOn) => {
    if (!enabled.has(linkId)) return notAsked
    const given = answersTo(answers, linkId)
    return given.length === 0 ? none : (value(given, anchorOn) ?? none)
  }
}

/** An option is held by its score where each has one of its own, else by its place. */
function choiceColumn(
  item: Item,
  options: readonly Option[],
  coded: Omit<ItemVariable, 'codes' | 'read'>,
  words: MissingWords,
): ItemVariable {
  const real = options.filter((o) => !o.isNotApplicable)
  const scores = real.flatMap((o) => (o.score === null || o.score <= NOT_APPLICABLE ? [] : [o.score]))
  const isScored = real.length > 0 && scores.length === real.length && new Set(scores).size === real.length
  const codes = new Map(real.map((o, at) => [o.key, isScored ? (scores[at] ?? 0) : at + 1]))
  const other = Math.floor(Math.max(0, ...codes.values())) + 1
  const hasNone = options.length > real.length
  return {
    ...coded,
    isMeasure: isScored,
    decimals: scores.some((s) => !Number.isInteger(s)) ? 2 : 0,
    codes: [
      ...real.map((o): Code => [codes.get(o.key) ?? 0, o.label.text]),
      ...(item.kind === 'openChoice' ? [[other, words.other] as Code] : []),
    ],
    missing: hasNone ? [...coded.missing, [NOT_APPLICABLE, words.notApplicable]] : coded.missing,
    read: reading(item.linkId, near, ([given]) => {
      if (given === undefined) return null
      if (typeof given === 'object') return other
      return codes.get(String(given)) ?? (options.some((o) => o.key === given) ? NOT_APPLICABLE : null)
    }),
  }
}

const textOf = (value: Value): string => (typeof value === 'object' ? value.other : String(value))
const minutesOf = (value: Value): number | null => {
  const [hour, minute] = String(value).split(':').map(Number)
  return hour === undefined || minute === undefined || Number.isNaN(hour + minute) ? null : hour * 60 + minute
}

/** SPSS: a letter first, then letters, digits and `_`, at most 64 bytes, whatever their case. */
const stemOf = ({ linkId }: Item): string =>
  /^[A-Za-z0-9_.-]+$/.test(linkId) ? linkId.toLowerCase().replace(/[.-]/g, '_').slice(0, 40) : 'q'

function freeName(stem: string, taken: Set<string>): string {
  let name = stem
  for (let n = 2; taken.has(name); n += 1) name = `${stem}_${n}`
  taken.add(name)
  return name
}
