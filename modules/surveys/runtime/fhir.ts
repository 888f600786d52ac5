/** Reading FHIR R4 JSON that anybody may have written: nothing here throws, what has the wrong shape counts as absent. */

export type Json = Readonly<Record<string, unknown>>

export const isJson = (x: unknown): x is Json => typeof x === 'object' && x !== null && !Array.isArray(x)
export const asJson = (x: unknown): Json => (isJson(x) ? x : {})
export const asList = (x: unknown): readonly Json[] => (Array.isArray(x) ? x.filter(isJson) : [])
export const asText = (x: unknown): string => (typeof x === 'string' ? x : '')
export const asNumber = (x: unknown): number | null => (typeof x === 'number' && Number.isFinite(x) ? x : null)

const standard = 'http://hl7.org/fhir/StructureDefinition'
export const urls = {
  ordinal: `${standard}/ordinalValue`,
  weight: `${standard}/itemWeight`, // R5's name for the same
  exclusive: `${standard}/questionnaire-optionExclusive`,
  control: `${standard}/questionnaire-itemControl`,
  hidden: `${standard}/questionnaire-hidden`,
  unit: `${standard}/questionnaire-unit`,
  unitOption: `${standard}/questionnaire-unitOption`,
  step: `${standard}/questionnaire-sliderStepValue`,
  minOccurs: `${standard}/questionnaire-minOccurs`,
  maxOccurs: `${standard}/questionnaire-maxOccurs`,
  minValue: `${standard}/minValue`,
  maxValue: `${standard}/maxValue`,
  minLength: `${standard}/minLength`,
  decimals: `${standard}/maxDecimalPlaces`,
  translation: `${standard}/translation`,
  sdc: 'http://hl7.org/fhir/uv/sdc/StructureDefinition/',
  controlSystem: 'http://hl7.org/fhir/questionnaire-item-control',
  /** What the question measures: `satisfaction`, `aspect` or `nps`. */
  measure: 'urn:renxin:fhir:measure',
  /** The number answered is itself a score. */
  scale: 'urn:renxin:fhir:scale',
  /** The option stands outside the scale. */
  notApplicable: 'urn:renxin:fhir:not-applicable',
  /** The item is filled from the hospital's records: the path of a source, and in a response what was found there. */
  source: 'urn:renxin:fhir:source',
  /** A rule by which answers call for a doctor. */
  redFlag: 'urn:renxin:fhir:red-flag',
  /** A public document from which what is asked was taken. */
  basis: 'urn:renxin:fhir:basis',
  /** Which edition of a template that came with the product a questionnaire goes back to. */
  edition: 'urn:renxin:fhir:edition',
  /** A way in which the answers are looked at, kept with the questions. */
  analysis: 'urn:renxin:fhir:analysis',
  /** Before the well-known key, the canonical address of a questionnaire that came with the product. */
  canonical: 'urn:renxin:questionnaire:',
} as const

export const extensionsOf = (element: Json): readonly Json[] => asList(element.extension)

/** The value[x] of an element: `valueInteger: 3` is `{ name: 'Integer', content: 3 }`. */
export function choiceOf(element: Json, stem: string): { name: string; content: unknown } | undefined {
  for (const [key, content] of Object.entries(element)) {
    if (
      key.length > stem.length &&
      key.startsWith(stem) &&
      /^[A-Z]/.test(key.slice(stem.length)) &&
      content !== undefined &&
      content !== null
    ) {
      return { name: key.slice(stem.length), content }
    }
  }
  return undefined
}

export const extensionValue = (element: Json, url: string): unknown => {
  const found = extensionsOf(element).find((e) => e.url === url)
  return found && choiceOf(found, 'value')?.content
}

export const extensionNumber = (element: Json, ...among: string[]): number | null => {
  for (const url of among) {
    const found = asNumber(extensionValue(element, url))
    if (found !== null) return found
  }
  return null
}
