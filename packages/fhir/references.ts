import { definitions } from './definitions.ts'
import { type Element, isElement, textOf } from './json.ts'

const LITERAL = /^(?:(https?:\/\/\S*)\/)?([A-Z][A-Za-z]+)\/([A-Za-z0-9.-]{1,64})(?:\/_history\/[A-Za-z0-9.-]+)?$/

export type Target = { type: string; id: string }

/** The type and id of a reference to a resource of this server (`Patient/1`, or our own address before it); undefined for any other. */
export function targetOf(reference: unknown, base?: string): Target | undefined {
  const [, server, type = '', id = ''] = LITERAL.exec(typeof reference === 'string' ? reference : '') ?? []
  if (!definitions.has(type) || (server !== undefined && server !== base)) return undefined
  return { type, id }
}

/** The target of a field that holds a Reference. */
export const targetIn = (element: unknown): Target | undefined => (isElement(element) ? targetOf(element.reference) : undefined)

/** What a field that holds a Reference calls its target. */
export const displayIn = (element: unknown): string | undefined => (isElement(element) ? textOf(element.display) : undefined)

/**
 * The same element with its references turned: what `turn` answers stands in the place of each text that it knows. Reaches every `reference`, and every other
 * text that is the `urn:` of an entry (R4, 3.1.0.11.2). Elements without such stay the very same objects.
 */
export function withReferences<T extends Element>(element: T, turn: (text: string, isReference: boolean) => string | undefined): T {
  let copy: Element | undefined
  for (const [name, value] of Object.entries(element)) {
    const turned = turnValue(value, name === 'reference', turn)
    if (turned !== value) {
      copy ??= { ...element }
      copy[name] = turned
    }
  }
  return (copy ?? element) as T // the same fields, some texts in them changed
}

function turnValue(value: unknown, isReference: boolean, turn: (text: string, isReference: boolean) => string | undefined): unknown {
  if (typeof value === 'string') return isReference || value.startsWith('urn:') ? (turn(value, isReference) ?? value) : value
  if (Array.isArray(value)) {
    const turned = value.map((one) => turnValue(one, isReference, turn))
    return turned.some((one, i) => one !== value[i]) ? turned : value
  }
  return isElement(value) ? withReferences(value, turn) : value
}
