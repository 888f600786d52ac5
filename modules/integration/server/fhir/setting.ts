import { type DayStart, FhirProblem, outcome, type Pairs, type Resource } from '@renxin/fhir'
import { type ExchangeReply, Refusal } from '@renxin/kernel'
import { type Context, can, Declined, type Trace } from '@renxin/server'

/** What all that is read and written in one exchange has in common. */
export type Setting = { base: string; dayStart: DayStart }
export type Asking = { query: [string, string][]; headers: Record<string, string>; body: string; origin: string }

export const ADDRESS = '/fhir/R4'
export const FHIR_JSON = 'application/fhir+json; charset=utf-8'
export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export const settingOf = (ctx: Context, { origin }: Pick<Asking, 'origin'>): Setting => ({
  base: `${origin}${ADDRESS}`,
  dayStart: (day) => ctx.clock.at(day),
})

export const pairsOf = (search: string): Pairs => [...new URLSearchParams(search)]

export const answer = (status: number, resource: Resource | null, headers: Record<string, string> = {}): ExchangeReply => ({
  status,
  headers: { 'content-type': FHIR_JSON, ...headers },
  body: resource ? JSON.stringify(resource) : '',
})

/** Which requests met a value that no table takes: the same is done again, each part on its own. */
const careful = new Set<string>()
export const isCareful = (ctx: Context) => careful.has(ctx.requestId)

type Handler<I> = (ctx: Context, input: I) => Promise<ExchangeReply>

/** A handler whose refusals are answered in the words of the standard; whatever it did is then taken back. */
export const spoken =
  <I>(handle: Handler<I>): Handler<I> =>
  async (ctx, input) => {
    try {
      const reply = await handle(ctx, input)
      careful.delete(ctx.requestId)
      return reply
    } catch (error) {
      if (error instanceof Declined || error instanceof Refusal) throw error
      const problem = problemOf(ctx, error)
      if (problem)
        throw new Declined(
          answer(problem.status, outcome({ code: problem.code, message: problem.message, expression: problem.expression })),
          traceOf(problem, nameIn(input)),
        )
      throw error
    }
  }

const nameIn = (input: unknown): string | undefined => {
  const { type, id } = typeof input === 'object' && input !== null ? (input as { type?: unknown; id?: unknown }) : {} // both are looked at below
  return typeof type !== 'string' ? undefined : typeof id !== 'string' ? type : `${type}/${id}`
}

/**
 * What the trail keeps of a problem, as of a person whom the house refuses: a key did what it may not, or asked for a patient who is not there for it. `asked` is
 * what it asked for, where the problem does not say it.
 */
export function traceOf({ status, reference }: FhirProblem, asked?: string): Trace | undefined {
  const objectId = (reference ?? asked)?.slice(0, 100) ?? null
  if (status === 403) return { refusal: 'house.forbidden', objectId, patientId: patientIn(objectId) }
  return status === 404 && objectId?.startsWith('Patient/')
    ? { refusal: 'house.notFound', objectId, patientId: patientIn(objectId) }
    : undefined
}

const patientIn = (name: string | null): string | null => {
  const [type, id = ''] = name?.split('/') ?? []
  return type === 'Patient' && UUID.test(id) ? id : null
}

/** What can be said of an error to the sender; undefined for what is our own fault. */
export function problemOf(ctx: Context, error: unknown): FhirProblem | undefined {
  if (error instanceof FhirProblem) return error
  if (!isOfValue(error)) return undefined
  if (!careful.has(ctx.requestId)) {
    careful.add(ctx.requestId)
    throw Object.assign(new Error('a value that a room does not take: once more, carefully'), { code: '40001' })
  }
  careful.delete(ctx.requestId)
  ctx.log.warn({ code: codeOf(error) }, 'a FHIR resource holds a value that cannot be kept')
  return new FhirProblem(422, 'processing', 'a value in it cannot be kept')
}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '')
/** Data exceptions and broken constraints of PostgreSQL; a clash of keys apart, which is another's doing. */
export const isOfValue = (error: unknown) => /^(22|23(?!505)|54)/.test(codeOf(error))

/** A key for some resource types only (SMART scopes) has one of these permissions for each. */
const ONLY = { read: 'fhir.read:', write: 'fhir.write:' } as const

export function permitType(ctx: Context, act: 'read' | 'write', type: string): void {
  const may = ctx.actor.may
  const isLimited = [...may.keys()].some((permission) => permission.startsWith(ONLY[act]))
  if (!can(ctx, `fhir.${act}`) || (isLimited && !may.has(ONLY[act] + type)))
    throw new FhirProblem(403, 'forbidden', `this key may not ${act} ${type}`)
}

export const mayRead = (ctx: Context, type: string): boolean => {
  const isLimited = [...ctx.actor.may.keys()].some((permission) => permission.startsWith(ONLY.read))
  return !isLimited || ctx.actor.may.has(ONLY.read + type)
}
