import type { Resource } from './json.ts'

/** The issue types of the standard that are used (R4, 4.3.14.374). */
export type IssueCode =
  | 'invalid'
  | 'structure'
  | 'required'
  | 'value'
  | 'invariant'
  | 'login'
  | 'forbidden'
  | 'processing'
  | 'not-supported'
  | 'duplicate'
  | 'multiple-matches'
  | 'not-found'
  | 'deleted'
  | 'too-long'
  | 'too-costly'
  | 'conflict'
  | 'business-rule'
  | 'transient'
  | 'throttled'
  | 'exception'

/** A request that cannot be done, in the words of the standard: an HTTP status and an issue. */
export class FhirProblem extends Error {
  readonly status: number
  readonly code: IssueCode
  readonly expression: string | undefined
  /** What was asked for, where that is why it is refused: `Patient/1`. */
  readonly reference: string | undefined

  constructor(status: number, code: IssueCode, text: string, expression?: string, reference?: string) {
    super(text)
    this.name = 'FhirProblem'
    this.status = status
    this.code = code
    this.expression = expression
    this.reference = reference
  }
}

export const invalid = (text: string, expression?: string) => new FhirProblem(400, 'invalid', text, expression)
export const notFound = (reference: string) => new FhirProblem(404, 'not-found', `${reference} is not here`, undefined, reference)

/** What went wrong, as a resource. */
export const outcome = (
  problem: { code: string; message: string; expression?: string | undefined },
  severity: 'fatal' | 'error' | 'warning' | 'information' = 'error',
): Resource => ({
  resourceType: 'OperationOutcome',
  issue: [
    {
      severity,
      code: problem.code,
      details: { text: problem.message },
      diagnostics: problem.message,
      ...(problem.expression ? { expression: [problem.expression] } : {}),
    },
  ],
})
