export type RefusalKind = 'invalid' | 'unauthenticated' | 'forbidden' | 'not_found' | 'conflict' | 'unavailable'

/** A request that is refused on purpose: `code` finds the sentence, `kind` decides the HTTP status. */
export class Refusal extends Error {
  readonly code: string
  readonly kind: RefusalKind
  readonly details: Readonly<Record<string, unknown>>

  constructor(code: string, kind: RefusalKind, details: Record<string, unknown> = {}) {
    super(code)
    Object.assign(this, details) // first: a detail may not take the place of what follows
    this.name = 'Refusal'
    this.code = code
    this.kind = kind
    this.details = details
  }
}

type Refuse = (details?: Record<string, unknown>) => Refusal

/** The refusals of one module; `throw complaintErrors.alreadyClosed({ id })` travels as `feedback.alreadyClosed`. */
export function defineErrors<const T extends Record<string, RefusalKind>>(module: string, kinds: T): { readonly [K in keyof T]: Refuse } {
  return Object.fromEntries(
    Object.entries(kinds).map(([name, kind]) => [
      name,
      (details?: Record<string, unknown>) => new Refusal(`${module}.${name}`, kind, details),
    ]),
  ) as { readonly [K in keyof T]: Refuse } // one function for each key of `kinds`
}

export const statusOf: Record<RefusalKind, number> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  unavailable: 503,
}

/** Refusals that belong to no module. */
export const houseErrors = defineErrors('house', {
  invalid: 'invalid',
  unauthenticated: 'unauthenticated',
  forbidden: 'forbidden',
  viewOnly: 'forbidden', // whoever looks at the house as another role changes nothing and takes nothing away
  notFound: 'not_found',
  exportTooLarge: 'invalid', // with `most`, `rows`: nobody can release so much
  exportTooLong: 'invalid', // with `most`, `rows`: more than a document to print holds
  closedAddress: 'invalid', // where nothing of ours is sent: this machine, the link, a cloud's metadata
  busy: 'unavailable',
  full: 'unavailable',
  tooManyRequests: 'unavailable',
})
