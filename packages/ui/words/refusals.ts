import { find } from './define.ts'

/** What a page knows of a failure; the client's `Problem` and the server's `Refusal` both fit. */
export type Failure = { code: string; kind: string; details: Readonly<Record<string, unknown>>; requestId: string | undefined }

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** Reads anything that was thrown; what is no refusal is unexpected. */
export function failureOf(error: unknown): Failure {
  const e = isRecord(error) ? error : {}
  return {
    code: typeof e.code === 'string' ? e.code : 'house.unexpected',
    kind: typeof e.kind === 'string' ? e.kind : 'unexpected',
    details: isRecord(e.details) ? e.details : {},
    requestId: typeof e.requestId === 'string' ? e.requestId : undefined,
  }
}

const byKind: Record<string, string> = {
  invalid: 'invalid',
  unauthenticated: 'unauthenticated',
  forbidden: 'forbidden',
  not_found: 'notFound',
  conflict: 'conflict',
  unavailable: 'busy',
  network: 'network',
}

/** What happened, why, and what to do: the module's sentence for the code, else the house's for the code or the kind. */
export function sentenceOf(error: unknown): string | undefined {
  if (error === null || error === undefined || error === false) return undefined
  if (typeof error === 'string') return error
  const { code, kind, details } = failureOf(error)
  const dot = code.indexOf('.')
  const own = find(code.slice(0, dot), `errors.${code.slice(dot + 1)}`, details)
  return own ?? find('house', `errors.${byKind[kind] ?? 'unexpected'}`, details)
}
