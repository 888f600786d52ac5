import { applyPatch, checkResource, FhirProblem, isElement, notFound, type Resource, spanOf } from '@renxin/fhir'
import type { Context } from '@renxin/server'
import { refuseMasked } from './masking.ts'
import { UUID } from './setting.ts'
import { loadBodies, loadHeads, type Name, nameOf } from './store.ts'
import type { Head, WriteMethod } from './tables.ts'

/** One change that is asked for. With `search` it is conditional (R4, 3.1.0.4 to 3.1.0.8). */
export type Write = {
  position: number
  method: WriteMethod
  type: string
  id: string | undefined
  resource: Resource | undefined
  patch: unknown
  fullUrl: string | undefined
  ifMatch: string | undefined
  ifNoneMatch: string | undefined
  search: string | undefined
}

export type Written = { status: 200 | 201 | 204; name: Name | undefined; version: number; changedAt: Date; resource: Resource | null }

/** What is being done with one of them. */
export type Work = {
  write: Write
  name: Name
  head: Head | undefined
  resource: Resource | null
  objectId: string | null
  patientId: string | null
  waitsFor: string | null
  sourceAt: Date
  text: string
  isUnchanged: boolean
}

/** A `urn:uuid:` that names a new resource is its id here too: the same Bundle sent again means the same resources. */
const wantedId = ({ method, fullUrl }: Write) =>
  method === 'POST' && fullUrl?.startsWith('urn:uuid:') && UUID.test(fullUrl.slice(9)) ? fullUrl.slice(9) : undefined

export async function begin(ctx: Context, writes: readonly Write[], done: Map<number, Written>): Promise<Work[]> {
  const names = writes.flatMap((w): Name[] => {
    const id = w.id ?? wantedId(w)
    return id ? [{ type: w.type, id }] : []
  })
  const heads = await loadHeads(ctx, names, true)
  const patched = await loadBodies(
    ctx,
    writes.flatMap((w) => (w.method === 'PATCH' ? (heads.get(`${w.type}/${w.id}`) ?? []) : [])),
  )
  return writes.flatMap((write): Work[] => {
    const name = { type: write.type, id: write.id ?? wantedId(write) ?? '' }
    const head = heads.get(nameOf(name))
    checkPrecondition(write, name, head)
    if (write.method === 'DELETE' && (!head || head.isDeleted)) {
      done.set(write.position, { status: 204, name: undefined, version: head?.version ?? 0, changedAt: ctx.clock.now(), resource: null })
      return []
    }
    const resource = write.method === 'DELETE' ? null : resourceOf(write, head && patched.get(head.key))
    if (resource) refuseMasked(resource)
    return [
      {
        write,
        name,
        head,
        resource,
        objectId: head?.objectId ?? null,
        patientId: head?.patientId ?? null,
        waitsFor: null,
        sourceAt: resource ? sourceTime(ctx, resource, head) : ctx.clock.now(),
        text: '',
        isUnchanged: false,
      },
    ]
  })
}

function checkPrecondition(write: Write, name: Name, head: Head | undefined): void {
  const isThere = head !== undefined && !head.isDeleted
  if (write.method === 'PATCH' && !head) throw notFound(nameOf(name))
  if (write.method === 'PATCH' && head?.isDeleted) throw new FhirProblem(410, 'deleted', `${nameOf(name)} was deleted`)
  if (write.ifNoneMatch === '*' && isThere) throw new FhirProblem(412, 'conflict', `${nameOf(name)} is there already`)
  if (write.ifMatch === undefined) return
  const version = /^(?:W\/)?"?(\d+)"?$/.exec(write.ifMatch)?.[1]
  if (!isThere || version !== String(head.version))
    throw new FhirProblem(
      412,
      'conflict',
      `${nameOf(name)} is version ${isThere ? head.version : 'none'}, not ${write.ifMatch.slice(0, 40)}`,
    )
}

function resourceOf(write: Write, before: Resource | undefined): Resource {
  if (write.method !== 'PATCH') {
    if (!write.resource) throw new FhirProblem(400, 'structure', 'there is no resource')
    return write.resource
  }
  const patched = checkResource(applyPatch(before, write.patch), write.type)
  if (patched.id !== write.id) throw new FhirProblem(422, 'business-rule', 'a patch may not change the id')
  return patched
}

/** When its sender says it was so. A time that we gave it ourselves says nothing, nor does one that is still to come. */
function sourceTime(ctx: Context, resource: Resource, head: Head | undefined): Date {
  const now = ctx.clock.now()
  const said = isElement(resource.meta) ? spanOf(resource.meta.lastUpdated, (day) => ctx.clock.at(day))?.low : undefined
  return !said || said > now || said.getTime() === head?.changedAt.getTime() ? now : said
}
