import { listRolesByName } from '@renxin/access'
import { type Context, sql } from '@renxin/server'
import type { RowProblem, RowResult, SkipReason } from '../../imports-contract.ts'
import { codesOf } from '../columns/index.ts'
import { ownFieldsOf } from '../own-fields.ts'
import { type Judged, judge, type Setting } from './judge.ts'
import { type Outcome, tryUnder } from './outcomes.ts'
import { type Import, keyIndex, openCells, sealChanges } from './store.ts'

export type Row = { number: number; cells: Buffer; print: Buffer | null; skip: SkipReason | null }

export const settingOf = async (ctx: Context, { kind, heads, mapping, authority, saidAt, folderId }: Import): Promise<Setting> => ({
  kind,
  heads,
  mapping,
  authority,
  saidAt,
  zone: ctx.hospital.zone,
  codes: codesOf().codes,
  now: ctx.clock.now(),
  today: ctx.clock.today(),
  own: await ownFieldsOf(ctx, kind),
  roles: kind === 'staff' && 'wantedRole' in mapping ? await listRolesByName(ctx) : null,
  isStrict: folderId === null,
})

/** Reads rows and finds out what would become of each, by doing it and taking it back. */
export async function checkRows(ctx: Context, batch: Import, rows: readonly Row[]): Promise<void> {
  const setting = await settingOf(ctx, batch)
  const judged = rows.map((row) => ({ row, found: row.skip === 'byHand' ? aside('byHand') : judge(openCells(ctx, row), setting) }))
  const told = judged.flatMap(({ row, found }) =>
    found.facts ? [{ row, facts: found.facts, print: row.print?.toString('hex') ?? '' }] : [],
  )
  const outcomes = await tryUnder(ctx, batch, told)
  const outcomeOf = new Map(told.map((t, i) => [t.row.number, outcomes[i]]))
  await write(ctx, batch.id, judged.map(({ row, found }) => resultOf(row.number, found, outcomeOf.get(row.number)))) // biome-ignore format: one thought
}

const aside = (reason: SkipReason): Judged => ({ aside: reason, problems: [], key: null })

type Result = {
  number: number
  skip: SkipReason | null
  result: RowResult
  problems: RowProblem[]
  key: string | null
  outcome: Outcome | undefined
}

function resultOf(number: number, { aside, problems, key, facts }: Judged, outcome: Outcome | undefined): Result {
  if (aside) return { number, skip: aside, result: 'skipped', problems: [], key: null, outcome: undefined }
  const all = [...problems, ...later(outcome, facts?.person?.name)]
  const isOut = all.some((p) => p.level === 'error')
  return {
    number,
    skip: null,
    result: isOut ? 'failed' : (outcome?.result ?? 'failed'),
    problems: all,
    key,
    outcome: isOut ? undefined : outcome,
  }
}

/** What only the doing shows. */
function later(outcome: Outcome | undefined, name: string | null | undefined): RowProblem[] {
  const about = (code: string, field: string | null, details = {}): RowProblem => ({ code, level: 'error', column: null, field, details })
  if (outcome?.failure) return [about('unexpected', null, { cause: outcome.failure })]
  // Somebody without a name would stand in every list as nobody.
  return outcome?.result === 'new' && outcome.patientId && outcome.isNewPatient && !name ? [about('noName', 'name')] : []
}

async function write(ctx: Context, importId: string, results: readonly Result[]): Promise<void> {
  const of = <T>(pick: (r: Result) => T) => results.map(pick)
  await sql`
    update integration.import_rows r set is_checked = true, skip = n.skip, result = n.result, problems = n.problems, key = n.key, repeats = null,
      changes = n.changes, patient_id = n.patient_id
    from unnest(${of((r) => r.number)}::int[], ${of((r) => r.skip)}::text[], ${of((r) => r.result)}::text[],
      ${of((r) => JSON.stringify(r.problems))}::jsonb[], ${of((r) => (r.key === null ? null : keyIndex(ctx, r.key)))}::bytea[],
      ${of((r) => sealChanges(ctx, r.outcome?.changes ?? []))}::bytea[],
      ${of((r) => (r.outcome && !r.outcome.isNewPatient ? r.outcome.patientId : null))}::uuid[])
      as n (number, skip, result, problems, key, changes, patient_id)
    where r.import_id = ${importId}::uuid and r.number = n.number`.execute(ctx.db)
}

/** Rows about somebody or something that an earlier row is about: the same once more changes nothing, another word changes it again. */
export async function markRepeats(ctx: Context, importId: string): Promise<void> {
  await sql`
    with told as (
      select number, print, key, result, repeats,
        first_value(number) over w as first, lag(print) over w as before
      from integration.import_rows where import_id = ${importId}::uuid and key is not null and skip is null and result <> 'failed'
      window w as (partition by key order by number)
    )
    update integration.import_rows r
    set repeats = case when t.first < t.number then t.first end,
        result = case when t.first = t.number then r.result when t.before = t.print then 'unchanged' when r.result = 'new' then 'changed' else r.result end
    from told t
    where r.import_id = ${importId}::uuid and r.number = t.number and (t.first < t.number or t.repeats is not null)`.execute(ctx.db)
}
