import { houseErrors } from '@renxin/kernel'
import { type Context, sql, withScope } from '@renxin/server'

type Sql<T> = ReturnType<typeof sql<T>>
type UnitPlace = { id: string; departmentId?: string | null }

/** The actor as far as another permission than the route's reaches. */
export function withScopeOf(ctx: Context, permission: string): Context {
  if (ctx.actor.kind === 'system') return ctx
  const actor = withScope(ctx.actor, permission)
  if (!actor) throw houseErrors.forbidden({ permission })
  return { ...ctx, actor }
}

/** Whether one of the actor's units is this one, or the department it belongs to. */
export function isMine({ actor }: Pick<Context, 'actor'>, unit: UnitPlace): boolean {
  const { departments, wards, scope } = actor
  if (scope === 'hospital') return true
  if (scope === 'department') return [...departments, ...wards].includes(unit.id) || departments.includes(unit.departmentId ?? '')
  return scope === 'ward' && wards.includes(unit.id)
}

/** The units an actor of narrower scope stands for, as a subquery. */
export function myUnits({ actor }: Pick<Context, 'actor'>): Sql<unknown> {
  const [departments, units] =
    actor.scope === 'department' ? [actor.departments, [...actor.departments, ...actor.wards]] : [[], actor.wards]
  return sql`(select id from staff.unit_cards where id = any(${[...units]}::uuid[]) or department_id = any(${[...departments]}::uuid[]))`
}

/** An opinion `o` is seen by who recorded it, and by the units that it concerns or that are asked. */
export function opinionVisible(ctx: Pick<Context, 'actor'>): Sql<boolean> {
  const { actor } = ctx
  if (actor.scope === 'hospital') return sql<boolean>`true`
  const own = sql<boolean>`o.recorded_by = ${actor.id}::uuid`
  if (actor.scope === 'own') return own
  return sql<boolean>`(${own}
    or exists (select from feedback.opinion_units x where x.opinion_id = o.id and x.unit_id in ${myUnits(ctx)})
    or exists (select from feedback.complaint_units x where x.complaint_id = o.id and x.unit_id in ${myUnits(ctx)}))`
}
