import { blindIndex, type Context, sql } from '@renxin/server'
import { rowsAs } from '../bulk.ts'
import type { Identifier } from '../facts.ts'

const hashOf = (ctx: Pick<Context, 'keys'>, { system, type, value }: Identifier): Buffer =>
  blindIndex(ctx, 'patients.erasedNumber', JSON.stringify([system, type, value]))

/** Whose these numbers were that no file has any more: those of people who are forgotten. */
export async function ownersOfErased(ctx: Context, numbers: readonly Identifier[]) {
  if (numbers.length === 0) return []
  const byHash = new Map(numbers.map((number) => [hashOf(ctx, number).toString('hex'), number]))
  const { rows } = await sql<{ hash: string; patientId: string; todayId: string }>`
    select encode(e.number_hash, 'hex') as hash, e.patient_id, case when p.merged_into is null then p.id else p.merged_into end as today_id
      from patients.erased_numbers e join patients.patients p on p.id = e.patient_id
     where e.number_hash = any(${[...byHash.keys()].map((h) => Buffer.from(h, 'hex'))}::bytea[])`.execute(ctx.db)
  return rows.flatMap(({ hash, ...owner }) => {
    const number = byHash.get(hash)
    return number ? [{ number, ...owner }] : []
  })
}

/** Leaves of the numbers of these files only by what they are known again. Answers how many there were. */
export async function forgetNumbers(ctx: Context, files: readonly string[]): Promise<number> {
  const { rows } = await sql<Identifier & { saidPatientId: string }>`
    delete from patients.identifiers where said_patient_id = any(${[...files]}::uuid[])
    returning system, type, value, said_patient_id`.execute(ctx.db)
  const hashes = rows.map((number) => ({ numberHash: hashOf(ctx, number), patientId: number.saidPatientId }))
  await sql`
    insert into patients.erased_numbers (number_hash, patient_id) select * from ${rowsAs('n', { number_hash: 'bytea', patient_id: 'uuid' }, hashes)}
    on conflict do nothing`.execute(ctx.db)
  return rows.length
}
