import { createUser } from '@renxin/access'
import { type Context, defineModule, type Module, nowhere, serve, sql, systemActor } from '@renxin/server'
import { type Backups, type Simulation, setupApi, setupErrors } from '../contract.ts'
import { checklistRoutes } from './checklist/index.ts'
import { healthRoutes, type Machine } from './health/index.ts'
import { keyRoutes, type RotateKeys } from './keys.ts'
import { oneTimeToken } from './one-time-token.ts'

type Street = {
  /** Brings the new hospital's own rows of every module into being. */
  prepare: (ctx: Context) => Promise<void>
  /** Told after the number of hospitals changed. */
  hospitalsChanged: () => void
  /** Takes away what the demo hospital had beside the rows of this database. */
  demoErased: () => Promise<void>
  version: string
  /** The imaginary hospital's own system. */
  simulator: { state(): Simulation; start(secondsADay: number): Promise<void>; stop(): Promise<void> }
  /** The backups of this installation; `begin` answers whether it began. */
  backups: { state(): Promise<Backups>; begin(what: 'backup' | 'drill'): boolean }
  machine: Machine
  rotateKeys: RotateKeys
}

/** What this room keeps: known before the house is assembled, for whoever makes the tables. */
export const setupTables = { name: 'setup', migrations: new URL('./migrations/', import.meta.url) }

/** The module, with what only the assembled house can give it. `token` is what the set-up link carries. */
export function makeSetup(street: Street): { setup: Module; token: ReturnType<typeof oneTimeToken> } {
  const token = oneTimeToken()
  const hasHospital = async (ctx: Context) => (await sql`select from house.hospital_list() limit 1`.execute(ctx.db)).rows.length > 0

  const routes = serve(setupApi, {
    state: async (ctx) => ({ isEmpty: !(await hasHospital(ctx)), needsToken: true, version: street.version }),

    found: async (ctx, { token: said, hospitalName, adminName, password }) => {
      if (await hasHospital(ctx)) throw setupErrors.alreadyFounded()
      if (!token.isValid(said)) throw setupErrors.wrongToken()
      const made = await sql<{
        id: number
      }>`select house.found_first_hospital(${hospitalName}, ${hospitalName}, ${ctx.clock.zone}, ${ctx.clock.now()}) as id`.execute(ctx.db)
      const hospitalId = made.rows[0]?.id ?? 0
      await sql`select set_config('house.hospital', ${String(hospitalId)}, true)`.execute(ctx.db)
      const inside: Context = {
        ...ctx,
        actor: systemActor,
        hospital: { ...nowhere, id: hospitalId, name: hospitalName, shortName: hospitalName },
      }
      await street.prepare(inside)
      await createUser(inside, {
        name: adminName,
        displayName: adminName,
        password,
        roleKeys: ['systemAdministrator', 'securityAdministrator', 'followupAdministrator'],
      })
      ctx.afterCommit.push(() => {
        token.spend()
        street.hospitalsChanged()
      })
      return { hospitalId }
    },

    eraseDemo: async (ctx) => {
      if (!ctx.hospital.isDemo) throw setupErrors.notADemo()
      await sql`select house.erase_demo(${ctx.hospital.id})`.execute(ctx.db)
      ctx.hospital = nowhere // nothing of it is left, its audit trail neither
      ctx.door?.setSession(null)
      ctx.afterCommit.push(street.hospitalsChanged, () => {
        street.demoErased().catch((error: unknown) => ctx.log.error({ err: error }, 'a part of the demo was left beside the database'))
      })
      await street.simulator.stop()
      return { token: token.renew() }
    },

    backups: () => street.backups.state(),
    beginBackup: async (_, { what }) => {
      if ((await street.backups.state()).mode !== 'on') throw setupErrors.backupsOff()
      if (!street.backups.begin(what)) throw setupErrors.backupBusy()
      return street.backups.state()
    },

    simulation: async () => street.simulator.state(),
    startSimulation: async (ctx, { secondsADay }) => {
      if (!ctx.hospital.isDemo) throw setupErrors.notADemo()
      await street.simulator.start(secondsADay)
      return street.simulator.state()
    },
    stopSimulation: async () => {
      await street.simulator.stop()
      return street.simulator.state()
    },
  })

  const setup = defineModule({
    ...setupTables,
    routes: [
      ...routes,
      ...healthRoutes(street.machine, street.backups.state),
      ...keyRoutes(street.rotateKeys),
      ...checklistRoutes({ machine: street.machine, backups: street.backups.state }),
    ],
  })
  return { setup, token }
}

export { healthTried } from './events.ts'
export type { Machine } from './health/index.ts'
