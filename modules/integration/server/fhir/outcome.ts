import { type IssueCode, outcome } from '@renxin/fhir'
import type { Problem } from '@renxin/server'

const ISSUES: Readonly<Record<number, IssueCode>> = {
  400: 'invalid',
  401: 'login',
  403: 'forbidden',
  404: 'not-found',
  409: 'conflict',
  429: 'throttled',
  503: 'transient',
}

/** What a refusal of the house is called in FHIR. */
export function operationOutcome({ status, code, requestId, details }: Problem) {
  const said = Object.entries(details).map(([k, v]) => `${k}: ${typeof v === 'string' ? v : JSON.stringify(v)}`)
  const message = [code, ...said, `request ${requestId}`].join('; ')
  return outcome({ code: ISSUES[status] ?? 'exception', message }, status >= 500 ? 'fatal' : 'error')
}
