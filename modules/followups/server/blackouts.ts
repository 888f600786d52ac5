import { addDays, houseErrors, type Input, type LocalDate } from '@renxin/kernel'
import { type Context, sql, unveiled } from '@renxin/server'
import { programmeErrors, type programmesApi } from '../contract.ts'
import { reckonWindows } from './reckon-windows.ts'
import { db } from './tables.ts'
import { tellPatients } from './tell-patients.ts'

type Api = typeof programmesApi

/** Those of the last year, and all that come. */
export async function listBlackouts(ctx: Context) {
  const rows = await db(ctx)
    .selectFrom('followups.blackouts')
    .where('untilOn', '>=', addDays(ctx.clock.today(), -366))
    .select(['id', 'name', 'fromOn', 'untilOn'])
    .orderBy('fromOn')
    .orderBy('id')
    .limit(200)
    .execute()
  return { rows }
}

/** Saved again it is changed. Windows that nobody has begun move away from its days, and back to the days that it no longer covers. */
export async function saveBlackout(ctx: Context, { id, body }: Input<Api['saveBlackout']>) {
  mustBeOfHospital(ctx)
  if (body.untilOn < ctx.clock.today()) throw programmeErrors.blackoutPast({ untilOn: body.untilOn })
  const before = await db(ctx).selectFrom('followups.blackouts').where('id', '=', id).select(['fromOn', 'untilOn']).executeTakeFirst()
  await db(ctx)
    .insertInto('followups.blackouts')
    .values({ id, ...body })
    .onConflict((c) => c.constraint('blackouts_pkey').doUpdateSet(body))
    .execute()
  const [from, until] = before ? [earlier(before.fromOn, body.fromOn), later(before.untilOn, body.untilOn)] : [body.fromOn, body.untilOn]
  return { id, ...body, moved: await unveiled(ctx, () => moveWindows(ctx, from, until)) }
}

export async function removeBlackout(ctx: Context, { id }: Input<Api['removeBlackout']>) {
  mustBeOfHospital(ctx)
  const gone = await db(ctx).deleteFrom('followups.blackouts').where('id', '=', id).returning(['fromOn', 'untilOn']).executeTakeFirst()
  if (!gone) throw programmeErrors.blackoutNotFound({ id })
  return { moved: await unveiled(ctx, () => moveWindows(ctx, gone.fromOn, gone.untilOn)) }
}

const earlier = (a: LocalDate, b: LocalDate) => (a < b ? a : b)
const later = (a: LocalDate, b: LocalDate) => (a > b ? a : b)

/** The days without calls are the hospital's, not a department's. */
function mustBeOfHospital(ctx: Context): void {
  if (ctx.actor.scope !== 'hospital') throw houseErrors.forbidden({ permission: 'followups.programmes' })
}

/** Further than this no window is moved: the longest run of such days, with holidays before and after. */
const FURTHEST_MOVE = 90

/** Reckons the windows anew that open, or would open but for a move, between two days; only of what nobody has begun or put off. */
async function moveWindows(ctx: Context, from: LocalDate, until: LocalDate): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    select t.id from followups.tasks t
     where t.is_open and t.status = 'todo' and t.tries = 0 and t.channel = 'phone' and t.next_at = t.due_from and t.due_by >= ${ctx.clock.at(from)}
       and t.due_from >= ${ctx.clock.at(from)} and t.due_from < ${ctx.clock.at(addDays(until, FURTHEST_MOVE))}`.execute(ctx.db)
  const moved = await reckonWindows(ctx, rows.map((r) => r.id)) // biome-ignore format: one thought
  await tellPatients(ctx, moved.map((r) => r.patientId)) // biome-ignore format: one thought
  return moved.length
}
