import { type Context, emitMany } from '@renxin/server'
import { tasksChanged } from './events.ts'

const AT_ONCE = 100

/** Tells others that these tasks stand otherwise now; some at a time, since thousands may be planned together. */
export async function tellTasks(ctx: Context, rows: readonly { id: string }[]): Promise<void> {
  const ids = [...new Set(rows.map((r) => r.id))]
  const parts = Array.from({ length: Math.ceil(ids.length / AT_ONCE) }, (_, at) => ids.slice(at * AT_ONCE, (at + 1) * AT_ONCE))
  if (parts.length > 0) await emitMany(ctx, tasksChanged, parts.map((taskIds) => ({ taskIds }))) // biome-ignore format: one thought
}
