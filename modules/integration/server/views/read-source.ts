import { inHospital, openText } from '@renxin/server'
import { failureOf, SourceError } from './failure.ts'
import { openSession } from './open-session.ts'
import { Changed, noteFailure } from './progress.ts'
import { type Reader, readView } from './read-view.ts'
import type { Connection, Timeouts } from './session.ts'
import type { SourceRow, ViewState } from './tables.ts'

export type ReadingOptions = { timeouts?: Timeouts; pageRows?: number }

/** Reads all that is due of one source over one connection. What goes wrong is noted with the view that it concerns, and stops no other source. */
export async function readSource(
  { house, hospitalId, source }: Pick<Reader, 'house' | 'hospitalId' | 'source'>,
  views: readonly ViewState[],
  { timeouts, pageRows = 500 }: ReadingOptions = {},
): Promise<void> {
  const note = (view: ViewState, error: SourceError) => inHospital(house, hospitalId, (ctx) => noteFailure(ctx, view, error))
  const { password, zone } = await inHospital(house, hospitalId, async (ctx) => ({
    password: openText(ctx, source.password),
    zone: ctx.hospital.zone,
  }))
  const opened = await openSession(connectionOf(source, password, zone), timeouts).catch(failureOf)
  if (opened instanceof SourceError) {
    for (const view of views) await note(view, opened)
    return
  }
  try {
    for (const view of views) {
      await readView({ house, hospitalId, zone, source, session: opened, pageRows }, view).catch(async (error: unknown) => {
        if (error instanceof Changed) return
        if (!(error instanceof SourceError)) house.log.error({ err: error, view: view.id }, 'what was read of a view could not be kept')
        await note(view, error instanceof SourceError ? error : new SourceError('other', 'renxin'))
      })
    }
  } finally {
    await opened.close()
  }
}

type Reachable = Pick<SourceRow, 'kind' | 'host' | 'port' | 'database' | 'username' | 'tls'>

export const connectionOf = ({ kind, host, port, database, username, tls }: Reachable, password: string, zone: string): Connection => ({
  kind,
  host,
  port,
  database,
  username,
  password,
  tls,
  zone,
})
