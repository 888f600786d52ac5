import { addDays, houseErrors, type LocalDate } from '@renxin/kernel'
import { type Context, sql } from '@renxin/server'
import type { Conditions, ContactGap, FieldCondition, FieldDefinition, FollowupState, PatientState } from '../../contract.ts'
import type { Piece } from '../bulk.ts'
import { sensitiveIndex } from '../fields/values.ts'

type Claim = Piece<boolean>

/** What conditions mean in SQL: over patient `p`, and where they ask for it over where the patient stands, `s`, and how follow-up does, `f`. */
export type Claims = { ofPatient: Claim[]; ofStanding: Claim[]; ofFollowup: Claim[] }

const any = (column: string, values: readonly string[], type: 'uuid' | 'text'): Claim =>
  sql<boolean>`${sql.raw(column)} = any(${[...values]}::${sql.raw(type)}[])`
const some = <T>(values: readonly T[] | undefined): values is readonly T[] => values !== undefined && values.length > 0
const anyOf = (claims: readonly Claim[]): Claim => sql<boolean>`(${sql.join([...claims], sql` or `)})`

/** `fields` are the definitions of those that the conditions name. Every condition is an equality or a range, so that row security leaves it its index. */
export function claimsOf(ctx: Context, c: Conditions, fields: ReadonlyMap<string, FieldDefinition>): Claims {
  const today = ctx.clock.today()
  const ofPatient: Claim[] = []
  const ofStanding: Claim[] = []
  const ofFollowup: Claim[] = []
  if (c.sex) ofPatient.push(sql`p.sex = ${c.sex}`)
  if (c.ageFrom !== undefined) ofPatient.push(sql`p.birth_on <= ${yearsBefore(today, c.ageFrom)}::date`)
  if (c.ageTo !== undefined) ofPatient.push(sql`p.birth_on > ${yearsBefore(today, c.ageTo + 1)}::date`)
  if (some(c.payers)) ofPatient.push(any('p.payer', c.payers, 'text'))
  if (some(c.identityClasses)) ofPatient.push(any('p.identity_class', c.identityClasses, 'text'))
  if (some(c.districts)) ofPatient.push(any('p.district', c.districts, 'text'))
  if (c.deceased) ofPatient.push(c.deceased === 'yes' ? sql`p.deceased_at is not null` : sql`p.deceased_at is null`)
  if (some(c.tagIds)) ofPatient.push(sql`p.id in (select t.patient_id from patients.tagged t where ${any('t.tag_id', c.tagIds, 'uuid')})`)
  if (some(c.segmentIds))
    ofPatient.push(sql`p.id in (select m.patient_id from patients.segment_members m where ${any('m.segment_id', c.segmentIds, 'uuid')})`)
  if (some(c.diagnoses))
    ofPatient.push(sql`p.id in (select d.patient_id from patients.diagnosed d where ${anyOf(c.diagnoses.map(isDiagnosis))})`)
  if (some(c.gaps)) ofPatient.push(anyOf(c.gaps.map((gap) => gaps[gap])))

  if (some(c.states)) {
    const states = c.states.filter((s) => s !== 'known').map((s) => isState(s, today))
    if (c.states.includes('known')) ofPatient.push(isUnknownOr(states))
    else ofStanding.push(anyOf(states))
  }
  if (some(c.classes)) ofStanding.push(any('s.class', c.classes, 'text'))
  if (some(c.departmentIds)) ofStanding.push(any('s.department_id', c.departmentIds, 'uuid'))
  if (some(c.wardIds)) ofStanding.push(any('s.ward_id', c.wardIds, 'uuid'))
  if (some(c.attendingIds)) ofStanding.push(any('s.attending_id', c.attendingIds, 'uuid'))
  if (some(c.followups)) {
    const followups = anyOf(c.followups.map((f) => isFollowup(f, ctx.clock.now())))
    if (c.followups.includes('never'))
      ofPatient.push(sql`not exists (select from patients.followup_standings f where f.patient_id = p.id and ${followups} is not true)`)
    else ofFollowup.push(followups)
  }
  if (c.dischargedDaysFrom !== undefined) ofStanding.push(sql`s.discharged_on <= ${addDays(today, -c.dischargedDaysFrom)}::date`)
  if (c.dischargedDaysTo !== undefined) ofStanding.push(sql`s.discharged_on >= ${addDays(today, -c.dischargedDaysTo)}::date`)
  if (c.seenDaysFrom !== undefined) ofStanding.push(sql`s.seen_on <= ${addDays(today, -c.seenDaysFrom)}::date`)
  if (c.seenDaysTo !== undefined) ofStanding.push(sql`s.seen_on >= ${addDays(today, -c.seenDaysTo)}::date`)
  if (c.firstSeenDaysTo !== undefined) ofStanding.push(sql`s.first_seen_on >= ${addDays(today, -c.firstSeenDaysTo)}::date`)
  if (c.visitsFrom !== undefined) ofStanding.push(sql`s.visits_in_all >= ${c.visitsFrom}`)
  for (const condition of c.fields ?? []) {
    const field = fields.get(condition.fieldId)
    if (!field) throw houseErrors.invalid({ field: 'fields' })
    const values = sql`select v.object_id from patients.field_values v where v.field_id = ${field.id}::uuid and v.is_shown and ${isContent(ctx, field, condition)}`
    if (field.object === 'patient') ofPatient.push(sql`p.id in (${values})`)
    else ofStanding.push(sql`s.encounter_id in (${values})`)
  }
  return { ofPatient, ofStanding, ofFollowup }
}

