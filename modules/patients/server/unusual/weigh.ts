import { type Context, openText, sql } from '@renxin/server'
import type { UnusualSettings } from '../../contract.ts'
import { rowsAs } from '../bulk.ts'
import { type Looker, lookersOf } from './own-files.ts'
import { type Finding, judge, sharedAddress, surnameOf } from './rules.ts'

/** All that one did with one patient on one day, by day or by night, as the rows of the trail say it. */
export type Seen = {
  actorId: string
  actorName: string
  patientId: string
  onDay: string
  isNight: boolean
  isOpened: boolean
  firstAt: Date
  lastAt: Date
  looks: number
}
export type Found = Seen & Finding

type Known = {
  name: string
  address: Buffer | null
  isAtWork: boolean
  isOfWard: boolean
  isInEmergency: boolean
  classes: string[]
  nights: number
  days: number
  sharesPhone: boolean
  namesLooker: boolean
  isNamed: boolean
}

/** A number that more files name is that of a firm or a home: who shares it is no relative for that. */
const MOST_OF_A_HOUSEHOLD = 8

/** Holds each look against what is known of the two: who is cared for where, who works where, who is related to whom. */
export async function weigh(ctx: Context, seen: readonly Seen[], settings: UnusualSettings): Promise<Found[]> {
  const opened = seen.filter((s) => s.isOpened)
  if (opened.length === 0) return []
  const lookers = await lookersOf(ctx, [...new Set(opened.map((s) => s.actorId))])
  const known = await knownOf(ctx, opened, lookers, settings)
  return opened.flatMap((look, at) => {
    const [facts, looker] = [known.get(at), lookers.get(look.actorId)]
    if (!facts || !looker) return [] // no person: a key, or an account that is gone
    return judge({ ...look, ...facts, ...tieOf(ctx, facts, looker), isOwnFile: looker.own?.id === look.patientId }, settings).map(
      (finding) => ({
        ...look,
        ...finding,
      }),
    )
  })
}

function tieOf(ctx: Context, { name, address, sharesPhone, namesLooker, isNamed }: Known, { personName, own }: Looker) {
  const lives = address && own?.address ? sharedAddress(own.address, openText(ctx, address)) : null
  return {
    kin: namesLooker ? ('namedByPatient' as const) : isNamed ? ('namedByOwn' as const) : null,
    isSameSurname: personName !== null && name !== '' && surnameOf(personName) === surnameOf(name),
    shares: sharesPhone ? ('phone' as const) : lives,
  }
}

async function knownOf(ctx: Context, seen: readonly Seen[], lookers: ReadonlyMap<string, Looker>, { historyDays }: UnusualSettings) {
  const asked = seen.map(({ actorId, patientId, onDay, firstAt, lastAt }, at) => {
    const looker = lookers.get(actorId)
    return { at, actorId, patientId, onDay, firstAt, lastAt, ownId: looker?.own?.id ?? null, lookerName: looker?.personName ?? null }
  })
  const columns = { at: 'int', actor_id: 'uuid', patient_id: 'uuid', on_day: 'date', first_at: 'timestamptz', last_at: 'timestamptz', own_id: 'uuid', looker_name: 'text' } // biome-ignore format: one line
  const { rows } = await sql<Known & { at: number }>`
    select n.at, p.name, p.address, h.nights, h.days,
           exists (select from staff.members m where m.person_id = u.person_id and m.kind in ('department', 'ward')) as is_of_ward,
           exists (select from staff.members m join patients.care_units c on c.unit_id = m.unit_id or c.unit_id = m.department_id
                    where m.person_id = u.person_id and (c.patient_id = n.patient_id or c.said_patient_id = n.patient_id))
             or house.worked_for(n.patient_id, n.actor_id, n.last_at) as is_at_work,
           exists (select from access.emergency_cards e
                    where e.user_id = n.actor_id and e.patient_id = n.patient_id and e.opened_at <= n.last_at and e.until > n.first_at) as is_in_emergency,
           coalesce((select jsonb_agg(distinct v.class) from patients.privacy v where v.patient_id = n.patient_id or v.said_patient_id = n.patient_id), '[]') as classes,
           exists (select from patients.contacts c join patients.contacts o on o.phone_index = c.phone_index
                    where c.patient_id = n.patient_id and o.patient_id = n.own_id and not c.is_void and not o.is_void
                      and (select count(*) from (select distinct patient_id from patients.contacts s where s.phone_index = c.phone_index limit ${MOST_OF_A_HOUSEHOLD + 1}) s)
                          <= ${MOST_OF_A_HOUSEHOLD}) as shares_phone,
           exists (select from patients.contacts c where c.patient_id = n.patient_id and c.relation <> 'self' and c.name = n.looker_name) as names_looker,
           exists (select from patients.contacts o where o.patient_id = n.own_id and o.relation <> 'self' and o.name = p.name and p.name <> '') as is_named
      from ${rowsAs('n', columns, asked)}
      join access.user_cards u on u.id = n.actor_id
      join patients.patients p on p.id = n.patient_id
     cross join lateral (select count(*) filter (where d.was_night)::int as nights, count(*)::int as days from patients.look_counts d
                          where d.actor_id = n.actor_id and d.on_day >= n.on_day - ${historyDays}::int and d.on_day < n.on_day) h`.execute(
    ctx.db,
  )
  return new Map(rows.map(({ at, ...facts }) => [at, facts]))
}
