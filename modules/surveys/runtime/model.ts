/** A sentence in the questionnaire's own language, and its translations by language tag. */
export type Phrase = { readonly text: string; readonly translations: Readonly<Record<string, string>> }

/** One answer: an option by its key, the free text of an open choice, a number, yes or no; days, times and text are strings. */
export type Value = string | number | boolean | { readonly other: string }

/** What was answered, by linkId. A question that was not answered is absent or has an empty list. */
export type Answers = Readonly<Record<string, readonly Value[]>>

/**
 * `satisfaction` is the index: the one question a questionnaire asks about the whole. `aspect` is satisfaction with one side of it
 * and never in the index, whose n counts people. `nps` is the net promoter question.
 */
export type Measure = 'satisfaction' | 'aspect' | 'nps'
export type Verdict = 'satisfied' | 'noOpinion' | 'dissatisfied' | 'promoter' | 'passive' | 'detractor' | 'notApplicable'

export type QuestionKind =
  | 'choice'
  | 'openChoice'
  | 'boolean'
  | 'integer'
  | 'decimal'
  | 'quantity'
  | 'date'
  | 'dateTime'
  | 'time'
  | 'string'
  | 'text'
  | 'url'
export type ItemKind = QuestionKind | 'group' | 'display' | 'unsupported'

export type Option = {
  /** What an answer holds: the code, or the value as text; with the system before it where two options share a code. */
  readonly key: string
  readonly label: Phrase
  /** The FHIR value[x] as it stands in the definition, given back in the response. */
  readonly value: { readonly name: string; readonly content: unknown }
  readonly score: number | null
  /** Chosen alone: "none of these". */
  readonly isExclusive: boolean
  /** "Not applicable": no score, and out of the base of every figure. */
  readonly isNotApplicable: boolean
}

export type Operator = 'exists' | '=' | '!=' | '>' | '<' | '>=' | '<='
export type Condition = {
  readonly question: string
  readonly operator: Operator
  readonly expected: { readonly name: string; readonly content: unknown }
  /** Part of a circle of conditions: read as if its question had no answer, so that every form comes to rest. */
  readonly isCircular: boolean
}

export type Item = {
  readonly linkId: string
  readonly kind: ItemKind
  readonly text: Phrase
  readonly prefix: string
  /** The item's own code where it has one, else its linkId: what statistics know the question by. */
  readonly code: string
  readonly measure: Measure | null
  readonly isRequired: boolean
  readonly isMultiple: boolean
  readonly isReadOnly: boolean
  /** From which of the hospital's records it is filled; nobody answers it. Empty: from one, and it is not said which. */
  readonly source: string | null
  /** Takes part, is never shown. */
  readonly isConcealed: boolean
  readonly control: string | null
  readonly options: readonly Option[]
  /** Its number is its score: a scale. */
  readonly isScale: boolean
  readonly minLength: number | null
  readonly maxLength: number | null
  readonly minValue: number | string | null
  readonly maxValue: number | string | null
  readonly step: number | null
  readonly decimals: number | null
  readonly maxAnswers: number | null
  readonly minAnswers: number | null
  readonly unit: { readonly label: string; readonly system: string | null; readonly code: string | null } | null
  readonly conditions: readonly Condition[]
  readonly conditionsNeeded: 'all' | 'any'
  readonly initial: readonly Value[]
  readonly items: readonly Item[]
  readonly parent: string | null
}

/** `emergency`: at once. `urgent`: today. `watch`: to be looked at. What each asks of the doctor is the deadline that the hospital writes. */
export type Severity = 'emergency' | 'urgent' | 'watch'
export type FlagOperator = Exclude<Operator, '!='> | 'contains'
export type FlagCondition = {
  readonly question: string
  readonly operator: FlagOperator
  /** Any one of these suffices. */
  readonly expected: readonly { readonly name: string; readonly content: unknown }[]
}

/** A rule by which answers call for a doctor (红旗). It belongs to the version: what was answered is judged by what was asked. */
export type RedFlag = {
  readonly id: string
  readonly title: Phrase
  readonly severity: Severity
  /** What the nurse says now. */
  readonly say: Phrase
  /** What the patient is told to do. */
  readonly tell: Phrase
  /** Null: the hospital has set none, so that it is due at once and never becomes overdue. */
  readonly deadlineMinutes: number | null
  readonly needs: 'all' | 'any'
  readonly conditions: readonly FlagCondition[]
}

export type AnalysisKind = 'distribution' | 'mean' | 'cross'
/** A way in which the answers to a question are looked at: how they are spread, their mean, or either by a dimension. */
export type Analysis = { readonly name: string; readonly kind: AnalysisKind; readonly item: string; readonly by: string | null }

/** A public document from which what is asked was taken, and what of it. */
export type Basis = {
  readonly title: string
  readonly issuer: string
  readonly year: number | null
  readonly part: string
  readonly link: string | null
}

/** A questionnaire as it is worked with: read once from its FHIR definition, never written back. */
export type Form = {
  readonly title: Phrase
  readonly description: Phrase
  readonly language: string
  readonly bases: readonly Basis[]
  readonly analyses: readonly Analysis[]
  readonly items: readonly Item[]
  /** Every item by its linkId, in the order of the page. */
  readonly byLinkId: ReadonlyMap<string, Item>
  readonly redFlags: readonly RedFlag[]
}
