import type { RefusalKind } from '@renxin/kernel'

/** Why a request did not succeed, read from problem+json (RFC 9457). `words.of(problem)` gives its sentence. */
export class Problem extends Error {
  readonly code: string
  readonly kind: RefusalKind | 'network' | 'unexpected'
  readonly details: Readonly<Record<string, unknown>>
  readonly requestId: string | undefined

  constructor(code: string, kind: Problem['kind'], details: Record<string, unknown> = {}, requestId?: string) {
    super(code)
    this.name = 'Problem'
    this.code = code
    this.kind = kind
    this.details = details
    this.requestId = requestId
  }
}

const kindOf: Record<number, RefusalKind> = {
  400: 'invalid',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  413: 'invalid',
  422: 'invalid',
  429: 'unavailable',
  502: 'unavailable',
  503: 'unavailable',
  504: 'unavailable',
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Reads an answer that is no success; a proxy's page instead of problem+json is understood by its status. */
export async function problemOf(answer: Response): Promise<Problem> {
  const body: unknown = await answer.json().catch(() => undefined)
  const { type: _type, title: _title, status: _status, code, requestId, ...details } = isRecord(body) ? body : {}
  const kind = kindOf[answer.status] ?? 'unexpected'
  return new Problem(
    typeof code === 'string' ? code : kind === 'unexpected' ? 'house.unexpected' : `house.${kind}`,
    kind,
    details,
    typeof requestId === 'string' ? requestId : (answer.headers.get('x-request-id') ?? undefined),
  )
}
