import { type Context, sql } from '@renxin/server'
import { HAND } from './register.ts'

const LOOK_AT = 2000

/** Who gives the hospital's record numbers, as its systems say it: the one that most of them name. Empty where there are none yet. */
export async function usualAuthority(ctx: Context): Promise<string> {
  const { rows } = await sql<{ system: string }>`
    select system from (select system from patients.identifiers where type in ('MR', 'PI') and system <> ${HAND} limit ${LOOK_AT}) as looked_at
    group by system order by count(*) desc, system limit 1`.execute(ctx.db)
  return rows[0]?.system ?? ''
}
