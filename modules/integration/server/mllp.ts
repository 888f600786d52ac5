import { type Charset, type MllpServer, type MllpServerOptions, startMllpServer } from '@renxin/hl7'
import { type House, inHospital, keysOf, sql } from '@renxin/server'
import { openBody, readFrame } from './incoming.ts'
import { ingest } from './ingest.ts'
import { makeIntake } from './intake.ts'

/** The ports it listens on; 0 where it does not. */
export type MllpDoor = { readonly port: number; readonly tlsPort: number; stop(): Promise<void> }

type Options = {
  house: House
  /** Without TLS; `null`: not at all. */
  port: number | null
  host: string
  frameLimit?: number
  sharesPort?: boolean
  /** Over TLS: the certificate, its key, and perhaps the authority of the senders’ own certificates. */
  tls?: NonNullable<MllpServerOptions['tls']> & { port: number }
}

/** The MLLP door of the house (role `mllp`): answers a message once it is committed, and reads what was given to a hospital after it had been nobody's. */
export async function startMllp({ house, port, host, frameLimit, sharesPort = false, tls }: Options): Promise<MllpDoor> {
  const intake = makeIntake(house)
  const listen = (at: Pick<MllpServerOptions, 'port' | 'tls'>): Promise<MllpServer> =>
    startMllpServer({
      ...at,
      host,
      sharesPort,
      ...(frameLimit !== undefined && { frameLimit }),
      answer: intake.take,
      failed: (error) => house.log.error({ err: error }, 'messages could not be kept; their sender will send them again'),
    })
  const open = port === null ? undefined : await listen({ port })
  const sealed = tls && (await listen({ port: tls.port, tls }).catch(closing(open)))
  const claims = every(1000, () => readAssigned(house))
  return {
    port: open?.port ?? 0,
    tlsPort: sealed?.port ?? 0,
    stop: async () => {
      await Promise.all([open?.close(), sealed?.close()])
      await claims.stop()
    },
  }

  function every(milliseconds: number, work: () => Promise<unknown>) {
    let last: Promise<unknown> = Promise.resolve()
    let isRunning = false
    const timer = setInterval(() => {
      if (isRunning) return
      isRunning = true
      last = work()
        .catch((error: unknown) => house.log.error({ err: error }, 'claimed messages could not be read'))
        .finally(() => {
          isRunning = false
        })
    }, milliseconds)
    return {
      stop: async () => {
        clearInterval(timer)
        await last
      },
    }
  }
}

/** A start that fails leaves nothing open. */
const closing = (server: MllpServer | undefined) => async (error: unknown) => {
  await server?.close()
  throw error
}

const MOST_AT_ONCE = 200

/** Reads the messages of senders that a hospital has taken for its own; they leave the unclaimed in the same transaction. Answers how many. */
export async function readAssigned(house: House): Promise<number> {
  const { rows } = await house.pool.query<{ hospital: number }>('select h as hospital from integration.hospitals_with_assigned() h')
  let all = 0
  for (const { hospital } of rows) {
    for (let read = 1; read > 0; all += read) read = await readSome(house, hospital)
  }
  return all
}

async function readSome(house: House, hospitalId: number): Promise<number> {
  const keys = { keys: await keysOf(house, 0) } // what was nobody's is sealed under the key of no hospital
  return inHospital(house, hospitalId, async (ctx) => {
    const { rows } = await sql<{
      body: Buffer
      charset: Charset
    }>`select body, charset from integration.take_assigned(${MOST_AT_ONCE})`.execute(ctx.db)
    await ingest(
      ctx,
      rows.flatMap(({ body, charset }) => readFrame(Buffer.from(openBody(keys, body))).map((one) => ({ ...one, charset }))),
    )
    ctx.afterCommit.push(() => house.wake())
    return rows.length
  })
}
