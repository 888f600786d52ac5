import { type Asked, checkResource, FhirProblem, inOrder, outcome, type Resource, readBundle } from '@renxin/fhir'
import { Refusal } from '@renxin/kernel'
import { audit, type Context, savepoint } from '@renxin/server'
import type { Write, Written } from './begin.ts'
import { everything } from './everything.ts'
import { history, readVersion } from './history.ts'
import { leaveTrace, readOne } from './read.ts'
import { search } from './search.ts'
import { pairsOf, permitType, problemOf, type Setting, traceOf } from './setting.ts'
import { nameOf } from './store.ts'
import { writeAll } from './write.ts'

/** Does a transaction (all or nothing) or a batch (each on its own), and answers in the order in which it was asked. */
export async function doBundle(ctx: Context, setting: Setting, body: unknown, prefer: string): Promise<Resource> {
  const { type, asked } = readBundle(body, setting.base)
  const entry =
    type === 'transaction' ? await transact(ctx, setting, asked.filter(isAsked), prefer) : await batch(ctx, setting, asked, prefer)
  return { resourceType: 'Bundle', type: `${type}-response`, entry }
}

const isAsked = (one: Asked | FhirProblem): one is Asked => !(one instanceof FhirProblem)
const isWrite = ({ method }: Asked) => method !== 'GET' && method !== 'HEAD'

type Answer = { resource?: Resource; response: Record<string, unknown> }

async function transact(ctx: Context, setting: Setting, asked: readonly Asked[], prefer: string): Promise<Answer[]> {
  const writes = inOrder(asked.filter(isWrite)).map(writeOf)
  const written = writes.length > 0 ? await writeAll(ctx, setting, writes) : new Map<number, Written>()
  const answers = new Map<number, Answer>()
  for (const [position, one] of written) answers.set(position, answerOf(setting, one, prefer))
  for (const one of asked) if (!isWrite(one)) answers.set(one.position, await readFor(ctx, setting, one))
  return asked.map((one) => answers.get(one.position) ?? failed(new FhirProblem(500, 'exception', 'unanswered')))
}

/** Writes that are alone of their kind go together; the first that fails makes each go its own way. */
async function batch(ctx: Context, setting: Setting, asked: readonly (Asked | FhirProblem)[], prefer: string): Promise<Answer[]> {
  const answers: Answer[] = []
  for (const one of asked) {
    if (!isAsked(one)) answers.push(failed(one))
    else answers.push(await alone(ctx, setting, one, prefer))
  }
  return answers
}

async function alone(ctx: Context, setting: Setting, one: Asked, prefer: string): Promise<Answer> {
  try {
    return await savepoint(ctx, async (ctx) => {
      if (!isWrite(one)) return readFor(ctx, setting, one)
      const written = (await writeAll(ctx, setting, [writeOf({ ...one, position: 0 })])).get(0)
      if (!written) throw new FhirProblem(500, 'exception', 'unanswered')
      return answerOf(setting, written, prefer)
    })
  } catch (error) {
    if (error instanceof Refusal) return failed(new FhirProblem(422, 'business-rule', error.code))
    const problem = problemOf(ctx, error)
    if (!problem) throw error
    const trace = traceOf(problem, one.id === undefined ? one.type : `${one.type}/${one.id}`)
    if (trace) await audit(ctx, { action: 'integration.fhirBundle', ...trace })
    return failed(problem)
  }
}

function writeOf(one: Asked): Write {
  const { method, type, id, search: condition } = one
  if (method === 'GET' || method === 'HEAD') throw new Error('a read is no write')
  const resource = method === 'POST' || method === 'PUT' ? checkResource(one.resource, type) : undefined
  if (method === 'POST' && (id !== undefined || one.rest !== undefined))
    throw new FhirProblem(400, 'invalid', `a POST to ${type}/${id ?? one.rest}`)
  const isConditional = method !== 'POST' && id === undefined
  if (isConditional && condition === '') throw new FhirProblem(400, 'invalid', `a ${method} to ${type} without an id or a condition`)
  if (method === 'PUT' && id !== undefined && resource && resource.id !== id)
    throw new FhirProblem(400, 'invariant', `the address says ${type}/${id}, the resource says ${resource.id ?? 'no id'}`)
  return {
    position: one.position,
    method,
    type,
    id: method === 'POST' ? undefined : id,
    resource,
    patch: method === 'PATCH' ? one.body : undefined,
    fullUrl: one.fullUrl,
    ifMatch: one.ifMatch,
    ifNoneMatch: one.ifNoneMatch,
    search: method === 'POST' ? one.ifNoneExist?.replace(/^\?/, '') : isConditional ? condition : undefined,
  }
}

async function readFor(ctx: Context, setting: Setting, one: Asked): Promise<Answer> {
  const resource = await resourceFor(ctx, setting, one)
  return { resource, response: { status: '200' } }
}

async function resourceFor(ctx: Context, setting: Setting, { type, id, rest, search: query }: Asked): Promise<Resource> {
  const pairs = pairsOf(query)
  if (type === '') throw new FhirProblem(400, 'not-supported', 'a search over all types')
  if (id === undefined) return rest === '_history' ? history(ctx, setting, { type }, pairs) : search(ctx, setting, type, pairs)
  if (rest === '$everything' && type === 'Patient') return everything(ctx, setting, id, pairs)
  if (rest === '_history') return history(ctx, setting, { type, id }, pairs)
  if (rest?.startsWith('_history/')) return readVersion(ctx, setting, { type, id }, rest.slice('_history/'.length))
  if (rest !== undefined) throw new FhirProblem(400, 'not-supported', `${type}/${id}/${rest}`)
  permitType(ctx, 'read', type)
  const shown = await readOne(ctx, setting, { type, id })
  await leaveTrace(ctx, 'fhirRead', [shown], nameOf({ type, id }))
  return shown.resource
}

const STATUS: Readonly<Record<number, string>> = { 200: '200 OK', 201: '201 Created', 204: '204 No Content' }

function answerOf({ base }: Setting, { status, name, version, changedAt, resource }: Written, prefer: string): Answer {
  const location = name && resource ? { location: `${base}/${nameOf(name)}/_history/${version}` } : {}
  const response = { status: STATUS[status] ?? String(status), ...location, etag: `W/"${version}"`, lastModified: changedAt.toISOString() }
  return resource && /return=representation/.test(prefer) ? { resource, response } : { response }
}

const failed = (problem: FhirProblem): Answer => ({
  response: {
    status: String(problem.status),
    outcome: outcome({ code: problem.code, message: problem.message, expression: problem.expression }),
  },
})
