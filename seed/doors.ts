import type { Ask, Reply, Route } from '@renxin/kernel'
import { type Actor, type House, inHospital } from '@renxin/server'

/** Somebody of the hospital at the page: asks as a click would. */
export function deskOf(house: House, hospitalId: number, who: { id: string; name: string }) {
  const routes = house.modules.flatMap((m) => m.routes.map((s) => s.route))
  return doorOf(house, hospitalId, {
    kind: 'person',
    ...who,
    personId: null,
    may: new Map(routes.flatMap(({ may }) => (typeof may === 'string' ? [[may, 'hospital'] as const] : []))),
    departments: [],
    wards: [],
    scope: 'hospital',
  })
}

/** Whoever it is: asks a route by its contract and lets its own room answer. */
export function doorOf(house: House, hospitalId: number, actor: Actor) {
  const served = new Map(house.modules.flatMap((m) => m.routes).map((s) => [s.route, s.handle]))
  return async <R extends Route>(route: R, asked: Ask<R>): Promise<Reply<R>> => {
    const handle = served.get(route)
    if (!handle) throw new Error(`no room serves ${route.module}.${route.name}`)
    const answer = await inHospital(house, hospitalId, (ctx) => handle(ctx, route.input.parse(asked)), { actor })
    return route.reply.parse(answer) as Reply<R> // what a contract promises of its reply
  }
}

export type Desk = ReturnType<typeof deskOf>
