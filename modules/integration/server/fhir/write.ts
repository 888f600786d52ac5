import { definitions, FhirProblem, isElement, isResource, type Resource, targetOf, valuesAt, withReferences } from '@renxin/fhir'
import { newId } from '@renxin/kernel'
import { applyPatientFacts } from '@renxin/patients'
import { auditMany, type Context, sql } from '@renxin/server'
import { holdErased } from '../rights/erase-fhir.ts'
import { patientsOf } from './aliases.ts'
import { begin, type Work, type Write, type Written } from './begin.ts'
import { findOne } from './conditional.ts'
import { patientFacts } from './facts-patient.ts'
import { permitType, type Setting } from './setting.ts'
import { type Change, hashOf, keptText, loadHeads, nameOf, saveChanges, withMeta } from './store.ts'
import { begun, noteChanges } from './subscriptions.ts'
import { tellRooms, tellWaiting } from './tell.ts'
import type { Told } from './told.ts'

/** Does what is asked, all of it in the transaction in progress, in a number of statements that does not grow with the resources. */
export async function writeAll(ctx: Context, setting: Setting, writes: readonly Write[]): Promise<Map<number, Written>> {
  const done = new Map<number, Written>()
  for (const { type } of writes) permitType(ctx, 'write', type)
  const settled = await settleConditions(ctx, setting, writes, done)
  const works = await begin(ctx, settled, done)
  await tellPersons(ctx, works)
  await nameNew(ctx, works)
  await turnReferences(ctx, setting, works)
  for (const work of works) weigh(work)
  const fresh = works.filter((w) => !w.isUnchanged)
  await placeInRecords(ctx, setting, fresh)
  await holdErased(ctx, fresh)
  const told = fresh.map(toTold)
  const outcomes = await tellRooms(ctx, setting, told)
  for (const [at, work] of fresh.entries()) {
    work.objectId = outcomes[at]?.objectId ?? work.objectId
    work.waitsFor = outcomes[at]?.waitsFor ?? work.waitsFor
  }
  const changes = fresh.map((work) => changeOf(ctx, work))
  await saveChanges(ctx, setting, changes)
  // Nothing can have waited for a name that was made a moment ago.
  await tellWaiting(ctx, setting, fresh.filter((w) => w.name.type === 'Patient' && w.resource && w.write.id !== undefined).map((w) => w.name)) // biome-ignore format: one thought
  await noteChanges(ctx, setting, changes)
  await leaveTrace(ctx, fresh)
  if (changes.length > 0) ctx.touched.add('integration')
  const changed = new Map(fresh.map((work, at) => [work, changes[at]]))
  for (const work of works) done.set(work.write.position, writtenOf(work, changed.get(work)))
  return done
}

/** Finds which resource a conditional write means, and settles those that mean none or one that is there already. */
async function settleConditions(ctx: Context, setting: Setting, writes: readonly Write[], done: Map<number, Written>): Promise<Write[]> {
  const left: Write[] = []
  for (const write of writes) {
    if (write.search === undefined) {
      left.push(write)
      continue
    }
    const found = await findOne(ctx, setting, write.type, write.search)
    if (write.method === 'POST') {
      if (found)
        done.set(write.position, {
          status: 200,
          name: { type: write.type, id: found.id },
          version: found.version,
          changedAt: found.changedAt,
          resource: found.resource,
        })
      else left.push(write)
    } else if (found) {
      if (write.resource?.id !== undefined && write.resource.id !== found.id)
        throw new FhirProblem(400, 'invariant', `the search means ${write.type}/${found.id}, the resource says ${write.resource.id}`)
      left.push({ ...write, id: found.id })
    } else if (write.method === 'PUT') left.push({ ...write, method: write.resource?.id ? 'PUT' : 'POST', id: write.resource?.id })
    else if (write.method === 'DELETE')
      done.set(write.position, { status: 204, name: undefined, version: 0, changedAt: ctx.clock.now(), resource: null })
    else throw new FhirProblem(404, 'not-found', 'nothing answers the search')
  }
  return left
}

/** The persons first: a new one takes the product's id, and all else refers to them. */
async function tellPersons(ctx: Context, works: readonly Work[]): Promise<void> {
  const persons = works.filter((w) => w.name.type === 'Patient' && w.resource)
  if (persons.length === 0) return
  const wereDead = await saidDead(ctx, persons)
  const facts = persons.map(({ resource, sourceAt, objectId, head }) => {
    const said = patientFacts(resource ?? { resourceType: 'Patient' }, sourceAt)
    // Nearly every system says of everybody that he is not dead: only who said so before takes it back.
    if (resource?.deceasedBoolean === false && head && wereDead.has(head.key)) said.deceased = false
    const id = objectId ?? (said.identifiers.length === 0 ? newId() : undefined)
    return id ? { ...said, id } : said
  })
  const ids = await applyPatientFacts(ctx, facts)
  for (const [at, work] of persons.entries()) {
    work.objectId = ids[at] ?? null
    work.patientId = work.objectId
  }
}

/** Which of these persons their sender has called dead in the version before. */
async function saidDead(ctx: Context, persons: readonly Work[]): Promise<Set<string>> {
  const keys = persons.flatMap(({ head, resource }) => (head && resource?.deceasedBoolean === false ? [head.key] : []))
  if (keys.length === 0) return new Set()
  const { rows } = await sql<{ key: string }>`
    select key from integration.fhir_index where key = any(${keys}::uuid[])
      and ((what = 'Patient.deceased' and value <> 'false') or what = 'Patient.death-date')`.execute(ctx.db)
  return new Set(rows.map((r) => r.key))
}

