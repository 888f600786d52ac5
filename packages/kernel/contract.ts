import { z } from 'zod'

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
type Shape = z.ZodRawShape
type Empty = Record<never, never>

type Spec<I extends z.ZodType, R extends z.ZodType> = {
  /** The permission that a caller needs; `'anyone'` needs no sign-in, `'signedIn'` no more than one. */
  may: string
  /** The field of each row of the reply (or of the reply itself) that says whose record is shown: the audit reads it. */
  about?: string
  input?: I
  reply: R
  /** A route whose body is a file of this type; the handler returns a `FileReply` of `@renxin/server`. */
  file?: string
  /** The largest body that is accepted, in bytes; 1 MiB where it is not said. */
  bodyLimit?: number
  /** The whole address, where a standard fixes it; otherwise it is `/api/<module><path>`. */
  address?: string
  /** The media type of the reply, where it is not plain JSON. */
  type?: string
  /** A write that changes nothing others look at, such as a draft: open pages are not told to read again. */
  isQuiet?: boolean
  /** A write that is open even while somebody looks at the house as another role: it concerns his own session alone. */
  isOwnSession?: boolean
  /** A write that only shows something, for a reason that is kept. */
  isReading?: boolean
  /** A standard's own way over HTTP: the input is an `exchange`, and the handler answers with a status, headers and a body of its own. */
  isExchange?: boolean
}

export type Route<I extends z.ZodType = z.ZodType, R extends z.ZodType = z.ZodType> = {
  readonly module: string
  readonly name: string
  readonly method: Method
  readonly path: string
  readonly may: string
  readonly about?: string
  readonly input: I
  readonly reply: R
  readonly file?: string
  readonly bodyLimit?: number
  readonly address?: string
  readonly type?: string
  readonly isQuiet?: boolean
  readonly isOwnSession?: boolean
  readonly isReading?: boolean
  readonly isExchange?: boolean
}

/** What a handler receives: the input after it was parsed. */
export type Input<R extends Route> = z.output<R['input']>
/** What a caller may send: fields with defaults may be left out. */
export type Ask<R extends Route> = z.input<R['input']>
export type Reply<R extends Route> = z.output<R['reply']>
export type Contract = Record<string, Route>

type Unnamed<I extends z.ZodType, R extends z.ZodType> = Omit<Route<I, R>, 'module' | 'name'>

const route =
  (method: Method) =>
  <I extends z.ZodType = z.ZodObject<Empty>, R extends z.ZodType = z.ZodType>(path: string, spec: Spec<I, R>): Unnamed<I, R> => ({
    method,
    path,
    ...spec,
    input: (spec.input ?? z.object({})) as I, // a route that says no input takes none
  })

export const get = route('GET')
export const post = route('POST')
export const put = route('PUT')
export const patch = route('PATCH')
export const del = route('DELETE')

/** What the handler of a route with `isExchange` receives beside the parameters of its address; the body is the text as it came. */
export const exchange = {
  query: z.array(z.tuple([z.string(), z.string()])),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
  /** `https://crm.hospital.cn`: under which the caller reached us. */
  origin: z.string(),
} satisfies Shape

/** What it answers: anything else it may hold stays here. */
export const exchangeReply = z.looseObject({ status: z.int(), headers: z.record(z.string(), z.string()), body: z.string() })
export type ExchangeReply = z.infer<typeof exchangeReply>

/** The promise of one module: its routes by name. A route's address is `/api/<module><path>`. */
export function contract<const T extends Record<string, Unnamed<z.ZodType, z.ZodType>>>(
  module: string,
  routes: T,
): { [K in keyof T]: T[K] & { readonly module: string; readonly name: string } } {
  return Object.fromEntries(Object.entries(routes).map(([name, r]) => [name, { ...r, module, name }])) as {
    [K in keyof T]: T[K] & { readonly module: string; readonly name: string } // the keys of `routes`, each with two more fields
  }
}

/** The parameters in a route's path: `/complaints/:id/close` has `id`. */
export const pathParams = (path: string): string[] => [...path.matchAll(/:(\w+)/g)].map((m) => m[1] ?? '')

export const addressOf = (r: Pick<Route, 'module' | 'path' | 'address'>): string => r.address ?? `/api/${r.module}${r.path}`

/** Fields of an input that asks for one page of a list. */
export const cursor = {
  after: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
} satisfies Shape

/** Fields of an input by which data are taken away as a file (`exportTables` of `@renxin/server/export`). */
/** As what data may leave; the last two only where a route makes them: a package for statistics programs, and FHIR resources. */
export const exportFormats = ['xlsx', 'csv', 'pdf', 'spss', 'fhir'] as const
export type ExportFormat = (typeof exportFormats)[number]

export const exportAsk = {
  format: z.enum(['xlsx', 'csv', 'pdf']).default('xlsx'),
  reason: z.string().trim().min(2).max(200),
} satisfies Shape
export type ExportAsk = z.output<z.ZodObject<typeof exportAsk>>

/** What is answered, with status 202, in place of a file that another person must release first. */
export const ExportWaits = z.object({ waits: z.object({ id: z.uuid(), rows: z.int() }) })
export type ExportWaits = z.infer<typeof ExportWaits>

/** One page of a list: its rows and where the next page begins (`null` at the end). */
export const page = <T extends z.ZodType>(row: T) => z.object({ rows: z.array(row), next: z.string().nullable() })
export type Page<T> = { rows: T[]; next: string | null }

/** A calendar day where the hospital stands, `2026-09-11`. */
export const localDate = z.iso.date()
/** A moment, as ISO 8601 text on the wire and on both sides of it. */
export const moment = z.union([z.date().transform((d) => d.toISOString()), z.string()]).pipe(z.iso.datetime({ offset: true }))
