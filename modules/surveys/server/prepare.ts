import { newId } from '@renxin/kernel'
import type { Context } from '@renxin/server'
import { callQuality } from './presets/call-quality.ts'
import { inpatientSatisfaction } from './presets/inpatient-satisfaction.ts'
import { levelThree } from './presets/level-three.ts'
import { nps } from './presets/nps.ts'
import { recovery } from './presets/recovery.ts'
import { revisitReasons } from './presets/revisit-reasons.ts'
import { ensureQuestionnaire } from './write-questionnaires.ts'

/** The questionnaires that came with the product, by their well-known keys. */
export const presets = {
  recovery,
  'inpatient-satisfaction': inpatientSatisfaction,
  nps,
  'level-three': levelThree,
  'revisit-reasons': revisitReasons,
  'call-quality': callQuality,
} as const

/** Gives a hospital the ready questionnaires; one that it has, changed or not, stays as it is. */
export async function prepareSurveys(ctx: Context): Promise<void> {
  for (const [key, definition] of Object.entries(presets))
    await ensureQuestionnaire(ctx, key, { id: newId(), versionId: newId() }, definition)
}
