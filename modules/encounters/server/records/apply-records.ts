import { isDeepStrictEqual } from 'node:util'
import { hideFiles, keepFiles } from '@renxin/files'
import { newId } from '@renxin/kernel'
import type { Context } from '@renxin/server'
import { lock, survivors } from '../lock.ts'
import { announceRecords } from './announce-records.ts'
import type { RecordFacts, RecordFile } from './facts.ts'
import { type RecordKind, shapes } from './kinds.ts'
import { resolveRecords } from './resolve-records.ts'
import { hear, newRecord, type RecordState, type Statement } from './rules.ts'
import { type ChangedRecord, loadRecords, writeRecords } from './write-records.ts'

/**
 * Takes what sources say of reports, documents, orders, charges, bookings and procedures, some hundreds at a time, in whatever order they come.
 * Says so to others only where something has really changed.
 */
export async function applyRecords(ctx: Context, facts: readonly RecordFacts[]): Promise<void> {
  if (facts.length === 0) return
  const { statements, files } = await resolveRecords(ctx, facts)
  const said = patientsOf(statements)
  // The patients too, as they were said and as they are: a merge that comes meanwhile waits until these records are there to be moved.
  const owners = [...said, ...(await survivors(ctx, said)).values()]
  await lock(ctx, [...statements.map((s) => `${s.is}:${keyOf(s)}`), ...owners.map((id) => `records of ${id}`)])
  const survivorOf = await survivors(ctx, said)

  const changed: ChangedRecord[] = []
  for (const is of kinds) {
    const heard = statements.filter((s) => s.is === is)
    if (heard.length > 0) changed.push(...(await settle(ctx, is, heard, survivorOf)))
  }
  if (changed.length === 0) return
  await moveFiles(ctx, changed, files)
  await announceRecords(ctx, changed)
  ctx.touched.add('encounters')
}

const kinds = Object.keys(shapes) as RecordKind[] // the keys of a record over the kinds
const keyOf = ({ source, number }: { source: string; number: string }) => JSON.stringify([source, number])
const patientsOf = (statements: readonly Statement[]) => [...new Set(statements.map((s) => String(s.said.saidPatientId)))]

async function settle(
  ctx: Context,
  is: RecordKind,
  heard: readonly Statement[],
  survivorOf: ReadonlyMap<string, string>,
): Promise<ChangedRecord[]> {
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
  for (const { was, after: record } of settled) {
    const said = String(record.state.values.saidPatientId)
    if (said !== was?.state.values.saidPatientId) record.patientId = survivorOf.get(said) ?? said
  }
  const different = settled.filter(({ was, after: record }) => !isDeepStrictEqual(was, record))
  const changed = different.filter(({ was, after: record }) => !isDeepStrictEqual(was?.state.values, record.state.values))
  for (const { after: record } of changed) record.changedAt = now.toISOString()
  await writeRecords(ctx, is, different.map((d) => d.after)) // biome-ignore format: one thought
  return changed.map((c) => ({ is, before: c.was?.state, after: c.after }))
}

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
