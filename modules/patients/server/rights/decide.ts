import { type Input, newId } from '@renxin/kernel'
import { type Context, sealText } from '@renxin/server'
import { type CorrectionItem, type RightsRequest, type rightsApi, rightsErrors } from '../../contract.ts'
import { correctByRight } from './correct.ts'
import { holdOpen, itemsOf, settle } from './requests.ts'
import { subjectOf } from './subject.ts'

type Api = typeof rightsApi

/** Decides what was asked, field by field, and makes the accepted corrections as any change by hand is made: all of them, or none. */
export async function correct(ctx: Context, { id, decisions }: Input<Api['decideCorrection']>): Promise<RightsRequest> {
  const request = await holdOpen(ctx, id, 'correction')
  const decided = itemsOf(ctx, request).map((item): CorrectionItem => {
    const decision = decisions.find((d) => d.field === item.field)
    if (!decision) throw rightsErrors.notAllDecided({ field: item.field })
    if (!decision.isAccepted && !decision.reason) throw rightsErrors.rightReasonNeeded({ field: item.field })
    return { ...item, isAccepted: decision.isAccepted, reason: decision.reason || null }
  })
  const accepted = decided.filter((d) => d.isAccepted)
  if (accepted.length > 0) await correctByRight(ctx, await subjectOf(ctx, request.patientId), readItems(accepted), newId())
  const items = sealText(ctx, JSON.stringify(decided))
  if (accepted.length > 0) return settle(ctx, id, { state: 'done', items })
  return settle(ctx, id, { state: 'refused', items, refusal: sealText(ctx, decided.map((d) => d.reason).join('\n')) })
}

const SEXES = ['male', 'female', 'unknown', 'other'] as const

/** What people wrote, as the file takes it. */
function readItems(items: readonly CorrectionItem[]) {
  const said = Object.fromEntries(items.map(({ field, value }) => [field, value]))
  const sex = SEXES.find((s) => s === said.sex)
  if (said.sex !== undefined && !sex) throw rightsErrors.rightValueBad({ field: 'sex' })
  if (said.birthOn !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(said.birthOn)) throw rightsErrors.rightValueBad({ field: 'birthOn' })
  const { sex: _, ...rest } = said
  return { ...rest, ...(sex ? { sex } : {}) }
}
