import type { Context } from '@renxin/server'
import type { openHouse } from '@renxin/server/testing'
import pg from 'pg'

type TestHouse = Awaited<ReturnType<typeof openHouse>>
type Work = {
  step: (ctx: Context) => Promise<unknown>
  isRunning: () => Promise<boolean>
  /** How long a step takes, about: it is cut off somewhere in it, before, within or after its statements. */
  stepMs: number
}

/** A connection that was cut off just as it was given back breaks for whoever takes it next; there are a few of them at most. */
export async function again<T>(ask: () => Promise<T>, tries = 5): Promise<T> {
  return ask().catch((error: unknown) => {
    if (tries === 0) throw error
    return again(ask, tries - 1)
  })
}

/** Works step by step until nothing is left, and of three steps lets two lose their connection to the database; answers how many failed of it. */
export async function workCutOff(house: TestHouse, { step, isRunning, stepMs }: Work): Promise<number> {
  const admin = new pg.Client({ connectionString: house.urls.superUrl })
  await admin.connect()
  let cut = 0
  for (let i = 0; await again(isRunning); i += 1) {
    const isCut = house.inside(step).then(
      () => false,
      () => true,
    )
    if (i % 3 > 0) {
      await new Promise((done) => setTimeout(done, (i * 7) % stepMs))
      await admin.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and usename = 'renxin_app' and state <> 'idle'`,
      )
    }
    if (await isCut) cut += 1
    if (i > 400) throw new Error('it does not come to an end')
  }
  await admin.end()
  return cut
}
