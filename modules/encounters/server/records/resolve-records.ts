import { createHash } from 'node:crypto'
import { problemOfFile } from '@renxin/files'
import type { Context } from '@renxin/server'
import { type PersonName, personKey, resolvePeople, resolveUnits, unitKey } from '@renxin/staff'
import type { RecordFacts, RecordFile, ReportItemFact, ReportPanelFact } from './facts.ts'
import { type StoredItem, shapes, type Value } from './kinds.ts'
import type { StoredPanel } from './lines.ts'
import type { Statement } from './rules.ts'

type Staff = { number?: string | null; name?: string | null }
export type Resolved = { statements: Statement[]; files: Map<string, RecordFile> }

/** Turns facts into statements: departments and people by their ids, files by an id drawn from their bytes, text as the database can keep it. */
export async function resolveRecords(ctx: Context, facts: readonly RecordFacts[]): Promise<Resolved> {
  const units = await resolveUnits(
    ctx,
    facts.map(departmentOf).filter((u) => u.code || u.name),
  )
  const people = await resolvePeople(
    ctx,
    facts.map((f) => doctorOf(staffOf(f))).filter((p) => p !== undefined),
  )
  const files = new Map<string, RecordFile>()
  const statements = facts.map((f): Statement => {
    const file = fileOf(f)
    const kept = file && keepFile(ctx, f, file)
    if (file && kept?.fileId) files.set(kept.fileId, file)
    const doctor = doctorOf(staffOf(f))
    const personId = staffOf(f) === undefined ? undefined : doctor ? (people.get(personKey(doctor) ?? '') ?? null) : null
    const isPlaced = f.departmentCode !== undefined || f.departmentName !== undefined
    return {
      is: f.is,
      source: f.source,
      number: f.number,
      sourceAt: f.sourceAt,
      said: saidOf(f, {
        saidPatientId: f.saidPatientId ?? f.patientId,
        departmentId: isPlaced ? (units.get(unitKey(departmentOf(f)) ?? '') ?? null) : undefined,
        authorId: personId,
        doctorId: personId,
        ...(file === null ? { fileId: null, fileName: null, fileProblem: null } : kept),
      }),
      ...(f.is === 'report' && f.panels && { panels: f.panels.map(panelOf) }),
    }
  })
  return { statements, files }
}

const departmentOf = (f: RecordFacts) => ({ kind: 'department' as const, code: f.departmentCode ?? null, name: f.departmentName ?? null })
const staffOf = (f: RecordFacts): Staff | null | undefined => ('author' in f ? f.author : 'doctor' in f ? f.doctor : undefined)
const doctorOf = (s: Staff | null | undefined): PersonName | undefined => (s?.number || s?.name ? { ...s, job: 'doctor' } : undefined)
const fileOf = (f: RecordFacts) => ('file' in f ? f.file : undefined)

/** The same bytes of the same record get the same id, so that a repetition is no new file. */
function keepFile(ctx: Context, { is, source, number }: RecordFacts, file: RecordFile) {
  const problem = problemOfFile(file.bytes)
  const fileName = clean(file.name)
  if (problem) return { fileId: null, fileName, fileProblem: problem }
  const hash = createHash('sha256')
    .update(JSON.stringify([ctx.hospital.id, is, source, number]))
    .update(file.bytes)
    .digest('hex')
  return { fileId: uuidOf(hash), fileName, fileProblem: null }
}

/** A UUID of version 8 (RFC 9562, 5.8) from a hash. */
const uuidOf = (hash: string) =>
  `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-a${hash.slice(17, 20)}-${hash.slice(20, 32)}`

function saidOf(f: RecordFacts, found: Record<string, Value | undefined>): Record<string, Value> {
  const said: Record<string, Value> = {}
  const facts = { ...f, ...found } as Record<string, unknown> // fields of the facts by the names of the columns
  for (const field of Object.keys(shapes[f.is].columns)) {
    const value = facts[field]
    if (value !== undefined) said[field] = toValue(value)
  }
  return said
}

function toValue(value: unknown): Value {
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return (value as readonly ReportItemFact[]).map(itemOf) // `items` is the only list that has a column
  if (typeof value === 'string') return clean(value)
  return typeof value === 'number' || typeof value === 'boolean' ? value : null
}

const panelOf = ({ code, status, lines, ...texts }: ReportPanelFact): StoredPanel => ({
  code: clean(code),
  status,
  ...Object.fromEntries(Object.entries(texts).map(([field, said]) => [field, said === undefined ? said : text(said)])),
  lines: lines.map(({ subId, status, ...item }) => ({ subId: text(subId), status, item: itemOf(item) })),
})

/** The lines of a report are taken field by field, whatever else stands in them. */
const itemOf = (item: ReportItemFact): StoredItem => ({
  code: text(item.code),
  name: clean(item.name),
  value: text(item.value),
  amount: item.amount !== null && Number.isFinite(item.amount) ? item.amount : null,
  unit: text(item.unit),
  range: text(item.range),
  flag: text(item.flag)?.trim().toUpperCase() || null,
  observedAt: item.observedAt ? new Date(item.observedAt).toISOString() : null,
})

const text = (said: string | null) => (said === null ? null : clean(said))

/** PostgreSQL keeps neither NUL nor half of a surrogate pair. */
const clean = (said: string) => said.replaceAll('\u0000', '').toWellFormed()
