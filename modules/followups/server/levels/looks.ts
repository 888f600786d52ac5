import { type Context, sql } from '@renxin/server'
import type { looks } from '../../contract.ts'
import { isLevelOne } from './coverage.ts'

/** Notes that level 2 looked into what level 1 does with these tasks. Of a stay the first time counts. */
export async function noteLooks(ctx: Context, taskIds: readonly string[], how: (typeof looks)[number]): Promise<void> {
  if (taskIds.length === 0) return
  await sql`
    insert into followups.looks (encounter_id, at, by_name, how)
    select distinct t.encounter_id, ${ctx.clock.now()}::timestamptz, ${ctx.actor.name}, ${how} from followups.tasks t
     where t.id = any(${[...taskIds]}::uuid[]) and ${isLevelOne} order by 1
    on conflict on constraint looks_pkey do nothing`.execute(ctx.db)
}
