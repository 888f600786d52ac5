import { datatypes, everyResource, type Field, fits, type Shape } from './datatypes.ts'
import { isDateTime } from './dates.ts'
import { definitions } from './definitions.ts'
import { type Element, isElement, isResource, numberOf, type Resource } from './json.ts'
import { FhirProblem, type IssueCode } from './problem.ts'

const DEEPEST = 60
const MOST_VALUES = 500_000
const NAME = /^_?[A-Za-z][A-Za-z0-9]*$/

const wrong = (code: IssueCode, expression: string, text: string) => new FhirProblem(400, code, `${expression}: ${text}`, expression)

/** Takes a body for a resource of this type, or says what is wrong with it. What the tables do not name is taken as it comes. */
export function checkResource(body: unknown, type?: string): Resource {
  if (!isResource(body)) throw new FhirProblem(400, 'structure', 'the body is no resource: there is no resourceType')
  if (type !== undefined && body.resourceType !== type)
    throw wrong('invalid', 'resourceType', `is ${body.resourceType.slice(0, 60)}, not ${type}`)
  const definition = definitions.get(body.resourceType)
  if (!definition) throw new FhirProblem(404, 'not-supported', `the resource type ${body.resourceType.slice(0, 60)} is not taken`)
  checkValues(body)
  checkFields(body, everyResource, body.resourceType)
  checkFields(body, definition.shape, body.resourceType)
  return body
}

/** Names, depth and size, and no text that no database could keep. Walked without recursion, so that no depth breaks it. */
export function checkValues(body: Element): void {
  const left: { value: unknown; at: string; depth: number }[] = [{ value: body, at: String(body.resourceType), depth: 0 }]
  let seen = 0
  for (let next = left.pop(); next; next = left.pop()) {
    const { value, at, depth } = next
    seen += 1
    if (seen > MOST_VALUES) throw new FhirProblem(413, 'too-long', `more than ${MOST_VALUES} values`)
    if (depth > DEEPEST) throw wrong('structure', at.slice(0, 200), `nested deeper than ${DEEPEST}`)
    if (typeof value === 'string') {
      if (value.includes('\0') || !value.isWellFormed()) throw wrong('value', at, 'a text with a zero character or half of a pair')
    } else if (Array.isArray(value)) {
      for (const inner of value) if (inner !== null) left.push({ value: inner, at, depth: depth + 1 })
    } else if (isElement(value)) {
      for (const [name, inner] of Object.entries(value)) {
        if (!NAME.test(name)) throw wrong('structure', at, `${JSON.stringify(name.slice(0, 60))} is no name of an element`)
        if (inner === null) throw wrong('structure', `${at}.${name}`, 'null')
        left.push({ value: inner, at: `${at}.${name}`, depth: depth + 1 })
      }
    } else if (value === null) throw wrong('structure', at, 'null')
  }
}

function checkFields(element: Element, shape: Shape, at: string): void {
  for (const [name, field] of shape) {
    const value = Object.hasOwn(element, name) ? element[name] : undefined
    if (value === undefined) {
      if (field.isRequired && !Object.hasOwn(element, `_${name}`)) throw wrong('required', `${at}.${name}`, 'is missing')
      continue
    }
    if (field.isList !== Array.isArray(value)) throw wrong('structure', `${at}.${name}`, field.isList ? 'is no list' : 'is a list')
    if (!Array.isArray(value)) checkValue(value, field, `${at}.${name}`)
    else {
      if (field.isRequired && value.length === 0) throw wrong('required', `${at}.${name}`, 'is empty')
      value.forEach((one, i) => {
        if (one !== null) checkValue(one, field, `${at}.${name}[${i}]`) // null keeps the place of an extension
      })
    }
  }
}

function checkValue(value: unknown, { type, codes }: Field, at: string): void {
  switch (type) {
    case 'boolean':
      if (typeof value !== 'boolean') throw wrong('value', at, 'is neither true nor false')
      return
    case 'integer':
    case 'decimal':
      if (numberOf(value) === undefined) throw wrong('value', at, 'is no number')
      return
    case 'id':
    case 'code':
    case 'uri':
    case 'string':
      if (typeof value !== 'string' || !fits(type, value)) throw wrong('value', at, `is no ${type}`)
      if (codes && !codes.includes(value)) throw wrong('value', at, `${value.slice(0, 60)} is none of ${codes.join(', ')}`)
      return
    case 'date':
    case 'dateTime':
    case 'instant':
      if (typeof value !== 'string' || !isDateTime(value)) throw wrong('value', at, `is no ${type}`)
      return
    case 'Resource':
      if (!isResource(value)) throw wrong('structure', at, 'is no resource')
      return
    default: {
      if (!isElement(value)) throw wrong('structure', at, 'is no element')
      const shape = datatypes.get(type)
      if (shape) checkFields(value, shape, at)
    }
  }
}
