import { type House, inHospital, listHospitals, sql } from '@renxin/server'
import { DropWatch } from './drops.ts'
import { db } from './tables.ts'
import { workOnImports } from './work.ts'

const LOOK_EVERY_MS = 500
const LOOK_INTO_FOLDERS_EVERY_MS = 5000
const TRIES = 3

export type ImportWorker = { stop(): Promise<void> }

/** Where this process leads: works on imports, a piece in each transaction, as long as there are any, and looks into the watched folders now and then. */
export function startImports(house: House, options: { dropPlace: string }): ImportWorker {
  const watch = new DropWatch(house, options.dropPlace)
  const failures = new Map<number, number>()
  let isStopping = false
  let wake = () => {}
  let lookedAt = Number.NEGATIVE_INFINITY

  async function round(): Promise<boolean> {
    let worked = false
    for (const { id } of await listHospitals(house)) {
      worked = (await workOnce(house, id, failures)) || worked
      if (isStopping) return worked
    }
    if (performance.now() - lookedAt >= LOOK_INTO_FOLDERS_EVERY_MS) {
      lookedAt = performance.now()
      for (const { id } of await listHospitals(house)) await watch.look(id)
    }
    return worked
  }
  async function run() {
    while (!isStopping) {
      const worked =
        house.isLeader() &&
        (await round().catch((error) => {
          house.log.error({ err: error }, 'the work on imports failed')
          return false
        }))
      if (worked || isStopping) continue
      await new Promise<void>((done) => {
        const timer = setTimeout(done, LOOK_EVERY_MS)
        wake = () => {
          clearTimeout(timer)
          done()
        }
      })
    }
  }
  const running = run()
  return {
    stop: async () => {
      isStopping = true
      wake()
      await running
    },
  }
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
