import { type Element, isElement, listOf } from './json.ts'

/** One step into an element: a field, a choice (`value[x]`), perhaps only those with a field of one value (`telecom[system=phone]`). */
type Step = { field: string; isChoice: boolean; only: { field: string; value: string } | undefined }
export type Path = readonly Step[]

export function pathOf(text: string): Path {
  return text.split('.').map((part): Step => {
    const [, field = '', condition] = /^(\w+)(?:\[(.+)\])?$/.exec(part) ?? []
    const [name, value] = condition?.split('=') ?? []
    return { field, isChoice: condition === 'x', only: name && value ? { field: name, value } : undefined }
  })
}

/** Everything that stands at the end of a path, lists taken apart. What has another shape than expected is passed over. */
export function valuesAt(from: unknown, path: Path): unknown[] {
  let found: unknown[] = [from]
  for (const step of path) found = found.flatMap((at) => (isElement(at) ? stepInto(at, step) : []))
  return found
}

function stepInto(element: Element, { field, isChoice, only }: Step): unknown[] {
  const here = isChoice
    ? Object.entries(element).flatMap(([name, value]) =>
        name.startsWith(field) && /^[A-Z]/.test(name.slice(field.length)) ? listOf(value) : [],
      )
    : listOf(element[field])
  return only ? here.filter((value) => isElement(value) && value[only.field] === only.value) : here
}
