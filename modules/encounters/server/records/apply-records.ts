import { isDeepStrictEqual } from 'node:util'
import { hideFiles, keepFiles } from '@renxin/files'
import { newId } from '@renxin/kernel'
import { type Context, unveiled } from '@renxin/server'
import { survivors } from '../lock.ts'
import { announceRecords } from './announce-records.ts'
import type { RecordFacts, RecordFile } from './facts.ts'
import { type RecordKind, shapes } from './kinds.ts'
import { accountLock, askKey, lockOwners, ownersOf } from './move-records.ts'
import { resolveRecords } from './resolve-records.ts'
import { hear, newRecord, type RecordState, type Statement } from './rules.ts'
import { type ChangedRecord, type Kept, loadRecords, writeRecords } from './write-records.ts'

/**
 * Takes what sources say of reports, documents, orders, charges, bookings and procedures, some hundreds at a time, in whatever order they come.
 * Says so to others only where something has really changed.
 */
export async function applyRecords(ctx: Context, facts: readonly RecordFacts[]): Promise<void> {
  if (facts.length > 0) await unveiled(ctx, () => apply(ctx, facts))
}

async function apply(ctx: Context, facts: readonly RecordFacts[]): Promise<void> {
  const { statements, files } = await resolveRecords(ctx, facts)
  const said = [...new Set(statements.map((s) => String(s.said.saidPatientId)))]
  const visits = [...new Set(statements.map((s) => s.said.visitNumber).filter((n) => typeof n === 'string'))]
  // The patients as they were said and as they are, and the visits: whoever moves them meanwhile waits until these records are there to be moved.
  const owners = [...said, ...(await survivors(ctx, said)).values()]
  const accounts = [...new Set(statements.map((s) => s.said.accountNumber).filter((n) => typeof n === 'string'))]
  await lockOwners(ctx, owners, visits, [...statements.map((s) => `${s.is}:${keyOf(s)}`), ...accounts.map(accountLock)])

  const changed: ChangedRecord[] = []
  for (const is of kinds) {
    const heard = statements.filter((s) => s.is === is)
    if (heard.length > 0) changed.push(...(await settle(ctx, is, heard)))
  }
  if (changed.length === 0) return
  await moveFiles(ctx, changed, files)
  await announceRecords(ctx, changed)
  ctx.touched.add('encounters')
}

const kinds = Object.keys(shapes) as RecordKind[] // the keys of a record over the kinds
const keyOf = ({ source, number }: { source: string; number: string }) => JSON.stringify([source, number])
async function settle(ctx: Context, is: RecordKind, heard: readonly Statement[]): Promise<ChangedRecord[]> {
  const keys = [...new Map(heard.map((s) => [keyOf(s), { source: s.source, number: s.number }])).values()]
  const now = ctx.clock.now()
  const before = new Map((await loadRecords(ctx, is, keys)).map((r) => [keyOf(r), r]))
  const after = new Map(
    keys.map((key) => {
      const known = before.get(keyOf(key))
      const made = { id: newId(now.getTime()), ...key, patientId: '', changedAt: '', state: newRecord(is) }
      return [keyOf(key), known ? structuredClone(known) : made]
    }),
  )
  for (const statement of heard) {
    const record = after.get(keyOf(statement))
    if (record) hear(record.state, statement)
  }
  const settled = [...after].map(([key, record]) => ({ is, was: before.get(key), after: record }))
  const moved = settled.filter(({ was, after: record }) => !was || askKey(askOf(was)) !== askKey(askOf(record)))
  const ownerOf = await ownersOf(ctx, moved.map((m) => askOf(m.after))) // biome-ignore format: one thought
  for (const { after: record } of moved) record.patientId = ownerOf.get(askKey(askOf(record))) ?? askOf(record).saidPatientId
  const different = settled.filter(({ was, after: record }) => !isDeepStrictEqual(was, record))
  const changed = different.filter(({ was, after: record }) => !isDeepStrictEqual(was?.state.values, record.state.values))
  for (const { after: record } of changed) record.changedAt = now.toISOString()
  await writeRecords(ctx, is, different.map((d) => d.after)) // biome-ignore format: one thought
  return changed.map(({ was, after: record }) => ({
    is,
    before: was?.state,
    after: record,
    isOthers: was !== undefined && was.patientId !== record.patientId,
  }))
}

const askOf = ({ state: { values } }: Kept) => ({
  saidPatientId: String(values.saidPatientId),
  visitNumber: typeof values.visitNumber === 'string' ? values.visitNumber : null,
  accountNumber: typeof values.accountNumber === 'string' ? values.accountNumber : null,
})

/** Puts the files that count now into the store, and hides those whose place they took. */
async function moveFiles(ctx: Context, changed: readonly ChangedRecord[], files: ReadonlyMap<string, RecordFile>): Promise<void> {
  const moved = changed.filter(({ before, after }) => (before?.values.fileId ?? null) !== (after.state.values.fileId ?? null))
  const fileIdOf = (state: RecordState | undefined) => (typeof state?.values.fileId === 'string' ? state.values.fileId : undefined)
  await keepFiles(
    ctx,
    moved.flatMap(({ is, after }) => {
      const id = fileIdOf(after.state)
      const file = id === undefined ? undefined : files.get(id)
      if (id === undefined || !file) return []
      return { id, name: file.name, body: file.bytes, about: { kind: `encounters.${is}`, id: after.id }, patientId: after.patientId }
    }),
  )
  await hideFiles(ctx, moved.map(({ before }) => fileIdOf(before)).filter((id) => id !== undefined)) // biome-ignore format: one thought
}
