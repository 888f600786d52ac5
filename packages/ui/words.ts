import { type SameKeys, speak, type Tree, type Words } from './words/define.ts'
import { sentenceOf } from './words/refusals.ts'

export { faultsOf } from './words/check.ts'
export { type Catalogue, catalogues, type Language, language, onLanguage, setLanguage, type Words } from './words/define.ts'
export { house as houseWords } from './words/house.ts'
export { type Failure, failureOf, sentenceOf } from './words/refusals.ts'

/**
 * The sentences of one module in both languages. `words.title` is a string in the present language; a sentence with `{{n}}` in
 * Chinese is a function, `words.waiting({ n: 3 })`; groups nest; `errors` holds one sentence for the last part of each code.
 */
export const defineWords = <const Z extends Tree>(module: string, texts: { zh: Z; en: SameKeys<Z> }): Words<Z> =>
  speak(module, texts, sentenceOf)
