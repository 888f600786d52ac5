import { type Delimiters, escapeText, usualDelimiters } from './escapes.ts'

/** A component: text, or the texts of its sub-components. */
export type ComponentIn = string | undefined | null | readonly (string | undefined)[]
/** A field: text, its components, or its repetitions. `null` is the `""` that deletes. */
export type FieldIn = string | undefined | null | readonly ComponentIn[] | Repeated
export type Repeated = { readonly repeat: readonly (string | readonly ComponentIn[])[] }
/** A segment: its name, then its fields from the first. The fields of MSH begin with MSH-3. */
export type SegmentIn = readonly [name: string, ...fields: FieldIn[]]

export const repeat = (values: Repeated['repeat']): Repeated => ({ repeat: values })

/** Text of a message in which every value is escaped; lines end in CR. */
export function encodeMessage(segments: readonly SegmentIn[], d: Delimiters = usualDelimiters): string {
  return segments.map((s) => `${encodeSegment(s, d)}\r`).join('')
}

function encodeSegment([name, ...fields]: SegmentIn, d: Delimiters): string {
  const texts = fields.map((f) => encodeField(f, d))
  while (texts.at(-1) === '') texts.pop()
  const isHeader = name === 'MSH' || name === 'BHS' || name === 'FHS'
  const head = isHeader ? `${name}${d.field}${d.component}${d.repetition}${d.escape}${d.subcomponent}` : name
  return [head, ...texts].join(d.field)
}

function encodeField(field: FieldIn, d: Delimiters): string {
  if (field === null) return '""'
  if (field === undefined) return ''
  if (typeof field === 'string') return escapeText(field, d)
  if (isRepeated(field)) return field.repeat.map((one) => encodeField(one, d)).join(d.repetition)
  return trimEnd(
    field.map((c) => encodeComponent(c, d)),
    d.component,
  )
}

function encodeComponent(component: ComponentIn, d: Delimiters): string {
  if (component === null) return '""'
  if (component === undefined) return ''
  if (typeof component === 'string') return escapeText(component, d)
  return trimEnd(
    component.map((part) => (part === undefined ? '' : escapeText(part, d))),
    d.subcomponent,
  )
}

const isRepeated = (field: readonly ComponentIn[] | Repeated): field is Repeated => !Array.isArray(field)

function trimEnd(parts: string[], by: string): string {
  while (parts.at(-1) === '') parts.pop()
  return parts.join(by)
}
