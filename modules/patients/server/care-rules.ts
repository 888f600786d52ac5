import type { Context } from '@renxin/server'

/** The hospital's own rules about whom to take more care of, as long as it has not said otherwise. */
export const careRuleDefaults = { oldFromAge: 80 }

export async function getCareRules(_ctx: Context): Promise<typeof careRuleDefaults> {
  return careRuleDefaults
}
