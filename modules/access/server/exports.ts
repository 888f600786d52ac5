import { addDays, type Input, type Page, type Reply } from '@renxin/kernel'
import { type Context, paged } from '@renxin/server'
import { exportSerial } from '@renxin/server/export'
import type { ExportEntry, exportsApi } from '../contract.ts'

type Api = typeof exportsApi

/** Who took what. The rows are the house's (`exportTables`); nobody changes them. */
export async function listExports(
  ctx: Context,
  { actorId, route, serial, from, to, ...cursor }: Input<Api['exports']>,
): Promise<Page<ExportEntry>> {
  const asked = ctx.db
    .selectFrom('house.exports as x')
    .select(['x.number', 'x.at', 'x.actorId', 'x.actorName', 'x.route', 'x.title', 'x.format', 'x.reason', 'x.filters', 'x.rows'])
    .select(['x.address', 'x.requestId'])
    .$if(actorId !== undefined, (q) => q.where('x.actorId', '=', actorId ?? ''))
    .$if(route !== undefined, (q) => q.where('x.route', '=', route ?? ''))
    .$if(serial !== undefined, (q) => q.where('x.number', '=', Number((serial ?? '').replace(/\D/g, ''))))
    .$if(from !== undefined, (q) => q.where('x.at', '>=', ctx.clock.at(from ?? '')))
    .$if(to !== undefined, (q) => q.where('x.at', '<', ctx.clock.at(addDays(to ?? '', 1))))
  const { rows, next } = await paged(asked, cursor, ['x.at', 'x.number'], 'desc')
  return {
    rows: rows.map(({ number, at, filters, ...row }) => ({
      ...row,
      serial: exportSerial(number),
      at: at.toISOString(),
      filters: filters as ExportEntry['filters'], // written by `exportTables` alone, and parsed by the reply
    })),
    next,
  }
}

export async function exportChoices(ctx: Context): Promise<Reply<Api['exportChoices']>> {
  const kinds = await ctx.db
    .selectFrom('house.exports')
    .distinctOn('route')
    .select(['route', 'title'])
    .orderBy('route')
    .orderBy('at', 'desc')
    .execute()
  const actors = await ctx.db
    .selectFrom('house.exports')
    .distinctOn('actorId')
    .select(['actorId as id', 'actorName as name'])
    .where('actorId', 'is not', null)
    .orderBy('actorId')
    .orderBy('at', 'desc')
    .execute()
  return { kinds, actors: actors.flatMap(({ id, name }) => (id ? [{ id, name }] : [])) }
}
