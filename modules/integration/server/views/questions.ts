import { type Context, type House, inHospital, openText, sealText, sql } from '@renxin/server'
import { type ColumnMapping, type Target, targets } from '../../columns-contract.ts'
import { type Answer, type From, type Question, type Subject, targetOf } from '../../views-contract.ts'
import { codesOf, guessColumns, guessOwn, type Row, readRow } from '../columns/index.ts'
import { factsOf } from '../facts.ts'
import { isFieldOf, type OwnField, ownFieldsOf } from '../own-fields.ts'
import { fromText, pageOf } from './dialects.ts'
import { failureOf } from './failure.ts'
import { openSession } from './open-session.ts'
import { connectionOf } from './read-source.ts'
import { fetch, readingOf } from './read-view.ts'
import type { Column, Connection, Session, Timeouts } from './session.ts'
import { db, type SourceRow } from './tables.ts'
import { veiledFact, veiledRow } from './veil.ts'

const KEPT_MINUTES = 10
const SAMPLE_ROWS = 20

/** What is asked, with all that is needed to ask it. */
export type Asked = { source: Omit<SourceRow, 'id' | 'name' | 'password' | 'changedAt' | 'isActive'>; password: string; question: Question }

/** While somebody waits before the page, so with less patience than the daily reading. */
const timeouts: Timeouts = { connectMs: 8000, queryMs: 20_000 }

/** Asks the sources what whoever sets them up wants to know; nothing of ours is open meanwhile. Old questions are forgotten. */
export async function answerQuestions(house: House, hospitalId: number): Promise<void> {
  const { asked, zone, own } = await inHospital(house, hospitalId, async (ctx) => {
    const asked = await claim(ctx)
    return { asked, zone: ctx.hospital.zone, own: asked.length > 0 ? await ownFieldsOf(ctx) : [] }
  })
  await Promise.all(
    asked.map(async ({ id, ...about }) => {
      const answer = await answerTo(about, { zone, own, now: house.now() }).catch((error: unknown): Answer => {
        const { code, detail } = failureOf(error)
        return { what: 'failed', code, detail }
      })
      await inHospital(house, hospitalId, (ctx) =>
        db(ctx)
          .updateTable('integration.viewQuestions')
          .set({ answer: sealText(ctx, JSON.stringify(answer)) })
          .where('id', '=', id)
          .execute(),
      )
    }),
  )
}

async function claim(ctx: Context): Promise<(Asked & { id: string })[]> {
  const now = ctx.clock.now()
  const forsaken = new Date(now.getTime() - 50_000) // whoever took it was killed: the longest answer takes less
  const old = new Date(now.getTime() - KEPT_MINUTES * 60_000)
  const { rows } = await sql<{ id: string; asked: Buffer }>`
    with forgotten as (delete from integration.view_questions where asked_at < ${old})
    update integration.view_questions set claimed_at = ${now}
    where answer is null and asked_at >= ${old} and (claimed_at is null or claimed_at < ${forsaken}) returning id, asked`.execute(ctx.db)
  return rows.map(({ id, asked }) => ({ id, ...(JSON.parse(openText(ctx, asked)) as Asked) })) // as `ask` sealed it
}

type Here = { zone: string; own: readonly OwnField[]; now: Date }

async function answerTo({ source, password, question }: Asked, here: Here): Promise<Answer> {
  const began = performance.now()
  const connection: Connection = connectionOf(source, password, here.zone)
  const session = await openSession(connection, timeouts)
  try {
    if (question.what === 'relations') {
      const relations = await session.relations()
      return { what: 'relations', milliseconds: Math.round(performance.now() - began), relations }
    }
    return question.what === 'columns' ? await lookAt(session, source, question, here) : await tryOut(session, source, question, here)
  } finally {
    await session.close()
  }
}

type Look = { subject: Subject; from: From }

