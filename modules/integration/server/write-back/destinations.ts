import type { Ask, Input } from '@renxin/kernel'
import { listTags } from '@renxin/patients'
import { type Context, openText, refuseClosed, refuseClosedUrl, sealText, sql } from '@renxin/server'
import { type Destination, type Knock, writeBackApi, writeBackErrors } from '../../write-back-contract.ts'
import { knock, knockFhir } from './knock.ts'
import { db } from './tables.ts'

type Api = typeof writeBackApi
type Row = Omit<Destination, 'waitingSince' | 'lastSentAt'> & { waitingSince: Date | null; lastSentAt: Date | null }

export async function listDestinations(ctx: Context): Promise<{ rows: Row[] }> {
  const { rows } = await sql<Row>`
    select d.id, d.name, d.way, d.host, d.port, d.base_url, d.identifier_system, d.auth, d.auth_user, d.auth_secret is not null as has_secret,
           d.reader_role, d.application, d.facility, d.charset, d.followups_as, d.takes_followups, d.takes_complaints, d.takes_phones,
           d.takes_complaint_flag, d.flag_tags, d.is_active,
           (select count(*)::int from (select from integration.outgoing o where o.destination_id = d.id and o.status = 'waiting' limit 10000) w) as waiting,
           head.created_at as waiting_since,
           (select count(*)::int from integration.outgoing o where o.destination_id = d.id and o.status = 'refused') as refused,
           (select o.sent_at from integration.outgoing o where o.destination_id = d.id and o.status = 'sent' order by o.seq desc limit 1) as last_sent_at,
           head.error as last_error
    from integration.destinations d
    left join lateral (select o.created_at, o.error from integration.outgoing o
      where o.destination_id = d.id and o.status = 'waiting' order by o.seq limit 1) head on true
    order by d.name limit 200`.execute(ctx.db)
  return { rows }
}

/** For a script: what is left out is as by default. */
export const saveDestination = (ctx: Context, said: Ask<Api['saveDestination']>): Promise<Row> =>
  putDestination(ctx, writeBackApi.saveDestination.input.parse(said))

export async function putDestination(ctx: Context, { authSecret, ...said }: Input<Api['saveDestination']>): Promise<Row> {
  const { id } = said
  refuseClosedPlace(said)
  const before = await find(ctx, id)
  const taken = await db(ctx)
    .selectFrom('integration.destinations')
    .where('name', '=', said.name)
    .where('id', '<>', id)
    .select('id')
    .executeTakeFirst()
  if (taken) throw writeBackErrors.destinationNameTaken({ name: said.name })
  // Its lines are written in its way already.
  if (before && before.way !== said.way) throw writeBackErrors.wayFixed({ id })
  const destination = onlyOfItsWay(said)
  const secret = secretFor(ctx, destination, authSecret, before)
  if (destination.auth !== 'none' && !secret) throw writeBackErrors.secretNeeded({ id })
  const fields = { ...destination, authSecret: secret }
  await db(ctx)
    .insertInto('integration.destinations')
    .values(fields)
    .onConflict((c) => c.constraint('destinations_pkey').doUpdateSet(fields))
    .execute()
  if (destination.readerRole !== null) await takeReader(ctx, id, destination.readerRole)
  await goAtOnce(ctx, id)
  const saved = (await listDestinations(ctx)).rows.find((d) => d.id === id)
  if (!saved) throw writeBackErrors.destinationNotFound({ id })
  return saved
}

const find = (ctx: Context, id: string) =>
  db(ctx)
    .selectFrom('integration.destinations')
    .where('id', '=', id)
    .select(['way', 'baseUrl', 'auth', 'authUser', 'authSecret'])
    .executeTakeFirst()

type Said = Omit<Input<Api['saveDestination']>, 'authSecret'>

/** What another way would need is not kept. */
function onlyOfItsWay(d: Said): Said {
  const { host, port, baseUrl, identifierSystem, auth, authUser, readerRole } = d
  const none = { host: null, port: null, baseUrl: null, identifierSystem: '', auth: 'none', authUser: '', readerRole: null } as const
  if (d.way === 'hl7') return { ...d, ...none, host, port, followupsAs: d.followupsAs === 'mdm' ? 'mdm' : 'oru' }
  if (d.way === 'table') return { ...d, ...none, readerRole }
  const followupsAs = d.followupsAs === 'oru' || d.followupsAs === 'mdm' ? 'response' : d.followupsAs
  return { ...d, ...none, baseUrl, identifierSystem, auth, authUser: auth === 'basic' ? authUser : '', followupsAs }
}

