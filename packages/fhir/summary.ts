import type { Resource } from './json.ts'

/** Fields that a summary leaves out: the narrative, and what is long and seldom looked for (R4, 3.1.1.5.8). */
const LONG = [
  'text',
  'contained',
  'extension',
  'modifierExtension',
  'photo',
  'communication',
  'contact',
  'note',
  'item',
  'input',
  'output',
  'presentedForm',
  'provision',
]

/** The resource with these elements, or its summary; marked as a part, so that nobody sends it back for the whole. */
export function summaryOf(resource: Resource, elements: readonly string[], isSummary: boolean): Resource {
  if (elements.length === 0 && !isSummary) return resource
  const kept = Object.entries(resource).filter(([name]) =>
    elements.length > 0 ? ['resourceType', 'id', 'meta', ...elements].includes(name.replace(/^_/, '')) : !LONG.includes(name),
  )
  const meta = typeof resource.meta === 'object' && resource.meta !== null ? resource.meta : {}
  const tag = { system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue', code: 'SUBSETTED' }
  const tags = 'tag' in meta && Array.isArray(meta.tag) ? meta.tag : []
  return { ...Object.fromEntries(kept), resourceType: resource.resourceType, meta: { ...meta, tag: [...tags, tag] } }
}
