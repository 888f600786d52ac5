import type { Input } from '@renxin/kernel'
import { auditMany, type Context, openText, sealText, sql, tick } from '@renxin/server'
import { type deadLettersApi, deadLettersErrors, Like, Remedy, type Run } from '../../dead-letters-contract.ts'
import { noteByHand } from '../mend.ts'
import { load, replay, textOf } from '../replay.ts'
import { db } from '../tables.ts'
import { countLike, idsLike } from './like.ts'
import { changeMapping, replaced } from './remedies.ts'

type Api = typeof deadLettersApi
type Kind = Run['kind']

const MOST_COUNTED = 1_000_000
const FIRST_STEP = 500
const STEP = 1000
const CHUNK = 250
const FIRST = '00000000-0000-0000-0000-000000000000'

/** Puts right all messages alike: the mapping or the rule first, then the messages, some hundreds here and the rest by the clock. */
export async function startRemedy(ctx: Context, { id, like, remedy, reason }: Input<Api['remedy']>): Promise<Run> {
  if (remedy.kind === 'place' || remedy.kind === 'meaning') await changeMapping(ctx, like, remedy, reason)
  const kind = remedy.kind === 'aside' ? 'aside' : remedy.kind === 'read' ? 'replay' : 'mend'
  return start(ctx, { id, kind, like, reason, rule: remedy.kind === 'text' ? sealText(ctx, JSON.stringify(remedy)) : null })
}

/** Reads again the messages of a sender, a time, some events, whatever became of them. */
export const startReplay = (ctx: Context, { id, like, reason }: Input<Api['startReplay']>): Promise<Run> =>
  start(ctx, { id, kind: 'replay', like, reason, rule: null })

export const countReplay = async (ctx: Context, { like }: Input<Api['countReplay']>) => ({
  messages: await countLike(ctx, like, MOST_COUNTED),
})

type New = { id: string; kind: Kind; like: Like; reason: string; rule: Buffer | null }

async function start(ctx: Context, { id, kind, like, reason, rule }: New): Promise<Run> {
  const total = await countLike(ctx, like, MOST_COUNTED)
  const { rows } = await sql<{ id: string }>`select m.id from integration.messages m order by m.id desc limit 1`.execute(ctx.db)
  await db(ctx)
    .insertInto('integration.runs')
    .values({
      id,
      kind,
      what: JSON.stringify(like),
      rule,
      reason,
      startedBy: ctx.actor.id,
      startedByName: ctx.actor.name,
      startedAt: ctx.clock.now(),
      total,
      afterId: FIRST,
      untilId: rows[0]?.id ?? FIRST,
    })
    .onConflict((c) => c.constraint('runs_pkey').doNothing())
    .execute()
  await step(ctx, FIRST_STEP, id)
  return getRun(ctx, id)
}

/** What is not done yet goes on by the clock, also after a fall. */
export const goOn = tick('integration.runs', { everySeconds: 1 }, (ctx) => step(ctx, STEP))

type RunRow = {
  id: string
  kind: Kind
  what: unknown
  rule: Buffer | null
  reason: string
  startedBy: string
  startedByName: string
  afterId: string
  untilId: string
}

/** Some more messages of the oldest run, or of the one that is named. */
async function step(ctx: Context, most: number, id: string | null = null): Promise<void> {
  const { rows } = await sql<RunRow>`
    select r.id, r.kind, r.what, r.rule, r.reason, r.started_by, r.started_by_name, r.after_id, r.until_id from integration.runs r
    where r.status = 'running' and (${id}::uuid is null or r.id = ${id}::uuid) order by r.id limit 1 for update skip locked`.execute(ctx.db)
  const run = rows[0]
  if (!run) return
  const like = Like.parse(run.what)
  const ids = await idsLike(ctx, like, { after: run.afterId, until: run.untilId, limit: most })
  // The trace names the person who started it, also where the clock goes on.
  const by: Context = { ...ctx, actor: { ...ctx.actor, id: run.startedBy, name: run.startedByName } }
  let settled = 0
  for (let at = 0; at < ids.length; at += CHUNK) settled += await handle(by, run, ids.slice(at, at + CHUNK), like)
  const isDone = ids.length < most
  await sql`
    update integration.runs set after_id = ${ids.at(-1) ?? run.afterId}::uuid, settled = settled + ${settled}, unsettled = unsettled + ${ids.length - settled},
      status = ${isDone ? 'done' : 'running'}, finished_at = ${isDone ? ctx.clock.now() : null}::timestamptz where id = ${run.id}::uuid`.execute(
    ctx.db,
  )
  ctx.touched.add('integration')
}

