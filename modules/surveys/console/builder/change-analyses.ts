import { type Analysis, type Definition, fhirUrls } from '../../contract.ts'
import { type RawItem, records } from './change-definition.ts'

/** The definition with these analyses; every other extension stays as it is. */
export function withAnalyses(definition: Definition, analyses: readonly Analysis[]): Definition {
  const others = records(definition.extension).filter((e) => e.url !== fhirUrls.analysis)
  const all = [...others, ...analyses.map(asExtension)]
  const { extension: _, ...rest } = definition
  return all.length > 0 ? { ...rest, extension: all } : rest
}

const asExtension = ({ name, kind, item, by }: Analysis): RawItem => ({
  url: fhirUrls.analysis,
  extension: [
    { url: 'name', valueString: name },
    { url: 'kind', valueCode: kind },
    { url: 'item', valueString: item },
    ...(by ? [{ url: 'by', valueString: by }] : []),
  ],
})
