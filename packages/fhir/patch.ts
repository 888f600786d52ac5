import { isElement } from './json.ts'
import { FhirProblem } from './problem.ts'

type Operation = { op: string; path: string[]; from: string[] | undefined; value: unknown; hasValue: boolean }

const MOST_OPERATIONS = 1000
const refuse = (text: string) => new FhirProblem(400, 'invalid', `JSON Patch: ${text}`)
const impossible = (text: string) => new FhirProblem(422, 'processing', `JSON Patch: ${text}`)

/** Applies a JSON Patch (RFC 6902) and answers the new document; the old one stays as it was. All operations or none. */
export function applyPatch(document: unknown, patch: unknown): unknown {
  const operations = readPatch(patch)
  let result = document
  for (const operation of operations) result = applyOne(result, operation)
  return result
}

function readPatch(patch: unknown): Operation[] {
  if (!Array.isArray(patch)) throw refuse('it is no list of operations')
  if (patch.length > MOST_OPERATIONS) throw refuse(`more than ${MOST_OPERATIONS} operations`)
  return patch.map((raw: unknown): Operation => {
    if (!isElement(raw) || typeof raw.op !== 'string') throw refuse('an operation without op')
    const needsFrom = raw.op === 'move' || raw.op === 'copy'
    const hasValue = Object.hasOwn(raw, 'value')
    if (!['add', 'remove', 'replace', 'move', 'copy', 'test'].includes(raw.op)) throw refuse(`${raw.op.slice(0, 40)} is no operation`)
    if (['add', 'replace', 'test'].includes(raw.op) && !hasValue) throw refuse(`${raw.op} without a value`)
    return { op: raw.op, path: pointer(raw.path), from: needsFrom ? pointer(raw.from) : undefined, value: raw.value, hasValue }
  })
}

/** A JSON Pointer (RFC 6901). */
function pointer(text: unknown): string[] {
  if (text === '') return []
  if (typeof text !== 'string' || !text.startsWith('/') || /~(?![01])/.test(text)) throw refuse('a path that is no JSON Pointer')
  return text
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function applyOne(document: unknown, { op, path, from, value }: Operation): unknown {
  switch (op) {
    case 'add':
      return put(document, path, value, 'add')
    case 'replace':
      return put(document, path, value, 'replace')
    case 'remove':
      return remove(document, path)
    case 'test':
      if (!isSame(read(document, path), value)) throw impossible(`the test of /${path.join('/')} fails`)
      return document
    case 'copy':
      return put(document, path, read(document, from ?? []), 'add')
    default: {
      const moved = read(document, from ?? [])
      if (from && from.length < path.length && from.every((part, i) => part === path[i])) throw impossible('moved into itself')
      return put(remove(document, from ?? []), path, moved, 'add')
    }
  }
}

const indexIn = (list: unknown[], part: string, most: number): number => {
  if (!/^(0|[1-9]\d*)$/.test(part) || Number(part) > most)
    throw impossible(`there is no place ${part.slice(0, 40)} in a list of ${list.length}`)
  return Number(part)
}

function step(at: unknown, part: string): unknown {
  if (Array.isArray(at)) return at[indexIn(at, part, at.length - 1)]
  if (isElement(at) && Object.hasOwn(at, part)) return at[part]
  throw impossible(`there is no ${part.slice(0, 60)}`)
}

const read = (document: unknown, path: readonly string[]): unknown => path.reduce(step, document)

/** Copies what lies on the way, and nothing else. */
function change(at: unknown, path: readonly string[], last: (holder: unknown[] | Record<string, unknown>, part: string) => void): unknown {
  const [part = '', ...rest] = path
  if (!Array.isArray(at) && !isElement(at)) throw impossible(`there is nothing in which ${part.slice(0, 60)} could be`)
  const copy = Array.isArray(at) ? [...at] : { ...at }
  if (rest.length === 0) last(copy, part)
  else {
    const inner = change(step(at, part), rest, last)
    if (Array.isArray(copy)) copy[Number(part)] = inner
    else define(copy, part, inner)
  }
  return copy
}

/** A field of the object itself, whatever it is called. */
const define = (holder: Record<string, unknown>, part: string, value: unknown) =>
  Object.defineProperty(holder, part, { value, writable: true, enumerable: true, configurable: true })

function put(document: unknown, path: readonly string[], value: unknown, mode: 'add' | 'replace'): unknown {
  if (path.length === 0) return value
  return change(document, path, (holder, part) => {
    if (!Array.isArray(holder)) {
      if (mode === 'replace') step(holder, part)
      define(holder, part, value)
    } else if (mode === 'replace') holder[indexIn(holder, part, holder.length - 1)] = value
    else holder.splice(part === '-' ? holder.length : indexIn(holder, part, holder.length), 0, value)
  })
}

function remove(document: unknown, path: readonly string[]): unknown {
  if (path.length === 0) throw impossible('the whole cannot be taken away')
  return change(document, path, (holder, part) => {
    step(holder, part)
    if (Array.isArray(holder)) holder.splice(Number(part), 1)
    else Reflect.deleteProperty(holder, part)
  })
}

/** Equal as JSON: the order of fields does not count, the spelling of a number neither. */
export function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (!isElement(value)) return value
  return Object.entries(value)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, inner]) => [name, sorted(inner)])
}
