import { openAddress } from '@renxin/server'
import type { SourceFailure, SourceKind } from '../../views-contract.ts'
import { failureOf, SourceError } from './failure.ts'
import type { Connection, Session, Timeouts } from './session.ts'

const usualTimeouts: Timeouts = { connectMs: 10_000, queryMs: 60_000 }

const opens: Record<SourceKind, () => Promise<{ open(connection: Connection, timeouts: Timeouts): Promise<Session> }>> = {
  postgres: () => import('./drivers/postgres.ts'),
  mysql: () => import('./drivers/mysql.ts'),
  sqlserver: () => import('./drivers/sqlserver.ts'),
  oracle: () => import('./drivers/oracle.ts'),
}

/** A driver is loaded when the first source of its kind is read: a start does not pay for four of them. */
export async function openSession(connection: Connection, timeouts: Timeouts = usualTimeouts): Promise<Session> {
  const driver = await opens[connection.kind]()
  const opening = reach(connection).then((reached) => driver.open(reached, timeouts))
  const session = await within(timeouts.connectMs + 2000, 'timeout', opening).catch((error: unknown) => {
    opening.then((late) => late.close()).catch(() => {}) // nobody waits for it any more
    throw error
  })
  const guard = <T>(work: Promise<T>): Promise<T> =>
    within(timeouts.queryMs + 5000, 'slow', work).catch((error: unknown) => {
      throw failureOf(error)
    })
  return {
    relations: () => guard(session.relations()),
    columns: (from) => guard(session.columns(from)),
    rows: (text, params) => guard(session.rows(text, params)),
    close: () => within(3000, 'lost', session.close()).catch(() => {}), // whoever does not say goodbye is left behind
  }
}

/**
 * The drivers look names up by themselves, so they are given the address that was found open. Oracle over TLS checks the name against the certificate and keeps
 * it: whoever changes the address behind it has no such certificate.
 */
async function reach(connection: Connection): Promise<Connection> {
  const address = await openAddress(connection.host)
  return connection.kind === 'oracle' && connection.tls ? connection : { ...connection, host: address }
}

/** A driver that has lost its way must not hold the others up. */
async function within<T>(milliseconds: number, code: SourceFailure, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new SourceError(code, `${milliseconds} ms`)), milliseconds)
  })
  try {
    return await Promise.race([work, late])
  } catch (error) {
    throw failureOf(error)
  } finally {
    clearTimeout(timer)
  }
}