async function nameNew(ctx: Context, works: readonly Work[]): Promise<void> {
  const nameless = works.filter((w) => w.name.id === '')
  const persons = nameless.flatMap((w) => (w.name.type === 'Patient' && w.objectId ? [{ type: 'Patient', id: w.objectId }] : []))
  const taken = new Set((await loadHeads(ctx, persons)).keys())
  for (const work of nameless) {
    const own = work.name.type === 'Patient' && work.objectId && !taken.has(`Patient/${work.objectId}`) ? work.objectId : undefined
    work.name = { type: work.name.type, id: own ?? newId(ctx.clock.now().getTime()) }
    taken.add(nameOf(work.name))
  }
}

/** What a Bundle calls `urn:uuid:…` gets its name, and `Patient?identifier=…` the one that answers it. */
async function turnReferences(ctx: Context, setting: Setting, works: readonly Work[]): Promise<void> {
  const names = new Map(works.flatMap((w) => (w.write.fullUrl && w.resource ? [[w.write.fullUrl, nameOf(w.name)]] : [])))
  const searches = new Set<string>()
  const isSearch = (text: string, isReference: boolean) => isReference && /^[A-Z][A-Za-z]+\?/.test(text)
  for (const { resource } of works)
    if (resource)
      withReferences(resource, (text, isReference) => {
        if (isSearch(text, isReference)) searches.add(text)
        return undefined
      })
  for (const text of searches) {
    const [type = '', search = ''] = text.split(/\?(.*)/s)
    const found = await findOne(ctx, setting, type, search)
    if (!found) throw new FhirProblem(412, 'not-found', `nothing answers the reference ${type}?…`)
    names.set(text, `${type}/${found.id}`)
  }
  for (const work of works) {
    if (!work.resource) continue
    const turned = names.size > 0 ? withReferences(work.resource, (text) => names.get(text)) : work.resource
    const { resourceType, id: _, ...rest } = turned
    work.resource = begun({ resourceType, id: work.name.id, ...rest })
  }
}

function weigh(work: Work): void {
  if (!work.resource) return
  work.text = keptText(work.resource)
  work.isUnchanged = work.head !== undefined && !work.head.isDeleted && work.head.hash.equals(hashOf(work.text))
}

/** Whose record each of them belongs to; one whose patient is not here yet waits for him. */
async function placeInRecords(ctx: Context, setting: Setting, works: readonly Work[]): Promise<void> {
  const here = new Map(works.flatMap((w) => (w.name.type === 'Patient' && w.objectId ? [[w.name.id, w.objectId]] : [])))
  const wanted = new Map(works.flatMap((w) => (w.resource && w.name.type !== 'Patient' ? [[w, patientIn(w.resource, setting)]] : [])))
  const known = await patientsOf(
    ctx,
    [...wanted.values()].flatMap((id) => (id && !here.has(id) ? [id] : [])),
  )
  for (const [work, id] of wanted) {
    if (id === undefined) {
      work.patientId = null
      continue
    }
    work.patientId = here.get(id) ?? known.get(id) ?? null
    if (!work.patientId) work.waitsFor = `Patient/${id}`
  }
}

/** The id of the patient whom a resource is about. */
export function patientIn(resource: Resource, { base }: Setting): string | undefined {
  const parameter = definitions.get(resource.resourceType)?.parameters.get('patient')
  for (const path of parameter?.paths ?? []) {
    for (const value of valuesAt(resource, path)) {
      const target = isElement(value) ? targetOf(value.reference, base) : undefined
      if (target?.type === 'Patient') return target.id
    }
  }
  return undefined
}

const toTold = (work: Work): Told => ({
  name: work.name,
  resource: work.resource,
  isNew: work.head === undefined,
  isNameNew: work.write.id === undefined && work.head === undefined,
  objectId: work.objectId,
  patientId: work.patientId,
  sourceAt: work.sourceAt,
})

function changeOf(ctx: Context, { write, name, head, resource, objectId, patientId, waitsFor, text }: Work): Change {
  const changedAt = ctx.clock.now()
  const kept = text || (head ? '' : '{}')
  return {
    isNew: head === undefined,
    method: write.method,
    resource: resource && withMeta(resource, (head?.version ?? 0) + 1, changedAt),
    text,
    head: {
      key: head?.key ?? newId(changedAt.getTime()),
      ...name,
      version: (head?.version ?? 0) + 1,
      changedAt,
      isDeleted: resource === null,
      hash: hashOf(kept),
      objectId,
      patientId,
      waitsFor,
    },
  }
}

const leaveTrace = (ctx: Context, works: readonly Work[]) =>
  auditMany(
    ctx,
    works.flatMap(({ write, name, patientId }) =>
      patientId
        ? [{ action: write.method === 'DELETE' ? 'integration.fhirDelete' : 'integration.fhirWrite', patientId, objectId: nameOf(name) }]
        : [],
    ),
  )

function writtenOf({ write, name, head, resource }: Work, change: Change | undefined): Written {
  const version = change?.head.version ?? head?.version ?? 1
  const changedAt = change?.head.changedAt ?? head?.changedAt ?? new Date(0)
  const isCreated = change !== undefined && (head === undefined || head.isDeleted)
  if (write.method === 'DELETE') return { status: 204, name, version, changedAt, resource: null }
  return {
    status: isCreated ? 201 : 200,
    name,
    version,
    changedAt,
    resource: isResource(resource) ? withMeta(resource, version, changedAt) : null,
  }
}
