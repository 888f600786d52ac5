import type { EventOf } from '@renxin/kernel'
import { type Context, emit, emitMany } from '@renxin/server'
import { fileChanged, filesOpened } from './events.ts'
import { type Draft, listOf } from './fold.ts'
import type { Group } from './groups.ts'

type What = EventOf<typeof fileChanged>['what'][number]

/** Tells others which files are new, all at once, and which say something else now. */
export async function tellChanges(ctx: Context, plain: readonly Draft[], groups: readonly Group[]): Promise<void> {
  const patientIds = plain.flatMap((draft) => (draft.isNew ? [draft.row.id] : []))
  if (patientIds.length > 0) await emit(ctx, filesOpened, { patientIds })
  const changed = plain.flatMap((draft) => {
    const what = draft.isNew ? [] : whatOf(draft)
    return what.length > 0 ? [{ patientId: draft.row.id, what }] : []
  })
  const joined = groups.map((g) => ({ patientId: g.root.row.id, what: ['person', 'kin', 'payer'] satisfies What[] }))
  if (changed.length + joined.length > 0) await emitMany(ctx, fileChanged, [...changed, ...joined])
}

const ofPerson = ['name', 'sex', 'birthOn', 'identityCardIndex', 'address', 'district'] as const

function whatOf({ was, row, changedContacts }: Draft): What[] {
  const lists = new Set([...changedContacts].map((c) => listOf(c.relation)))
  const isPerson = ofPerson.some((field) => !isSame(was[field], row[field])) || lists.has('phones')
  return [
    ...(isPerson ? ['person' as const] : []),
    ...(lists.has('kin') ? ['kin' as const] : []),
    ...(was.payer === row.payer ? [] : ['payer' as const]),
  ]
}

const isSame = (a: unknown, b: unknown) => a === b || (Buffer.isBuffer(a) && Buffer.isBuffer(b) && a.equals(b))
