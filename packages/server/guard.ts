import { type GuardedField, guardOf } from '@renxin/kernel'
import type { z } from 'zod'

type Hidden = ReadonlySet<GuardedField>

/**
 * A reply without the fields that are kept from whoever asks. The one place in which this is done: a contract marks its fields (`guarded`), and no reply leaves
 * without passing here.
 */
export function withoutHidden(schema: z.ZodType, reply: unknown, hidden: Hidden): unknown {
  return hidden.size === 0 ? reply : cleared(schema, reply, hidden)
}

function cleared(schema: z.ZodType, value: unknown, hidden: Hidden): unknown {
  const field = guardOf(schema)
  if (field && hidden.has(field)) return emptyOf(schema)
  const { def } = inside(schema)
  if (value === null || value === undefined) return value
  if (def.innerType) return cleared(def.innerType, value, hidden)
  if (def.out) return cleared(def.out, value, hidden)
  if (def.element && Array.isArray(value)) {
    const { element } = def
    return value.map((item) => cleared(element, item, hidden))
  }
  if (def.options) return def.options.reduce<unknown>((shown, option) => cleared(option, shown, hidden), value)
  if (typeof value !== 'object' || Array.isArray(value)) return value
  const { shape, valueType } = def
  const entries = Object.entries(value).map(([key, item]) => {
    const of = shape?.[key] ?? valueType
    return [key, of ? cleared(of, item, hidden) : item] as const
  })
  return shape || valueType ? Object.fromEntries(entries) : value
}

/** What stands in the place of a field that is kept back. */
export function emptyOf(schema: z.ZodType): null | '' | [] {
  if (schema.safeParse(null).success) return null
  return inside(schema).def.type === 'array' ? [] : ''
}

type Def = {
  type: string
  innerType?: z.ZodType
  out?: z.ZodType
  element?: z.ZodType
  options?: readonly z.ZodType[]
  shape?: Readonly<Record<string, z.ZodType>>
  valueType?: z.ZodType
}

/** How a schema is made, as zod tells it: of all kinds those parts that hold other schemas. */
const inside = (schema: z.ZodType) => schema as unknown as { def: Def } // zod's own types say it kind by kind; each part is looked for before it is used
