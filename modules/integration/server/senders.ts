import { newId } from '@renxin/kernel'
import { type Context, sql } from '@renxin/server'
import type { Profile } from '../contract.ts'
import type { Incoming } from './incoming.ts'
import { type Mapping, parseMapping } from './mapping.ts'
import { db, type SenderRow } from './tables.ts'

export type Address = Pick<Incoming, 'application' | 'facility'>
export const addressKey = (a: Address): string => `${a.application}\n${a.facility}`

/** The senders of these messages. One that nobody knows is made, with the default mapping, and shown as new. */
export async function sendersOf(ctx: Context, incoming: readonly Address[]): Promise<Map<string, SenderRow>> {
  const wanted = new Map(incoming.map((i) => [addressKey(i), i]))
  const known = await findSenders(ctx, [...wanted.values()])
  const missing = [...wanted].filter(([key]) => !known.has(key)).map(([, address]) => address)
  if (missing.length === 0) return known
  for (const address of missing) await makeSender(ctx, address)
  return findSenders(ctx, [...wanted.values()])
}

export async function findSenders(ctx: Context, addresses: readonly Address[]): Promise<Map<string, SenderRow>> {
  const { rows } = await sql<SenderRow>`
    select s.* from unnest(${addresses.map((a) => a.application)}::text[], ${addresses.map((a) => a.facility)}::text[]) as w (application, facility)
    join integration.senders s on s.application = w.application and s.facility = w.facility`.execute(ctx.db)
  return new Map(rows.map((r) => [addressKey(r), r]))
}

/** Makes a sender of this hospital, unless it is there; answers whether its address is this hospital's own. */
export async function makeSender(ctx: Context, { application, facility }: Address): Promise<boolean> {
  const { rows } = await sql<{ isOurs: boolean }>`select integration.take_address(${application}, ${facility}) as is_ours`.execute(ctx.db)
  const at = ctx.clock.now()
  await db(ctx)
    .insertInto('integration.senders')
    .values({
      id: newId(at.getTime()),
      application,
      facility,
      name: [application, facility].filter(Boolean).join(' · ') || '?',
      mapping: JSON.stringify({}) as unknown as Profile, // jsonb takes its text
      charset: 'auto',
      zone: null,
      replyMode: 'auto',
      isActive: true,
      isNew: true,
      createdAt: at,
      changedAt: at,
    })
    .onConflict((c) => c.columns(['hospitalId' as never, 'application', 'facility']).doNothing())
    .execute()
  return rows[0]?.isOurs ?? false
}

const read = new Map<string, Mapping>()

/** A sender's mapping, parsed once for each state of it. */
export function mappingOf(sender: Pick<SenderRow, 'id' | 'changedAt' | 'mapping'>): Mapping {
  const key = `${sender.id} ${sender.changedAt.getTime()} ${JSON.stringify(sender.mapping).length}`
  const before = read.get(key)
  if (before) return before
  const { mapping } = parseMapping(sender.mapping)
  if (read.size > 500) read.clear()
  read.set(key, mapping)
  return mapping
}
