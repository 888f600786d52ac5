import { yearsBetween } from '@renxin/kernel'
import { type Context, type Found, type Named, pathParts, type Source, type Sources, sql, type Visit } from '@renxin/server'
import type { FieldDefinition, Sex } from '../contract.ts'
import { listFields } from './fields/definitions.ts'
import type { SaidAt } from './tables.ts'

const group: Named = ['患者', 'Patient']
const ownGroup: Named = ['自定义字段', 'Own fields']
const source = (path: string, zh: string, en: string, kind: Source['kind'] = 'text'): Source => ({
  path,
  group,
  title: [zh, en],
  kind,
  may: 'patients.read',
})

/** Names, numbers, phones and addresses are not among them: what is kept with an answer is no copy of who somebody is. */
const plain = [
  source('patient.sex', '性别', 'Sex'),
  source('patient.birthOn', '出生日期', 'Born on', 'date'),
  source('patient.age', '年龄', 'Age', 'number'),
  source('patient.ethnic', '民族', 'Ethnic group'),
  source('patient.marital', '婚姻', 'Marital status'),
  source('patient.job', '职业', 'Job'),
  source('patient.nationality', '国籍', 'Nationality'),
  source('patient.identityClass', '身份', 'Identity class'),
  source('patient.payer', '付费方式', 'Payer'),
  source('patient.allergies', '过敏', 'Allergies'),
]

/** What forms may be filled with of a patient, and of the fields that the hospital defined for patients, stays and visits. */
export const sources: Sources = {
  list: async (ctx) => [...plain, ...(await ownFields(ctx)).map(ownSource)],
  choices: async () => [],
  read: async (ctx, visits, paths) => {
    const [people, allergies, own] = [
      await readPeople(ctx, visits, paths),
      paths.includes('patient.allergies') ? await readAllergies(ctx, visits) : [],
      await readOwn(ctx, visits, paths),
    ]
    return visits.map((_, at) => [...(people[at] ?? []), ...(allergies[at] ?? []), ...(own[at] ?? [])])
  },
}

type Person = Record<(typeof columns)[number], string | null> & { id: string; sex: Sex; birthOn: string | null; saidAt: SaidAt }
const columns = ['ethnic', 'marital', 'job', 'nationality', 'payer', 'identityClass'] as const
const sexes: Readonly<Record<Sex, string>> = { male: '男', female: '女', unknown: '未知', other: '其他' }

async function readPeople(ctx: Context, visits: readonly Visit[], paths: readonly string[]): Promise<Found[][]> {
  const asked = paths.filter((p) => p !== 'patient.allergies' && plain.some((s) => s.path === p))
  if (asked.length === 0) return []
  const { rows } = await sql<Person>`
    select id, sex, birth_on, ethnic, marital, job, nationality, payer, identity_class, said_at
      from patients.particulars where id = any(${visits.map((v) => v.patientId)}::uuid[])`.execute(ctx.db)
  const byId = new Map(rows.map((r) => [r.id, r]))
  return visits.map(({ patientId }) => {
    const person = byId.get(patientId)
    return person ? asked.flatMap((path) => foundOf(ctx, person, path)) : []
  })
}

function foundOf(ctx: Context, person: Person, path: string): Found[] {
  const field = path.slice('patient.'.length)
  const said = person.saidAt[field === 'age' ? 'birthOn' : field]
  const value = contentOf(ctx, person, field)
  if (value === null || value === '') return []
  return [{ path, value, at: said === undefined ? null : new Date(said), of: null, system: null }]
}

function contentOf(ctx: Context, person: Person, field: string): string | number | null {
  if (field === 'sex') return person.sex === 'unknown' ? null : sexes[person.sex]
  if (field === 'birthOn') return person.birthOn
  if (field === 'age') return person.birthOn && yearsBetween(person.birthOn, ctx.clock.today())
  const column = columns.find((c) => c === field)
  return column ? person[column] : null
}

async function readAllergies(ctx: Context, visits: readonly Visit[]): Promise<Found[][]> {
  const { rows } = await sql<{ patientId: string; names: string; at: Date }>`
    select patient_id, string_agg(name, '、' order by name) as names, max(said_at) as at
      from patients.allergy_cards where patient_id = any(${visits.map((v) => v.patientId)}::uuid[]) group by patient_id`.execute(ctx.db)
  const byId = new Map(rows.map((r) => [r.patientId, r]))
  return visits.map(({ patientId }) => {
    const known = byId.get(patientId)
    return known ? [{ path: 'patient.allergies', value: known.names, at: known.at, of: null, system: null }] : []
  })
}

// ---- the hospital's own fields ----

type OwnField = Pick<FieldDefinition, 'object' | 'key' | 'label' | 'kind'>
const ownFields = async (ctx: Context): Promise<OwnField[]> => (await listFields(ctx)).filter((f) => f.isActive && !f.isSensitive)
const ownPath = ({ object, key }: Pick<OwnField, 'object' | 'key'>) => `own.${object}.${key}`
const ownKinds: Readonly<Record<OwnField['kind'], Source['kind']>> = {
  text: 'text',
  number: 'number',
  date: 'date',
  choice: 'text',
  multiple: 'text',
}
const ownSource = (field: OwnField): Source => ({
  path: ownPath(field),
  group: ownGroup,
  title: [field.label, field.label],
  kind: ownKinds[field.kind],
  may: field.object === 'patient' ? 'patients.read' : 'encounters.read',
})

type OwnValue = Pick<OwnField, 'object' | 'key'> & {
  objectId: string
  text: string | null
  number: number | null
  day: string | null
  at: Date
  source: 'his' | 'manual'
}

async function readOwn(ctx: Context, visits: readonly Visit[], paths: readonly string[]): Promise<Found[][]> {
  const asked = new Set(paths.filter((p) => p.startsWith('own.')).map((p) => pathParts(p).source))
  if (asked.size === 0) return []
  const ids = visits.flatMap(({ patientId, encounterId }) => [patientId, ...(encounterId ? [encounterId] : [])])
  const { rows } = await sql<OwnValue>`
    select object_id, object, key, string_agg(text_value, '、' order by position) as text, max(number_value) as number, max(date_value) as day,
           max(said_at) as at, max(source) as source
      from patients.field_cards where object_id = any(${ids}::uuid[]) group by object_id, object, key`.execute(ctx.db)
  return visits.map(({ patientId, encounterId }) =>
    rows.flatMap((r) => {
      const value = r.text ?? r.number ?? r.day
      const isOf = r.objectId === (r.object === 'patient' ? patientId : encounterId)
      if (!isOf || !asked.has(ownPath(r)) || value === null) return []
      return [{ path: ownPath(r), value, at: r.at, of: null, system: r.source === 'his' ? 'HIS' : null }]
    }),
  )
}
