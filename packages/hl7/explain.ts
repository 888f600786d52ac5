import { componentLabel, fieldLabel, type Label, segmentLabel } from './labels.ts'
import type { Message } from './message.ts'

export type { Label } from './labels.ts'

export type ExplainedPart = { readonly path: string; readonly label: Label | undefined; readonly value: string }
export type ExplainedField = ExplainedPart & { readonly parts: readonly ExplainedPart[] }
export type ExplainedSegment = {
  readonly name: string
  readonly label: Label | undefined
  readonly text: string
  readonly fields: readonly ExplainedField[]
}

/** A message for a reader: every field that says something, with its name and its components. The path of a repetition ends in its number, `PID-3[2]`. */
export function explain(message: Message): ExplainedSegment[] {
  return message.segments.map((segment) => {
    const fields: ExplainedField[] = []
    for (let field = 1; field <= segment.length; field++) {
      const path = `${segment.name}-${field}`
      const label = fieldLabel(segment.name, field)
      if (segment.isDeleted(field)) fields.push({ path, label, value: '""', parts: [] })
      const repetitions = segment.repetitions(field)
      const isPlain = segment.name === 'MSH' && field <= 2
      repetitions.forEach((repetition, index) => {
        const here = repetitions.length > 1 ? `${path}[${index + 1}]` : path
        const parts: ExplainedPart[] = []
        if (!isPlain && repetition.components.length > 1) {
          repetition.components.forEach((_, at) => {
            const value = repetition.whole(at + 1)
            if (value !== undefined) parts.push({ path: `${here}.${at + 1}`, label: componentLabel(segment.name, field, at + 1), value })
          })
        }
        const value = isPlain || parts.length > 0 ? repetition.text : (repetition.whole(1) ?? '')
        if (value !== '') fields.push({ path: here, label, value, parts })
      })
    }
    return { name: segment.name, label: segmentLabel(segment.name), text: segment.text, fields }
  })
}
