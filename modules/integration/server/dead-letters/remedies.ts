import { houseErrors } from '@renxin/kernel'
import { audit, type Context, can } from '@renxin/server'
import { type CodeTable, integrationErrors, meanings, type Profile, tableOf, usualPlaces } from '../../contract.ts'
import { deadLettersErrors, type Like, type Remedy } from '../../dead-letters-contract.ts'
import { parseMapping } from '../mapping.ts'
import { db } from '../tables.ts'

/** The place that is wrong where a message waits for this. */
const placeOfCause = { noPatientId: 'patientId', noVisitNumber: 'visitNo' } as const

const isKey = <T extends object>(of: T, key: string): key is Extract<keyof T, string> => Object.hasOwn(of, key)

/** The table of codes in which a field's codes have their meaning. */
const tableFor = (field: string): CodeTable | undefined => (isKey(tableOf, field) ? tableOf[field] : undefined)

export function meaningsOf(field: string | null): readonly string[] {
  const table = field === null ? undefined : tableFor(field)
  return table ? (meanings[table] ?? []) : []
}

export function hasMeaning(mapping: Profile, field: string, code: string): boolean {
  const table = tableFor(field)
  return table !== undefined && (parseMapping(mapping).mapping.codes.get(table)?.has(code) ?? false)
}

/** The field whose place a cause points to, and where the sender's mapping looks for it now. */
export function placeFor(cause: string, mapping: Profile): { field: string; text: string } | null {
  if (!isKey(placeOfCause, cause)) return null
  const field = placeOfCause[cause]
  const own = mapping[field]
  return { field, text: typeof own === 'string' ? own : usualPlaces[field] }
}

/** The text of a message with the words replaced, in the lines of one segment or in all. */
export function replaced(text: string, { segment, find, replace }: Extract<Remedy, { kind: 'text' }>): string {
  const mend = (line: string) => (segment === null || line.startsWith(segment) ? line.split(find).join(replace) : line)
  return text.replace(/[^\r\n]+/g, mend)
}

/** A mapping with one place or one meaning more; refuses what is no place and no meaning of ours. */
export function withRemedy(mapping: Profile, remedy: Extract<Remedy, { kind: 'place' | 'meaning' }>): Profile {
  const next = remedy.kind === 'place' ? { ...mapping, [remedy.field]: remedy.text } : withMeaning(mapping, remedy)
  const { problems } = parseMapping(next)
  if (problems.length > 0) throw integrationErrors.badMapping({ problems })
  return next
}

function withMeaning(mapping: Profile, { field, code, meaning }: Extract<Remedy, { kind: 'meaning' }>): Profile {
  const table = tableFor(field)
  if (!table) throw deadLettersErrors.noSuchPlace({ field })
  const codes = recordOf(mapping.codes)
  return { ...mapping, codes: { ...codes, [table]: { ...recordOf(codes[table]), [code]: meaning } } }
}

const recordOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}

/** Changes the mapping of the sender for good: what comes from now on is read by it too. For those who may manage interfaces. */
export async function changeMapping(
  ctx: Context,
  { senderId }: Like,
  remedy: Extract<Remedy, { kind: 'place' | 'meaning' }>,
  reason: string,
): Promise<void> {
  if (!senderId) throw deadLettersErrors.remedyNeedsSender()
  if (!can(ctx, 'integration.manage')) throw houseErrors.forbidden({ permission: 'integration.manage' })
  const sender = await db(ctx).selectFrom('integration.senders').where('id', '=', senderId).select('mapping').forUpdate().executeTakeFirst()
  if (!sender) throw integrationErrors.senderNotFound({ id: senderId })
  const mapping = withRemedy(sender.mapping, remedy)
  await db(ctx)
    .updateTable('integration.senders')
    .set({ mapping: JSON.stringify(mapping) as unknown as Profile, changedAt: ctx.clock.now() }) // jsonb takes its text
    .where('id', '=', senderId)
    .execute()
  await audit(ctx, { action: 'integration.senderChanged', objectId: senderId, reason, detail: { before: sender.mapping, after: mapping } })
  if (remedy.kind !== 'meaning') return
  await db(ctx)
    .deleteFrom('integration.unmappedCodes')
    .where('senderId', '=', senderId)
    .where('field', '=', remedy.field)
    .where('code', '=', remedy.code)
    .execute()
}
