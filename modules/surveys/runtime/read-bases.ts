import { asNumber, asText, extensionsOf, extensionValue, type Json, urls } from './fhir.ts'
import type { Basis } from './model.ts'

/** The public documents from which what a questionnaire asks was taken. */
export const readBases = (raw: Json): Basis[] =>
  extensionsOf(raw).flatMap((e) => {
    if (e.url !== urls.basis) return []
    const part = (name: string) => asText(extensionValue(e, name))
    const link = part('link')
    return [
      {
        title: part('title'),
        issuer: part('issuer'),
        year: asNumber(extensionValue(e, 'year')),
        part: part('part'),
        link: link.startsWith('https://') ? link : null,
      },
    ]
  })
