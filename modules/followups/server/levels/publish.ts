import { type Input, newId } from '@renxin/kernel'
import { type Context, can, inTurn, sql, unveiled, visibleTo } from '@renxin/server'
import { checkErrors, type checksApi, type Figure, talkOutcomes } from '../../contract.ts'
import { db } from '../tables.ts'
import { type Counts, changesBetween, sumOf, withShares } from './check-rules.ts'
import { getSettings } from './settings.ts'

type Api = typeof checksApi
export type Row = Counts & { departmentId: string; departmentName: string }

/**
 * The result of a month: of each department's drawn, how many the centre reached, how many were checked, and what was found, level by level. It counts
 * everybody, whoever asks: no patient is in it.
 */
export const figuresOf = (ctx: Context, month: string): Promise<Row[]> =>
  unveiled(ctx, async () => {
    const { rows } = await sql<Row>`
      with sample as materialized (
        select d.department_id, f.encounter_id,
               exists (select from followups.tasks t where t.encounter_id = f.encounter_id and t.programme_id = d.programme_id
                          and t.outcome = any(${[...talkOutcomes]}::text[])) as is_reached
          from followups.draws d join followups.draw_frame f on f.draw_id = d.id and f.is_drawn
         where d.level = 'centre' and d.month = ${`${month}-01`})
      select s.department_id, u.name as department_name, l.level, count(*)::int as drawn,
             count(*) filter (where s.is_reached)::int as reached,
             count(k.call)::int as checked,
             count(*) filter (where k.call = 'confirmed')::int as confirmed,
             count(*) filter (where k.call = 'untrue')::int as untrue,
             count(*) filter (where k.call = 'unclear')::int as unclear,
             count(*) filter (where k.call = 'none')::int as not_called,
             count(*) filter (where k.is_short)::int as too_short,
             count(*) filter (where k.answers = 'agree')::int as agree,
             count(*) filter (where k.answers = 'differ')::int as differ,
             count(*) filter (where k.answers in ('unclear', 'none'))::int as not_compared
        from sample s
       cross join (values ('department'), ('supervisor')) as l (level)
        left join followups.checks k on k.encounter_id = s.encounter_id and k.level = l.level
        join staff.unit_cards u on u.id = s.department_id
       group by 1, 2, 3 order by 2, 1, 3 limit 4000`.execute(ctx.db)
    return rows
  })

/** What was published of a month, and for the centre what publishing would say now. */
export async function readResult(ctx: Context, { month, version }: Input<Api['levelResult']>) {
  const versions = await versionsOf(ctx, month)
  const shown = version === undefined ? versions[0] : versions.find((v) => v.version === version)
  if (version !== undefined && !shown) throw checkErrors.publicationNotFound({ month, version })
  const mine = await departmentsShown(ctx)
  const rows = shown ? await rowsOf(ctx, shown.id) : []
  const before = versions.find((v) => v.version === (shown?.version ?? 0) - 1)
  return {
    versions: versions.map(({ id: _, ...v }) => v),
    shown: shown?.version ?? null,
    rows: figuresFor(rows, mine),
    changes: before ? changesBetween(await rowsOf(ctx, before.id), rows).filter((c) => mine(c.departmentId)) : [],
    now: can(ctx, 'followups.check') ? figuresFor(await figuresOf(ctx, month), () => true) : null,
  }
}

/** The hospital, and of its departments those that the reader may see. */
function figuresFor(rows: readonly Row[], isShown: (departmentId: string) => boolean): Figure[] {
  return [...sumOf(rows), ...rows.filter((r) => isShown(r.departmentId))].map(withShares)
}

/** Whose results somebody sees: his own departments', or all where the hospital shows all to all. */
async function departmentsShown(ctx: Context): Promise<(departmentId: string) => boolean> {
  if (ctx.actor.scope === 'hospital' || (await getSettings(ctx)).showsAll) return () => true
  const own = await db(ctx)
    .selectFrom('staff.unitCards as u')
    .where('u.kind', '=', 'department')
    .where(visibleTo(ctx.actor, { department: 'u.id' }))
    .select('u.id')
    .limit(1000)
    .execute()
  const ids = new Set(own.map((u) => u.id))
  return (departmentId) => ids.has(departmentId)
}

const versionsOf = (ctx: Context, month: string) =>
  db(ctx)
    .selectFrom('followups.publications')
    .where('month', '=', `${month}-01`)
    .select(['id', 'version', 'publishedAt', 'publishedByName', 'note'])
    .orderBy('version', 'desc')
    .limit(200)
    .execute()

export const rowsOf = (ctx: Context, publicationId: string): Promise<Row[]> =>
  db(ctx)
    .selectFrom('followups.publishedRows')
    .where('publicationId', '=', publicationId)
    .selectAll()
    .orderBy('departmentName')
    .orderBy('departmentId')
    .orderBy('level')
    .limit(4000)
    .execute()

/** Publishes the result of a month as it stands. It is frozen: published again, it is another version, which says why and shows what is another count. */
export async function publishResult(ctx: Context, { month, note }: Input<Api['publishResult']>) {
  await inTurn(ctx, 'publications') // of two who publish at once the second finds nothing new
  const rows = await figuresOf(ctx, month)
  if (!rows.some((r) => r.checked > 0)) throw checkErrors.nothingToPublish({ month })
  const [last] = await versionsOf(ctx, month)
  if (last && changesBetween(await rowsOf(ctx, last.id), rows).length === 0) throw checkErrors.nothingNew({ month, version: last.version })
  if (last && note === '') throw checkErrors.reasonNeeded({ month })
  const id = newId(ctx.clock.now().getTime())
  const version = (last?.version ?? 0) + 1
  const { id: publishedBy, name: publishedByName } = ctx.actor
  await db(ctx)
    .insertInto('followups.publications')
    .values({ id, month: `${month}-01`, version, note, publishedAt: ctx.clock.now(), publishedBy, publishedByName })
    .execute()
  await db(ctx)
    .insertInto('followups.publishedRows')
    .values(rows.map((row) => ({ publicationId: id, ...row })))
    .execute()
  return { version }
}
