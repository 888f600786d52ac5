import { CompiledQuery, type RawBuilder } from 'kysely'
import type { Context } from './context.ts'

type DrawnUp = { text: string; slots: readonly string[] }
const known = new Map<string, DrawnUp>()

/**
 * Asks a statement whose text is drawn up once for all values, since to build a small one takes as long as the database takes to answer it. `shape` names
 * all on which the text depends; `values` are all that differs. Throws where the statement asks for a value that is none of them.
 */
export async function askDrawnUp<Row, Values extends Readonly<Record<string, unknown>>>(
  db: Context['db'],
  shape: string,
  values: Values,
  draw: (values: Values) => RawBuilder<Row>,
): Promise<Row[]> {
  let drawn = known.get(shape)
  if (!drawn) {
    const { sql: text, parameters } = draw(values).compile(db)
    drawn = { text, slots: parameters.map((value) => slotOf(values, value)) }
    known.set(shape, drawn)
  }
  const { rows } = await db.executeQuery<Row>(
    CompiledQuery.raw(
      drawn.text,
      drawn.slots.map((slot) => values[slot]),
    ),
  )
  return rows
}

function slotOf(values: Readonly<Record<string, unknown>>, value: unknown): string {
  const slots = Object.keys(values).filter((slot) => values[slot] === value)
  const [slot] = slots
  if (slot === undefined || slots.length > 1)
    throw new Error('a statement that is drawn up once asks for exactly the values that are named')
  return slot
}
