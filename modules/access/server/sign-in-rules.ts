import { audit, type Context } from '@renxin/server'
import { type SignInRules, signInPresets } from '../contract.ts'
import { db } from './tables.ts'

const columns = [
  'minLength',
  'kinds',
  'maxAgeDays',
  'remembered',
  'tries',
  'lockMinutes',
  'idleMinutes',
  'secondFactor',
  'auditApart',
  'emergencyHours',
] as const

/**
 * What this hospital asks of whoever signs in. As long as it has saved nothing, the figures of grade 3 hold; a second factor is asked for from when it says so,
 * since its people must have been told to bring their telephones.
 */
export async function rulesOf(ctx: Context): Promise<SignInRules> {
  const set = await db(ctx).selectFrom('access.signInRules').select(columns).executeTakeFirst()
  return set ?? { ...signInPresets.grade3, secondFactor: 'optional', auditApart: !ctx.hospital.isDemo } // a demo is walked through by one person
}

/** Passwords that were good enough stay until their owner changes them; all else holds from the next sign-in on. */
export async function changeRules(ctx: Context, rules: SignInRules): Promise<SignInRules> {
  const before = await rulesOf(ctx)
  await db(ctx)
    .insertInto('access.signInRules')
    .values(rules)
    .onConflict((c) => c.constraint('sign_in_rules_pkey').doUpdateSet(rules))
    .execute()
  await audit(ctx, { action: 'access.signInRulesChanged', detail: { before, after: rules } })
  return rules
}
