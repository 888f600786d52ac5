import { type Context, emitFacts, type Fact, factOf } from '@renxin/server'
import { bookingCancelled, bookingChanged, bookingMade, criticalValueFound, criticalValueWithdrawn } from '../events.ts'
import { encountersByNumber } from './list-records.ts'
import { bookingNews, criticalValues } from './rules.ts'
import type { ChangedRecord } from './write-records.ts'

/** Tells of critical values that were found or taken back, and of appointments. What stays as it was is no news. */
export async function announceRecords(ctx: Context, changed: readonly ChangedRecord[]): Promise<void> {
  const critical = changed.flatMap((c) => (c.is === 'report' ? criticalNews(c) : []))
  const encounterOf = await encountersByNumber(ctx, critical.map((c) => c.visitNumber)) // biome-ignore format: one thought
  const facts = critical.map(({ isFound, visitNumber, ...news }): Fact => {
    const encounterId = encounterOf.get(visitNumber ?? '') ?? null
    return factOf(isFound ? criticalValueFound : criticalValueWithdrawn, { ...news, encounterId })
  })
  for (const { is, before, after } of changed) {
    const news = is === 'booking' ? bookingNews(before, after.state) : undefined
    if (news) facts.push(factOf(bookingEvents[news], { bookingId: after.id, patientId: after.patientId }))
  }
  await emitFacts(ctx, facts)
}

const bookingEvents = { made: bookingMade, changed: bookingChanged, cancelled: bookingCancelled }

function criticalNews({ before, after }: ChangedRecord) {
  const [was, is] = [before ? criticalValues(before) : new Map<string, string | null>(), criticalValues(after.state)]
  const { visitNumber } = after.state.values
  const of = {
    reportId: after.id,
    patientId: after.patientId,
    visitNumber: typeof visitNumber === 'string' ? visitNumber : null,
  }
  const gone = [...was].filter(([value]) => !is.has(value)).map(([, code]) => ({ ...of, code, isFound: false }))
  const come = [...is].filter(([value]) => !was.has(value)).map(([, code]) => ({ ...of, code, isFound: true }))
  return [...gone, ...come]
}
