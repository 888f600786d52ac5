import { definitions, type Include, isElement, type Query, type Resource, targetOf, valuesAt } from '@renxin/fhir'
import { type Context, sql } from '@renxin/server'
import { aliasesOf } from './aliases.ts'
import { rooms } from './product.ts'
import { readMany, resourcesOf, type Shown } from './read.ts'
import { mayRead, type Setting } from './setting.ts'
import { headsOfObjects, type Name, nameOf } from './store.ts'
import type { Head } from './tables.ts'

const MOST = 1000
const ROUNDS = 4

const nameIn = ({ resource }: Shown): string => `${resource.resourceType}/${String(resource.id)}`

/** What comes along with the matches: what they refer to, and what refers to them (R4, 3.1.1.5.4). */
export async function includesOf(ctx: Context, setting: Setting, query: Query, matches: readonly Shown[]): Promise<Shown[]> {
  const there = new Map(matches.map((m) => [nameIn(m), m]))
  const included: Shown[] = []
  let from: readonly Shown[] = matches
  for (let round = 0; round < ROUNDS && from.length > 0 && included.length < MOST; round += 1) {
    const isFirst = round === 0
    const found = [
      ...(await referredTo(
        ctx,
        setting,
        query.include.filter((i) => isFirst || i.isIterated),
        from,
      )),
      ...(await referringTo(
        ctx,
        setting,
        query.reverseInclude.filter((i) => isFirst || i.isIterated),
        from,
      )),
    ]
    const fresh = found.filter((shown) => !there.has(nameIn(shown)))
    for (const shown of fresh) there.set(nameIn(shown), shown)
    const unique = [...new Map(fresh.map((shown) => [nameIn(shown), shown])).values()]
    included.push(...unique)
    from = unique
  }
  return included.slice(0, MOST)
}

async function referredTo(ctx: Context, setting: Setting, includes: readonly Include[], from: readonly Shown[]): Promise<Shown[]> {
  const names = new Map<string, Name>()
  for (const include of includes)
    for (const { resource } of from) {
      if (resource.resourceType !== include.type) continue
      for (const target of targetsOf(resource, include.parameter, setting))
        if ((!include.target || target.type === include.target) && mayRead(ctx, target.type)) names.set(nameOf(target), target)
    }
  return [...(await readMany(ctx, setting, [...names.values()].slice(0, MOST))).values()]
}

function targetsOf(resource: Resource, parameter: string, { base }: Setting): Name[] {
  const all = definitions.get(resource.resourceType)?.parameters ?? new Map()
  const parameters = parameter === '*' ? [...all.values()].filter((p) => p.type === 'reference') : [all.get(parameter)]
  return parameters
    .flatMap((p) => p?.paths ?? [])
    .flatMap((path) => valuesAt(resource, path))
    .flatMap((value) => targetOf(isElement(value) ? value.reference : value, base) ?? [])
}

async function referringTo(ctx: Context, setting: Setting, includes: readonly Include[], to: readonly Shown[]): Promise<Shown[]> {
  const found: Shown[] = []
  for (const { type, parameter, target } of includes) {
    if (!mayRead(ctx, type)) continue
    const aimed = to.filter((s) => !target || s.resource.resourceType === target)
    const patients = aimed.flatMap((s) => (s.resource.resourceType === 'Patient' ? [String(s.resource.id)] : []))
    const { ids } = await aliasesOf(ctx, patients)
    const values = [...new Set([...aimed.map(nameIn), ...ids.map((id) => `Patient/${id}`)])]
    const { rows } = await sql<Head>`
      select r.key, r.type, r.id, r.version, r.changed_at, r.is_deleted, r.hash, r.object_id, r.patient_id, r.waits_for from integration.fhir_resources r
      where not r.is_deleted and r.key in (
        select i.key from integration.fhir_index i where i.what = ${`${type}.${parameter}`} and i.value = any(${values}::text[])) limit ${MOST}`.execute(
      ctx.db,
    )
    found.push(
      ...(await resourcesOf(
        ctx,
        setting,
        type,
        rows.map((head) => ({ id: head.id, head, objectId: head.objectId })),
      )),
    )
    const room = rooms[type]
    if (!room) continue
    const own = await room.find(ctx, [{ is: 'references', parameter, values }], { after: undefined, limit: MOST })
    const sent = new Set((await headsOfObjects(ctx, type, own)).map((h) => h.objectId))
    found.push(
      ...(await resourcesOf(
        ctx,
        setting,
        type,
        own.filter((id) => !sent.has(id)).map((id) => ({ id, head: undefined, objectId: id })),
      )),
    )
  }
  return found
}