type Kept = { baseUrl: string | null; auth: string; authUser: string; authSecret: Buffer | null }

/** The secret as it will be kept: a new one, or the old one as long as it goes to the same address in the same manner. */
function secretFor(
  ctx: Context,
  now: Pick<Said, 'auth' | 'baseUrl' | 'authUser'>,
  said: string | undefined,
  before: Kept | undefined,
): Buffer | null {
  if (now.auth === 'none') return null
  if (said !== undefined) return sealText(ctx, said)
  const isSame = before?.baseUrl === now.baseUrl && before?.auth === now.auth && before.authUser === now.authUser
  return isSame ? (before?.authSecret ?? null) : null
}

async function takeReader(ctx: Context, id: string, role: string): Promise<void> {
  const { rows } = await sql<{ isOurs: boolean }>`select integration.take_reader(${role}, ${id}::uuid) as is_ours`.execute(ctx.db)
  if (!rows[0]?.isOurs) throw writeBackErrors.roleTaken({ role })
}

/** Whoever has put an address right does not wait for the pause after the last try. */
async function goAtOnce(ctx: Context, destinationId: string): Promise<void> {
  const now = ctx.clock.now()
  await db(ctx)
    .updateTable('integration.outgoing')
    .set({ nextAt: now })
    .where('destinationId', '=', destinationId)
    .where('status', '=', 'waiting')
    .where('nextAt', '>', now)
    .execute()
}

/** Knocks at an address as it stands in a form. Nothing is sent but what asks who is there, so it may stand in a transaction, which it holds for some seconds at most. */
export function testDestination(ctx: Context, said: Input<Api['testDestination']>): Promise<Knock> {
  refuseClosedPlace(said)
  return knockAt(ctx, said)
}

async function knockAt(ctx: Context, { id, authSecret, ...place }: Input<Api['testDestination']>): Promise<Knock> {
  const { way, host, port, baseUrl, auth, authUser, readerRole } = place
  if (way === 'hl7' && host !== null && port !== null) return knock({ host, port })
  if (way === 'fhir' && baseUrl !== null) {
    const secret = secretFor(ctx, place, authSecret, id === undefined ? undefined : await find(ctx, id))
    if (auth !== 'none' && !secret) throw writeBackErrors.secretNeeded()
    return knockFhir({ baseUrl, auth, authUser, secret: secret ? openText(ctx, secret) : '' })
  }
  const { rows } = await sql<{ state: 'noRole' | 'noGrant' | 'ready' }>`select integration.reader_state(${readerRole}) as state`.execute(
    ctx.db,
  )
  return { outcome: rows[0]?.state ?? 'noRole', milliseconds: 0, says: null }
}

function refuseClosedPlace({ way, host, baseUrl }: Pick<Said, 'way' | 'host' | 'baseUrl'>): void {
  if (way === 'hl7' && host !== null) refuseClosed(host)
  if (way === 'fhir' && baseUrl !== null) refuseClosedUrl(baseUrl)
}

const THERE: readonly Knock['outcome'][] = ['connected', 'fhir', 'ready']

/** Knocks at every destination in use, all at once; the names of those where nobody answers as they should. */
export async function knockDestinations(ctx: Context): Promise<{ asked: number; missing: string[] }> {
  const used = (await listDestinations(ctx)).rows.filter((d) => d.isActive)
  const answers = await Promise.all(used.map(async (d) => ({ name: d.name, ...(await knockAt(ctx, { ...d, authSecret: undefined })) })))
  return { asked: used.length, missing: answers.filter((a) => !THERE.includes(a.outcome)).map((a) => `${a.name} (${a.outcome})`) }
}

/** The tags of patients that are in use, for choosing which of them a destination is told. */
export async function listFlagTags(ctx: Context): Promise<{ rows: { id: string; name: string }[] }> {
  const { tags } = await listTags(ctx)
  return { rows: tags.filter((t) => t.isActive).map(({ id, name }) => ({ id, name })) }
}
