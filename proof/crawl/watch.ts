import { AsyncLocalStorage } from 'node:async_hooks'
import type pg from 'pg'

/** What one request asked of the database. */
export type Asked = { statements: string[] }

const asking = new AsyncLocalStorage<Asked>()
const rehearsing = new AsyncLocalStorage<{ inspect: Inspect | undefined }>()

export async function statementsOf<T>(work: () => Promise<T>): Promise<{ result: T; statements: readonly string[] }> {
  const asked: Asked = { statements: [] }
  const result = await asking.run(asked, work)
  return { result, statements: asked.statements }
}

/** Where transactions begin and end, and the audit, which writes down what several requests saw at once. */
const ofEverybody = /^(begin|commit|rollback)|\bhouse\W{1,3}audit\b/

/** Looks at what was done, in its own transaction. */
export type Inspect = (ask: (text: string) => Promise<pg.QueryResult>) => Promise<void>

/** What is done here is taken back where it would be committed, and is told that it was: any write can be tried, and leaves everything as it was. */
export const rehearse = <T>(work: () => Promise<T>, inspect?: Inspect): Promise<T> => rehearsing.run({ inspect }, work)

/** Lets the connections of a pool be watched and rehearsed on. */
export function watchPool(pool: pg.Pool): void {
  const connect = pool.connect.bind(pool)
  const watched = new WeakSet<object>()
  const open = async () => {
    const client = await connect()
    if (watched.has(client)) return client
    watched.add(client)
    const query = client.query.bind(client) as (...said: unknown[]) => Promise<pg.QueryResult> // one of many shapes; the answer is passed on
    const watch = async (...said: unknown[]) => {
      const [first] = said
      const text =
        typeof first === 'string' ? first : typeof first === 'object' && first !== null && 'text' in first ? String(first.text) : ''
      if (!ofEverybody.test(text)) asking.getStore()?.statements.push(text)
      const rehearsal = rehearsing.getStore()
      if (text !== 'commit' || !rehearsal) return query(...said)
      await rehearsal.inspect?.(query)
      return { ...(await query('rollback')), command: 'COMMIT' }
    }
    Object.assign(client, { query: watch })
    return client
  }
  const answering = connect as (hear: unknown) => unknown // the pool's own way of asking takes a callback
  Object.assign(pool, { connect: (hear?: unknown) => (hear === undefined ? open() : answering(hear)) })
}
