import { type House, inHospital, listHospitals, sql } from '@renxin/server'
import { type Locks, makeLocks } from './locks.ts'
import { answerQuestions } from './questions.ts'
import { type ReadingOptions, readSource } from './read-source.ts'
import { db, type SourceRow, type ViewState } from './tables.ts'

const LOOK_EVERY_MS = 1000

export type Poller = { stop(): Promise<void> }

/** Reads the hospital's databases by the clock (role `worker`, where this process leads). Each source goes its own way: one that is slow or down holds no other up. */
export function startViews(house: House): Poller {
  const running = new Map<string, Promise<void>>()
  const locks = makeLocks(house)
  let isStopping = false
  const begin = (name: string, work: () => Promise<void>) => {
    if (running.has(name)) return
    const done = work()
      .catch((error: unknown) => house.log.error({ err: error }, 'reading a source failed'))
      .finally(() => running.delete(name))
    running.set(name, done)
  }
  const look = async () => {
    for (const { id } of await listHospitals(house)) {
      begin(`questions ${id}`, () => answerQuestions(house, id))
      for (const due of await dueSources(house, id)) begin(due.source.id, () => readAlone(house, locks, id, due))
    }
  }
  let looking: Promise<void> = Promise.resolve()
  const timer = setInterval(() => {
    if (isStopping || running.has('look') || !house.isLeader()) return
    begin('look', look)
    looking = running.get('look') ?? looking
  }, LOOK_EVERY_MS)
  return {
    stop: async () => {
      isStopping = true
      clearInterval(timer)
      await looking
      await Promise.all(running.values())
    },
  }
}

/** One round over all that is due, to its end. */
export async function readDueViews(house: House, options: ReadingOptions = {}): Promise<void> {
  const locks = makeLocks(house)
  for (const { id } of await listHospitals(house)) {
    await answerQuestions(house, id)
    await Promise.all((await dueSources(house, id)).map((due) => readAlone(house, locks, id, due, options)))
  }
}

type Due = { source: SourceRow; views: ViewState[] }

async function dueSources(house: House, hospitalId: number): Promise<Due[]> {
  return inHospital(house, hospitalId, async (ctx) => {
    const views: ViewState[] = await db(ctx)
      .selectFrom('integration.views')
      .where('isActive', '=', true)
      .where('nextAt', '<=', ctx.clock.now())
      .orderBy('nextAt')
      .limit(500)
      .selectAll()
      .execute()
    if (views.length === 0) return []
    const sources = await db(ctx)
      .selectFrom('integration.viewSources')
      .where('isActive', '=', true)
      .where('id', '=', sql<string>`any(${[...new Set(views.map((v) => v.sourceId))]}::uuid[])`)
      .selectAll()
      .execute()
    return sources.map((source) => ({ source, views: views.filter((v) => v.sourceId === source.id) }))
  })
}

/** One process at a time reads a source. */
const readAlone = (house: House, locks: Locks, hospitalId: number, { source, views }: Due, options?: ReadingOptions): Promise<void> =>
  locks.during(`views:${source.id}`, hospitalId, () => readSource({ house, hospitalId, source }, views, options))
