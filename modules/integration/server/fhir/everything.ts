import { badParameter, definitions, type Pairs, type Resource, spanOf } from '@renxin/fhir'
import { type Context, sql } from '@renxin/server'
import { aliasesOf } from './aliases.ts'
import { readCursor, writeCursor } from './cursor.ts'
import { rooms } from './product.ts'
import { leaveTrace, readOne, resourcesOf, type Shown } from './read.ts'
import { mayRead, permitType, type Setting } from './setting.ts'
import { headsOfObjects } from './store.ts'
import type { Head } from './tables.ts'

const USUAL = 100
const MOST_OWN = 1000

/** All that is known of a patient, page by page: himself and the product's own rows first, then what was sent, in the order of types and ids. */
export async function everything(ctx: Context, setting: Setting, id: string, pairs: Pairs): Promise<Resource> {
  permitType(ctx, 'read', 'Patient')
  const patient = await readOne(ctx, setting, { type: 'Patient', id })
  const { count, since, types, cursorText } = readPairs(ctx, pairs)
  const about = `everything ${id} ${types.join(',')} ${since?.getTime()}`
  const cursor = readCursor(ctx, about, cursorText)
  const { ids, objectIds } = await aliasesOf(ctx, [id])
  const [type = '', after = ''] = cursor ? [cursor.keys[0], cursor.id] : []
  const { rows } = await sql<Head>`
    select r.key, r.type, r.id, r.version, r.changed_at, r.is_deleted, r.hash, r.object_id, r.patient_id, r.waits_for from integration.fhir_resources r
    where r.patient_id = any(${objectIds}::uuid[]) and not r.is_deleted and r.type = any(${types.filter((t) => mayRead(ctx, t))}::text[])
      and r.changed_at >= ${since ?? new Date(0)} and (r.type, r.id) > (${type}, ${after}) and not (r.type = 'Patient' and r.id = ${id})
    order by r.type, r.id limit ${count + 1}`.execute(ctx.db)
  const page = rows.slice(0, count)
  const shown: Shown[] = cursor ? [] : [patient, ...(since ? [] : await ownRows(ctx, setting, ids, types))]
  for (const kind of new Set(page.map((h) => h.type)))
    shown.push(...(await resourcesOf(ctx, setting, kind, page.filter((h) => h.type === kind).map((head) => ({ id: head.id, head, objectId: head.objectId }))))) // biome-ignore format: one thought
  await leaveTrace(ctx, 'fhirEverything', shown, `Patient/${id}`)
  const last = page.at(-1)
  const path = `${setting.base}/Patient/${id}/$everything`
  const rest = pairs.filter(([name]) => name !== '_cursor').map(([name, value]): [string, string] => [name, value])
  const next = last && rows.length > count ? writeCursor(ctx, about, { keys: [last.type], id: last.id }) : undefined
  return {
    resourceType: 'Bundle',
    type: 'searchset',
    link: [
      { relation: 'self', url: rest.length > 0 ? `${path}?${new URLSearchParams(rest)}` : path },
      ...(next ? [{ relation: 'next', url: `${path}?${new URLSearchParams([...rest, ['_cursor', next]])}` }] : []),
    ],
    entry: shown.map(({ resource }) => ({
      fullUrl: `${setting.base}/${resource.resourceType}/${String(resource.id)}`,
      resource,
      search: { mode: 'match' },
    })),
  }
}

/** The product's own rows of this patient, of which nobody sent a resource. */
async function ownRows(ctx: Context, setting: Setting, ids: readonly string[], types: readonly string[]): Promise<Shown[]> {
  const shown: Shown[] = []
  const values = ids.map((id) => `Patient/${id}`)
  for (const [type, room] of Object.entries(rooms)) {
    if (type === 'Patient' || !room.patientOf || !types.includes(type) || !mayRead(ctx, type)) continue
    const found = await room.find(ctx, [{ is: 'references', parameter: 'patient', values }], { after: undefined, limit: MOST_OWN })
    const sent = new Set((await headsOfObjects(ctx, type, found)).map((h) => h.objectId))
    shown.push(...(await resourcesOf(ctx, setting, type, found.filter((o) => !sent.has(o)).map((o) => ({ id: o, head: undefined, objectId: o }))))) // biome-ignore format: one thought
  }
  return shown
}

function readPairs(ctx: Context, pairs: Pairs) {
  let [count, since, cursorText] = [USUAL, undefined as Date | undefined, undefined as string | undefined]
  let types = [...definitions.keys()]
  for (const [name, value] of pairs) {
    if (name === '_count') {
      if (!/^\d{1,6}$/.test(value)) throw badParameter(name, 'number')
      count = Math.min(Math.max(Number(value), 1), 500)
    } else if (name === '_since') {
      since = spanOf(value, (day) => ctx.clock.at(day))?.low
      if (!since) throw badParameter(name, 'date')
    } else if (name === '_type') {
      types = value.split(',')
      if (types.some((t) => !definitions.has(t))) throw badParameter(name, 'unknown')
    } else if (name === '_cursor') cursorText = value
    else if (name !== '_format' && name !== '_pretty') throw badParameter(name, 'unknown')
  }
  return { count, since, types, cursorText }
}