/** One chunk: changed, read or set aside, each with its trace. Answers how many are settled now. */
async function handle(ctx: Context, { kind, rule, reason, id: runId }: RunRow, ids: readonly string[], like: Like): Promise<number> {
  if (rule) await rewrite(ctx, ids, rule)
  const became =
    kind === 'aside'
      ? await setAside(ctx, ids)
      : (await replay(ctx, ids)).map((s, i) => ({ id: ids[i] ?? '', patientId: s.patientId, isSettled: isSettled(s, like) }))
  await noteByHand(ctx, ids, reason)
  await auditMany(
    ctx,
    became.map((b) => ({ action: `integration.${kind}`, patientId: b.patientId, objectId: b.id, reason, detail: { run: runId } })),
  )
  return became.filter((b) => b.isSettled).length
}

type State = { status: string; notes: readonly { field: string; value: string }[] }

const isSettled = ({ status, notes }: State, { cause, field, code }: Like): boolean => {
  if (status !== 'applied' && status !== 'ignored') return false
  if (cause !== 'notes') return true
  return !notes.some((n) => (field === undefined || n.field === field) && (code === undefined || n.value === code))
}

async function setAside(ctx: Context, ids: readonly string[]) {
  const { rows } = await sql<{ id: string; patientId: string | null }>`
    update integration.messages m set status = 'ignored', reason = 'setAside'
    where m.id = any(${[...ids]}::uuid[]) and m.status in ('waiting', 'failed') returning m.id, m.patient_id`.execute(ctx.db)
  return rows.map((r) => ({ ...r, isSettled: true }))
}

/** Puts the changed text beside the one that came. One in which the words do not stand is left as it is. */
async function rewrite(ctx: Context, ids: readonly string[], rule: Buffer): Promise<void> {
  const remedy = Remedy.parse(JSON.parse(openText(ctx, rule)))
  if (remedy.kind !== 'text') return
  const changed = (await load(ctx, ids, sql`for update of m`)).flatMap((kept) => {
    const text = textOf(ctx, kept)
    const mended = replaced(text, remedy)
    return mended === text ? [] : [{ id: kept.id, mended: sealText(ctx, `t${mended}`) }]
  })
  await sql`
    update integration.messages m set mended = c.mended
    from unnest(${changed.map((c) => c.id)}::uuid[], ${changed.map((c) => c.mended)}::bytea[]) as c (id, mended) where m.id = c.id`.execute(
    ctx.db,
  )
}

export async function stopRun(ctx: Context, { id }: Input<Api['stopRun']>): Promise<Run> {
  const stopped = await db(ctx)
    .updateTable('integration.runs')
    .set({ status: 'stopped', finishedAt: ctx.clock.now() })
    .where('id', '=', id)
    .where('status', '=', 'running')
    .executeTakeFirst()
  const run = await getRun(ctx, id)
  if (stopped.numUpdatedRows === 0n) throw deadLettersErrors.runFinished({ id })
  return run
}

const runs = (ctx: Context) =>
  db(ctx)
    .selectFrom('integration.runs')
    .select([
      'id',
      'kind',
      'what',
      'reason',
      'startedByName as startedBy',
      'startedAt',
      'finishedAt',
      'total',
      'settled',
      'unsettled',
      'status',
    ])

const shown = (row: Awaited<ReturnType<ReturnType<typeof runs>['execute']>>[number]): Run => ({
  ...row,
  what: Like.parse(row.what),
  startedAt: row.startedAt.toISOString(),
  finishedAt: row.finishedAt?.toISOString() ?? null,
})

async function getRun(ctx: Context, id: string): Promise<Run> {
  const row = await runs(ctx).where('id', '=', id).executeTakeFirst()
  if (!row) throw deadLettersErrors.runNotFound({ id })
  return shown(row)
}

/** The latest, those that still run first. */
export async function listRuns(ctx: Context): Promise<{ rows: Run[] }> {
  const rows = await runs(ctx).orderBy('startedAt', 'desc').orderBy('id').limit(50).execute()
  return { rows: rows.map(shown).toSorted((a, b) => Number(b.status === 'running') - Number(a.status === 'running')) }
}
