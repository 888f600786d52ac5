import { execFile } from 'node:child_process'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type pg from 'pg'
import { grow } from './growing.ts'
import { type Log, ORIGINALS, timed } from './multiply.ts'
import { dropFolder, freshFolder, masterKeyOf, type Product, poolsOf, runCommand, signIn, startProduct } from './product.ts'

const PASSWORD = 'renxin-demo'

export type Desks = { nurse: string; admin: string; president: string }
/** A product that runs on a filled hospital. */
export type Hospital = {
  size: number
  copies: number
  product: Product
  app: pg.Pool
  db: pg.Client
  databaseUrl: string
  masterKey: Buffer
  desks: Desks
  stop(): Promise<void>
}

/**
 * Two folders: the hospital that grows, and its twin, which stays at ten thousand patients and is asked beside it in the same rounds.
 * `isKept`: a run goes on with the folders of the last one, and leaves them.
 */
export async function openFolders({ isKept, log }: { isKept: boolean; log: Log }) {
  const growing = await freshFolder('reads', isKept)
  const twin = await freshFolder('reads-twin', isKept)
  const noted = join(growing, 'copies')
  const copiesNow = async () => Number(await readFile(noted, 'utf8').catch(() => '-1'))
  if ((await copiesNow()) < 0) {
    await timed(log, `${ORIGINALS} patients by the doors`, () => fillByDoors(growing))
    await grow(growing, await masterKeyOf(growing), { from: 1, to: 0, log })
    await writeFile(noted, '0')
  }
  const isTwinMissing = !(await stat(twin).catch(() => undefined))
  if (isTwinMissing && (await copiesNow()) > 0) throw new Error(`${twin} is missing: start without --keep`)
  if (isTwinMissing) await promisify(execFile)('cp', ['-a', growing, twin]) // its owner is the database's
  return {
    growing,
    twin,
    /** Answers the size it has then: one that is larger stays so. */
    growTo: async (size: number) => {
      const [before, wanted] = [await copiesNow(), size / ORIGINALS - 1]
      if (wanted > before) {
        await timed(log, `${size} patients`, async () => grow(growing, await masterKeyOf(growing), { from: before + 1, to: wanted, log }))
        await writeFile(noted, String(wanted))
      }
      return Math.max(before, wanted)
    },
    drop: async () => {
      if (!isKept) await Promise.all([growing, twin].map(dropFolder))
    },
  }
}

async function fillByDoors(dataDir: string): Promise<void> {
  const product = await startProduct(dataDir)
  try {
    await runCommand(dataDir, ['demo', 'fill', '--patients', String(ORIGINALS)])
  } finally {
    await product.stop()
  }
}

export async function openHospital(dataDir: string, copies: number): Promise<Hospital> {
  const product = await startProduct(dataDir)
  const { app, owner, openSuper, urls } = await poolsOf(dataDir)
  const db = await openSuper()
  const [nurse = '', admin = '', president = ''] = await Promise.all(
    ['nurse', 'admin', 'president'].map((name) => signIn(product.url, name, PASSWORD)),
  )
  return {
    size: (copies + 1) * ORIGINALS,
    copies,
    product,
    app,
    db,
    databaseUrl: urls.appUrl,
    masterKey: await masterKeyOf(dataDir),
    desks: { nurse, admin, president },
    stop: async () => {
      await Promise.all([db.end(), app.end(), owner.end()])
      await product.stop()
    },
  }
}
