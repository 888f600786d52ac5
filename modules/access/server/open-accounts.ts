import type { Input, Page } from '@renxin/kernel'
import { audit, type Context, paged, sql, visibleTo } from '@renxin/server'
import { type accountsApi, loginName, type Opened, type WithoutAccount } from '../contract.ts'
import { suggestPassword } from '../first-password.ts'
import { db } from './tables.ts'
import { createUser } from './users.ts'

type Api = typeof accountsApi

/** Members of staff at work who have no account yet. */
export function listWithoutAccount(
  ctx: Context,
  { search, job, unitId, ...cursor }: Input<Api['withoutAccount']>,
): Promise<Page<WithoutAccount>> {
  const part = `%${search.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`
  let query = people(ctx)
  if (search) query = query.where((e) => e.or([e('p.name', 'like', part), e('p.namePinyin', 'like', part), e('p.number', 'ilike', part)]))
  if (job) query = query.where('p.job', '=', job)
  if (unitId)
    query = query.where(sql<boolean>`exists (select from staff.members m where m.person_id = p.id and m.unit_id = ${unitId}::uuid)`)
  return paged(query, cursor, ['p.name', 'p.id'])
}

/**
 * An account for each of these people, by their staff number, each with a password for once that is shown in the answer and nowhere else. For whom it cannot be
 * done the row says why, and the others are done all the same.
 */
export async function openAccounts(
  ctx: Context,
  { personIds, roleIds, rolesOf = {} }: Input<Api['openAccounts']>,
): Promise<{ rows: Opened[] }> {
  const ids = [...new Set(personIds)]
  const found = await people(ctx).where('p.id', '=', sql<string>`any(${ids}::uuid[])`).execute()
  const names = found.map((p) => p.number?.trim().toLowerCase() ?? '')
  const taken = new Set(
    names.length === 0
      ? []
      : (await db(ctx).selectFrom('access.users').where('name', '=', sql<string>`any(${names}::text[])`).select('name').execute()).map(
          (u) => u.name,
        ),
  )
  const rows: Opened[] = []
  for (const person of found) {
    const name = loginName.safeParse(person.number ?? '')
    const fault: Opened['because'] = !person.number ? 'noNumber' : !name.success ? 'badNumber' : taken.has(name.data) ? 'nameTaken' : null
    const row = { personId: person.id, displayName: person.name, name: null, password: null, because: fault }
    if (fault || !name.success) {
      rows.push(row)
      continue
    }
    const password = suggestPassword()
    taken.add(name.data)
    // One after the other: each waits for its hash, and an account more is refused or made by itself.
    const { id } = await createUser(ctx, {
      name: name.data,
      displayName: person.name,
      password,
      personId: person.id,
      roleIds: [...new Set([...roleIds, ...(rolesOf[person.id] ?? [])])],
      mustChangePassword: true,
    })
    await audit(ctx, { action: 'access.accountOpened', objectId: id })
    rows.push({ ...row, name: name.data, password })
  }
  const missed = ids.filter((id) => !found.some((p) => p.id === id)) // opened meanwhile by somebody else, or not for him to see
  return { rows: [...rows, ...missed.map((personId) => ({ ...nobody, personId }))] }
}

const nobody = { displayName: '', name: null, password: null, because: 'hasAccount' } as const

const people = (ctx: Context) =>
  db(ctx)
    .selectFrom('staff.personCards as p')
    .where('p.isActive', '=', true)
    .where(sql<boolean>`not exists (select from access.users u where u.person_id = p.id)`)
    .where((e) =>
      e.or([
        sql<boolean>`${ctx.actor.scope === 'hospital'}`,
        e.exists(
          e
            .selectFrom('staff.members as m')
            .select('m.unitId')
            .whereRef('m.personId', '=', 'p.id')
            .where(visibleTo(ctx.actor, { department: ['m.unitId', 'm.departmentId'], ward: 'm.unitId' })),
        ),
      ]),
    )
    .select(['p.id', 'p.number', 'p.name', 'p.job', 'p.title', 'p.wantedRole'])
    .select([
      sql<string[]>`array(
        select c.name from staff.members m join staff.unit_cards c on c.id = m.unit_id where m.person_id = p.id order by c.name)`.as(
        'units',
      ),
    ])
