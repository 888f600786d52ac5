import { contract, get, houseErrors, post } from '@renxin/kernel'
import { getPatient, patientVisible, visibleId } from '@renxin/patients'
import { defineModule, type Module, serve, sql } from '@renxin/server'
import { z } from 'zod'
import { marks } from './realms.ts'

const one = z.object({ patientId: z.uuid() })
const named = one.extend({ name: z.string() })
const may = 'patients.read'

const planted = contract('planted', {
  byId: get('/files/:patientId', { may, about: 'patientId', input: one, reply: named }),
  list: get('/names', { may, reply: z.object({ rows: z.array(z.object({ name: z.string() })) }) }),
  search: get('/search', { may, input: z.object({ q: z.string() }), reply: z.object({ count: z.int() }) }),
  touch: post('/files/:patientId/touch', { may, about: 'patientId', input: one, reply: one }),
  tells: get('/tells/:patientId', { may, about: 'patientId', input: one, reply: one }),
  remembers: get('/remembers', { may, reply: z.object({ last: z.string() }) }),
  says: post('/says/:patientId', { may, about: 'patientId', input: one, reply: one }),
  sorted: get('/sorted', { may, input: z.object({ sort: z.string() }), reply: z.object({ names: z.array(z.string()) }) }),
  unknown: get('/things/:thingId', { may, input: z.object({ thingId: z.uuid() }), reply: z.object({}) }),
  sound: get('/sound/:patientId', { may, about: 'patientId', input: one, reply: named }),
})

/** Routes that leak, each in the way of a mistake that is easily made, and one that does not. */
export const leaking = (migrations: URL): Module =>
  defineModule({
    name: 'planted',
    migrations,
    routes: serve(planted, {
      byId: async (ctx, { patientId }) => ({ patientId, name: (await getPatient(ctx, patientId)).name }),
      list: async (ctx) => ({ rows: (await sql<{ name: string }>`select name from patients.cards`.execute(ctx.db)).rows }),
      search: async (ctx, { q }) => {
        const { rows } = await sql<{ count: number }>`select count(*)::int as count from patients.cards where name = ${q}`.execute(ctx.db)
        return { count: rows[0]?.count ?? 0 }
      },
      touch: async (ctx, { patientId }) => {
        await sql`update patients.patients set job = 'x' where id = ${patientId}::uuid`.execute(ctx.db)
        const { rows } =
          await sql`select from patients.patients p where p.id = ${patientId}::uuid and ${patientVisible(ctx, 'p.id')}`.execute(ctx.db)
        if (rows.length === 0 && !(await isThere(ctx, patientId))) throw houseErrors.notFound({ id: patientId })
        return { patientId }
      },
      tells: async (ctx, { patientId }) => {
        if (!(await isThere(ctx, patientId))) throw houseErrors.notFound({ id: patientId })
        await visibleId(ctx, patientId, houseErrors.forbidden({ because: 'department' }))
        return { patientId }
      },
      remembers: async () => ({ last: marks.hospital.name }), // kept outside the database, where no wall stands
      says: async (ctx, { patientId }) => {
        const { name } = await getPatient(ctx, await visibleId(ctx, patientId))
        ctx.log.info({ name }, 'somebody was called')
        return { patientId }
      },
      sorted: async (ctx, { sort }) => {
        const { rows } = await sql.raw<{ name: string }>(`select name from patients.cards order by ${sort}`).execute(ctx.db) // a statement put together by hand
        return { names: rows.map((r) => r.name) }
      },
      unknown: async () => ({}),
      sound: async (ctx, { patientId }) => ({ patientId, name: (await getPatient(ctx, await visibleId(ctx, patientId))).name }),
    }),
  })

async function isThere(ctx: Parameters<typeof getPatient>[0], id: string): Promise<boolean> {
  return (await sql`select from patients.patients where id = ${id}::uuid`.execute(ctx.db)).rows.length > 0
}
