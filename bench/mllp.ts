import pg from 'pg'
import { discharge, drained, marks, send } from './feed.ts'
import { paired } from './pairs.ts'
import { dropFolder, freshFolder, poolsOf, runCommand, startProduct } from './product.ts'
import { MARK, rowsSince, snapshot, type Written, writeRaw } from './raw.ts'
import { plainRow, type Row, rowOf } from './result.ts'

/** Messages acknowledged per second with their full effect committed and the backlog drained, beside the same rows by raw SQL, one transaction a message. */
export async function mllpRows({ log }: { log: (line: string) => void }): Promise<Row[]> {
  const dataDir = await freshFolder('mllp')
  const product = await startProduct(dataDir)
  try {
    await runCommand(dataDir, ['hospital', 'create', '--name', 'BENCH'])
    const { app, owner, urls } = await poolsOf(dataDir)
    await send(product.mllpPort, 1, [discharge('00000000')]) // makes the units and people, which a real feed makes once
    await drained(app)
    const before = await snapshot(app)
    await send(product.mllpPort, 1, [discharge(MARK)])
    await drained(app)
    const template = await rowsSince(app, before)
    log(`one discharge writes ${template.length} rows in ${new Set(template.map((t) => t.table)).size} tables`)

    const rows: Row[] = []
    const raw = new pg.Pool({ connectionString: urls.appUrl, max: 64 })
    for (const connections of [1, 8, 64]) {
      const count = connections === 1 ? 400 : 2000
      const ours = async () => {
        const messages = marks(count).map((mark) => discharge(mark))
        const began = performance.now()
        await send(product.mllpPort, connections, messages)
        await drained(app)
        return count / ((performance.now() - began) / 1000)
      }
      const beside = () => writeRaw(raw, template, marks(count), connections)
      await ours()
      await owner.query('analyze') // as the database does by itself within a minute
      const pair = await paired(ours, beside)
      rows.push(
        rowOf(pair, {
          name: `mllp-${connections}`,
          what: `ADT^A03 over ${connections} connection${connections > 1 ? 's' : ''}, full effect, backlog drained`,
          unit: 'msg/s',
          beside: 'same rows, raw SQL, a transaction each',
          goal: '≥ 0.30',
          isMet: (ratio) => ratio >= 0.3,
        }),
      )
      log(`mllp-${connections}: ${pair.ours.map(Math.round)} beside ${pair.beside.map(Math.round)}`)
    }
    rows.push(await besideBatches({ port: product.mllpPort, app, raw, template, log }))
    rows.push(await backlogRow({ port: product.mllpPort, app, log }))
    await raw.end()
    await app.end()
    await owner.end()
    return rows
  } finally {
    await product.stop()
    await dropFolder(dataDir)
  }
}

type Feed = { port: number; app: pg.Pool; log: (line: string) => void }

/** Many senders at once, beside the same rows by the batch: what a database takes when two hundred messages share a transaction. */
async function besideBatches({ port, app, raw, template, log }: Feed & { raw: pg.Pool; template: readonly Written[] }): Promise<Row> {
  const ours = async () => {
    const count = 4000
    const messages = marks(count).map((mark) => discharge(mark))
    const began = performance.now()
    await send(port, 64, messages)
    await drained(app)
    return count / ((performance.now() - began) / 1000)
  }
  const pair = await paired(ours, () => writeRaw(raw, template, marks(4000), 4, 200))
  log(`mllp-batched: ${pair.ours.map(Math.round)} beside ${pair.beside.map(Math.round)}`)
  return rowOf(pair, {
    name: 'mllp-batched',
    what: 'ADT^A03 over 64 connections, full effect, backlog drained',
    unit: 'msg/s',
    beside: 'same rows, raw SQL, 200 messages a transaction, 4 clients',
    goal: '≥ 0.15',
    isMet: (ratio) => ratio >= 0.15,
  })
}

const BACKLOG = 100_000

/** A platform's queue after a night's stop: a hundred thousand messages as fast as they are taken, until nothing of them is left to do. */
async function backlogRow({ port, app, log }: Feed): Promise<Row> {
  const messages = (function* () {
    for (let i = 0; i < BACKLOG; i += 1) yield discharge(marks(1)[0] ?? '')
  })()
  const began = performance.now()
  await send(port, 8, messages)
  const sent = (performance.now() - began) / 1000
  await drained(app)
  const seconds = (performance.now() - began) / 1000
  log(`backlog: ${BACKLOG} messages acknowledged in ${sent.toFixed(0)} s, drained after ${seconds.toFixed(0)} s`)
  return plainRow([BACKLOG / seconds], {
    name: 'mllp-backlog',
    what: `${BACKLOG.toLocaleString('en')} messages of a stopped queue over 8 connections, drained`,
    unit: 'msg/s',
    goal: '≥ 20 (a night within the hour)',
    isMet: (rate) => rate >= 20,
  })
}
