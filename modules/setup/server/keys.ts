import { type Context, keyFacts, lastRotation, type Rotation, type Suite, serve, sql } from '@renxin/server'
import { type Keys, keyErrors, keysApi } from '../keys-contract.ts'

/** Makes the hospital a new data key; undefined where the one before is still on its way. */
export type RotateKeys = (ctx: Context, suite: Suite) => Promise<Rotation | undefined>

/** With this the database refuses a key while the master key is being changed (`house.add_key`). */
const NOT_NOW = '55000'

export const keyRoutes = (rotate: RotateKeys) =>
  serve(keysApi, {
    keys: readKeys,
    rotateKeys: async (ctx, { suite }) => {
      const begun = await rotate(ctx, suite).catch((error: unknown) => {
        throw error instanceof Error && 'code' in error && error.code === NOT_NOW ? keyErrors.masterKeyChanging() : error
      })
      if (!begun) throw keyErrors.rotationUnderWay()
      return readKeys(ctx)
    },
  })

async function readKeys(ctx: Context): Promise<Keys> {
  const facts = await keyFacts(ctx)
  const rotation = await lastRotation(ctx)
  const { rows } = await sql<{ sm: boolean }>`select house.has_sm() as sm`.execute(ctx.db)
  const usable = (purpose: string) => facts.filter((k) => k.purpose === purpose && !k.isComing)
  return {
    suite: usable('seal').at(-1)?.suite ?? 'aes',
    backupSuite: rows[0]?.sm ? 'sm' : 'aes',
    rows: facts.map((k) => ({
      purpose: k.purpose,
      number: k.number,
      suite: k.suite,
      since: k.usableAt.toISOString(),
      state: k.isComing ? 'coming' : k.purpose === 'index' || k.number === usable(k.purpose).at(-1)?.number ? 'current' : 'old', // one index key lies over the other
    })),
    rotation: rotation
      ? {
          number: rotation.number,
          startedAt: rotation.startedAt.toISOString(),
          startedBy: rotation.startedBy,
          pass: rotation.pass,
          resealed: Number(rotation.resealed),
          finishedAt: rotation.finishedAt?.toISOString() ?? null,
        }
      : null,
  }
}