/** The columns with some rows, and what they are probably for. */
async function lookAt(session: Session, source: Asked['source'], { subject, from }: Look, here: Here): Promise<Answer> {
  const columns = await session.columns(fromText(source.kind, from))
  const target = targetOf[subject]
  const rows = await sample(
    session,
    source,
    from,
    columns,
    columns.map((c) => c.name),
  )
  const names = columns.map((c) => c.name)
  const own = here.own.filter((o) => isFieldOf(target, o))
  const mapping = guessOwn(own, names, guessColumns(target, names, rows))
  return {
    what: 'columns',
    columns: columns.map(({ name, type }) => ({ name, type })),
    rows: rows.map((row) => veiledRow(target, mapping, row, own)),
    mapping: subject === 'discharges' && !mapping.class ? { ...mapping, class: { constant: 'inpatient' } } : mapping,
    keys: keysFor(target, mapping),
    update: columnOf(mapping, 'updatedAt'),
  }
}

const columnOf = (mapping: ColumnMapping, field: string): string | null => {
  const from = mapping[field]
  return from && 'column' in from ? from.column : null
}

/** What tells the rows of a view apart, as far as the mapping knows. */
function keysFor(target: Target, mapping: ColumnMapping): string[] {
  const ways: Record<Target, string[][]> = {
    patients: [['patientIndex'], ['recordNumber'], ['inpatientNumber'], ['cardNumber'], ['identityCard']],
    encounters: [['visitNumber', 'visitCount'], ['visitNumber']],
    reports: [['reportNumber', 'itemCode'], ['reportNumber', 'itemName'], ['reportNumber']],
    staff: [['staffNumber']],
    places: [['placeCode']],
  }
  const found = ways[target].map((fields) => fields.map((f) => columnOf(mapping, f))).find((columns) => columns.every((c) => c !== null))
  return [...new Set(found?.flatMap((c) => c ?? []) ?? [])]
}

async function sample(session: Session, source: Asked['source'], from: From, columns: readonly Column[], wanted: string[]): Promise<Row[]> {
  const reading = { kind: source.kind, from, columns, wanted, keys: [], update: null, asBytes: source.charset !== 'declared' }
  const rows = await fetch({ session, source }, reading, pageOf(reading, { since: null, after: null, limit: SAMPLE_ROWS }))
  return rows.map((r) => r.row)
}

type Trial = Extract<Question, { what: 'dryRun' }>

/** What the first rows would say; nothing is kept. */
async function tryOut(session: Session, source: Asked['source'], trial: Trial, { zone, own, now }: Here): Promise<Answer> {
  const columns = await session.columns(fromText(source.kind, trial.from))
  const { reading, mapping } = readingOf(source, { relation: trial.from, keys: [], updateColumn: null, mapping: trial.mapping }, columns)
  const target = targetOf[trial.subject]
  const { codes } = codesOf(trial.codes)
  const rows = await sample(session, source, trial.from, columns, [...reading.wanted])
  const options = { zone, codes, readAt: now, authority: source.authority, own }
  return {
    what: 'dryRun',
    rows: rows.map((row) => {
      const { facts, problems } = readRow(target, mapping, row, options)
      const { person, visit, ...others } = facts ?? {}
      const lines = [
        ...factsOf({ person, visit } as Parameters<typeof factsOf>[0]),
        ...Object.entries(others).flatMap(([about, said]) => linesOf(about, said)),
      ] // two facts may be left out
      const fields: Readonly<Record<string, { kind: string }>> = targets[target]
      return {
        facts: lines.map(({ about, field, value }) => ({ about, field, value: veiledFact(field, value, own) })),
        problems: problems.map((p) =>
          /phone|identityCard/.test(fields[p.field]?.kind ?? '')
            ? { ...p, value: veiledFact('phones', p.value) }
            : { ...p, value: veiledFact(p.field, p.value, own) },
        ),
        isTaken: facts !== undefined,
      }
    }),
  }
}

const linesOf = (about: string, said: object) =>
  Object.entries(said).map(([field, value]) => ({
    about,
    field,
    value: value instanceof Date ? value.toISOString() : typeof value === 'object' ? JSON.stringify(value) : String(value),
  }))
