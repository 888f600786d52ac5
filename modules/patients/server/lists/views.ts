import { listRoleNames, roleIdsOf } from '@renxin/access'
import type { Input } from '@renxin/kernel'
import { type Context, can, sql } from '@renxin/server'
import { listErrors, type listsApi, type SavedView } from '../../contract.ts'
import { rowsAs } from '../bulk.ts'

type Api = typeof listsApi

const MOST_VIEWS = 100

/** One's own views, and those that are shared with a role of one's own. */
export async function listViews(ctx: Context) {
  const roleIds = await roleIdsOf(ctx)
  const { rows } = await sql<SavedView>`
    select v.id, v.name, v.conditions, v.owner_name, v.owner_id = ${ctx.actor.id}::uuid as is_mine,
           coalesce((select jsonb_agg(r.role_id) from patients.view_roles r where r.view_id = v.id), '[]') as role_ids
      from patients.views v
     where v.owner_id = ${ctx.actor.id}::uuid
        or v.id in (select r.view_id from patients.view_roles r where r.role_id = any(${roleIds}::uuid[]))
     order by v.name, v.id limit ${sql.lit(2 * MOST_VIEWS)}`.execute(ctx.db)
  return { rows, roles: can(ctx, 'patients.manage') ? await listRoleNames(ctx) : [] }
}

/** Keeps a search form under a name. Only its owner changes it; to share it with others is for whoever keeps the rules. */
export async function saveView(ctx: Context, { id, name, conditions, roleIds }: Input<Api['saveView']>): Promise<{ id: string }> {
  if (roleIds.length > 0 && !can(ctx, 'patients.manage')) throw listErrors.shareForbidden()
  const { rows } = await sql<{ mine: number; others: number }>`
    select (count(*) filter (where owner_id = ${ctx.actor.id}::uuid and id <> ${id}::uuid))::int as mine,
           (count(*) filter (where owner_id <> ${ctx.actor.id}::uuid and id = ${id}::uuid))::int as others
      from patients.views where owner_id = ${ctx.actor.id}::uuid or id = ${id}::uuid`.execute(ctx.db)
  if (rows[0]?.others) throw listErrors.viewNotYours({ id })
  if ((rows[0]?.mine ?? 0) >= MOST_VIEWS) throw listErrors.tooManyViews({ most: MOST_VIEWS })
  await sql`
    insert into patients.views (id, owner_id, owner_name, name, conditions, saved_at)
    values (${id}::uuid, ${ctx.actor.id}::uuid, ${ctx.actor.name}, ${name}, ${JSON.stringify(conditions)}::jsonb, ${ctx.clock.now()})
    on conflict (hospital_id, id) do update set name = excluded.name, conditions = excluded.conditions, saved_at = excluded.saved_at`.execute(
    ctx.db,
  )
  await sql`delete from patients.view_roles where view_id = ${id}::uuid`.execute(ctx.db)
  const shared = [...new Set(roleIds)].map((roleId) => ({ viewId: id, roleId }))
  if (shared.length > 0)
    await sql`insert into patients.view_roles (view_id, role_id) select * from ${rowsAs('n', { view_id: 'uuid', role_id: 'uuid' }, shared)}`.execute(
      ctx.db,
    )
  return { id }
}

export async function removeView(ctx: Context, { id }: Input<Api['removeView']>): Promise<Record<string, never>> {
  const { rows } = await sql<{ isMine: boolean }>`
    select owner_id = ${ctx.actor.id}::uuid as is_mine from patients.views where id = ${id}::uuid`.execute(ctx.db)
  if (rows[0] && !rows[0].isMine) throw listErrors.viewNotYours({ id })
  await sql`delete from patients.views where id = ${id}::uuid`.execute(ctx.db)
  return {}
}
