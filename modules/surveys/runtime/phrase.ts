import { asJson, asText, extensionsOf, extensionValue, type Json, urls } from './fhir.ts'
import type { Phrase } from './model.ts'

/** A text with its translations, as FHIR writes them beside it. */
export function phrase(element: Json, field: string): Phrase {
  const translations: Record<string, string> = {}
  for (const e of extensionsOf(asJson(element[`_${field}`]))) {
    if (e.url !== urls.translation) continue
    const language = asText(extensionValue(e, 'lang'))
    const content = asText(extensionValue(e, 'content'))
    if (language && content) translations[language] = content
  }
  return { text: asText(element[field]), translations }
}

/** The sentence in the reader's language, else in that of the questionnaire. `en` serves for `en-GB` and the other way round. */
export function say(words: Phrase, language: string): string {
  const stem = language.split('-')[0] ?? language
  const near = Object.entries(words.translations).find(([tag]) => tag.split('-')[0] === stem)
  return words.translations[language] ?? near?.[1] ?? words.text
}
