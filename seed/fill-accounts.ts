import { createUser } from '@renxin/access'
import { type Context, sql } from '@renxin/server'
import { resolvePeople, resolveUnits } from '@renxin/staff'
import { departments, WORSE_WARD, wards } from './departments.ts'
import { drawTeams } from './staff.ts'

export const PASSWORD = 'renxin-demo'

type Persona = {
  name: string
  displayName: string
  roles: string[]
  number: string
  job: 'doctor' | 'nurse' | 'manager' | 'other'
  person: string
  units: string[]
  isPersona: boolean
}

const CENTRE = '客户服务中心'
const OFFICES = [CENTRE, '投诉接待办公室', '信息科', '医务科', '护理部', '总务科', '膳食科', '院长办公室', '科研科']
const worse = wards.find((w) => w.name === WORSE_WARD)
export const worseDepartment = worse?.department.name ?? ''

/** Who works with the product: a persona for each part of the day's work, and colleagues to share it with. */
const personas: readonly Persona[] = [
  {
    name: 'nurse',
    displayName: '周敏(随访护士)',
    roles: ['followupNurse'],
    number: 'K0001',
    job: 'nurse',
    person: '周敏',
    units: [CENTRE],
    isPersona: true,
  },
  {
    name: 'admin',
    displayName: '何静(随访管理员)',
    roles: ['followupAdministrator'],
    number: 'K0002',
    job: 'manager',
    person: '何静',
    units: [CENTRE],
    isPersona: true,
  },
  {
    name: 'complaints',
    displayName: '林岚(投诉专员)',
    roles: ['complaintOfficer'],
    number: 'K0003',
    job: 'manager',
    person: '林岚',
    units: ['投诉接待办公室'],
    isPersona: true,
  },
  {
    name: 'director',
    displayName: '高建国(骨科主任)',
    roles: ['departmentSupervisor', 'functionalDepartment', 'departmentFollowupAdministrator'],
    number: 'K0004',
    job: 'doctor',
    person: '高建国',
    units: [worseDepartment],
    isPersona: true,
  },
  {
    name: 'ward',
    displayName: '孙丽(病区护士)',
    roles: ['clinician'],
    number: 'K0005',
    job: 'nurse',
    person: '孙丽',
    units: [WORSE_WARD],
    isPersona: true,
  },
  {
    name: 'office',
    displayName: '郑强(总务科)',
    roles: ['functionalDepartment'],
    number: 'K0006',
    job: 'manager',
    person: '郑强',
    units: ['总务科', '膳食科'],
    isPersona: true,
  },
  {
    name: 'president',
    displayName: '陈明(院长)',
    roles: ['hospitalLeader'],
    number: 'K0007',
    job: 'manager',
    person: '陈明',
    units: ['院长办公室'],
    isPersona: true,
  },
  {
    name: 'researcher',
    displayName: '沈岩(研究人员)',
    roles: ['researcher'],
    number: 'K0018',
    job: 'other',
    person: '沈岩',
    units: ['科研科'],
    isPersona: true,
  },
  {
    name: 'system',
    displayName: '罗宁(系统管理员)',
    roles: ['systemAdministrator'],
    number: 'K0008',
    job: 'other',
    person: '罗宁',
    units: ['信息科'],
    isPersona: true,
  },
  {
    name: 'security',
    displayName: '郑凯(安全管理员)',
    roles: ['securityAdministrator'],
    number: 'K0017',
    job: 'other',
    person: '郑凯',
    units: ['信息科'],
    isPersona: true,
  },
  {
    name: 'auditor',
    displayName: '于海(审计员)',
    roles: ['auditor'],
    number: 'K0009',
    job: 'manager',
    person: '于海',
    units: ['信息科'],
    isPersona: true,
  },
  {
    name: 'nurse2',
    displayName: '吴桂芳',
    roles: ['followupNurse'],
    number: 'K0010',
    job: 'nurse',
    person: '吴桂芳',
    units: [CENTRE],
    isPersona: false,
  },
  {
    name: 'nurse3',
    displayName: '宋雪',
    roles: ['followupNurse'],
    number: 'K0011',
    job: 'nurse',
    person: '宋雪',
    units: [CENTRE],
    isPersona: false,
  },
  {
    name: 'nurse4',
    displayName: '韩梅',
    roles: ['followupNurse'],
    number: 'K0012',
    job: 'nurse',
    person: '韩梅',
    units: [CENTRE],
    isPersona: false,
  },
]

/** Units, people and accounts. Answers the ids of the accounts by name. */
export async function fillAccounts(ctx: Context): Promise<Map<string, string>> {
  await resolveUnits(ctx, [
    ...departments.map((d) => ({ kind: 'department' as const, code: d.code, name: d.name })),
    ...wards.map((w) => ({ kind: 'ward' as const, name: w.name, departmentCode: w.department.code })),
    ...OFFICES.map((name) => ({ kind: 'office' as const, name })),
  ])
  const teams = [...drawTeams()]
  await resolvePeople(ctx, [
    ...teams.flatMap(([, team]) => [
      ...team.doctors.map((d) => ({ ...d, job: 'doctor' as const })),
      ...team.nurses.map((n) => ({ ...n, job: 'nurse' as const })),
    ]),
    ...personas.map((p) => ({ number: p.number, name: p.person, job: p.job })),
  ])
  await sql`
    insert into staff.memberships (person_id, unit_id)
    select p.id, u.id from unnest(${memberships().map((m) => m.number)}::text[], ${memberships().map((m) => m.unit)}::text[]) as m (number, unit)
    join staff.people p on p.number = m.number join staff.units u on u.name = m.unit on conflict do nothing`.execute(ctx.db)
  const people = await sql<{ id: string; number: string }>`select id, number from staff.people where number like 'K%'`.execute(ctx.db)
  const personOf = new Map(people.rows.map((p) => [p.number, p.id]))
  // No telephone rings in an imaginary hospital: whoever tries it out in the evening may dial all the same.
  await sql`insert into patients.settings (quiet_hours, contacts_per_day, area_code, last_four_searches_per_hour) values ('[]', 1, '0510', 60)
            on conflict (hospital_id) do update set quiet_hours = excluded.quiet_hours, area_code = excluded.area_code`.execute(ctx.db)
  const accounts = new Map<string, string>()
  for (const p of personas) {
    const { id } = await createUser(ctx, {
      name: p.name,
      displayName: p.displayName,
      password: PASSWORD,
      roleKeys: p.roles,
      personId: personOf.get(p.number) ?? null,
      isPersona: p.isPersona,
    })
    accounts.set(p.name, id)
  }
  return accounts
}

function memberships(): { number: string; unit: string }[] {
  return [
    ...[...drawTeams()].flatMap(([ward, team]) =>
      [...team.doctors, ...team.nurses].flatMap((c) => [ward.name, ward.department.name].map((unit) => ({ number: c.number, unit }))),
    ),
    ...personas.flatMap((p) => p.units.map((unit) => ({ number: p.number, unit }))),
  ]
}
