import { type House, inHospital, listHospitals, type Rounds, sql, startRounds } from '@renxin/server'
import { DropWatch } from './drops.ts'
import { db } from './tables.ts'
import { workOnImports } from './work.ts'

const LOOK_EVERY_MS = 500
const LOOK_INTO_FOLDERS_EVERY_MS = 5000
const TRIES = 3

/** Where this process leads: works on imports, a piece in each transaction, as long as there are any, and looks into the watched folders now and then. */
export function startImports(house: House, options: { dropPlace: string }): Rounds {
  const watch = new DropWatch(house, options.dropPlace)
  const failures = new Map<number, number>()
  let lookedAt = Number.NEGATIVE_INFINITY

  const rounds = startRounds(house, { everyMs: LOOK_EVERY_MS, failed: 'the work on imports failed' }, async () => {
    if (!house.isLeader()) return false
    let worked = false
    for (const { id } of await listHospitals(house)) {
      worked = (await workOnce(house, id, failures)) || worked
      if (rounds.isStopping()) return worked
    }
    if (performance.now() - lookedAt >= LOOK_INTO_FOLDERS_EVERY_MS) {
      lookedAt = performance.now()
      for (const { id } of await listHospitals(house)) await watch.look(id)
    }
    return worked
  })
  return rounds
}

/** One piece; an import that fails again and again is set aside as failed, so that others come to their turn. */
export async function workOnce(house: House, hospitalId: number, failures: Map<number, number> = new Map()): Promise<boolean> {
  try {
    const worked = await inHospital(house, hospitalId, workOnImports)
    failures.delete(hospitalId)
    return worked
  } catch (error) {
    const times = (failures.get(hospitalId) ?? 0) + 1
    failures.set(hospitalId, times)
    const isRefused = error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('integration.')
    if (!isRefused && times < TRIES) throw error
    failures.delete(hospitalId)
    const reason = isRefused ? String(error.code).replace('integration.', '') : 'unexpected'
    if (!isRefused) house.log.error({ err: error }, 'an import cannot be worked on and is set aside')
    await inHospital(house, hospitalId, async (ctx) => {
      await db(ctx)
        .updateTable('integration.imports')
        .set({ status: 'failed', reason })
        .where(
          'id',
          '=',
          sql<string>`(select i.id from integration.imports i where i.status in ('checking', 'applying', 'undoing') order by i.id limit 1)`,
        )
        .execute()
      ctx.touched.add('integration')
    })
    return true
  }
}
