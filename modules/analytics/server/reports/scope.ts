import { type Context, sql, visibleTo } from '@renxin/server'
import { unknownUnit } from '../tables.ts'

export type Filter = { departmentId?: string | undefined; wardId?: string | undefined }

/** The rows that this person may see and has asked for; the cells `c` unless other columns are named. */
export function inScope(
  ctx: Context,
  { departmentId, wardId }: Filter,
  columns: { department: string; ward: string } = { department: 'c.departmentId', ward: 'c.wardId' },
) {
  const isUnit = (column: string, id: string | undefined) => {
    if (id === undefined) return sql`true`
    // In rows an unknown unit is null, in cells the nil UUID.
    return id === unknownUnit ? sql`coalesce(${sql.ref(column)}, ${id}::uuid) = ${id}::uuid` : sql`${sql.ref(column)} = ${id}::uuid`
  }
  return sql<boolean>`(${visibleTo(ctx.actor, columns)} and ${isUnit(columns.department, departmentId)} and ${isUnit(columns.ward, wardId)})`
}
