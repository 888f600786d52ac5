import type { Readable } from 'node:stream'
import type { Contract, ExportWaits, Input, Route } from '@renxin/kernel'
import type { z } from 'zod'
import type { Context } from './context.ts'

/** What a handler of a route with `file` answers. */
export type FileReply = { name: string; type: string; body: Buffer | Readable }

type Handler<R extends Route> = (
  ctx: Context,
  input: Input<R>,
) => Promise<R['file'] extends string ? FileReply | ExportWaits : z.input<R['reply']>>
export type Served = { route: Route; handle: (ctx: Context, input: unknown) => Promise<unknown> }

/** Joins a contract with the functions that keep it: each runs in one transaction, after its permission was checked and its input parsed. */
export function serve<C extends Contract>(promised: C, handlers: { [K in keyof C]: Handler<C[K]> }): Served[] {
  return Object.entries(promised).map(([name, route]) => {
    const handle = handlers[name] as Served['handle'] // the mapped type above pairs each handler with its own route
    return { route, handle }
  })
}
