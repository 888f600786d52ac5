import { newId } from '@renxin/kernel'
import { sql } from 'kysely'
import type { Actor, Context } from './context.ts'
import { nilId } from './context.ts'
import { type House, PENS, penOf } from './house.ts'

export type AuditEntry = {
  action: string
  patientId?: string | null
  objectId?: string | null
  reason?: string | null
  /** The code with which it was refused; without it, it was done. */
  refusal?: string | null
  detail?: unknown
}

export type AuditRow = {
  id: string
  at: Date
  actorId: string | null
  actorName: string
  action: string
  patientId: string | null
  objectId: string | null
  reason: string | null
  address: string | null
  requestId: string
  refusal: string | null
  detail: string | null
}

type Who = Pick<Context, 'requestId'> & { actor: Actor; clock: Context['clock']; door?: Context['door'] }

export function auditRows(who: Who, entries: readonly AuditEntry[]): AuditRow[] {
  const at = who.clock.now()
  return entries.map((e) => ({
    id: newId(at.getTime()),
    at,
    actorId: who.actor.id === nilId ? null : who.actor.id,
    actorName: who.actor.name,
    action: e.action,
    patientId: e.patientId ?? null,
    objectId: e.objectId ?? null,
    reason: e.reason ?? null,
    address: who.door?.address ?? null,
    requestId: who.requestId,
    refusal: e.refusal ?? null,
    detail: detailOf(e.detail, who.actor.viewing?.roleKey),
  }))
}

const detailOf = (detail: unknown, viewingAs: string | undefined): string | null => {
  if (viewingAs === undefined) return detail === undefined ? null : JSON.stringify(detail)
  return JSON.stringify({ viewingAs, ...(typeof detail === 'object' ? detail : { detail }) })
}

/** Leaves an audit row in the transaction in progress, beside the one that the route leaves by itself. */
export const audit = (ctx: Context, entry: AuditEntry): Promise<void> => auditMany(ctx, [entry])

export const auditMany = (ctx: Context, entries: readonly AuditEntry[]): Promise<void> => insertAudit(ctx, auditRows(ctx, entries))

export async function insertAudit(ctx: Pick<Context, 'db'>, rows: readonly AuditRow[]): Promise<void> {
  if (rows.length === 0) return
  const column = <K extends keyof AuditRow>(key: K) => rows.map((r) => r[key])
  await sql`
    with written as (insert into house.audit (id, at, actor_id, actor_name, action, patient_id, object_id, reason, address, request_id, refusal, detail)
    select * from unnest(${column('id')}::uuid[], ${column('at')}::timestamptz[], ${column('actorId')}::uuid[], ${column('actorName')}::text[],
      ${column('action')}::text[], ${column('patientId')}::uuid[], ${column('objectId')}::text[], ${column('reason')}::text[],
      ${column('address')}::text[], ${column('requestId')}::text[], ${column('refusal')}::text[], ${column('detail')}::jsonb[]) returning id)
    insert into house.unsealed_audit (id) select id from written`.execute(ctx.db)
}

/** Whether an audit row stands in a block already; `id` is the column with its id. */
export const isSealed = (id: string) => sql<boolean>`not exists (select from house.unsealed_audit u where u.id = ${sql.ref(id)})`

/** The block in which an audit row was sealed, soon after it was written; null as long as it is not. */
export async function blockOf(ctx: Context, { id, at }: { id: string; at: Date }): Promise<number | null> {
  const block = await ctx.db
    .selectFrom('house.auditBlocks')
    .where('sealedAt', '>=', at)
    .where(sql<boolean>`${id} = any (ids)`)
    .orderBy('sealedAt')
    .select('number')
    .limit(1)
    .executeTakeFirst()
  return block?.number ?? null
}

/** Gathers the audit rows of reads that end at the same moment and commits them together; each waits until its own are durable. */
export function makeReadAudit(house: House) {
  const waiting = new Map<number, { rows: AuditRow[]; done: (() => void)[]; failed: ((e: unknown) => void)[] }>()
  const underWay = new Map<number, number>()

  const flush = async (hospitalId: number) => {
    const before = underWay.get(hospitalId) ?? 0
    if (before >= PENS) return
    underWay.set(hospitalId, before + 1)
    for (let batch = waiting.get(hospitalId); batch; batch = waiting.get(hospitalId)) {
      waiting.delete(hospitalId)
      const { rows, done, failed } = batch
      try {
        await insertAudit({ db: penOf(house, hospitalId) }, rows)
        for (const d of done) d()
      } catch (error) {
        for (const f of failed) f(error)
      }
    }
    underWay.set(hospitalId, (underWay.get(hospitalId) ?? 1) - 1)
  }
  return (hospitalId: number, rows: readonly AuditRow[]): Promise<void> =>
    new Promise((done, failed) => {
      const batch = waiting.get(hospitalId) ?? { rows: [], done: [], failed: [] }
      batch.rows.push(...rows)
      batch.done.push(done)
      batch.failed.push(failed)
      waiting.set(hospitalId, batch)
      setImmediate(() => void flush(hospitalId))
    })
}
