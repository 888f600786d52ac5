import { type Pairs, parseSearch, type Query, type Resource, summaryOf } from '@renxin/fhir'
import type { Context } from '@renxin/server'
import { readCursor, writeCursor } from './cursor.ts'
import { count, find } from './find.ts'
import { includesOf } from './includes.ts'
import { leaveTrace, resourcesOf, type Shown } from './read.ts'
import { permitType, type Setting } from './setting.ts'

/** One page of what answers a search, as a Bundle. */
export async function search(ctx: Context, setting: Setting, type: string, pairs: Pairs): Promise<Resource> {
  permitType(ctx, 'read', type)
  const query = parseSearch(type, pairs, setting)
  const about = aboutOf(type, pairs)
  const self = { relation: 'self', url: addressOf(setting, type, pairs) }
  const total = query.summary === 'count' || query.total === 'accurate' ? await count(ctx, setting, query) : undefined
  const counted = total === undefined ? {} : { total }
  if (query.summary === 'count') return { resourceType: 'Bundle', type: 'searchset', ...counted, link: [self] }

  const found = await find(ctx, setting, query, readCursor(ctx, about, query.cursor), query.count + 1)
  const page = found.slice(0, query.count)
  const matches = await resourcesOf(ctx, setting, type, page)
  const included = await includesOf(ctx, setting, query, matches)
  await leaveTrace(ctx, 'fhirSearch', [...matches, ...included], type)
  const last = page.at(-1)
  const next = last && found.length > page.length ? writeCursor(ctx, about, { keys: last.keys, id: last.order }) : undefined
  return {
    resourceType: 'Bundle',
    type: 'searchset',
    ...counted,
    link: [self, ...(next ? [{ relation: 'next', url: addressOf(setting, type, [...withoutCursor(pairs), ['_cursor', next]]) }] : [])],
    entry: [...matches.map((m) => entryOf(setting, query, m, 'match')), ...included.map((m) => entryOf(setting, query, m, 'include'))],
  }
}

const entryOf = ({ base }: Setting, query: Query, { resource }: Shown, mode: 'match' | 'include') => ({
  fullUrl: `${base}/${resource.resourceType}/${String(resource.id)}`,
  resource: mode === 'match' ? summaryOf(resource, query.elements, query.summary === 'true') : resource,
  search: { mode },
})

const withoutCursor = (pairs: Pairs) => pairs.filter(([name]) => name !== '_cursor')
const aboutOf = (type: string, pairs: Pairs) => `${type}?${new URLSearchParams(withoutCursor(pairs).map(([n, v]) => [n, v]))}`

function addressOf({ base }: Setting, type: string, pairs: Pairs): string {
  const query = new URLSearchParams(pairs.map(([name, value]) => [name, value]))
  return query.size > 0 ? `${base}/${type}?${query}` : `${base}/${type}`
}
