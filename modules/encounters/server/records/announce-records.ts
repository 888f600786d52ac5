import { type Context, emitFacts, type Fact, factOf } from '@renxin/server'
import { bookingCancelled, bookingChanged, bookingMade, criticalValueFound, criticalValueWithdrawn, recordsChanged } from '../events.ts'
import type { StoredItem } from './kinds.ts'
import { encountersByNumber } from './list-records.ts'
import { bookingNews, criticalValues } from './rules.ts'
import type { ChangedRecord } from './write-records.ts'

export type MovedReport = {
  id: string
  patientId: string
  visitNumber: string | null
  status: string
  isCritical: boolean | null
  items: readonly StoredItem[]
}

/** Tells of critical values that were found or taken back, of appointments, and which records say something new. What stays as it was is no news. */
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
  for (const is of ['report', 'document', 'order', 'procedure'] as const) {
    const ids = [...new Set(changed.flatMap((c) => (c.is === is ? [c.after.id] : [])))]
    if (ids.length > 0) facts.push(factOf(recordsChanged, { is, ids }))
  }
  await emitFacts(ctx, facts)
}

const bookingEvents = { made: bookingMade, changed: bookingChanged, cancelled: bookingCancelled }

/** A value that was told of one patient and is another's is told again: whoever warned of the one warns of the other. */
function criticalNews({ before, after, isOthers }: ChangedRecord) {
  const [was, is] = [before ? criticalValues(before) : new Map<string, string | null>(), criticalValues(after.state)]
  const { visitNumber } = after.state.values
  const of = {
    reportId: after.id,
    patientId: after.patientId,
    visitNumber: typeof visitNumber === 'string' ? visitNumber : null,
  }
  const gone = [...was].filter(([value]) => !is.has(value)).map(([, code]) => ({ ...of, code, isFound: false }))
  const come = [...is].filter(([value]) => isOthers || !was.has(value)).map(([, code]) => ({ ...of, code, isFound: true }))
  return [...gone, ...come]
}

/** Critical values of reports that are another patient's from now on. */
export async function announceMoved(ctx: Context, reports: readonly MovedReport[]): Promise<void> {
  const encounterOf = await encountersByNumber(ctx, reports.map((r) => r.visitNumber)) // biome-ignore format: one thought
  await emitFacts(
    ctx,
    reports.flatMap(({ id, patientId, visitNumber, ...values }) => {
      const of = { reportId: id, patientId, encounterId: encounterOf.get(visitNumber ?? '') ?? null }
      return [...criticalValues({ values }).values()].map((code) => factOf(criticalValueFound, { ...of, code }))
    }),
  )
}
