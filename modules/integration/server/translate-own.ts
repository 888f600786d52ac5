import { type Message, readTime } from '@renxin/hl7'
import { readContent } from '@renxin/patients'
import { fieldContent } from './columns/own-fields.ts'
import { repetitionAt } from './mapping.ts'
import { type OwnField, type OwnSaid, withOwn } from './own-fields.ts'
import type { Part, Reading } from './translation.ts'

/**
 * What a message about a person says of the hospital's own fields, where its sender's mapping looks for them. Several options are several repetitions, or
 * one text; what a field does not take is noted and left as it was.
 */
export function withOwnFields(message: Message, reading: Reading, own: readonly OwnField[], part: Part): Part {
  if (own.length === 0 || part.status !== 'applied') return part
  const said: OwnSaid = { person: {}, visit: {} }
  for (const field of own) {
    const value = contentAt(message, reading, field)
    const { object, key } = field.definition
    if (value !== undefined) Object.assign(object === 'patient' ? said.person : said.visit, { [key]: value })
  }
  return withOwn(part, said)
}

/** `null`: the sender deletes it. */
function contentAt(message: Message, { mapping, notes }: Reading, { name, definition }: OwnField): string | null | undefined {
  const found = repetitionAt(message, mapping, name)
  if (!found) return found
  const { path, value } = found
  const repetitions =
    definition.kind === 'multiple' && path.where === undefined ? message.first(path.segment)?.repetitions(path.field) : undefined
  const codes = mapping.codes.get(name)
  const texts = (repetitions ?? [value]).flatMap((one) => {
    const code = one.get(path.component ?? 1, path.subcomponent)?.trim()
    const word = path.component === undefined ? one.get(2)?.trim() : undefined
    const candidates = [code, word].flatMap((text) =>
      text ? fieldContent(definition, { text, number: text, day: readTime(text)?.day, meaning: (c) => codes?.get(c) }) : [],
    )
    return candidates.find((c) => !('problem' in readContent(definition, c))) ?? candidates.slice(0, 1)
  })
  const whole = texts.join(';')
  if (whole === '') return undefined
  if (!('problem' in readContent(definition, whole))) return whole
  notes.push({ code: 'badOwnField', field: name, value: definition.isSensitive ? '' : whole.slice(0, 40) })
  return undefined
}
