import { addDays, type Input } from '@renxin/kernel'
import { type Context, sql } from '@renxin/server'
import { checkErrors, type checksApi, type PublishedNews } from '../../contract.ts'
import { db } from '../tables.ts'
import { sumOf, withShares } from './check-rules.ts'
import { rowsOf } from './publish.ts'

type Api = typeof checksApi
/** For so many days a result is news, of so many months. */
const NEWS_DAYS = 92
const NEWS_MONTHS = 3

type Last = Omit<PublishedNews, 'figures'> & { id: string }

/** The last version of each month that was published lately. Whoever answers for departments has to look at those that judge one of them. */
export async function readPublishedNews(ctx: Context): Promise<{ rows: PublishedNews[] }> {
  const { scope, departments, id: account } = ctx.actor
  const isOfAll = scope === 'hospital'
  const { rows } = await sql<Last>`
    select distinct on (p.month) p.id, to_char(p.month, 'YYYY-MM') as month, p.version, p.published_at, p.published_by_name, p.note,
           ${isOfAll} or p.published_by = ${account}::uuid
             or exists (select from followups.publication_seen s where s.publication_id = p.id and s.account_id = ${account}::uuid) as is_seen
      from followups.publications p
     where p.published_at >= ${ctx.clock.at(addDays(ctx.clock.today(), -NEWS_DAYS))}
       and (${isOfAll} or exists (select from followups.published_rows r where r.publication_id = p.id and r.department_id = any(${[...departments]}::uuid[])))
       and not exists (select from followups.publications l where l.month = p.month and l.version > p.version)
     order by p.month desc limit ${sql.lit(NEWS_MONTHS)}`.execute(ctx.db)
  const news: PublishedNews[] = []
  for (const { id, ...publication } of rows) {
    const figures = await rowsOf(ctx, id) // at most three
    const shown = isOfAll ? sumOf(figures) : figures.filter((f) => departments.includes(f.departmentId))
    news.push({ ...publication, figures: shown.map(withShares) })
  }
  return { rows: news }
}

/** Sent twice it is noted once. */
export async function seeResult(ctx: Context, { month, version }: Input<Api['seeResult']>) {
  const publication = await db(ctx)
    .selectFrom('followups.publications')
    .where('month', '=', `${month}-01`)
    .where('version', '=', version)
    .select('id')
    .executeTakeFirst()
  if (!publication) throw checkErrors.publicationNotFound({ month, version })
  await db(ctx)
    .insertInto('followups.publicationSeen')
    .values({ publicationId: publication.id, accountId: ctx.actor.id, seenAt: ctx.clock.now() })
    .onConflict((c) => c.doNothing())
    .execute()
  return {}
}
