import type { Context } from '@renxin/server'
import { type PersonName, personKey, resolvePeople, resolveUnits, type UnitName, unitKey } from '@renxin/staff'
import type { EncounterFacts } from './facts.ts'
import type { Fact, Said } from './rules.ts'

export type Statement = Fact & { number: string; retires: readonly string[] }

/** Turns the sender's names of wards and people into ids, all of them at once. */
export async function resolveFacts(ctx: Context, facts: readonly EncounterFacts[]): Promise<Statement[]> {
  const units = await resolveUnits(
    ctx,
    facts.flatMap((f) => [departmentOf(f), wardOf(f), nextWardOf(f)].filter(isNamed)),
  )
  const people = await resolvePeople(
    ctx,
    facts.flatMap((f) => [doctorOf(f), nurseOf(f), ...(f.team ?? []).map(memberOf)].filter((p) => p !== undefined)),
  )
  const unit = (u: UnitName) => units.get(unitKey(u) ?? '') ?? null
  const person = (p: PersonName | undefined) => (p ? (people.get(personKey(p) ?? '') ?? null) : null)

  return facts.map((f) => ({
    number: f.number,
    retires: [...new Set(f.retires)].filter((n) => n !== f.number),
    event: f.event,
    sourceAt: f.sourceAt.toISOString(),
    said: saidOnly({
      patientId: f.patientId,
      number: f.retires?.length ? f.number : undefined,
      occurredAt: iso(f.occurredAt),
      class: f.class,
      departmentId: f.departmentCode === undefined && f.departmentName === undefined ? undefined : unit(departmentOf(f)),
      wardId: f.wardCode === undefined && f.wardName === undefined ? undefined : unit(wardOf(f)),
      room: f.room,
      bed: f.bed,
      attendingId: f.attending === undefined ? undefined : person(doctorOf(f)),
      nurseId: f.nurse === undefined ? undefined : person(nurseOf(f)),
      nursingLevel: f.nursingLevel,
      condition: f.condition,
      identityClass: f.identityClass,
      payer: f.payer,
      admittedAt: iso(f.admittedAt),
      dischargedAt: iso(f.dischargedAt),
      disposition: f.disposition,
      expectedDischargeAt: iso(f.expectedDischargeAt),
      transferExpectedAt: iso(f.transferExpectedAt),
      nextWardId: f.nextWardCode === undefined && f.nextWardName === undefined ? undefined : unit(nextWardOf(f)),
      nextRoom: f.nextRoom,
      nextBed: f.nextBed,
      diagnoses: f.diagnoses?.length === 0 ? undefined : f.diagnoses,
      team: f.team === null ? null : f.team?.map((m) => ({ role: m.role, personId: person(memberOf(m)) })),
      admitReason: f.admitReason,
      accident: f.accident && { ...f.accident, at: f.accident.at?.toISOString() ?? null },
      summary: f.summary,
    }),
  }))
}

type Member = NonNullable<EncounterFacts['team']>[number]

const departmentOf = (f: EncounterFacts) => ({
  kind: 'department' as const,
  code: f.departmentCode ?? null,
  name: f.departmentName ?? null,
})
const wardOf = (f: EncounterFacts) => ({
  kind: 'ward' as const,
  code: f.wardCode ?? null,
  name: f.wardName ?? null,
  departmentCode: f.departmentCode ?? null,
})
const nextWardOf = (f: EncounterFacts) => ({ kind: 'ward' as const, code: f.nextWardCode ?? null, name: f.nextWardName ?? null })
const isNamed = (u: UnitName) => Boolean(u.code || u.name)
const doctorOf = (f: EncounterFacts) => (f.attending?.number || f.attending?.name ? { ...f.attending, job: 'doctor' as const } : undefined)
const nurseOf = (f: EncounterFacts) => (f.nurse?.number || f.nurse?.name ? { ...f.nurse, job: 'nurse' as const } : undefined)
const memberOf = (m: Member) =>
  m.number || m.name ? { number: m.number, name: m.name, job: /护/.test(m.role) ? ('nurse' as const) : ('doctor' as const) } : undefined
const iso = (at: Date | null | undefined) => (at ? at.toISOString() : at)

/** Without the keys that were not said, as the database gives it back. */
const saidOnly = (said: Said): Said => JSON.parse(JSON.stringify(said)) // the same shape: ids, words, ISO text