/** Of whom no visit or stay is known, or who stands as one of these: nobody of whom another state is known, so that it is one question and not two. */
const isUnknownOr = (states: readonly Claim[]): Claim =>
  sql`not exists (select from patients.standings s where s.patient_id = p.id and s.state is not null
    ${states.length > 0 ? sql`and (${anyOf(states)}) is not true` : sql``})`

function isState(state: Exclude<PatientState, 'known'>, today: LocalDate): Claim {
  const isVisiting = sql`(s.visiting_on is not null and s.visiting_on = ${today}::date)`
  switch (state) {
    case 'inHospital':
      return sql`s.state = 'inHospital'`
    case 'visiting':
      return sql`(s.visiting_on = ${today}::date and (s.state is null or s.state <> 'inHospital'))`
    default:
      return sql`(s.state = ${state} and not ${isVisiting})`
  }
}

function isFollowup(state: FollowupState, now: Date): Claim {
  switch (state) {
    case 'never':
      return sql`(f.status is null)`
    case 'due':
      return sql`(f.due_by is not null)`
    case 'overdue':
      return sql`f.due_by < ${now}`
    default:
      return sql`f.status = ${state}`
  }
}

/** By what the table of numbers counts itself. */
const gaps: Record<ContactGap, Claim> = {
  noPhone: sql`p.phones = 0`,
  onePhone: sql`p.phones = 1`,
  noLandline: sql`not p.has_landline`,
}

function isDiagnosis(range: string): Claim {
  const [from = '', to = from] = range.split('-')
  return sql`(d.code >= ${from} and d.code < ${to.slice(0, -1) + String.fromCharCode(to.charCodeAt(to.length - 1) + 1)})`
}

function isContent(ctx: Context, field: FieldDefinition, { any: words, from, to }: FieldCondition): Claim {
  if (some(words)) return any('v.text_value', field.isSensitive ? words.map((w) => sensitiveIndex(ctx, w)) : words, 'text')
  const bounds: Claim[] = []
  const bound = (sign: '>=' | '<=', value: string | number | undefined) => {
    if (value === undefined) return
    if (field.kind === 'number') {
      if (!Number.isFinite(Number(value))) throw houseErrors.invalid({ field: 'fields' })
      bounds.push(sql`v.number_value ${sql.raw(sign)} ${Number(value)}::float8`)
    } else if (field.kind === 'date') {
      if (!/^\d{4}-\d{2}-\d{2}$/.test(String(value))) throw houseErrors.invalid({ field: 'fields' })
      bounds.push(sql`v.date_value ${sql.raw(sign)} ${String(value)}::date`)
    }
  }
  bound('>=', from)
  bound('<=', to)
  if (bounds.length > 0) return sql<boolean>`${sql.join(bounds, sql` and `)}`
  return sql<boolean>`(v.text_value is not null or v.number_value is not null or v.date_value is not null)` // anything at all
}

/** The day so many years ago; of 29 February the 28th. */
function yearsBefore(day: LocalDate, years: number): LocalDate {
  const year = String(Number(day.slice(0, 4)) - years).padStart(4, '0')
  const isLeap = new Date(`${year}-02-29T00:00:00Z`).toISOString().startsWith(`${year}-02-29`)
  return day.endsWith('-02-29') && !isLeap ? `${year}-02-28` : `${year}${day.slice(4)}`
}
