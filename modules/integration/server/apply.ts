import { applyAccounts, applyEncounterFacts, applyRecords, type RecordFacts } from '@renxin/encounters'
import { Refusal } from '@renxin/kernel'
import { partPatients, tracePatientFacts } from '@renxin/patients'
import { type Context, savepoint } from '@renxin/server'
import { enterPeople, enterUnits } from '@renxin/staff'
import type { Told, Translation } from './translation.ts'

/** What became of a message. */
export type Settled = Pick<Translation, 'status' | 'reason' | 'notes' | 'sentAt' | 'visitNumber'> & {
  detail: string | null
  patientId: string | null
  /** Of others whom the message tells of, too. */
  otherPatientIds: string[]
  encounterId: string | null
}

/**
 * Tells the rooms below what some hundreds of messages say, all at once. Where that fails each is told on its own, so that the one
 * that cannot be applied waits with its reason and spoils no other.
 */
export async function applyAll(ctx: Context, translations: readonly Translation[]): Promise<Settled[]> {
  if (translations.length === 0) return []
  try {
    return await savepoint(ctx, (ctx) => applyTogether(ctx, translations))
  } catch (error) {
    if (isPassing(error)) throw error
    if (translations.length > 1) return applyOneByOne(ctx, translations)
    return translations.map((t) => failed(ctx, t, error))
  }
}

async function applyOneByOne(ctx: Context, translations: readonly Translation[]): Promise<Settled[]> {
  const settled: Settled[] = []
  for (const translation of translations) settled.push(...(await applyAll(ctx, [translation])))
  return settled
}

/** The same where a failure is the failure of all: nearly always there is none, and then this is quicker. */
export async function applyTogether(ctx: Context, translations: readonly Translation[]): Promise<Settled[]> {
  const told = translations.flatMap((translation, at) => toldBy(translation).map((one) => ({ ...one, at })))
  const traced = await tracePatientFacts(
    ctx,
    told.map(({ person, visit }) => (visit ? { ...person, isOfVisit: true } : person)),
  )
  const whose = told.flatMap((t, i) => (traced[i] ? [{ ...t, ...traced[i] }] : []))
  for (const { person, also = [], isUnlinked } of translations) {
    const other = also[0]?.person
    if (isUnlinked && person && other)
      await partPatients(ctx, { survivor: person.identifiers, retired: other.identifiers, saidAt: person.sourceAt })
  }
  // A visit is of the file whose number was named, whoever survives it today.
  const visiting = whose.flatMap(({ at, visit, saidPatientId }) => (visit ? [{ at, facts: { ...visit, patientId: saidPatientId } }] : []))
  const encounterIds = await applyEncounterFacts(
    ctx,
    visiting.map((v) => v.facts),
  )
  const byMessage = Map.groupBy(whose, (w) => w.at)
  await applyAccounts(
    ctx,
    translations.flatMap(({ accounts = [] }, at) =>
      accounts.flatMap(({ movedTo, ...account }) => {
        if (movedTo === undefined) return [account]
        const ownerId = byMessage.get(at)?.[movedTo]?.saidPatientId
        return ownerId ? [{ ...account, ownerId }] : []
      }),
    ),
  )
  const encounterOf = new Map(visiting.map((v, i) => [v.at, encounterIds[i]] as const).reverse()) // of several, the first
  await applyRecords(
    ctx,
    translations.flatMap(({ records = [] }, at) => {
      const first = byMessage.get(at)?.[0]
      if (!first) return []
      const { patientId, saidPatientId } = first
      return records.map((record): RecordFacts => ({ ...record, patientId, saidPatientId }))
    }),
  )
  const master = translations.flatMap((t) => t.master ?? [])
  await enterUnits(
    ctx,
    master.flatMap((m) => m.places),
  )
  await enterPeople(
    ctx,
    master.flatMap((m) => m.people),
  )
  return translations.map((translation, at) => {
    const [first, ...others] = byMessage.get(at) ?? []
    return settledAs(translation, {
      patientId: first?.patientId ?? null,
      otherPatientIds: [...new Set(others.map((o) => o.patientId))].filter((id) => id !== first?.patientId),
      encounterId: encounterOf.get(at) ?? null,
    })
  })
}

/** Everybody of whom a message tells. */
const toldBy = ({ person, visit, also = [] }: Translation): Told[] => (person ? [{ person, ...(visit && { visit }) }, ...also] : [])

const settledAs = (t: Translation, more: Partial<Settled>): Settled => ({
  status: t.status,
  reason: t.reason,
  notes: t.notes,
  sentAt: t.sentAt,
  visitNumber: t.visitNumber,
  detail: null,
  patientId: null,
  otherPatientIds: [],
  encounterId: null,
  ...more,
})

function failed(ctx: Context, translation: Translation, error: unknown): Settled {
  const detail = error instanceof Refusal ? error.code : codeOf(error)
  ctx.log.error({ err: error }, 'a message cannot be applied and waits in the inbox')
  return settledAs(translation, { status: 'failed', reason: 'unexpected', detail })
}

/** What may be shown of a failure: its kind, never the values in its text. */
function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    const constraint = 'constraint' in error && typeof error.constraint === 'string' ? ` ${error.constraint}` : ''
    return `${error.code}${constraint}`
  }
  return error instanceof Error ? error.name : 'unknown'
}

/** A deadlock or a clash with another transaction: the whole is tried again, and nothing is wrong with the message. */
const isPassing = (error: unknown) =>
  error instanceof Error &&
  'code' in error &&
  typeof error.code === 'string' &&
  (/^40/.test(error.code) || /^(?:08|53|57)/.test(error.code))
