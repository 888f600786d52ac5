import { badParameter, FhirProblem, notFound, type Pairs, type Resource, spanOf } from '@renxin/fhir'
import { type Context, sql } from '@renxin/server'
import { readCursor, writeCursor } from './cursor.ts'
import { maskedFor } from './masking.ts'
import { leaveTrace, readOne } from './read.ts'
import { permitType, type Setting } from './setting.ts'
import { loadHeads, type Name, nameOf, openBody } from './store.ts'
import type { WriteMethod } from './tables.ts'

type Row = {
  key: string
  id: string
  version: number
  changedAt: Date
  method: WriteMethod
  body: Buffer | null
  patientId: string | null
}

/** One version as it was sent; what the product has learnt since is not in it. */
export async function readVersion(ctx: Context, setting: Setting, name: Name, version: string): Promise<Resource> {
  permitType(ctx, 'read', name.type)
  const head = (await loadHeads(ctx, [name])).get(nameOf(name))
  if (!head) {
    const shown = await readOne(ctx, setting, name)
    if (version !== '1') throw notFound(`${nameOf(name)}/_history/${version}`)
    await leaveTrace(ctx, 'fhirRead', [shown], nameOf(name))
    return shown.resource
  }
  if (!/^\d{1,9}$/.test(version)) throw notFound(`${nameOf(name)}/_history/${version}`)
  const [row] = await rowsOf(ctx, sql<boolean>`v.key = ${head.key}::uuid and v.version = ${Number(version)}::int`, 1)
  if (!row) throw notFound(`${nameOf(name)}/_history/${version}`)
  if (!row.body) throw new FhirProblem(410, 'deleted', `${nameOf(name)} was deleted in version ${version}`)
  await leaveTrace(ctx, 'fhirRead', [row], nameOf(name))
  return maskedFor(ctx, openBody(ctx, row.body, row.version, row.changedAt))
}

/** The versions of one resource, or of all of a type, the newest first. */
export async function history(
  ctx: Context,
  setting: Setting,
  { type, id }: { type: string; id?: string | undefined },
  pairs: Pairs,
): Promise<Resource> {
  permitType(ctx, 'read', type)
  const { limit, since, cursorText } = readPairs(ctx, pairs)
  const about = `history ${type}/${id ?? ''}`
  const cursor = readCursor(ctx, about, cursorText)
  const head = id === undefined ? undefined : (await loadHeads(ctx, [{ type, id }])).get(`${type}/${id}`)
  if (id !== undefined && !head) return oneOnly(ctx, setting, { type, id })
  const which = head ? sql<boolean>`v.key = ${head.key}::uuid` : sql<boolean>`v.type = ${type}`
  const [at, key, version] = cursor?.keys ?? []
  const rows = await rowsOf(
    ctx,
    sql<boolean>`${which} and v.changed_at >= ${since ?? new Date(0)}
      ${cursor ? sql`and (v.changed_at, v.key, v.version) < (${at}::timestamptz, ${key}::uuid, ${Number(version)}::int)` : sql``}`,
    limit + 1,
  )
  const page = rows.slice(0, limit)
  await leaveTrace(ctx, 'fhirHistory', page, id === undefined ? type : `${type}/${id}`)
  const last = page.at(-1)
  const path = `${setting.base}/${type}${id === undefined ? '' : `/${id}`}/_history`
  const more =
    last && rows.length > limit
      ? writeCursor(ctx, about, { keys: [last.changedAt.toISOString(), last.key, String(last.version)], id: last.id })
      : undefined
  const rest = pairs.filter(([name]) => name !== '_cursor').map(([name, value]): [string, string] => [name, value])
  return {
    resourceType: 'Bundle',
    type: 'history',
    link: [
      { relation: 'self', url: rest.length > 0 ? `${path}?${new URLSearchParams(rest)}` : path },
      ...(more ? [{ relation: 'next', url: `${path}?${new URLSearchParams([...rest, ['_cursor', more]])}` }] : []),
    ],
    entry: page.map((row) => entryOf(ctx, setting, type, row)),
  }
}

async function oneOnly(ctx: Context, setting: Setting, name: Name): Promise<Resource> {
  const shown = await readOne(ctx, setting, name)
  await leaveTrace(ctx, 'fhirHistory', [shown], nameOf(name))
  const fullUrl = `${setting.base}/${nameOf(name)}`
  return {
    resourceType: 'Bundle',
    type: 'history',
    link: [{ relation: 'self', url: `${fullUrl}/_history` }],
    entry: [{ fullUrl, resource: shown.resource, request: { method: 'PUT', url: nameOf(name) }, response: { status: '200' } }],
  }
}

function entryOf(ctx: Context, { base }: Setting, type: string, row: Row) {
  const resource = row.body ? maskedFor(ctx, openBody(ctx, row.body, row.version, row.changedAt)) : undefined
  const status = row.method === 'DELETE' ? '204' : row.version === 1 ? '201' : '200'
  return {
    fullUrl: `${base}/${type}/${row.id}`,
    ...(resource ? { resource } : {}),
    request: { method: row.method, url: row.method === 'POST' ? type : `${type}/${row.id}` },
    response: { status, etag: `W/"${row.version}"`, lastModified: row.changedAt.toISOString() },
  }
}

function readPairs(ctx: Context, pairs: Pairs) {
  let [limit, since, cursorText] = [50, undefined as Date | undefined, undefined as string | undefined]
  for (const [name, value] of pairs) {
    if (name === '_count') {
      if (!/^\d{1,6}$/.test(value)) throw badParameter(name, 'number')
      limit = Math.min(Math.max(Number(value), 1), 200)
    } else if (name === '_since') {
      since = spanOf(value, (day) => ctx.clock.at(day))?.low
      if (!since) throw badParameter(name, 'date')
    } else if (name === '_cursor') cursorText = value
    else if (name !== '_format' && name !== '_pretty') throw badParameter(name, 'unknown')
  }
  return { limit, since, cursorText }
}

async function rowsOf(ctx: Context, condition: ReturnType<typeof sql<boolean>>, limit: number): Promise<Row[]> {
  const { rows } = await sql<Row>`
    select v.key, r.id, v.version, v.changed_at, v.method, v.body, r.patient_id
    from integration.fhir_versions v join integration.fhir_resources r on r.key = v.key
    where ${condition} order by v.changed_at desc, v.key desc, v.version desc limit ${limit}`.execute(ctx.db)
  return rows
}
