import type { Ask, Reply, Route } from '@renxin/kernel'
import { type Actor, type House, inHospital } from '@renxin/server'

/** Somebody of the hospital at the page: asks a route by its contract and lets its own room answer, as a click would. */
export function deskOf(house: House, hospitalId: number, who: { id: string; name: string }) {
  const served = new Map(house.modules.flatMap((m) => m.routes).map((s) => [s.route, s.handle]))
  const actor: Actor = {
    kind: 'person',
    ...who,
    personId: null,
    may: new Map([...served.keys()].flatMap(({ may }) => (typeof may === 'string' ? [[may, 'hospital'] as const] : []))),
    departments: [],
    wards: [],
    scope: 'hospital',
  }
  return async <R extends Route>(route: R, asked: Ask<R>): Promise<Reply<R>> => {
    const handle = served.get(route)
    if (!handle) throw new Error(`no room serves ${route.module}.${route.name}`)
    const answer = await inHospital(house, hospitalId, (ctx) => handle(ctx, route.input.parse(asked)), { actor })
    return route.reply.parse(answer) as Reply<R> // what a contract promises of its reply
  }
}

export type Desk = ReturnType<typeof deskOf>
